import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mlpcore.errors import LeaseLostError, QueueFullError, RunNotFoundError
from mlpcore.events import Ended, EpochEnd, Metrics, Progress
from mlpcore.i18n.messages import Message
from mlpcore.paths import models_folder, run_name
from mlpcore.spec import RunSpec
from mlpcore.store import metrics, queue, queue_order, runs
from mlpcore.store.connection import opened, transaction
from mlpcore.store.queue import LEASE_SECONDS, MAX_CRASHES
from tests.waiting import DEADLINE_SECONDS

SPEC = RunSpec.from_dict({"hidden": [{"units": 128, "dropout": 0.2}, {"units": 64, "activation": "tanh"}]})
EPOCH = EpochEnd(1, (Metrics(0.5, 0.8, 0.4, 0.9),), 1.0, 0.001, checkpoint="models/1/c")
WHY = Message("It was killed.")


def test_a_queued_run_shows_what_lists_need_of_its_spec(db):
    run = runs.get(db, queue.enqueue(db, SPEC, now=7.0))

    assert (run.status, run.created_at, run.dataset, run.layers) == ("queued", 7.0, "digits", "128-64")
    assert (run.activation, run.dropout, run.optimizer, run.epochs) == ("relu, tanh", "0.2, 0", "adam", 10)
    assert run.parameters == 65 * 128 + 129 * 64 + 65 * 10
    assert run.validated
    assert run.spec == SPEC


def test_runs_are_claimed_in_the_order_in_which_they_were_queued_and_once_each(db):
    ids = [queue.enqueue(db, SPEC) for _ in range(3)]

    claims = [queue.claim(db, f"w{i}") for i in range(4)]

    assert [c.run for c in claims[:3]] == ids
    assert claims[3] is None
    assert claims[0].spec == SPEC


def test_a_named_run_is_claimed_out_of_its_turn(db):
    first, second = queue.enqueue(db, SPEC), queue.enqueue(db, SPEC)

    assert queue.claim(db, "w", run_id=second).run == second
    assert queue.claim(db, "w", run_id=second) is None
    assert queue.claim(db, "w").run == first


def test_a_run_is_taken_over_only_when_its_lease_has_ended(db):
    queue.enqueue(db, SPEC)
    first = queue.claim(db, "a", now=100)
    queue.renew(db, first, now=110)

    assert queue.claim(db, "b", now=110 + LEASE_SECONDS - 1) is None
    second = queue.claim(db, "b", now=110 + LEASE_SECONDS + 1)
    assert (second.run, second.attempt) == (first.run, first.attempt + 1)


def test_whoever_lost_the_lease_can_neither_record_nor_renew_nor_give_back(db):
    run = queue.enqueue(db, SPEC)
    first = queue.claim(db, "a", now=100)
    second = queue.claim(db, "b", now=200)

    for event in (EPOCH, Progress(1, 1, 2, 0.5), Ended("failed", WHY)):
        with pytest.raises(LeaseLostError):
            metrics.record(db, first, event)
    with pytest.raises(LeaseLostError):
        queue.renew(db, first)
    queue.give_back(db, first)

    assert metrics.epochs_after(db, run) == []
    assert runs.get(db, run).status == "running"
    metrics.record(db, second, EPOCH)
    assert [e["epoch"] for e in metrics.epochs_after(db, run)] == [1]


def test_whoever_takes_over_goes_on_from_the_recorded_checkpoint(db):
    queue.enqueue(db, SPEC)
    metrics.record(db, queue.claim(db, "a", now=100), EPOCH)

    assert queue.claim(db, "b", now=200).checkpoint == "models/1/c"


def test_a_waiting_run_is_stopped_at_once_and_a_training_one_by_its_worker(db):
    training, waiting = queue.enqueue(db, SPEC), queue.enqueue(db, SPEC)
    claim = queue.claim(db, "a")

    queue.cancel(db, training)
    queue.cancel(db, waiting)

    assert runs.get(db, waiting).status == "stopped"
    assert runs.get(db, training).status == "running"
    assert queue.renew(db, claim)
    assert queue.cancel_requested(db, claim)


def test_stopping_an_ended_run_changes_nothing(db):
    run = queue.enqueue(db, SPEC)
    metrics.record(db, queue.claim(db, "a"), Ended("failed", WHY))

    queue.cancel(db, run)

    assert (runs.get(db, run).status, runs.get(db, run).cancel_requested) == ("failed", False)


