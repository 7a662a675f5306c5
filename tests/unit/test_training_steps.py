"""Compiled steps are kept: a run that differs in nothing that is compiled starts at once."""

from __future__ import annotations

from typing import Any

import pytest

from mlpcore.spec import RunSpec
from tests.factory.trainings import SMALL, trained

pytestmark = pytest.mark.slow

SHAPE = SMALL | {"hidden": [{"units": 14}], "repeats": 2, "epochs": 2}
SAME = {
    "another seed": {"seed": 77},
    "another learning rate": {"optimizer": {"name": "adam", "learning_rate": 0.02}},
    "more epochs": {"epochs": 4},
    "a name and a note": {"name": "mine", "note": "a note"},
    "a schedule": {"schedule": {"name": "plateau", "patience": 1}},
    "early stopping": {"early_stopping": 2},
    "a larger validation set": {"validation_split": 0.2},
    "a much larger validation set": {"validation_split": 0.5},
    "nothing validates": {"validation_split": 0},
    "more images": {"training_images": 400},
    "all images": {"training_images": None},
    "folds in place of repeats": {"repeats": 1, "folds": 2},
}
OTHER = {
    "another batch size": {"batch_size": 33},
    "another number of networks": {"repeats": 3},
    "a penalty": {"l2": 0.01},
    "dropout": {"hidden": [{"units": 14, "dropout": 0.1}]},
    "another setting of the optimizer": {"optimizer": {"name": "adam", "beta_1": 0.8}},
}


def steps_of(settings: dict[str, Any]) -> Any:
    from mlpcore.training.steps import steps_for

    spec = RunSpec.from_dict(settings)
    return steps_for(spec, spec.members)[0]


def compilations(settings: dict[str, Any]) -> int:
    """How many programs there are for a shape."""
    from mlpcore.training import backend

    steps = steps_of(settings)
    if backend.NAME == "jax":
        return steps._compiled_train._cache_size() + steps._compiled_evaluate._cache_size()
    return steps._train.experimental_get_tracing_count() + steps._evaluate.experimental_get_tracing_count()


def test_what_is_not_compiled_compiles_nothing(data_folder):
    from mlpcore.training.steps import compiled_steps

    trained(SHAPE)
    shapes, programs = compiled_steps.cache_info().misses, compilations(SHAPE)
    assert programs >= 2
    compiled = {}
    for name, change in SAME.items():
        trained(SHAPE | change, name)
        compiled[name] = (compiled_steps.cache_info().misses - shapes, compilations(SHAPE) - programs)

    assert compiled == dict.fromkeys(SAME, (0, 0))


@pytest.mark.parametrize("change", OTHER)
def test_what_is_compiled_has_steps_of_its_own(change: str):
    assert steps_of(SHAPE | OTHER[change]) is not steps_of(SHAPE)
    assert steps_of(SHAPE) is steps_of(SHAPE)


def test_a_process_that_has_compiled_many_shapes_is_to_be_replaced(monkeypatch: pytest.MonkeyPatch):
    from mlpcore.training import needs_recycling, steps

    shapes = steps.compiled_steps.cache_info().misses
    steps_of(SHAPE | {"hidden": []})
    compiled_now = steps.compiled_steps.cache_info().misses
    assert compiled_now > shapes
    monkeypatch.setattr(steps, "MAX_COMPILED", compiled_now + 1)
    assert not needs_recycling()
    monkeypatch.setattr(steps, "MAX_COMPILED", compiled_now)
    assert needs_recycling()
