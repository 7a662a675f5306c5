"""Members are split into groups where memory demands it, and what cannot fit is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlpcore.errors import TrainingError
from mlpcore.events import Event, Progress
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters
from mlpcore.training.group_sizes import (
    CACHE_BYTES,
    group_size,
    members_in_cache,
    split_into_groups,
    training_bytes,
    waiting_bytes,
)
from mlpcore.training.member_seeds import Split
from tests.factory.trainings import SMALL, assert_alike, ends, recorded, trained


def spec_of(**settings) -> RunSpec:
    return RunSpec.from_dict(SMALL | settings)


def with_free(monkeypatch: pytest.MonkeyPatch, free: float) -> None:
    monkeypatch.setattr("mlpcore.training.group_sizes.free_memory_bytes", lambda: int(free))


def test_as_many_members_train_at_a_time_as_fit_beside_those_that_wait(monkeypatch: pytest.MonkeyPatch):
    spec = spec_of(repeats=10)
    for fit in (1, 4, 10):
        with_free(monkeypatch, 10 * waiting_bytes(spec) + fit * training_bytes(spec))
        assert group_size(spec, None) == fit

    with_free(monkeypatch, 1e12)
    assert group_size(spec, None) == 10


def test_on_a_gpu_only_the_group_that_trains_must_fit(monkeypatch: pytest.MonkeyPatch):
    spec = spec_of(repeats=10)
    with_free(monkeypatch, 1e12)

    assert group_size(spec, 3 * (waiting_bytes(spec) + training_bytes(spec))) == 3
    assert group_size(spec, 10**12) == 10
    with pytest.raises(TrainingError, match="10 networks need about"):
        group_size(spec, waiting_bytes(spec))


def test_a_member_needs_more_with_early_stopping_larger_batches_and_more_units():
    spec = spec_of()

    assert waiting_bytes(spec) == 12 * count_parameters(spec)
    assert waiting_bytes(spec_of(early_stopping=1)) == 16 * count_parameters(spec)
    assert training_bytes(spec_of(batch_size=64)) > training_bytes(spec) > 8 * count_parameters(spec)
    assert training_bytes(spec_of(hidden=[{"units": 17}])) > training_bytes(spec)


def test_a_hundred_networks_that_do_not_fit_are_refused_and_one_of_them_would_fit(monkeypatch: pytest.MonkeyPatch):
    layers = [{"units": 4096}, {"units": 4096}]
    with_free(monkeypatch, 2**30)

    assert group_size(spec_of(hidden=layers), None) == 1
    with pytest.raises(TrainingError) as caught:
        group_size(spec_of(hidden=layers, repeats=100), None)
    assert str(caught.value) == (
        "These 100 networks need about 19.2 GB of memory to train, and 1.0 GB are free here."
        " Choose fewer repeats or folds, fewer units or fewer layers."
    )


@pytest.mark.slow
def test_a_network_that_cannot_fit_is_refused_before_training(data_folder: Path, monkeypatch: pytest.MonkeyPatch):
    with_free(monkeypatch, 2**20)

    with pytest.raises(TrainingError, match=r"This network needs about .* GB of memory"):
        trained(SMALL | {"hidden": [{"units": 4096}, {"units": 4096}]})


def test_a_stack_stays_within_a_cache_of_the_processor():
    small, large = spec_of(repeats=100), spec_of(dataset="mnist", hidden=[{"units": 512}], repeats=100)

    assert members_in_cache(large) == 1
    assert members_in_cache(small) * 16 * count_parameters(small) == pytest.approx(CACHE_BYTES, rel=0.05)


THREE = SMALL | {"repeats": 3}


def assert_numbers_of_one_stack(events: list[Event]) -> None:
    whole = recorded(THREE)
    for member in range(3):
        assert_alike([end.members[member] for end in ends(events)], whole.curve(member))
        ours, its = events[-1].members[member], whole.finished.members[member]
        assert ours.test_loss == pytest.approx(its.test_loss, rel=1e-4)


@pytest.mark.slow
def test_members_one_after_another_for_want_of_memory_are_those_of_one_stack(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    spec = RunSpec.from_dict(THREE)
    with_free(monkeypatch, 3 * waiting_bytes(spec) + training_bytes(spec))

    assert_numbers_of_one_stack(trained(THREE))


@pytest.mark.slow
def test_members_one_after_another_within_the_cache_are_those_of_one_stack(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mlpcore.training.group_sizes.CACHE_BYTES", 1)
    events = trained(THREE)

    assert_numbers_of_one_stack(events)
    done = [(event.epoch, event.step) for event in events if isinstance(event, Progress)]
    assert done == sorted(done)
    assert {event.steps for event in events if isinstance(event, Progress)} == {4}
    assert {step for _, step in done} <= set(range(1, 5))


def test_groups_are_of_members_with_the_same_number_of_steps():
    images = [64, 64, 96, 64, 96, 64, 65, 64]
    splits = [Split(np.arange(count), np.arange(0)) for count in images]

    assert split_into_groups(range(8), splits, 32, 100) == [[0, 1, 3, 5, 7], [2, 4, 6]]
    assert split_into_groups(range(8), splits, 32, 3) == [[0, 1, 3], [5, 7], [2, 4, 6]]
    assert split_into_groups([2, 3, 7], splits, 32, 1) == [[2], [3], [7]]


@pytest.mark.parametrize(
    ("members", "most", "sizes"),
    [(10, 10, [10]), (10, 5, [5, 5]), (10, 4, [2] * 5), (6, 4, [3, 3]), (7, 4, [4, 3]), (5, 1, [1] * 5)],
)
def test_groups_are_equally_large_where_that_does_not_need_twice_as_many(members: int, most: int, sizes: list[int]):
    splits = [Split(np.arange(64), np.arange(0))] * members
    groups = split_into_groups(range(members), splits, 32, most)

    assert [len(group) for group in groups] == sizes
    assert [number for group in groups for number in group] == list(range(members))
