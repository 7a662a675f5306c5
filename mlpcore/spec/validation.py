"""Checks of settings from any source, each with a sentence that says what was given and what is allowed."""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from mlpcore import formatting
from mlpcore.errors import SpecError
from mlpcore.i18n.messages import N_, Message
from mlpcore.spec.fields import label
from mlpcore.spec.setting import Range, Setting

_MAX_QUOTED = 60


def is_number(value: Any) -> bool:
    """Whether `value` is a finite number; booleans are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _abbreviated(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 1] + "…"


def field_label(path: str) -> Message:
    """The label of a field such as `hidden.0.units`: "Units (layer 1)"."""
    parts = path.split(".")
    if len(parts) > 1 and parts[0] == "hidden":
        layer = int(parts[1]) + 1
        if len(parts) == 2:
            return Message(N_("Hidden layer {layer}"), {"layer": layer})
        return Message(N_("{field} (layer {layer})"), {"field": Message(label(parts[2])), "layer": layer})
    is_choice = parts[-1] == "name" and len(parts) > 1
    return Message(label(parts[0] if is_choice else parts[-1]))


class Problems:
    """Collects what is wrong with a spec; each check returns a value that is allowed, so that all are run."""

    def __init__(self) -> None:
        self._sentences: dict[str, Message] = {}

    def add(self, path: str, text: str, /, **values: Any) -> None:
        """Remember the first problem of a field."""
        self._sentences.setdefault(path, Message(text, {"field": field_label(path), **values}))

    def raise_any(self) -> None:
        """Raise `SpecError` if anything was wrong."""
        if self._sentences:
            raise SpecError(self._sentences)

    def unknown_keys(self, path: str, given: Mapping[Any, Any], known: Iterable[str]) -> None:
        """Refuse unknown names; the sentence proposes the nearest known one."""
        known = list(known)
        for key in given:
            if key in known:
                continue
            at = f"{path}.{_abbreviated(key)}" if path else _abbreviated(key)
            near = difflib.get_close_matches(str(key)[:_MAX_QUOTED], known, n=1)
            if near:
                self.add(
                    at,
                    N_("There is no setting {given} here: did you mean {near}?"),
                    given=_abbreviated(key),
                    near=near[0],
                )
            else:
                self.add(
                    at,
                    N_("There is no setting {given} here; allowed are {allowed}."),
                    given=_abbreviated(key),
                    allowed=", ".join(known),
                )

    def choice(self, path: str, value: Any, allowed: list[str]) -> str:
        """One of the allowed names."""
        if isinstance(value, str) and value in allowed:
            return value
        self.add(
            path,
            N_("{field}: {given} was given; allowed are {allowed}."),
            given=_abbreviated(value),
            allowed=", ".join(allowed),
        )
        return allowed[0]

    def integer(
        self, path: str, value: Any, allowed: Range, fallback: int, note: str | None = None, **values: Any
    ) -> int:
        """A whole number within the range; `note` explains the limit."""
        if is_number(value) and value == int(value) and value in allowed:
            return int(value)
        low, high = formatting.setting(allowed.low), formatting.setting(allowed.high)
        if note is None:
            self.add(
                path,
                N_("{field}: {given} was given; allowed is a whole number from {low} to {high}."),
                given=_abbreviated(value),
                low=low,
                high=high,
            )
        else:
            self.add(
                path,
                N_("{field}: {given} was given; allowed is a whole number from {low} to {high} ({note})."),
                given=_abbreviated(value),
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
        self.add(
            path,
            text,
            given=_abbreviated(value),
            low=formatting.setting(allowed.low),
            high=formatting.setting(allowed.high),
        )
        return fallback

    def plain(self, setting: Setting, path: str, value: Any, fallback: Any, limits: Range | None = None) -> Any:
        """The value of a plain setting within `limits`, by default those of its row; else `fallback`."""
        if setting.optional and (value is None or (is_number(value) and value == setting.off)):
            return setting.off
        if setting.kind == "flag":
            return self.flag(path, value)
        if setting.kind == "choice":
            return self.choice(path, value, list(setting.options))
        limits = limits or setting.allowed
        if limits is None:
            raise ValueError(f"The setting {setting.name} has no limits.")
        if setting.kind == "text":
            return self.text(path, value, int(limits.high), setting.multiline)
        check = self.integer if setting.kind == "integer" else self.number
        return check(path, value, limits, fallback)

    def flag(self, path: str, value: Any) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        self.add(path, N_("{field}: {given} was given; allowed are true and false."), given=_abbreviated(value))
        return False

    def text(self, path: str, value: Any, longest: int, lines: bool = False) -> str:
        """Text without control characters, stripped; only a note may have several lines."""
        if not isinstance(value, str):
            self.add(path, N_("{field}: {given} was given; it must be text."), given=_abbreviated(value))
            return ""
        cleaned = "".join(
            c for c in value if (lines and c == "\n") or unicodedata.category(c) not in ("Cc", "Cs", "Cf", "Co", "Cn")
        ).strip()
        if len(cleaned) > longest:
            self.add(
                path,
                N_("{field}: {given} characters were given; at most {most} are allowed."),
                given=len(cleaned),
                most=longest,
            )
            return cleaned[:longest]
        return cleaned
