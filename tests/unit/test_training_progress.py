"""Early stopping of each member: one that has stopped rests, and keeps the network of its lowest validation loss."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlpcore.inference import load_network
from tests.factory.trainings import SMALL, assert_alike, ends, recorded, trained

pytestmark = pytest.mark.slow

PATIENCE = 2
STOPPING = SMALL | {
    "hidden": [{"units": 24}],
    "optimizer": {"name": "adam", "learning_rate": 0.05},
    "repeats": 4,
    "epochs": 40,
    "early_stopping": PATIENCE,
}


def last_epochs(run) -> list[int]:
    """The last epoch in which each member trained."""
    return [max(end.epoch for end in ends(run.events) if member not in end.stopped_members) for member in range(4)]


def test_each_member_stops_at_its_own_time_and_keeps_its_best_network():
    run = recorded(STOPPING)
    last = last_epochs(run)

    assert len(set(last)) > 1
    assert run.finished.stopped_early
    assert ends(run.events)[-1].epoch == max(last) < 40
    for member, result in enumerate(run.finished.results):
        losses = [metrics.val_loss for metrics in run.curve(member)[: last[member]]]
        assert result.kept_epoch == losses.index(min(losses)) + 1 == last[member] - PATIENCE
        assert run.networks[member, result.kept_epoch].epoch == result.kept_epoch


def test_a_member_rests_from_the_epoch_after_its_last_one_with_the_metrics_of_the_network_it_keeps():
    run = recorded(STOPPING)
    last = last_epochs(run)

    for end in ends(run.events):
        assert end.stopped_members == {member for member in range(4) if end.epoch > last[member]}
        for member in end.stopped_members:
            kept = run.finished.members[member].kept_epoch
            assert end.members[member] == ends(run.events)[kept - 1].members[member]


def test_members_are_what_they_are_without_early_stopping_until_they_stop():
    """Groups become smaller as members stop; that does not change the numbers of any member."""
    run, whole = recorded(STOPPING), recorded(STOPPING | {"early_stopping": None, "epochs": 15})

    for member, last in enumerate(last_epochs(run)):
        both = min(last, 15)
        assert_alike(run.curve(member)[:both], whole.curve(member)[:both], rel=1e-3)


def test_a_group_goes_on_smaller_when_half_of_it_has_stopped(monkeypatch: pytest.MonkeyPatch, data_folder: Path):
    from mlpcore.training import loop
    from mlpcore.training.group import Group

    sizes: list[list[int]] = []

    class Watched(Group):
        def __init__(self, spec, numbers, *rest):
            sizes.append(list(numbers))
            super().__init__(spec, numbers, *rest)

    monkeypatch.setattr(loop, "Group", Watched)
    last = last_epochs(recorded(STOPPING))
    events = trained(STOPPING)

    assert [end.members for end in ends(events)] == [end.members for end in ends(recorded(STOPPING).events)]
    expected = [[0, 1, 2, 3]]
    for epoch in range(1, max(last) + 1):
        alive = [member for member in expected[-1] if last[member] >= epoch]
        if 2 * len(alive) <= len(expected[-1]):
            expected.append(alive)
    assert sizes == expected
    assert len(sizes) > 1


def test_early_stopping_keeps_the_network_of_the_lowest_validation_loss(data_folder: Path):
    settings = SMALL | {"training_images": 60, "hidden": [{"units": 64}], "epochs": 300, "early_stopping": 3}
    settings |= {"optimizer": {"name": "adam", "learning_rate": 0.02}, "validation_split": 0.3, "batch_size": 16}
    events = trained(settings)
    losses = {e.epoch: e.mean.val_loss for e in ends(events)}
    best = min(losses, key=losses.__getitem__)

    assert events[-1].stopped_early
    assert events[-1].members[0].kept_epoch == best == max(losses) - 3
    assert load_network(data_folder / events[-1].members[0].snapshot.file).epoch == best


def test_a_run_that_ends_before_patience_does_keeps_the_best_network_too():
    run = recorded(STOPPING | {"epochs": 3, "early_stopping": 30})

    assert not run.finished.stopped_early
    for member, result in enumerate(run.finished.results):
        losses = [metrics.val_loss for metrics in run.curve(member)]
        assert result.kept_epoch == losses.index(min(losses)) + 1