def test_a_run_that_was_to_stop_when_its_worker_died_is_stopped(db):
    run = queue.enqueue(db, SPEC)
    queue.claim(db, "a")
    queue.cancel(db, run)

    assert queue.worker_died(db, "a", WHY, "log") == [run]

    assert queue.claim(db, "b") is None
    assert runs.get(db, run).status == "stopped"


def test_what_a_dead_worker_trained_can_be_claimed_at_once(db):
    run = queue.enqueue(db, SPEC)
    queue.claim(db, "a")

    queue.worker_died(db, "a", WHY, "log")

    assert queue.claim(db, "b").run == run


def test_a_run_that_kills_its_workers_again_and_again_fails_with_reason_and_log(db):
    run = queue.enqueue(db, SPEC)
    for crash in range(MAX_CRASHES):
        assert queue.claim(db, f"w{crash}") is not None
        queue.worker_died(db, f"w{crash}", WHY, f"log {crash}")

    assert queue.claim(db, "next") is None
    failed = runs.get(db, run)
    assert (failed.status, failed.failure, failed.log) == ("failed", WHY, f"log {MAX_CRASHES - 1}")


def test_the_count_of_crashes_starts_again_after_a_finished_epoch(db):
    queue.enqueue(db, SPEC)
    for epoch in range(1, 3 * MAX_CRASHES):
        claim = queue.claim(db, "w")
        metrics.record(db, claim, EpochEnd(epoch, EPOCH.members, 1.0, 0.001))
        queue.worker_died(db, "w", WHY, "")

    assert queue.claim(db, "w") is not None


def test_epochs_that_are_trained_again_after_a_crash_do_not_reset_the_count(db):
    run = queue.enqueue(db, SPEC)
    for crash in range(MAX_CRASHES + 1):
        claim = queue.claim(db, f"w{crash}")
        assert claim is not None
        metrics.record(db, claim, EPOCH)
        queue.worker_died(db, f"w{crash}", WHY, "")
        if runs.get(db, run).ended:
            break

    assert (runs.get(db, run).status, runs.get(db, run).attempt) == ("failed", MAX_CRASHES)


def crashes(db, epochs: range, saved: set[int]) -> None:
    """A worker claims the next run, trains these epochs of it, saves a checkpoint after some of them, and dies."""
    claim = queue.claim(db, "w")
    assert claim is not None
    for epoch in epochs:
        name = f"models/1/{epoch}-{claim.attempt}" if epoch in saved else None
        metrics.record(db, claim, EpochEnd(epoch, EPOCH.members, 1.0, 0.001, checkpoint=name))
    queue.worker_died(db, "w", WHY, "")


def test_a_run_that_resumes_from_an_older_checkpoint_and_gets_further_each_time_does_not_fail(db):
    run = queue.enqueue(db, RunSpec.from_dict({"epochs": 30}))
    crashes(db, range(1, 21), {18})
    # The checkpoint is lost: it trains epochs again that were recorded before, and each attempt resumes later.
    for first in range(1, 18, 2):
        crashes(db, range(first, first + 3), {first + 1})

    assert runs.get(db, run).status == "running"
    assert queue.claim(db, "w").checkpoint == "models/1/18-10"


def test_a_run_that_resumes_at_the_same_epoch_again_and_again_fails(db):
    run = queue.enqueue(db, SPEC)
    crashes(db, range(1, 11), {8})
    for _ in range(MAX_CRASHES - 1):
        crashes(db, range(9, 11), set())

    assert runs.get(db, run).status == "failed"


def test_a_run_whose_checkpoint_cannot_be_read_and_that_crashes_at_the_same_epoch_fails(db):
    run = queue.enqueue(db, SPEC)
    for _ in range(MAX_CRASHES):
        crashes(db, range(1, 6), {4})

    assert runs.get(db, run).status == "failed"


def test_a_run_without_checkpoints_that_gains_epochs_between_crashes_does_not_fail(db):
    queue.enqueue(db, SPEC)
    for last in range(1, 9):
        crashes(db, range(1, last + 1), set())

    assert queue.claim(db, "w") is not None


def test_a_run_that_was_given_back_waits_again_and_counts_no_crash(db):
    run = queue.enqueue(db, SPEC)
    for _ in range(3 * MAX_CRASHES):
        claim = queue.claim(db, "a")
        assert claim.run == run
        queue.give_back(db, claim)

    assert runs.get(db, run).status == "queued"


