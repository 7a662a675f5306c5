"""Checks of single settings, each with a sentence that names the field, what was given and what is allowed."""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from mlpcore import formatting
from mlpcore.errors import SpecError
from mlpcore.i18n.messages import N_, Message
from mlpcore.spec.choices import Range

FIELD_LABELS: dict[str, str] = {
    "dataset": N_("Dataset"),
    "hidden": N_("Hidden layers"),
    "units": N_("Units"),
    "activation": N_("Activation"),
    "dropout": N_("Dropout rate"),
    "optimizer": N_("Optimizer"),
    "learning_rate": N_("Learning rate"),
    "momentum": N_("Momentum"),
    "nesterov": N_("Nesterov"),
    "beta_1": N_("Beta 1"),
    "beta_2": N_("Beta 2"),
    "epsilon": N_("Epsilon"),
    "rho": N_("Rho"),
    "weight_decay": N_("Weight decay"),
    "initial_accumulator_value": N_("Initial accumulator"),
    "loss": N_("Loss"),
    "l1": N_("L1 regularization"),
    "l2": N_("L2 regularization"),
    "batch_size": N_("Batch size"),
    "epochs": N_("Epochs"),
    "validation_split": N_("Validation split"),
    "training_images": N_("Training examples"),
    "early_stopping": N_("Early stopping patience"),
    "repeats": N_("Repeats"),
    "folds": N_("Folds"),
    "augment": N_("Augmentation"),
    "prepare": N_("Preparation"),
    "shift": N_("Shift"),
    "rotation": N_("Rotation"),
    "shear": N_("Shear"),
    "zoom": N_("Zoom"),
    "elastic": N_("Elastic"),
    "pen": N_("Pen width"),
    "schedule": N_("Schedule"),
    "decay": N_("Decay"),
    "floor": N_("Floor"),
    "factor": N_("Factor"),
    "patience": N_("Patience"),
    "seed": N_("Seed"),
    "name": N_("Name"),
    "note": N_("Note"),
}

_SHOWN = 60


def field_label(path: str) -> Message:
    """The label of a field such as `hidden.0.units`: "Units (layer 1)"."""
    parts = path.split(".")
    if len(parts) > 1 and parts[0] == "hidden":
        layer = int(parts[1]) + 1
        if len(parts) == 2:
            return Message(N_("Hidden layer {layer}"), {"layer": layer})
        label = Message(FIELD_LABELS.get(parts[2], parts[2]))
        return Message(N_("{field} (layer {layer})"), {"field": label, "layer": layer})
    name = parts[0] if path in ("optimizer.name", "schedule.name") else parts[-1]
    return Message(FIELD_LABELS.get(name, name))


def is_number(value: Any) -> bool:
    """Whether `value` is a finite number; booleans are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and _finite(value)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _plain_number(value: float) -> str:
    return formatting.setting(value)


class Problems:
    """Collects what is wrong with a spec; each check returns a value that is allowed, so that all are run."""

    def __init__(self) -> None:
        self._found: dict[str, Message] = {}

    def add(self, path: str, text: str, /, **values: Any) -> None:
        """Remember the first problem of a field."""
        self._found.setdefault(path, Message(text, {"field": field_label(path), **values}))

    def raise_any(self) -> None:
        """Raise `SpecError` if anything was wrong."""
        if self._found:
            raise SpecError(self._found)

    def unknown_keys(self, path: str, given: Mapping[Any, Any], known: Iterable[str]) -> None:
        """Refuse names that mean nothing here, with the nearest one that does."""
        known = list(known)
        for key in given:
            if key in known:
                continue
            at = f"{path}.{_shown(key)}" if path else _shown(key)
            near = difflib.get_close_matches(str(key)[:_SHOWN], known, n=1)
            if near:
                self.add(
                    at,
                    N_("There is no setting {given} here: did you mean {near}?"),
                    given=_shown(key),
                    near=near[0],
                )
            else:
                self.add(
                    at,
                    N_("There is no setting {given} here; allowed are {allowed}."),
                    given=_shown(key),
                    allowed=", ".join(known),
                )

    def choice(self, path: str, value: Any, allowed: list[str]) -> str:
        """One of the allowed names."""
        if isinstance(value, str) and value in allowed:
            return value
        self.add(
            path,
            N_("{field}: {given} was given; allowed are {allowed}."),
            given=_shown(value),
            allowed=", ".join(allowed),
        )
        return allowed[0]

    def integer(
        self, path: str, value: Any, allowed: Range, fallback: int, note: str | None = None, **values: Any
    ) -> int:
        """A whole number within the range; `note` explains the limit."""
        if is_number(value) and value == int(value) and value in allowed:
            return int(value)
        low, high = _plain_number(allowed.low), _plain_number(allowed.high)
        if note is None:
            self.add(
                path,
                N_("{field}: {given} was given; allowed is a whole number from {low} to {high}."),
                given=_shown(value),
                low=low,
                high=high,
            )
        else:
            self.add(
                path,
                N_("{field}: {given} was given; allowed is a whole number from {low} to {high} ({note})."),
                given=_shown(value),
                low=low,
                high=high,
                note=Message(note, values),
            )
        return fallback

    def number(self, path: str, value: Any, allowed: Range, fallback: float) -> float:
        """A finite number within the range."""
        if is_number(value) and value in allowed:
            return float(value)
        text = (
            N_("{field}: {given} was given; allowed is a number above {low}, up to {high}.")
            if allowed.above
            else N_("{field}: {given} was given; allowed is a number from {low} to {high}.")
        )
        self.add(path, text, given=_shown(value), low=_plain_number(allowed.low), high=_plain_number(allowed.high))
        return fallback

    def flag(self, path: str, value: Any) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        self.add(path, N_("{field}: {given} was given; allowed are true and false."), given=_shown(value))
        return False

    def text(self, path: str, value: Any, longest: int, lines: bool = False) -> str:
        """Text without control characters, stripped; only a note may have several lines."""
        if not isinstance(value, str):
            self.add(path, N_("{field}: {given} was given; it must be text."), given=_shown(value))
            return ""
        kept = "".join(
            c for c in value if (lines and c == "\n") or unicodedata.category(c) not in ("Cc", "Cs", "Cf", "Co", "Cn")
        ).strip()
        if len(kept) > longest:
            self.add(
                path,
                N_("{field}: {given} characters were given; at most {most} are allowed."),
                given=len(kept),
                most=longest,
            )
            return kept[:longest]
        return kept
