"""What a run is estimated to take: its arithmetic, checked against a count by hand and against what it grows with."""

from __future__ import annotations

import pytest

from mlpcore.spec.cost import EPOCH_SECONDS, MULTIPLY_ADDS_PER_SECOND, STEP_SECONDS, multiply_adds, nominal_seconds
from tests.factory.runs import spec_of

SPEC = spec_of(dataset="mnist", hidden=[{"units": 128}, {"units": 64}], epochs=5, validation_split=0.1, batch_size=50)


def test_a_forward_pass_multiplies_once_for_each_weight() -> None:
    assert multiply_adds(SPEC) == 784 * 128 + 128 * 64 + 64 * 10
    assert multiply_adds(spec_of(dataset="iris", hidden=[])) == 4 * 3


def test_a_run_takes_its_epochs_steps_and_arithmetic() -> None:
    arithmetic = multiply_adds(SPEC) * (3 * SPEC.train_count + SPEC.validation_count) / MULTIPLY_ADDS_PER_SECOND
    expected = 5 * (EPOCH_SECONDS + arithmetic + SPEC.steps_per_epoch * STEP_SECONDS)
    assert nominal_seconds(SPEC) == pytest.approx(expected)


@pytest.mark.parametrize("more", [{"epochs": 10}, {"repeats": 2}])
def test_twice_the_epochs_or_networks_take_twice_as_long(more: dict[str, int]) -> None:
    other = spec_of(**SPEC.to_dict() | more)
    assert nominal_seconds(other) == pytest.approx(2 * nominal_seconds(SPEC), rel=0.05)
