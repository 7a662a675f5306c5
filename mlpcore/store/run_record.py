"""A stored run as a value, also from a row that is damaged or was written by another version."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from mlpcore.errors import SpecError, UnusableRunError
from mlpcore.i18n.messages import N_, Message
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import ENDED, MAX_NAME, MAX_NOTE, STATUSES
from mlpcore.spec.parameters import count_parameters
from mlpcore.store.connection import finite_or_none

METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")
"""The columns that each epoch has for every member, and, as means, for the run."""

_DAMAGED = N_("The stored settings of run {run} are damaged: it can only be listed, renamed and deleted.")
_NOT_ALLOWED = N_(
    "Run {run} can only be listed, renamed and deleted: this version of MLP Lab cannot use its stored settings."
    " {reason}"
)
_DAMAGED_ROW = N_("What is stored about run {run} is damaged: it can only be listed, renamed and deleted.")
_UNKNOWN_FAILURE = Message(N_("Why this run ended is not known: what was stored is damaged."))
_ERRORS_OF_DAMAGE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""The exceptions that values of unexpected types cause; JSON errors are `ValueError`s."""


@dataclass(frozen=True)
class Run:
    """A row of `runs`. Times are seconds since 1970, accuracies 0 to 1; None is what is not known (yet).

    `loss` to `val_accuracy` belong to the last epoch, `best_*` to `best_epoch`, `kept_*` and the test results to the
    network that was kept (`kept_epoch`); without a result, `kept_*` belong to the best epoch. `failure` says why a run
    stopped, diverged or failed, and `waiting_for` what one in training waits for.

    Where `members`, the number of networks, is above 1, metrics are means over those that have not diverged, and
    `*_sd` are their sample standard deviations (None for fewer than two); `kept_epoch` and `model` are those of the
    first network with a result, and `stopped_early` is true only if all of them were.

    `owner` is the id of the visitor who submitted the run, which is a secret, or empty.

    `plausible` is false where the row holds values that no run can have, such as an unknown status, which is then read
    as "failed".
    """

    id: int
    owner: str = dataclasses.field(repr=False)
    study: int | None
    spec_json: str
    name: str
    note: str
    starred: bool
    status: str
    created_at: float
    started_at: float | None
    ended_at: float | None
    trashed_at: float | None
    worker: str | None
    attempt: int
    cancel_requested: bool
    epoch: int
    step: int
    steps: int
    running_loss: float | None
    progress_at: float | None
    device: str | None
    engine: str | None
    versions: dict[str, str]
    failure: Message | None
    waiting_for: Message | None
    log: str
    dataset: str
    layers: str
    activation: str
    optimizer: str
    learning_rate: float
    dropout: str
    batch_size: int
    epochs: int
    parameters: int
    validated: bool
    members: int
    loss: float | None
    accuracy: float | None
    val_loss: float | None
    val_accuracy: float | None
    best_epoch: int | None
    best_loss: float | None
    best_accuracy: float | None
    best_val_loss: float | None
    best_val_accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None
    kept_epoch: int | None
    stopped_early: bool
    seconds: float
    model: str | None
    accuracy_sd: float | None
    val_accuracy_sd: float | None
    best_accuracy_sd: float | None
    best_val_accuracy_sd: float | None
    test_accuracy_sd: float | None
    kept_loss: float | None
    kept_accuracy: float | None
    kept_val_loss: float | None
    kept_val_accuracy: float | None
    kept_accuracy_sd: float | None
    kept_val_accuracy_sd: float | None
    plausible: bool

    @cached_property
    def spec(self) -> RunSpec:
        """The settings that it was started with; raises `UnusableRunError` where it has a `problem`."""
        spec = read_spec(self.id, self.spec_json, self.dataset, self.members)
        if isinstance(spec, Message):
            raise UnusableRunError(spec)
        if not self.plausible or (self.epochs, self.parameters) != (spec.epochs, count_parameters(spec)):
            raise UnusableRunError(Message(_DAMAGED_ROW, {"run": self.id}))
        return spec

    @property
    def problem(self) -> Message | None:
        """Why this run can only be listed, renamed and deleted; None for a run whose settings can be used.

        The stored settings are damaged, they name something that this version does not have, such as a dataset, or
        other columns hold impossible values.
        """
        try:
            self.spec  # noqa: B018 - parsed once and cached
        except UnusableRunError as error:
            return error.message
        return None

    @property
    def ended(self) -> bool:
        """Whether the run is over, whatever its result."""
        return self.status in ENDED

    @property
    def description(self) -> str:
        """Its number and what its columns say of its settings, also of damaged ones: `#12 mnist 128-64 adam`."""
        return f"#{self.id} {self.dataset} {self.layers} {self.optimizer}"


_FIELDS = tuple(field.name for field in dataclasses.fields(Run))
_NUMBERS = tuple(field.name for field in dataclasses.fields(Run) if "float" in str(field.type))
_NEVER_NONE = tuple(field.name for field in dataclasses.fields(Run) if field.type == "float")
_TIMES = ("created_at", "started_at", "ended_at", "trashed_at", "progress_at")
LATEST = 253_402_300_799.0
"""The end of the year 9999, in seconds since 1970: `datetime` knows no later time."""
_HIGHEST_COUNT = 2**31
_METRICS = tuple(name for name in _NUMBERS if "accuracy" in name or name.endswith("loss"))
_KEPT = tuple(name for name in _METRICS if name.startswith("kept_"))
_OTHER_NUMBERS = tuple(name for name in _NUMBERS if name not in _METRICS and name not in _TIMES)
_FLAGS = ("starred", "cancel_requested", "validated", "stopped_early")


