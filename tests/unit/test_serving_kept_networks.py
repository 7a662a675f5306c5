"""Which network predicts for a run."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlite_utils import Database

from mlpcore.events import Ended, EpochEnd, Metrics, Snapshot, Started
from mlpcore.serving.kept_networks import KeptNetwork, kept_metrics, kept_network, kept_networks, predicting_epoch
from mlpcore.spec.parameters import count_parameters
from mlpcore.store import members, metrics, queue, runs
from mlpcore.store.runs import Run
from tests.factory.networks import (
    constant,
    make_run_of_network,
    make_run_saved_after,
    make_run_with_networks,
    snapshot_file,
)
from tests.factory.runs import make_run, members_of, spec_of

ACCURACIES = (0.5, 0.8, 0.9, 0.7)
"""The validation accuracy after each of four epochs: the third is the best."""


def train(
    db: Database,
    *saved: Sequence[int],
    end: str | None = None,
    kept: Sequence[int] = (),
    diverged: int | None = None,
    epochs: int = 4,
) -> Run:
    """A run with one member for each of `saved`, the epochs after which it was saved; with `kept` it finishes."""
    run_id = make_run_saved_after(
        db,
        *saved,
        accuracies=ACCURACIES[:epochs],
        status="finished" if kept else end or "running",
        kept=kept,
        diverged=diverged,
        dataset="iris",
        epochs=6,
    )
    return runs.get(db, run_id)


def predicting(db: Database, run: Run) -> dict[int, int]:
    """Member to epoch; what one member by itself predicts with is the same."""
    epochs = {network.member: network.epoch for network in kept_networks(db, run)}
    for member, epoch in epochs.items():
        alone = kept_network(db, run, member)
        assert alone is not None
        assert alone.epoch == epoch
    return epochs


def test_the_first_preferred_epoch_that_is_saved_predicts_else_the_newest() -> None:
    assert predicting_epoch({0, 2, 3, 9}, 3, 2) == 3
    assert predicting_epoch({0, 2, 3, 9}, None, 2) == 2
    assert predicting_epoch({0, 2, 3, 9}, 4, 5) == 9
    assert predicting_epoch({0}, None) == 0


def test_a_finished_network_predicts_as_it_was_kept_and_knows_its_file(db: Database) -> None:
    run = runs.get(db, make_run_of_network(db, constant("digits", [0.1] * 10)))
    file = f"models/run-{run.id}/epoch-0001.safetensors"

    assert kept_networks(db, run) == (KeptNetwork(0, 1, {1: file}),)
    (network,) = kept_networks(db, run)
    assert network.file == file
    assert network.snapshot() == network.snapshot(1) == Snapshot(1, file, 0)
    with pytest.raises(KeyError):
        network.snapshot(2)


def test_a_finished_network_predicts_with_the_last_epoch_though_another_was_more_accurate(db: Database) -> None:
    assert predicting(db, train(db, [0, 3, 4], kept=[4])) == {0: 4}


def test_each_finished_member_predicts_with_the_epoch_that_it_kept_itself(db: Database) -> None:
    assert predicting(db, train(db, [0, 2, 4], [0, 3, 4], [0, 4], kept=[2, 3, 4])) == {0: 2, 1: 3, 2: 4}


@pytest.mark.parametrize("end", ["stopped", "failed", "diverged", None])
def test_a_network_without_a_result_predicts_with_its_best_epoch(db: Database, end: str | None) -> None:
    assert predicting(db, train(db, [0, 2, 3, 4], end=end)) == {0: 3}


@pytest.mark.parametrize("end", ["stopped", "failed", None])
def test_members_without_a_result_predict_with_the_best_epoch_of_their_mean_or_with_their_newest(
    db: Database, end: str | None
) -> None:
    """The accuracy that all pages show for such a run is the one after the best epoch of the mean."""
    run = train(db, [0, 2, 3, 4], [0, 2], [0, 3], end=end)

    assert run.best_epoch == 3
    assert predicting(db, run) == {0: 3, 1: 2, 2: 3}


def test_a_member_that_was_stopped_early_predicts_with_its_best_epoch_of_the_run_or_its_newest(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(repeats=4, epochs=4), diverged=1, stopped_early=2))

    assert predicting(db, run) == {0: 4, 2: 2, 3: 4}


def stopped_by_hand(db: Database, going_on: Sequence[float]) -> Run:
    """A run of two members that was stopped after five epochs, each of them saved.

    The first member has these validation accuracies. The second one had 0.6, 0.7 and 0.65: early stopping ended it
    after the third epoch, and it keeps its second one.
    """
    spec = spec_of(dataset="iris", repeats=2, epochs=30)
    claim = queue.enqueue_and_claim(db, spec, "worker-1")
    metrics.record(db, claim, Started("CPU", "tensorflow", {}, count_parameters(spec), 10, members_of(spec)))
    for epoch, (first, second) in enumerate(zip(going_on, (0.6, 0.7, 0.65, 0.7, 0.7), strict=True), start=1):
        stopped = epoch > 3
        saved = tuple(Snapshot(epoch, snapshot_file(claim.run, epoch, member), member) for member in (0, 1))
        metrics.record(
            db,
            claim,
            EpochEnd(
                epoch,
                (Metrics(0.3, first, 0.3, first), Metrics(0.3, second, 0.3, second)),
                0.7,
                0.001,
                snapshots=saved[:1] if stopped else saved,
                kept_epochs={1: 2} if stopped else {},
            ),
        )
    metrics.record(db, claim, Ended("stopped", queue.STOPPED_BY_USER))
    return runs.get(db, claim.run)


@pytest.mark.parametrize(
    ("going_on", "best", "epochs"),
    [
        ((0.5, 0.6, 0.7, 0.8, 0.75), 4, {0: 4, 1: 2}),
        ((0.9, 0.5, 0.5, 0.5, 0.5), 1, {0: 1, 1: 1}),
        ((0.5, 0.6, 0.9, 0.5, 0.5), 3, {0: 3, 1: 3}),
    ],
    ids=["best after one was stopped early", "best before", "best in the epoch that stopped it"],
)
def test_in_a_run_stopped_by_hand_the_networks_that_count_in_its_best_epoch_predict(
    db: Database, going_on: Sequence[float], best: int, epochs: dict[int, int]
) -> None:
    """Members, the summary of the run, the networks that predict, and their metrics agree."""
    run = stopped_by_hand(db, going_on)
    first, second = members.members(db, run.id)
    accuracies = [row["val_accuracy"] for row in kept_metrics(db, run)]

    assert (first.status, first.epoch, first.kept_epoch) == ("training", 5, None)
    assert (second.status, second.epoch, second.kept_epoch) == ("stopped early", 3, 2)
    assert (run.best_epoch, run.kept_epoch, run.stopped_early) == (best, None, False)
    assert predicting(db, run) == epochs
    assert sum(accuracies) / 2 == pytest.approx(run.best_val_accuracy)


def test_a_member_stopped_early_that_was_not_saved_after_the_best_epoch_predicts_with_its_kept_network(
    db: Database,
) -> None:
    run = stopped_by_hand(db, (0.9, 0.5, 0.5, 0.5, 0.5))
    with db.atomic():
        db.execute("DELETE FROM snapshots WHERE run = ? AND member = 1 AND epoch = 1", [run.id])

    assert predicting(db, run) == {0: 1, 1: 2}


def test_a_diverged_member_predicts_only_by_itself(db: Database) -> None:
    for run in (
        train(db, [0, 3, 4], [0, 1], kept=[4, 1], diverged=1),
        train(db, [0, 3, 4], [0, 1], end="stopped", diverged=1),
    ):
        assert list(predicting(db, run)) == [0]
        alone = kept_network(db, run, 1)
        assert alone is not None
        assert (alone.member, alone.epoch) == (1, 1)


def test_diverged_members_predict_together_when_all_have_diverged(db: Database) -> None:
    run = runs.get(db, make_run_with_networks(db, hidden=[], repeats=3))
    with db.atomic():
        db.execute("UPDATE members SET status = 'diverged' WHERE run = ?", [run.id])
    assert [network.member for network in kept_networks(db, run)] == [0, 1, 2]


def test_networks_before_their_first_epoch_predict_untrained(db: Database) -> None:
    run = train(db, [0, 4], [0, 4], epochs=1)
    with db.atomic():
        db.execute("UPDATE runs SET epoch = 0, best_epoch = NULL WHERE id = ?", [run.id])

    assert predicting(db, runs.get(db, run.id)) == {0: 0, 1: 0}


def test_a_file_that_is_missing_on_the_disk_changes_nothing(db: Database) -> None:
    run = train(db, [0, 3, 4], kept=[4])

    assert [network.file for network in kept_networks(db, run)] == [snapshot_file(run.id, 4)], (
        "no file was written at all"
    )


def test_a_run_without_a_saved_network_has_none_that_predicts(db: Database) -> None:
    run = runs.get(db, make_run(db, status="queued"))

    assert kept_networks(db, run) == ()
    assert kept_network(db, run, 0) is None
    assert kept_network(db, run, 7) is None