def test_the_queue_counts_what_waits_and_what_trains(db):
    ids = [queue.enqueue(db, SPEC) for _ in range(4)]
    queue.claim(db, "a", now=100)
    queue.claim(db, "b", now=200)

    assert queue.open_counts(db, now=201) == (3, 1)
    assert queue_order.waiting_before(db, ids[3], now=201) == 2


def test_a_flooded_queue_takes_no_more_until_some_runs_are_done(db, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "MAX_WAITING", 3)
    ids = [queue.enqueue(db, SPEC) for _ in range(3)]

    with pytest.raises(QueueFullError, match="3 runs are waiting"):
        queue.enqueue(db, SPEC)
    queue.cancel(db, ids[0])
    queue.enqueue(db, SPEC)


def _enqueue(_: int) -> bool:
    """Whether there was room for one more run; on a connection of this thread."""
    with opened() as db:
        try:
            queue.enqueue(db, SPEC)
        except QueueFullError:
            return False
    return True


def test_the_limit_holds_when_many_queue_runs_at_once(db, monkeypatch):
    monkeypatch.setattr(queue, "MAX_WAITING", 20)
    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(_enqueue, range(60)))

    assert sum(accepted) == 20
    assert queue.open_counts(db) == (20, 0)


def test_whoever_queues_while_another_takes_the_last_place_is_refused(db, monkeypatch):
    monkeypatch.setattr(queue, "MAX_WAITING", 1)
    with ThreadPoolExecutor(1) as pool:
        with transaction(db):
            queue.enqueue(db, SPEC)
            late = pool.submit(_enqueue, 0)
            time.sleep(0.3)  # long enough for it to count, if it counted without the lock
        assert late.result() is False
    assert queue.open_counts(db) == (1, 0)


def test_a_run_that_begins_at_once_counts_like_any_other(db, monkeypatch):
    monkeypatch.setattr(queue, "MAX_WAITING", 1)
    queue.enqueue(db, SPEC)

    with pytest.raises(QueueFullError):
        queue.enqueue_and_claim(db, SPEC, "w")
    assert [run.status for run in runs.newest(db)] == ["queued"]


def test_an_unknown_run_gets_a_sentence(db):
    with pytest.raises(RunNotFoundError, match="no run 77"):
        runs.get(db, 77)


def _claim_all(folder: str, worker: int, claimed: "multiprocessing.Queue[list[int]]") -> None:
    os.environ["MLPCORE_DATA"] = folder
    run_ids = []
    with opened() as db:
        while (claim := queue.claim(db, f"w{worker}")) is not None:
            run_ids.append(claim.run)
    claimed.put(run_ids)


def test_many_processes_claim_every_run_exactly_once(data_folder: Path):
    context = multiprocessing.get_context("spawn")
    claimed: multiprocessing.Queue[list[int]] = context.Queue()
    with opened() as db:
        ids = [queue.enqueue(db, SPEC) for _ in range(200)]
    processes = [context.Process(target=_claim_all, args=(str(data_folder), i, claimed)) for i in range(4)]
    for process in processes:
        process.start()
    claimed_by_each = [claimed.get(timeout=DEADLINE_SECONDS) for _ in processes]
    for process in processes:
        process.join()

    assert sorted(run for part in claimed_by_each for run in part) == ids


def test_a_new_database_gives_no_run_the_folder_of_an_old_one(data_folder: Path):
    with opened() as db:
        old = [queue.enqueue(db, RunSpec()) for _ in range(3)]
    for run in old:
        (models_folder() / run_name(run)).mkdir(parents=True)
    (models_folder() / "run-of-a-friend").mkdir()
    for file in data_folder.glob("mlplab.db*"):
        file.unlink()

    with opened() as db:
        assert [queue.enqueue(db, RunSpec()) for _ in range(2)] == [old[-1] + 1, old[-1] + 2]


def test_an_older_copy_of_the_database_gives_no_run_the_folder_of_a_newer_one(db):
    first = queue.enqueue(db, RunSpec())
    (models_folder() / run_name(first + 40)).mkdir(parents=True)

    assert queue.enqueue(db, RunSpec()) == first + 41
    assert queue.enqueue(db, RunSpec()) == first + 42
