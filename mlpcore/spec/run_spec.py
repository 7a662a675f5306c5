"""RunSpec: what to train, frozen, validated, JSON in and out. The one value that crosses every wall."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from mlpcore import datasets, formatting
from mlpcore.errors import SpecError
from mlpcore.i18n.messages import N_, Message
from mlpcore.spec import choices, parts
from mlpcore.spec.fields import Problems
from mlpcore.spec.parts import Augment, Layer, OptimizerSpec, Schedule, complete_optimizer

__all__ = ["Augment", "Layer", "OptimizerSpec", "RunSpec", "Schedule", "complete_optimizer"]


@dataclass(frozen=True)
class RunSpec:
    """The settings of one run. Build it with `from_dict`, which validates; new fields must have defaults.

    `training_images` takes only so many of the training set (None: all); the validation set is split off
    them. `early_stopping` is a patience in epochs (None: off). Learning rates are Keras's defaults unless given.
    `prepare`, a key of `choices.PREPARE`, is what happens to every picture before the first layer.

    A run trains `members` networks: each of `repeats` seeds (`seed`, `seed` + 1, ...), and for each seed one network
    a fold where `folds` is not 0 (k-fold cross-validation: each image validates once, `validation_split` is unused).
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
        """The static facts of the dataset."""
        return datasets.REGISTRY[self.dataset]

    @property
    def examples(self) -> int:
        """How many images are taken from the training set, before the validation set is split off."""
        return self.info.train_count if self.training_images is None else self.training_images

    @property
    def members(self) -> int:
        """How many networks the run trains."""
        return self.repeats * max(1, self.folds)

    @property
    def validation_count(self) -> int:
        """How many of `examples` validate; at least one where a split is asked for and at least two are there.

        Folds differ by at most one image; this is the smallest.
        """
        if self.folds:
            return self.examples // self.folds
        if self.validation_split == 0:
            return 0
        return min(max(1, round(self.examples * self.validation_split)), self.examples - 1)

    @property
    def train_count(self) -> int:
        """How many images an epoch trains on; with folds, the most of any member."""
        return self.examples - self.validation_count

    @property
    def steps_per_epoch(self) -> int:
        """Optimizer steps in an epoch; the last batch may be smaller."""
        return -(-self.train_count // self.batch_size)

    def to_dict(self) -> dict[str, Any]:
        """The spec as plain JSON types; the optimizer's parameters stand beside its name, as in the input."""
        plain = asdict(self)
        plain["hidden"] = [asdict(layer) for layer in self.hidden]
        plain["optimizer"] = {
            "name": self.optimizer.name,
            "learning_rate": self.optimizer.learning_rate,
            **self.optimizer.parameters,
        }
        plain["schedule"] = {"name": self.schedule.name, **self.schedule.parameters}
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
        """Validate settings that may come from anywhere; what is missing gets its default.

        Raises `SpecError` with a sentence for every field that is wrong.
        """
        problems = Problems()
        if not isinstance(plain, Mapping):
            problems.add("", N_("A spec must be a JSON object such as {example}."), example='{"dataset": "mnist"}')
            problems.raise_any()
        problems.unknown_keys("", plain, [f.name for f in fields(cls)])
        given = {f.name: plain[f.name] for f in fields(cls) if f.name in plain}
        return _validated(given, problems)

    @classmethod
    def from_stored(cls, text: str) -> RunSpec:
        """The spec of a stored run, trusted and not limited by today's rules; unknown settings are ignored."""
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

    def renamed(self, name: str) -> RunSpec:
        """The same settings under another name."""
        return replace(self, name=name)


def _validated(given: dict[str, Any], problems: Problems) -> RunSpec:
    default = RunSpec()
    dataset = problems.choice("dataset", given.get("dataset", default.dataset), list(datasets.REGISTRY))
    info = datasets.REGISTRY[dataset]
    count = info.train_count
    images = given.get("training_images")
    if images is not None:
        images = problems.integer("training_images", images, choices.Range(2, count), 2)
    patience = given.get("early_stopping")
    if patience is not None:
        patience = problems.integer("early_stopping", patience, choices.PATIENCE, 1)
    split = problems.number(
        "validation_split",
        given.get("validation_split", default.validation_split),
        choices.VALIDATION_SPLIT,
        default.validation_split,
    )
    repeats = problems.integer("repeats", given.get("repeats", 1), choices.REPEATS, 1)
    folds = _folds(given.get("folds", 0), repeats, count if images is None else images, problems)
    most = choices.SEED.high - repeats + 1
    spec = RunSpec(
        dataset=dataset,
        hidden=parts.layers(given.get("hidden", [asdict(layer) for layer in default.hidden]), problems),
        optimizer=parts.optimizer(given.get("optimizer", {}), problems),
        loss=problems.choice("loss", given.get("loss", default.loss), list(choices.LOSSES)),
        l1=problems.number("l1", given.get("l1", 0.0), choices.REGULARIZATION, 0.0),
        l2=problems.number("l2", given.get("l2", 0.0), choices.REGULARIZATION, 0.0),
        epochs=problems.integer("epochs", given.get("epochs", default.epochs), choices.EPOCHS, default.epochs),
        validation_split=split,
        training_images=images,
        early_stopping=patience,
        schedule=parts.schedule(given.get("schedule", {}), problems),
        augment=parts.augment(given.get("augment"), info.kind == "image", problems),
        prepare=parts.prepare(given.get("prepare", default.prepare), info.draws_digits, problems),
        repeats=repeats,
        folds=folds,
        seed=problems.integer(
            "seed", given.get("seed", default.seed), choices.Range(choices.SEED.low, most), default.seed
        ),
        name=problems.text("name", given.get("name", ""), choices.MAX_NAME),
        note=problems.text("note", given.get("note", ""), choices.MAX_NOTE, lines=True),
    )
    fewest = spec.examples - -(-spec.examples // folds) if folds else spec.train_count
    batch = problems.integer(
        "batch_size",
        given.get("batch_size", min(default.batch_size, fewest)),
        choices.Range(1, fewest),
        1,
        note=N_("the batch cannot be larger than the {count} training images that are left after the split"),
        count=formatting.count(fewest),
    )
    problems.raise_any()
    return replace(spec, batch_size=batch)


def _folds(value: Any, repeats: int, images: int, problems: Problems) -> int:
    """0 (off) or 2 to 20, at most an image a fold and `MAX_MEMBERS` networks in all."""
    if value is None or (value == 0 and not isinstance(value, bool)):
        return 0
    folds = problems.integer("folds", value, choices.FOLDS, 2)
    if folds > images:
        problems.add(
            "folds",
            N_("{field}: {given} folds need at least as many examples, and {count} are used here."),
            given=folds,
            count=images,
        )
        return 2
    if folds * repeats > choices.MAX_MEMBERS:
        problems.add(
            "folds",
            N_(
                "{field}: {repeats} repeats of {given} folds are {count} networks; at most {most} are allowed in one"
                " run."
            ),
            repeats=repeats,
            given=folds,
            count=folds * repeats,
            most=choices.MAX_MEMBERS,
        )
        return 2
    return folds
