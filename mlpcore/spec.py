"""RunSpec: what to train, frozen, validated, JSON in and out. The one value that crosses every wall."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from mlpcore import choices, datasets
from mlpcore.errors import SpecError
from mlpcore.messages import N_, Message
from mlpcore.spec_fields import Problems, is_number


@dataclass(frozen=True)
class Layer:
    """A hidden layer: its units, its activation and the dropout rate behind it."""

    units: int = 32
    activation: str = "relu"
    dropout: float = 0.0


@dataclass(frozen=True)
class OptimizerSpec:
    """An optimizer by name; `parameters` holds its own settings by Keras's names, complete."""

    name: str = "adam"
    learning_rate: float = 0.001
    parameters: Mapping[str, float | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class RunSpec:
    """The settings of one run. Build it with `from_dict`, which validates; new fields must have defaults.

    `training_images` takes only so many of the training set (None: all); the validation set is split off
    them. `early_stopping` is a patience in epochs (None: off). Learning rates are Keras's defaults unless given.
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
    def validation_count(self) -> int:
        """How many of `examples` validate; at least one where a split is asked for and at least two are there."""
        if self.validation_split == 0:
            return 0
        return min(max(1, round(self.examples * self.validation_split)), self.examples - 1)

    @property
    def train_count(self) -> int:
        """How many images an epoch trains on."""
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
        return cls(**known)

    def renamed(self, name: str) -> RunSpec:
        """The same settings under another name."""
        return replace(self, name=name)


def complete_optimizer(name: str) -> OptimizerSpec:
    """The optimizer with Keras's defaults."""
    choice = choices.OPTIMIZERS[name]
    return OptimizerSpec(name, choice.learning_rate, {k: p.default for k, p in choice.parameters.items()})


def _validated(given: dict[str, Any], problems: Problems) -> RunSpec:
    default = RunSpec()
    dataset = problems.choice("dataset", given.get("dataset", default.dataset), list(datasets.REGISTRY))
    count = datasets.REGISTRY[dataset].train_count
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
    spec = RunSpec(
        dataset=dataset,
        hidden=_layers(given.get("hidden", [asdict(layer) for layer in default.hidden]), problems),
        optimizer=_optimizer(given.get("optimizer", {}), problems),
        loss=problems.choice("loss", given.get("loss", default.loss), list(choices.LOSSES)),
        l1=problems.number("l1", given.get("l1", 0.0), choices.REGULARIZATION, 0.0),
        l2=problems.number("l2", given.get("l2", 0.0), choices.REGULARIZATION, 0.0),
        epochs=problems.integer("epochs", given.get("epochs", default.epochs), choices.EPOCHS, default.epochs),
        validation_split=split,
        training_images=images,
        early_stopping=patience,
        seed=problems.integer("seed", given.get("seed", default.seed), choices.SEED, default.seed),
        name=problems.text("name", given.get("name", ""), choices.MAX_NAME),
        note=problems.text("note", given.get("note", ""), choices.MAX_NOTE, lines=True),
    )
    batch = problems.integer(
        "batch_size",
        given.get("batch_size", min(default.batch_size, spec.train_count)),
        choices.Range(1, spec.train_count),
        1,
        note=N_("the batch cannot be larger than the {count} training images that are left after the split"),
        count=f"{spec.train_count:,}",
    )
    problems.raise_any()
    return replace(spec, batch_size=batch)


def _layers(value: Any, problems: Problems) -> tuple[Layer, ...]:
    if not isinstance(value, list | tuple):
        problems.add("hidden", N_("{field} must be a list of layers, such as {example}."), example='[{"units": 128}]')
        return ()
    if len(value) > choices.MAX_LAYERS:
        problems.add(
            "hidden",
            N_("{field}: {given} layers were given; at most {most} are allowed."),
            given=len(value),
            most=choices.MAX_LAYERS,
        )
        return ()
    layers = []
    default = Layer()
    for index, item in enumerate(value):
        at = f"hidden.{index}"
        if not isinstance(item, Mapping):
            problems.add(at, N_("{field} must be an object such as {example}."), example='{"units": 128}')
            continue
        problems.unknown_keys(at, item, [f.name for f in fields(Layer)])
        layers.append(
            Layer(
                problems.integer(f"{at}.units", item.get("units", default.units), choices.UNITS, default.units),
                problems.choice(
                    f"{at}.activation", item.get("activation", default.activation), list(choices.ACTIVATIONS)
                ),
                problems.number(f"{at}.dropout", item.get("dropout", 0.0), choices.DROPOUT, 0.0),
            )
        )
    return tuple(layers)


def _optimizer(value: Any, problems: Problems) -> OptimizerSpec:
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, Mapping):
        problems.add("optimizer", N_("{field} must be an object such as {example}."), example='{"name": "adam"}')
        return complete_optimizer("adam")
    name = problems.choice("optimizer.name", value.get("name", "adam"), list(choices.OPTIMIZERS))
    choice = choices.OPTIMIZERS[name]
    problems.unknown_keys("optimizer", value, ["name", "learning_rate", *choice.parameters])
    rate = problems.number(
        "optimizer.learning_rate",
        value.get("learning_rate", choice.learning_rate),
        choices.LEARNING_RATE,
        choice.learning_rate,
    )
    parameters: dict[str, float | bool] = {}
    for key, parameter in choice.parameters.items():
        raw = value.get(key, parameter.default)
        at = f"optimizer.{key}"
        if parameter.allowed is None:
            parameters[key] = problems.flag(at, raw)
        else:
            parameters[key] = problems.number(at, raw, parameter.allowed, parameter.default)
    if parameters.get("nesterov") and is_number(parameters["momentum"]) and parameters["momentum"] == 0:
        problems.add(
            "optimizer.nesterov",
            N_("{field} needs a momentum above 0: raise the momentum or switch Nesterov off."),
        )
    return OptimizerSpec(name, rate, parameters)