def from_row(row: dict[str, Any]) -> Run:
    """The run of a row with all columns; a damaged value becomes an unknown one, so that lists can show the run.

    The metrics of the kept networks, which `kept_metrics.RUN_COLUMNS` adds to a row, may be missing.
    """
    values = {**dict.fromkeys(_KEPT), **row}
    for name in ("kept_accuracy", "kept_val_accuracy"):
        if (variance := values.get(f"{name}_variance")) is not None:
            values[f"{name}_sd"] = math.sqrt(variance)
    values["spec_json"] = values.pop("spec")
    values["versions"] = dict(_versions(values["versions"]))
    values["failure"] = _message(values.pop("message"))
    values["waiting_for"] = _message(values["waiting_for"])
    for name in _OTHER_NUMBERS:
        values[name] = finite_or_none(values[name])
    for name in _METRICS:
        values[name] = possible_metric(name, values[name])
    for name in _TIMES:
        values[name] = _time(values[name])
    for name in _NEVER_NONE:
        values[name] = values[name] or 0.0
    for flag in _FLAGS:
        values[flag] = bool(values[flag])
    values["plausible"] = (
        values["status"] in STATUSES
        and min(values["parameters"], values["epochs"], values["members"]) > 0
        and 0 <= values["epoch"] <= values["epochs"]
        and 0 <= values["attempt"] < _HIGHEST_COUNT
        and 0 <= values["crashes"] < _HIGHEST_COUNT
    )
    if values["status"] not in STATUSES:
        values["status"] = "failed"
    run = object.__new__(Run)
    # A frozen dataclass assigns each field by a call of its own, which takes as long as all of the above.
    vars(run).update((name, values[name]) for name in _FIELDS)
    return run


def possible_metric(name: str, value: float | None) -> float | None:
    """A loss, an accuracy or a standard deviation as stored; None where such a metric cannot have this value."""
    if value is None or not 0 <= value < math.inf:
        return None
    return value if value <= 1 or "accuracy" not in name else None


def possible_or_null(column: str, metric: str = "") -> str:
    """The SQL expression of a metric's column, as `possible_metric` reads it: NULL for an impossible value.

    Where `column` is an expression, `metric` names what it gives.
    """
    share = "accuracy" in (metric or column)
    condition = f"{column} BETWEEN 0 AND 1" if share else f"{column} >= 0 AND {column} < 9e999"
    return f"(CASE WHEN {condition} THEN {column} END)"


@lru_cache(maxsize=1024)
def read_spec(run_id: int, spec_json: str, dataset: str, members: int) -> RunSpec | Message:
    """The stored settings of a run, or a sentence that says why they cannot be used.

    Settings that this version does not know are ignored, and those that were added later have their defaults. `dataset`
    and `members` are the run's columns, which lists and queries use: the settings must agree with them.
    """
    try:
        spec = _read_spec(spec_json)
    except SpecError as error:
        return Message(_NOT_ALLOWED, {"run": run_id, "reason": error.message})
    except _ERRORS_OF_DAMAGE:
        return Message(_DAMAGED, {"run": run_id})
    agrees = (spec.dataset, spec.members) == (dataset, members)
    return spec if agrees else Message(_DAMAGED, {"run": run_id})


_USUAL_END = re.compile(
    r'"seed": (0|[1-9][0-9]{0,8}), "name": "([^"\\\x00-\x1f]*)", "note": "([^"\\\x00-\x1f]*)"\}\Z', re.ASCII
)
"""How stored settings end, with a seed that is allowed whatever the other settings are, and with texts as they are."""


def _read_spec(spec_json: str) -> RunSpec:
    """The validated settings; raises `SpecError` and `_ERRORS_OF_DAMAGE`.

    Validating takes most of the time of a long list. Many runs differ only in the seed, the name and the note.
    """
    end = _USUAL_END.search(spec_json)
    if end is None or not (_as_it_is(end[2], MAX_NAME) and _as_it_is(end[3], MAX_NOTE)):
        return _read_settings(spec_json)
    spec = _read_settings(f'{spec_json[: end.start()]}"seed": 0}}')
    return replace(spec, seed=int(end[1]), name=end[2], note=end[3])


def _as_it_is(text: str, longest: int) -> bool:
    """Whether validation would leave a text as it is."""
    return len(text) <= longest and text.isprintable() and text == text.strip()


@lru_cache(maxsize=1024)
def _read_settings(spec_json: str) -> RunSpec:
    if not _has_parts(json.loads(spec_json)):
        raise ValueError("a part of the settings is not one")
    return RunSpec.from_dict(RunSpec.from_stored(spec_json).to_dict())


def _has_parts(plain: Any) -> bool:
    """Whether the parts of the settings that have settings of their own are there, as lists and objects."""
    layers, augment = plain["hidden"], plain.get("augment")
    return (
        isinstance(layers, list)
        and all(isinstance(part, dict) for part in (plain["optimizer"], *layers))
        and (augment is None or isinstance(augment, dict))
    )


def _time(stored: float | None) -> float | None:
    """A time that `datetime` can represent; None for any other."""
    return stored if stored is not None and 0 <= stored <= LATEST else None


@lru_cache(maxsize=256)
def _versions(stored: str | None) -> dict[str, str]:
    """The versions of packages by their names; empty where they are not known."""
    try:
        versions = json.loads(stored or "{}")
    except (ValueError, RecursionError):
        return {}
    return {name: str(version) for name, version in versions.items()} if isinstance(versions, dict) else {}


def _message(stored: str | None) -> Message | None:
    """The sentence that was stored when a run ended or had to wait; another one where it cannot be read."""
    if not stored:
        return None
    try:
        message = Message.from_json(stored)
        return message if isinstance(message.text, str) and message.render() else _UNKNOWN_FAILURE
    except _ERRORS_OF_DAMAGE:
        return _UNKNOWN_FAILURE
