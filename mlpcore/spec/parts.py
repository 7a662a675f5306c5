"""The parts of a RunSpec that have settings of their own, and the functions that read them from untrusted input.

Each of them returns a valid value and adds a sentence to `problems` for every mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlpcore.i18n.messages import N_
from mlpcore.spec import choices
from mlpcore.spec.fields import SETTINGS
from mlpcore.spec.setting import Setting
from mlpcore.spec.validation import Problems, is_number


class Parameters(Mapping[str, "float | bool"]):
    """The values of an option's own settings by name: an immutable mapping, so that specs can be hashed."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, float | bool]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> float | bool:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return repr(self._values)


@dataclass(frozen=True)
class Layer:
    """A hidden layer: its units, its activation, and the dropout rate after it."""

    units: int = 32
    activation: str = "relu"
    dropout: float = 0.0


@dataclass(frozen=True)
class OptimizerSpec:
    """An optimizer by name; `parameters` holds its own settings by the names that Keras uses, complete."""

    name: str = "adam"
    learning_rate: float = 0.001
    parameters: Mapping[str, float | bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", Parameters(self.parameters))


@dataclass(frozen=True)
class Schedule:
    """How the learning rate changes from epoch to epoch, by name; `parameters` holds its settings, complete."""

    name: str = "constant"
    parameters: Mapping[str, float | bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", Parameters(self.parameters))


@dataclass(frozen=True)
class Augment:
    """How far training images are changed at random, differently in each epoch; 0 switches a change off.

    Each image is moved by up to `shift` of its side each way, rotated by up to `rotation` degrees, sheared by up
    to `shear` (the tangent of the slant), and made smaller or larger by up to `zoom` (a fraction). It is distorted by a
    smooth field that moves each pixel by up to `elastic` of the image's side, and its lines get up to `pen` pixels
    wider or thinner at each edge.
    """

    shift: float = 0.0
    rotation: float = 0.0
    shear: float = 0.0
    zoom: float = 0.0
    elastic: float = 0.0
    pen: float = 0.0


def complete_optimizer(name: str) -> OptimizerSpec:
    """The optimizer with Keras's defaults."""
    choice = choices.OPTIMIZERS[name]
    return OptimizerSpec(name, choice.learning_rate, {k: p.default for k, p in choice.parameters.items()})


def read_layers(value: Any, problems: Problems) -> tuple[Layer, ...]:
    """The hidden layers."""
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
    for index, item in enumerate(value):
        path = f"hidden.{index}"
        if not isinstance(item, Mapping):
            problems.add(path, N_("{field} must be an object such as {example}."), example='{"units": 128}')
            continue
        layers.append(Layer(**_group(SETTINGS["hidden"].parts, path, item, Layer(), problems)))
    return tuple(layers)


def read_optimizer(value: Any, problems: Problems) -> OptimizerSpec:
    """An optimizer from its name, or from an object with its name and settings."""
    name, given = _variant("optimizer", value, OptimizerSpec().name, "adam", problems)
    choice = choices.OPTIMIZERS[name]
    parts = SETTINGS["optimizer"].parts
    problems.unknown_keys("optimizer", given, ["name", *parts, *choice.parameters])
    rate = problems.plain(
        parts["learning_rate"],
        "optimizer.learning_rate",
        given.get("learning_rate", choice.learning_rate),
        choice.learning_rate,
    )
    parameters = _parameters("optimizer", given, choice.parameters, problems)
    if parameters.get("nesterov") and is_number(parameters["momentum"]) and parameters["momentum"] == 0:
        problems.add(
            "optimizer.nesterov",
            N_("{field} needs a momentum above 0: raise the momentum or switch Nesterov off."),
        )
    return OptimizerSpec(name, rate, parameters)


def read_schedule(value: Any, problems: Problems) -> Schedule:
    """A schedule from its name, or from an object with its name and settings."""
    name, given = _variant("schedule", value, Schedule().name, "cosine", problems)
    parameters = choices.SCHEDULES[name].parameters
    problems.unknown_keys("schedule", given, ["name", *parameters])
    return Schedule(name, _parameters("schedule", given, parameters, problems))


def read_augment(value: Any, problems: Problems) -> Augment | None:
    """The augmentation, None where it is off."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        problems.add("augment", N_("{field} must be an object such as {example}."), example='{"rotation": 10}')
        return None
    augment = Augment(**_group(SETTINGS["augment"].parts, "augment", value, Augment(), problems))
    return None if augment == Augment() else augment


def _group(
    parts: Mapping[str, Setting], path: str, given: Mapping[Any, Any], default: Any, problems: Problems
) -> dict[str, Any]:
    """The values of a group's settings; what is not given has the value of the `default` object."""
    problems.unknown_keys(path, given, parts)
    values = {}
    for name, setting in parts.items():
        fallback = getattr(default, name)
        values[name] = problems.plain(setting, f"{path}.{name}", given.get(name, fallback), fallback)
    return values


def _variant(path: str, value: Any, default: str, example: str, problems: Problems) -> tuple[str, Mapping[Any, Any]]:
    """The name of the chosen option, and the mapping that holds it and the option's settings."""
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, Mapping):
        text = f'{{"name": "{example}"}}'
        problems.add(path, N_("{field} must be an object such as {example}."), example=text)
        return default, {}
    options = list(SETTINGS[path].options)
    return problems.choice(f"{path}.name", value.get("name", default), options), value


def _parameters(
    path: str, given: Mapping[Any, Any], known: Mapping[str, Setting], problems: Problems
) -> dict[str, float | bool]:
    """The settings that belong to an option, each with its default where it is not given."""
    return {
        name: problems.plain(setting, f"{path}.{name}", given.get(name, setting.default), setting.default)
        for name, setting in known.items()
    }
