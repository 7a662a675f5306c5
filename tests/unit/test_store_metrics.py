import math

import pytest

from mlpcore.events import Ended, EpochEnd, Finished, Member, Metrics, Progress, Result, Snapshot, Started
from mlpcore.i18n.messages import Message
from mlpcore.spec import RunSpec
from mlpcore.store import metrics, queue, runs


@pytest.fixture
def claim(db):
    queue.enqueue(db, RunSpec(), now=1)
    return queue.claim(db, "w", now=2)


def epoch(number: int, *values: float | None, **options) -> EpochEnd:
    return EpochEnd(number, (Metrics(*values),), 0.5, 0.001, **options)


def test_the_start_records_device_versions_and_untrained_snapshot(db, claim):
    started = Started(
        "CPU", "tensorflow", {"keras": "3"}, 99, 44, (Member(1),), 0, (Snapshot(0, "models/1/epoch-0000"),)
    )
    metrics.record(db, claim, started, now=3)
    run = runs.get(db, claim.run)

    assert (run.device, run.engine, run.versions, run.parameters, run.steps) == (
        "CPU",
        "tensorflow",
        {"keras": "3"},
        99,
        44,
    )
    assert runs.snapshots(db, run.id) == {0: "models/1/epoch-0000"}


def test_progress_within_an_epoch_is_seen_and_ends_with_it(db, claim):
    metrics.record(db, claim, Progress(1, 10, 44, 2.5), now=4)
    during = runs.get(db, claim.run)
    metrics.record(db, claim, epoch(1, 0.5, 0.8, 0.6, 0.7), now=5)
    after = runs.get(db, claim.run)

    assert (during.step, during.steps, during.running_loss, during.progress_at) == (10, 44, 2.5, 4)
    assert (after.epoch, after.step, after.running_loss) == (1, 0, None)


def test_epochs_are_read_from_a_cursor_on(db, claim):
    for number in (1, 2, 3):
        metrics.record(db, claim, epoch(number, 1 / number, 0.8, 0.6, 0.7))

    assert [e["epoch"] for e in metrics.epochs_after(db, claim.run)] == [1, 2, 3]
    assert [(e["epoch"], e["loss"]) for e in metrics.epochs_after(db, claim.run, after=2)] == [(3, 1 / 3)]


def test_an_epoch_recorded_twice_counts_once(db, claim):
    for _ in range(2):
        metrics.record(db, claim, epoch(1, 0.5, 0.8, 0.6, 0.7))

    assert len(metrics.epochs_after(db, claim.run)) == 1
    assert runs.get(db, claim.run).seconds == 0.5


def test_the_summary_holds_the_last_and_the_best_epoch(db, claim):
    for number, (val_loss, val_accuracy) in enumerate([(0.9, 0.6), (0.5, 0.8), (0.4, 0.8), (0.6, 0.7)], start=1):
        metrics.record(db, claim, epoch(number, 0.1, 0.9, val_loss, val_accuracy))
    run = runs.get(db, claim.run)

    assert (run.val_accuracy, run.val_loss) == (0.7, 0.6)
    assert (run.best_epoch, run.best_val_accuracy, run.best_val_loss) == (3, 0.8, 0.4)


def test_without_a_validation_set_the_best_epoch_follows_the_training_accuracy(db, claim):
    for number, accuracy in enumerate([0.5, 0.9, 0.7], start=1):
        metrics.record(db, claim, epoch(number, 0.5, accuracy))
    run = runs.get(db, claim.run)

    assert (run.best_epoch, run.best_accuracy, run.best_val_accuracy) == (2, 0.9, None)


def test_checkpoint_and_snapshots_are_named_in_the_epochs_transaction(db, claim):
    first, second = Snapshot(1, "models/1/epoch-0001"), Snapshot(2, "models/1/epoch-0002")
    metrics.record(db, claim, epoch(1, 0.5, 0.8, checkpoint="models/1/c1", snapshots=(first,)))
    metrics.record(db, claim, epoch(2, 0.5, 0.8, snapshots=(second,), dropped=(first,)))

    assert runs.snapshots(db, claim.run) == {2: "models/1/epoch-0002"}
    queue.give_back(db, claim)
    assert queue.claim(db, "w").checkpoint == "models/1/c1"


def test_a_finished_run_has_its_test_figures_and_its_network(db, claim):
    metrics.record(db, claim, epoch(1, 0.5, 0.8))
    result = Result(0.3, 0.9, 1, "models/1/network.keras", Snapshot(1, "models/1/epoch-0001"))
    metrics.record(db, claim, Finished((result,), stopped_early=True), now=9)
    run = runs.get(db, claim.run)

    assert (run.status, run.ended_at, run.ended) == ("finished", 9, True)
    assert (run.test_accuracy, run.test_loss, run.kept_epoch, run.stopped_early) == (0.9, 0.3, 1, True)
    assert run.model == "models/1/network.keras"


@pytest.mark.parametrize("status", ["stopped", "diverged", "failed"])
def test_a_run_without_a_result_says_why(status, db, claim):
    why = Message("The loss is no number ({step}).", {"step": 3})
    metrics.record(db, claim, Ended(status, why, "x" * 20_000 + "end"))
    run = runs.get(db, claim.run)

    assert (run.status, run.failure) == (status, why)
    assert run.log.endswith("end")
    assert len(run.log) == metrics.LOG_TAIL


def test_numbers_that_are_not_finite_are_stored_as_unknown(db, claim):
    metrics.record(db, claim, epoch(1, math.inf, 0.1, math.nan, 0.1))
    run = runs.get(db, claim.run)

    assert (run.loss, run.val_loss) == (None, None)
