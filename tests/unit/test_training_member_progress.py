"""Members from epoch to epoch: learning rates follow Keras's schedules; a member that has stopped early rests."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from mlpcore.events import Metrics
from mlpcore.inference import load_network
from mlpcore.spec import RunSpec
from mlpcore.training.member_progress import LearningRate, MemberProgress
from mlpcore.training.run_files import RunFiles, SnapshotChanges
from tests.factory.trainings import SMALL, assert_alike, ends, kept_snapshots, recorded, trained

EPOCHS = 12


def learning_rate(**schedule) -> LearningRate:
    optimizer = {"name": "sgd", "learning_rate": 0.2}
    return LearningRate(
        RunSpec.from_dict({"dataset": "digits", "epochs": EPOCHS, "optimizer": optimizer, "schedule": schedule})
    )


def rates(rate: LearningRate) -> list[float]:
    return [rate.of(epoch) for epoch in range(1, EPOCHS + 1)]


def test_a_constant_rate_stays():
    assert rates(learning_rate(name="constant")) == [0.2] * EPOCHS


@pytest.mark.slow
@pytest.mark.parametrize("decay", [0.5, 0.97, 1.0])
def test_an_exponential_rate_is_that_of_keras(decay: float):
    from mlpcore.training.backend import keras

    its = keras.optimizers.schedules.ExponentialDecay(0.2, decay_steps=1, decay_rate=decay)

    assert rates(learning_rate(name="exponential", decay=decay)) == pytest.approx(
        [float(its(epoch)) for epoch in range(EPOCHS)], rel=1e-5
    )


@pytest.mark.slow
@pytest.mark.parametrize("floor", [0.0, 0.25, 1.0])
def test_a_cosine_rate_is_that_of_keras(floor: float):
    from mlpcore.training.backend import keras

    its = keras.optimizers.schedules.CosineDecay(0.2, decay_steps=EPOCHS, alpha=floor)
    own = rates(learning_rate(name="cosine", floor=floor))

    assert own == pytest.approx([float(its(epoch)) for epoch in range(EPOCHS)], rel=1e-5)
    assert own[0] == 0.2


LOSSES = {
    "falling": np.linspace(2, 1, EPOCHS),
    "standing still": np.ones(EPOCHS),
    "falling too little to count": 1 - 0.00005 * np.arange(EPOCHS),
    "just enough now and then": [1, 0.9998, 0.9998, 0.9997, 0.99965, 0.9996, 0.9, 0.95, 0.9, 0.9, 0.89995, 0.8],
    "rising": np.linspace(1, 2, EPOCHS),
    "up and down": [3, 2, 2.5, 2.6, 1.9, 2, 2, 2, 2, 1.8, 1.9, 1.9],
    "no number": [1, np.nan, np.nan, 0.5, np.inf, 0.6, 0.6, 0.4, 0.4, 0.4, 0.4, 0.4],
}


@pytest.mark.slow
@pytest.mark.parametrize("patience", [1, 2, 3])
@pytest.mark.parametrize("losses", LOSSES)
def test_a_plateau_lowers_the_rate_when_keras_does(losses: str, patience: int):
    from mlpcore.training.backend import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.2), "mse")
    callback = keras.callbacks.ReduceLROnPlateau(factor=0.3, patience=patience, min_delta=1e-4, cooldown=0, min_lr=0)
    callback.set_model(model)
    callback.on_train_begin()
    own, mine, its = learning_rate(name="plateau", factor=0.3, patience=patience), [], []
    for epoch, loss in enumerate(map(float, LOSSES[losses]), start=1):
        mine.append(own.of(epoch))
        its.append(float(model.optimizer.learning_rate.numpy()))
        own.update(loss)
        callback.on_epoch_end(epoch - 1, {"val_loss": loss})

    assert mine == pytest.approx(its, rel=1e-5)


def test_only_a_plateau_depends_on_losses():
    own = learning_rate(name="cosine")
    before = rates(own)
    for _ in range(5):
        own.update(1.0)

    assert rates(own) == before


PLATEAU = SMALL | {
    "repeats": 4,
    "epochs": 12,
    "optimizer": {"name": "adam", "learning_rate": 0.05},
    "schedule": {"name": "plateau", "factor": 0.5, "patience": 1},
}


@pytest.mark.slow
def test_each_member_has_the_rate_that_follows_from_its_own_validation_losses(data_folder):
    epoch_ends = ends(trained(PLATEAU))

    own = [LearningRate(RunSpec.from_dict(PLATEAU)) for _ in range(4)]
    for end in epoch_ends:
        expected = [rate.of(end.epoch) for rate in own]
        assert end.learning_rate == pytest.approx(sum(expected) / 4)
        assert list(end.member_rates or [end.learning_rate] * 4) == expected
        for rate, metrics in zip(own, end.members, strict=True):
            rate.update(metrics.val_loss)
    assert any(end.member_rates for end in epoch_ends)
    assert min(min(end.member_rates or (1,)) for end in epoch_ends) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("schedule", [{"name": "exponential", "decay": 0.5}, {"name": "cosine", "floor": 0.1}])
def test_the_reported_rate_is_the_one_that_trains(schedule: dict, data_folder):
    """Without momentum a first step is as long as its rate: an epoch of one step shows it."""
    settings = SMALL | {
        "hidden": [],
        "training_images": 32,
        "validation_split": 0,
        "epochs": 3,
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
    }
    falling, constant = trained(settings | {"schedule": schedule}), trained(settings, "2")

    assert ends(falling)[0].members == ends(constant)[0].members
    assert ends(falling)[1].members == ends(constant)[1].members
    assert ends(falling)[2].members != ends(constant)[2].members
    rate = ends(falling)[1].learning_rate
    assert ends(falling)[2].members[0].loss > ends(constant)[2].members[0].loss
    assert rate == pytest.approx(0.05 if schedule["name"] == "exponential" else 0.1 * (0.1 + 0.9 * 0.75))


# Early stopping

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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_member_rests_from_the_epoch_after_its_last_one_with_the_metrics_of_the_network_it_keeps():
    run = recorded(STOPPING)
    last = last_epochs(run)

    for end in ends(run.events):
        assert end.stopped_members == {member for member in range(4) if end.epoch > last[member]}
        for member in end.stopped_members:
            kept = run.finished.members[member].kept_epoch
            assert end.kept_epochs[member] == kept
            assert end.members[member] == ends(run.events)[kept - 1].members[member]


@pytest.mark.slow
def test_the_network_that_a_member_keeps_is_saved_as_soon_as_it_has_stopped():
    """The run may be stopped by hand before its end, and then the member predicts with this network."""
    run = recorded(STOPPING)

    for member, last in enumerate(last_epochs(run)):
        events = list(takewhile(lambda event, last=last: getattr(event, "epoch", 0) <= last, run.events))
        assert (member, run.finished.members[member].kept_epoch) in kept_snapshots(events)


def test_the_kept_network_stays_saved_though_the_last_epoch_before_the_stop_was_the_most_accurate(data_folder: Path):
    spec = RunSpec.from_dict({"dataset": "iris", "hidden": [], "epochs": 30, "early_stopping": 2})
    member = MemberProgress.start(spec, RunFiles("1", 1), 0)
    weights = [np.zeros((4, 3), np.float32), np.zeros((1, 3), np.float32)]
    changes = SnapshotChanges()
    for epoch, (accuracy, loss) in enumerate([(0.5, 0.9), (0.4, 1.0), (0.6, 1.1)], start=1):
        changes = SnapshotChanges()
        member.after_epoch(epoch, Metrics(0.5, 0.5, loss, accuracy), lambda: weights, changes)

    assert member.stopped
    assert {snapshot.epoch for snapshot in changes.added} == {1, 3}
    assert not changes.dropped


@pytest.mark.slow
def test_members_are_what_they_are_without_early_stopping_until_they_stop():
    """Groups become smaller as members stop; that does not change the numbers of any member."""
    run, whole = recorded(STOPPING), recorded(STOPPING | {"early_stopping": None, "epochs": 15})

    for member, last in enumerate(last_epochs(run)):
        both = min(last, 15)
        assert_alike(run.curve(member)[:both], whole.curve(member)[:both], rel=1e-3)


@pytest.mark.slow
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


@pytest.mark.slow
def test_early_stopping_keeps_the_network_of_the_lowest_validation_loss(data_folder: Path):
    settings = SMALL | {"training_images": 60, "hidden": [{"units": 64}], "epochs": 300, "early_stopping": 3}
    settings |= {"optimizer": {"name": "adam", "learning_rate": 0.02}, "validation_split": 0.3, "batch_size": 16}
    events = trained(settings)
    losses = {e.epoch: e.mean.val_loss for e in ends(events)}
    best = min(losses, key=losses.__getitem__)

    assert events[-1].stopped_early
    assert events[-1].members[0].kept_epoch == best == max(losses) - 3
    assert load_network(data_folder / events[-1].members[0].snapshot.file).epoch == best


@pytest.mark.slow
def test_a_run_that_ends_before_patience_does_keeps_the_best_network_too():
    run = recorded(STOPPING | {"epochs": 3, "early_stopping": 30})

    assert not run.finished.stopped_early
    for member, result in enumerate(run.finished.results):
        losses = [metrics.val_loss for metrics in run.curve(member)]
        assert result.kept_epoch == losses.index(min(losses)) + 1
