"""A member whose loss is no longer a finite number is marked as diverged, and the others go on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlpcore.events import Ended, Finished, Progress
from tests.factory.trainings import SMALL, assert_alike, ends, recorded, trained

pytestmark = pytest.mark.slow

THREE = SMALL | {"repeats": 3}


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch):
    """A function: the networks of these seeds start with weights that are no numbers."""
    from mlpcore.training.stack import Stack

    own = Stack.initial_weights

    def poison(*bad: int) -> None:
        def poisoned(stack: Stack, seeds: list[int]) -> list[np.ndarray]:
            weights = own(stack, seeds)
            for index, seed in enumerate(seeds):
                if seed in bad:
                    weights[0][index] = np.nan
            return weights

        monkeypatch.setattr(Stack, "initial_weights", poisoned)

    return poison


@pytest.mark.parametrize("bad", [5, 6, 7])
def test_a_diverged_member_is_none_and_the_others_are_what_they_are_without_it(bad: int, data_folder: Path, poison):
    healthy = recorded(THREE)
    poison(bad)
    events = trained(THREE)

    assert isinstance(events[-1], Finished)
    assert not events[-1].stopped_early
    for member in range(3):
        curve = [end.members[member] for end in ends(events)]
        if member == bad - 5:
            assert curve == [None] * 3
            assert events[-1].members[member] is None
        else:
            assert_alike(curve, healthy.curve(member))
            its = healthy.finished.members[member]
            assert events[-1].members[member].test_loss == pytest.approx(its.test_loss, rel=1e-4)
    assert len(events[-1].results) == 2
    assert [end.stopped_members for end in ends(events)] == [frozenset()] * 3
    assert all(np.isfinite(event.loss) for event in events if isinstance(event, Progress))
    assert not (data_folder / "models" / "1" / f"network-00{bad - 4}.keras").exists()


def test_the_last_member_goes_on_alone_when_all_others_have_diverged(data_folder: Path, poison):
    healthy = recorded(THREE)
    poison(5, 7)
    events = trained(THREE)

    assert [end.members[0] for end in ends(events)] == [end.members[2] for end in ends(events)] == [None] * 3
    assert_alike([end.members[1] for end in ends(events)], healthy.curve(1))
    assert [result and result.snapshot.member for result in events[-1].members] == [None, 1, None]


def test_a_run_whose_members_all_diverge_ends_so(data_folder: Path, poison):
    poison(5, 6, 7)
    events = trained(THREE)

    assert not ends(events)
    assert isinstance(events[-1], Ended)
    assert events[-1].status == "diverged"
    assert "no longer a finite number (epoch 1, step" in str(events[-1].message)


def test_when_all_members_of_a_group_diverge_the_other_group_continues(data_folder: Path, poison, monkeypatch):
    healthy = recorded(THREE)
    poison(5, 6)
    monkeypatch.setattr("mlpcore.training.group_sizes.group_size", lambda *_: 2)
    events = trained(THREE)

    assert [member is None for member in events[-1].members] == [True, True, False]
    assert_alike([end.members[2] for end in ends(events)], healthy.curve(2))


def test_a_learning_rate_far_too_large_ends_as_diverged_with_advice(data_folder: Path):
    layers = [{"units": 64, "activation": "exponential"}, {"units": 64, "activation": "linear"}]
    events = trained(SMALL | {"hidden": layers, "optimizer": {"name": "sgd", "learning_rate": 100}})

    assert isinstance(events[-1], Ended)
    assert events[-1].status == "diverged"
    assert "smaller learning rate, such as 10" in str(events[-1].message)


def test_a_member_whose_validation_loss_is_never_finite_rests_with_its_last_network(data_folder: Path, monkeypatch):
    """Its one step of the first epoch is so large that the weights after it overflow; patience ends there."""
    from mlpcore.training.stack import Stack

    own = Stack.initial_weights

    def enormous(stack: Stack, seeds: list[int]) -> list[np.ndarray]:
        weights = own(stack, seeds)
        weights[2][seeds.index(5)] *= 1e25
        return weights

    settings = SMALL | {"repeats": 2, "batch_size": 99, "optimizer": {"name": "sgd"}, "early_stopping": 1}
    healthy = recorded(settings)
    monkeypatch.setattr(Stack, "initial_weights", enormous)
    events = trained(settings)

    first = ends(events)[0].members[0]
    assert np.isfinite(first.loss)
    assert not np.isfinite(first.val_loss)
    assert [end.kept_epochs for end in ends(events)] == [{}, {0: 1}, {0: 1}]
    assert_alike([end.members[1] for end in ends(events)], healthy.curve(1))
    assert [result.kept_epoch for result in events[-1].members] == [1, 3]
