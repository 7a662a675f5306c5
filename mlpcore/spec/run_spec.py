"""RunSpec: what to train; frozen, hashable, validated, read from JSON and written to it. All packages share it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from mlpcore import datasets, formatting
from mlpcore.errors import SpecError
from mlpcore.i18n.messages import N_, Message
from mlpcore.spec import choices, parts
from mlpcore.spec.fields import EXPORT_GROUPS, SETTINGS
from mlpcore.spec.parts import Augment, Layer, OptimizerSpec, Schedule, complete_optimizer
from mlpcore.spec.setting import Range
from mlpcore.spec.validation import Problems


@dataclass(frozen=True)
class RunSpec:
    """The settings of one run. Build it with `from_dict`, which validates; new fields must have defaults.

    Each field has a row in `fields.SETTINGS`, which says what it means and which values are allowed.

    `training_images` is the number of examples taken from the training set (None: all); the validation set is split
    off them. `early_stopping` is a patience in epochs (None: off). Learning rates are Keras's defaults unless given.
    `prepare`, a key of `choices.PREPARE`, is what happens to every image before the first layer.

    A run trains `members` networks: each of `repeats` seeds (`seed`, `seed` + 1, ...), and for each seed one network
    per fold where `folds` is not 0 (k-fold cross-validation: each example validates once, `validation_split` is
    unused).
    """

    dataset: str = "digits"
    hidden: tuple[Layer, ...] = (Layer(),)
    optimizer: OptimizerSpec = field(default_factory=lambda: complete_optimizer("adam"))
    loss: str = "crossentropy"
    l1: float = 0.0
    l2: float = 0.0
    batch_size: int = 32
    epochs: int = 10
    validation_split: float = 0.1
    training_images: int | None = None
    early_stopping: int | None = None
    schedule: Schedule = field(default_factory=Schedule)
    augment: Augment | None = None
    prepare: str = "none"
    repeats: int = 1
    folds: int = 0
    seed: int = 1
    name: str = ""
    note: str = ""

    @property
    def info(self) -> datasets.DatasetInfo:
        """The description of the dataset."""
        return datasets.REGISTRY[self.dataset]

    @property
    def examples(self) -> int:
        """How many examples are taken from the training set, before the validation set is split off."""
        return self.info.train_count if self.training_images is None else self.training_images

    @property
    def members(self) -> int:
        """How many networks the run trains."""
        return self.repeats * max(1, self.folds)

    @property
    def validation_count(self) -> int:
        """How many of `examples` validate; at least one if the split is above 0 and there are at least two.

        Folds differ by at most one example; this is the smallest.
        """
        if self.folds:
            return self.examples // self.folds
        if self.validation_split == 0:
            return 0
        return min(max(1, round(self.examples * self.validation_split)), self.examples - 1)

    @property
    def train_count(self) -> int:
        """How many examples an epoch trains on; with folds, the most of any member."""
        return self.examples - self.validation_count

    @property
    def steps_per_epoch(self) -> int:
        """Optimizer steps in an epoch; the last batch may be smaller."""
        return -(-self.train_count // self.batch_size)

    def to_dict(self) -> dict[str, Any]:
        """The spec as plain JSON types; the optimizer's parameters are beside its name, as in the input."""
        plain = {**vars(self), "hidden": [dict(vars(layer)) for layer in self.hidden]}
        plain["optimizer"] = {
            "name": self.optimizer.name,
            "learning_rate": self.optimizer.learning_rate,
            **self.optimizer.parameters,
        }
        plain["schedule"] = {"name": self.schedule.name, **self.schedule.parameters}
        plain["augment"] = None if self.augment is None else dict(vars(self.augment))
        return plain

    def to_json(self) -> str:
        """The spec as one line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> RunSpec:
        """Parse and validate; raises `SpecError` also where `text` is no JSON."""
        try:
            plain = json.loads(text)
        except (ValueError, RecursionError) as error:
            message = Message(N_("The spec is not valid JSON: {reason}."), {"reason": str(error)})
            raise SpecError({"": message}) from error
        return cls.from_dict(plain)

    @classmethod
    def from_dict(cls, plain: Any) -> RunSpec:
        """Validate settings from any source; missing ones get their defaults.

        Raises `SpecError` with a sentence for every field that is wrong.
        """
        problems = Problems()
        if not isinstance(plain, Mapping):
            problems.add("", N_("A spec must be a JSON object such as {example}."), example='{"dataset": "mnist"}')
            problems.raise_any()
        problems.unknown_keys("", plain, [f.name for f in fields(cls)])
        return _validated(plain, problems)

    @classmethod
    def from_stored(cls, text: str) -> RunSpec:
        """The spec of a stored run, which is not validated; unknown settings are ignored."""
        plain = json.loads(text)
        known = {f.name: plain[f.name] for f in fields(cls) if f.name in plain}
        known["hidden"] = tuple(
            Layer(**{f.name: h[f.name] for f in fields(Layer) if f.name in h}) for h in plain["hidden"]
        )
        optimizer = dict(plain["optimizer"])
        known["optimizer"] = OptimizerSpec(optimizer.pop("name"), optimizer.pop("learning_rate"), optimizer)
        if "schedule" in plain:
            schedule = dict(plain["schedule"])
            known["schedule"] = Schedule(schedule.pop("name"), schedule)
        if plain.get("augment"):
            strengths = plain["augment"]
            known["augment"] = Augment(**{f.name: strengths[f.name] for f in fields(Augment) if f.name in strengths})
        return cls(**known)

    def compiled_part(self) -> RunSpec:
        """This spec with a fixed value for each setting that compiled training steps do not depend on.

        Two runs whose compiled parts are equal can share the same compiled steps.
        """
        default = RunSpec()
        fixed = {name: getattr(default, name) for name, setting in SETTINGS.items() if not setting.compiled}
        return replace(self, **fixed, optimizer=replace(self.optimizer, learning_rate=default.optimizer.learning_rate))

    def export_constants(self) -> dict[str, Any]:
        """The settings that are constants at the top of exported code, without those that are switched off."""
        rows = [setting for group in EXPORT_GROUPS for setting in SETTINGS.values() if setting.export == group]
        values = {setting.name: getattr(self, setting.name) for setting in rows}
        return {name: value for name, value in values.items() if not SETTINGS[name].is_off(value)}


_READERS: dict[str, Callable[[Any, Problems], Any]] = {
    "hidden": parts.read_layers,
    "optimizer": parts.read_optimizer,
    "schedule": parts.read_schedule,
    "augment": parts.read_augment,
}
"""The functions that read the settings which are more than a single number, flag or text."""

_DEPENDENT = ("training_images", "folds", "seed", "batch_size")
"""The settings whose limits depend on others."""


def _validated(given: Mapping[str, Any], problems: Problems) -> RunSpec:
    default = RunSpec()
    values: dict[str, Any] = {}
    for name in SETTINGS:
        if name in given and name not in _DEPENDENT:
            reader = _READERS.get(name)
            values[name] = reader(given[name], problems) if reader else _plain(default, given, name, problems)
    spec = replace(default, **values)
    _fits_dataset(spec, problems)
    limits = Range(2, spec.info.train_count)
    spec = replace(spec, training_images=_plain(spec, given, "training_images", problems, limits))
    spec = replace(spec, folds=_folds(spec, given, problems))
    limits = Range(choices.SEED.low, choices.SEED.high - spec.repeats + 1)
    spec = replace(spec, seed=_plain(spec, given, "seed", problems, limits))
    spec = replace(spec, batch_size=_batch_size(spec, given, problems))
    problems.raise_any()
    return spec


def _plain(spec: RunSpec, given: Mapping[str, Any], name: str, problems: Problems, limits: Range | None = None) -> Any:
    """A plain setting as given; where it is not, or not allowed, as `spec` has it."""
    default = getattr(spec, name)
    return problems.plain(SETTINGS[name], name, given.get(name, default), default, limits)


def _fits_dataset(spec: RunSpec, problems: Problems) -> None:
    """Report augmentation and preprocessing that do not suit the examples of the dataset."""
    if spec.augment is not None and spec.info.kind != "image":
        problems.add("augment", N_("{field} changes images, and this dataset has none: switch it off."))
    if spec.prepare != "none" and not spec.info.draws_digits:
        problems.add("prepare", N_("{field} straightens images of digits, and this dataset has none: switch it off."))


def _folds(spec: RunSpec, given: Mapping[str, Any], problems: Problems) -> int:
    """0 (off) or 2 to 20, with at least one example per fold and at most `MAX_MEMBERS` networks in all."""
    folds = int(_plain(spec, given, "folds", problems))
    if folds > spec.examples:
        problems.add(
            "folds",
            N_("{field}: {given} folds need at least as many examples, and {count} are used here."),
            given=folds,
            count=spec.examples,
        )
        return 0
    if folds * spec.repeats > choices.MAX_MEMBERS:
        problems.add(
            "folds",
            N_(
                "{field}: {repeats} repeats of {given} folds are {count} networks; at most {most} are allowed in one"
                " run."
            ),
            repeats=spec.repeats,
            given=folds,
            count=folds * spec.repeats,
            most=choices.MAX_MEMBERS,
        )
        return 0
    return folds


def _batch_size(spec: RunSpec, given: Mapping[str, Any], problems: Problems) -> int:
    """At most the examples that the member with the fewest of them trains on."""
    fewest = spec.examples - -(-spec.examples // spec.folds) if spec.folds else spec.train_count
    return problems.integer(
        "batch_size",
        given.get("batch_size", min(spec.batch_size, fewest)),
        Range(1, fewest),
        1,
        note=N_("the batch cannot be larger than the {count} training examples that are left after the split"),
        count=formatting.count(fewest),
    )
