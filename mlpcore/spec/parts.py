"""The parts of a RunSpec that have settings of their own, and how each is read from what may come from anywhere.

Each reading function returns something valid and leaves a sentence in `problems` for what was wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from mlpcore.i18n.messages import N_
from mlpcore.spec import choices
from mlpcore.spec.fields import Problems, is_number


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
class Schedule:
    """How the learning rate changes from epoch to epoch, by name; `parameters` holds its settings, complete."""

    name: str = "constant"
    parameters: Mapping[str, float | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Augment:
    """How far training images are changed at random, anew in each epoch; 0 leaves that part out.

    Each picture is moved by up to `shift` of its side each way, turned by up to `rotation` degrees, sheared by up
    to `shear` (the tangent of the slant), and made smaller or larger by up to `zoom` (a fraction). It is bent by a
    smooth field that moves each place by up to `elastic` of its side, and its lines get up to `pen` pixels wider or
    thinner at each edge.
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


def complete_schedule(name: str) -> Schedule:
    """The schedule with its defaults."""
    return Schedule(name, {k: p.default for k, p in choices.SCHEDULES[name].parameters.items()})


def layers(value: Any, problems: Problems) -> tuple[Layer, ...]:
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
    found = []
    default = Layer()
    for index, item in enumerate(value):
        at = f"hidden.{index}"
        if not isinstance(item, Mapping):
            problems.add(at, N_("{field} must be an object such as {example}."), example='{"units": 128}')
            continue
        problems.unknown_keys(at, item, [f.name for f in fields(Layer)])
        found.append(
            Layer(
                problems.integer(f"{at}.units", item.get("units", default.units), choices.UNITS, default.units),
                problems.choice(
                    f"{at}.activation", item.get("activation", default.activation), list(choices.ACTIVATIONS)
                ),
                problems.number(f"{at}.dropout", item.get("dropout", 0.0), choices.DROPOUT, 0.0),
            )
        )
    return tuple(found)


def optimizer(value: Any, problems: Problems) -> OptimizerSpec:
    """An optimizer from its name, or from an object with its name and settings."""
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
    parameters = _parameters("optimizer", value, choice.parameters, problems)
    if parameters.get("nesterov") and is_number(parameters["momentum"]) and parameters["momentum"] == 0:
        problems.add(
            "optimizer.nesterov",
            N_("{field} needs a momentum above 0: raise the momentum or switch Nesterov off."),
        )
    return OptimizerSpec(name, rate, parameters)


def _parameters(
    path: str, given: Mapping[Any, Any], known: Mapping[str, choices.Parameter], problems: Problems
) -> dict[str, float | bool]:
    """The settings that belong to a choice, each with its default where it is not given."""
    found: dict[str, float | bool] = {}
    for key, parameter in known.items():
        raw, at = given.get(key, parameter.default), f"{path}.{key}"
        if parameter.allowed is None:
            found[key] = problems.flag(at, raw)
        elif parameter.whole:
            found[key] = problems.integer(at, raw, parameter.allowed, int(parameter.default))
        else:
            found[key] = problems.number(at, raw, parameter.allowed, parameter.default)
    return found


def schedule(value: Any, problems: Problems) -> Schedule:
    """A schedule from its name, or from an object with its name and settings."""
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, Mapping):
        problems.add("schedule", N_("{field} must be an object such as {example}."), example='{"name": "cosine"}')
        return Schedule()
    name = problems.choice("schedule.name", value.get("name", "constant"), list(choices.SCHEDULES))
    choice = choices.SCHEDULES[name]
    problems.unknown_keys("schedule", value, ["name", *choice.parameters])
    return Schedule(name, _parameters("schedule", value, choice.parameters, problems))


def augment(value: Any, image: bool, problems: Problems) -> Augment | None:
    """The augmentation, None where it is off; `image` says whether the dataset has pictures."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        problems.add("augment", N_("{field} must be an object such as {example}."), example='{"rotation": 10}')
        return None
    problems.unknown_keys("augment", value, choices.AUGMENT)
    strengths = {
        name: problems.number(f"augment.{name}", value.get(name, 0.0), strength.allowed, 0.0)
        for name, strength in choices.AUGMENT.items()
    }
    if not any(strengths.values()):
        return None
    if not image:
        problems.add("augment", N_("{field} changes pictures, and this dataset has none: leave it off."))
    return Augment(**strengths)


def prepare(value: Any, digits: bool, problems: Problems) -> str:
    """What happens to every picture; `digits` says whether the dataset has pictures of digits."""
    chosen = problems.choice("prepare", value, list(choices.PREPARE))
    if chosen != "none" and not digits:
        problems.add("prepare", N_("{field} straightens pictures of digits, and this dataset has none: leave it off."))
    return chosen
