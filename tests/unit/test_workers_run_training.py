"""One claimed run, trained in this process by a function of each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mlpcore import disk
from mlpcore.errors import DatasetError, DiskFullError, StoreError
from mlpcore.events import (
    Ended,
    EpochEnd,
    Event,
    Finished,
    Member,
    Metrics,
    Progress,
    Result,
    Snapshot,
    Started,
    Waiting,
)
from mlpcore.i18n.messages import Message
from mlpcore.paths import models_folder, run_name
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters
from mlpcore.store import metrics, queue, runs
from mlpcore.store.connection import StoreLink
from mlpcore.workers.lease import RunGuard, StopReason
from mlpcore.workers.run_training import Outcome, run_training

STARTED = Started("CPU", "toy", {}, count_parameters(RunSpec()), 5, (Member(1),))
EPOCH = EpochEnd(1, (Metrics(0.5, 0.9),), 1.0, 0.001, checkpoint="c1")
FINISHED = Finished((Result(0.4, 0.8, 1, "m", Snapshot(1, "s")),))


@pytest.fixture
def claim(db) -> queue.Claim:
    return queue.enqueue_and_claim(db, RunSpec(), "w")


@pytest.fixture
def link() -> Iterator[StoreLink]:
    link = StoreLink()
    yield link
    link.close()


def training(*events: Event, then: Callable[[], None] = lambda: None) -> Callable[..., Iterator[Event]]:
    """A training that yields these events and then does something."""

    def train(*_, **__) -> Iterator[Event]:
        yield from events
        then()

    return train


def failing(error: Exception) -> Callable[..., Iterator[Event]]:
    def fail() -> None:
        raise error

    return training(STARTED, EPOCH, then=fail)


def test_each_event_is_recorded_before_the_listener_gets_it(db, claim, link):
    heard = []

    def listen(event: Event) -> None:
        heard.append((type(event).__name__, runs.get(db, claim.run).epoch, runs.get(db, claim.run).status))

    outcome = run_training(
        RunGuard(claim), training(STARTED, Progress(1, 1, 5, 0.7), EPOCH, FINISHED), link, listen=listen
    )

    assert outcome == Outcome()
    assert heard == [
        ("Started", 0, "running"), ("Progress", 0, "running"), ("EpochEnd", 1, "running"), ("Finished", 1, "finished"),
    ]  # fmt: skip
    assert runs.get(db, claim.run).test_accuracy == 0.8


def test_what_follows_the_last_event_is_done_after_it_was_recorded(db, claim, link):
    statuses = []
    clean_up = training(STARTED, EPOCH, FINISHED, then=lambda: statuses.append(runs.get(db, claim.run).status))

    run_training(RunGuard(claim), clean_up, link)

    assert statuses == ["finished"]


def test_the_training_gets_its_checkpoint_and_its_folder(db, claim, link):
    given = {}

    def train(spec: RunSpec, run_name: str, **options) -> Iterator[Event]:
        given.update(options, spec=spec, run_name=run_name)
        yield FINISHED

    run_training(RunGuard(queue.Claim(claim.run, claim.attempt, claim.spec, "c7")), train, link)

    assert (given["spec"], given["attempt"], given["checkpoint"]) == (claim.spec, 1, "c7")
    assert given["run_name"] == f"run-{claim.run:06}"
    assert given["should_stop"]() is False


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DatasetError("The dataset {name} is not here: download it.", name="mnist"), "The dataset mnist is not here"),
        (MemoryError(), "memory"),
        (ValueError("shapes do not match\nmore"), "ValueError: shapes do not match."),
        (OSError(28, "No space left on device"), "disk is not full"),
        (ImportError("no tensorflow"), "Install the requirements"),
    ],
)
def test_an_error_fails_the_run_with_a_sentence_and_keeps_where_it_happened(db, claim, link, error, sentence):
    run_training(RunGuard(claim), failing(error), link)

    run = runs.get(db, claim.run)
    assert run.status == "failed"
    assert sentence in str(run.failure)
    assert "test_workers_run_training.py" in run.log
    assert run.epoch == 1


@pytest.mark.parametrize(("error", "healthy"), [(ValueError("x"), True), (MemoryError(), False)])
def test_only_a_full_memory_makes_a_process_unfit_for_the_next_run(claim, link, error, healthy):
    assert run_training(RunGuard(claim), failing(error), link) == Outcome(end_recorded=True, healthy=healthy)


def test_a_training_without_a_result_fails(db, claim, link):
    run_training(RunGuard(claim), training(STARTED, EPOCH), link)

    assert runs.get(db, claim.run).status == "failed"


def test_a_training_that_lost_its_lease_ends_without_a_trace(db, claim, link):
    queue.worker_died(db, "w", Message("It died."), "")
    other = queue.claim(db, "other")
    closed = []

    def train(*_, **__) -> Iterator[Event]:
        try:
            yield STARTED
            yield EPOCH
        finally:
            closed.append(True)

    outcome = run_training(RunGuard(claim), train, link)

    assert (outcome.end_recorded, outcome.healthy, closed) == (False, True, [True])
    assert runs.get(db, claim.run).epoch == 0
    assert queue.renew(db, other) is False


def test_a_run_whose_worker_must_end_goes_back_into_the_queue(db, claim, link):
    guard = RunGuard(claim)
    guard.request_stop(StopReason.WORKER_ENDS)

    run_training(guard, training(STARTED, EPOCH, Ended("stopped", Message("Stopped by hand."))), link)

    assert runs.get(db, claim.run).status == "queued"
    assert queue.claim(db, "next").checkpoint == "c1"


def test_a_run_that_finished_while_its_worker_was_asked_to_end_is_finished(db, claim, link):
    guard = RunGuard(claim)
    guard.request_stop(StopReason.WORKER_ENDS)

    run_training(guard, training(STARTED, EPOCH, FINISHED), link)

    assert runs.get(db, claim.run).status == "finished"


def test_the_first_reason_to_stop_stays(claim):
    guard = RunGuard(claim)
    guard.request_stop(StopReason.CANCELLED)
    guard.request_stop(StopReason.LEASE_LOST)

    assert guard.reason is StopReason.CANCELLED
    assert guard.must_stop()


def test_an_epoch_waits_for_a_database_that_is_in_trouble_and_progress_does_not(db, claim, link, monkeypatch):
    troubles = iter([StoreError("busy"), StoreError("full")])
    real, tried = metrics.record, []

    def record(database, of, event: Event) -> None:
        tried.append(type(event).__name__)
        if isinstance(event, Progress):
            raise StoreError("busy")
        if isinstance(event, EpochEnd) and (trouble := next(troubles, None)):
            raise trouble
        real(database, of, event)

    monkeypatch.setattr(metrics, "record", record)
    monkeypatch.setattr("mlpcore.workers.run_training.RETRY_SECONDS", 0.01)

    run_training(RunGuard(claim), training(STARTED, Progress(1, 1, 5, 0.7), EPOCH, FINISHED), link)

    assert tried == ["Started", "Progress", "EpochEnd", "EpochEnd", "EpochEnd", "Finished"]
    assert runs.get(db, claim.run).status == "finished"


def test_a_run_that_cannot_be_recorded_is_left_to_its_lease(db, claim, link, monkeypatch):
    def record(*_) -> None:
        raise StoreError("full")

    monkeypatch.setattr(metrics, "record", record)
    monkeypatch.setattr("mlpcore.workers.run_training.RETRY_SECONDS", 0.01)
    monkeypatch.setattr("mlpcore.workers.run_training.RECORD_SECONDS", 0.05)

    assert run_training(RunGuard(claim), training(STARTED, EPOCH, FINISHED), link) == Outcome(
        end_recorded=False, healthy=False
    )
    assert runs.get(db, claim.run).status == "running"


def test_what_waits_for_room_says_so_until_it_goes_on(db, claim, link):
    said = []
    run_training(
        RunGuard(claim),
        training(STARTED, Waiting(disk.WAITING), Progress(1, 1, 5, 0.7), Waiting(disk.WAITING), EPOCH, FINISHED),
        link,
        listen=lambda event: said.append(runs.get(db, claim.run).waiting_for),
    )
    assert said == [None, disk.WAITING, None, disk.WAITING, None, None]


@pytest.mark.parametrize("last", [Ended("stopped", Message("Stopped.")), Ended("diverged", Message("Too large."))])
def test_a_run_that_ends_without_a_result_leaves_no_checkpoint(claim, link, last):
    folder = models_folder() / run_name(claim.run)
    folder.mkdir(parents=True)
    (folder / "checkpoint-0001-1.safetensors").write_bytes(b"weights")
    run_training(RunGuard(claim), training(STARTED, EPOCH, last), link)
    assert not folder.exists()


def test_a_run_that_fails_leaves_no_checkpoint_and_one_that_is_given_back_keeps_it(db, claim, link):
    folder = models_folder() / run_name(claim.run)
    folder.mkdir(parents=True)
    (folder / "checkpoint-0001-1.safetensors").write_bytes(b"weights")
    guard = RunGuard(claim)
    guard.request_stop(StopReason.WORKER_ENDS)
    run_training(guard, training(STARTED, EPOCH, Ended("stopped", Message("Stopped."))), link)
    assert runs.get(db, claim.run).status == "queued"
    assert folder.exists()
    run_training(RunGuard(queue.claim(db, "w")), failing(ValueError("x")), link)
    assert runs.get(db, claim.run).status == "failed"
    assert not folder.exists()


def test_a_full_disk_is_waited_for_however_long_that_takes(db, claim, link, monkeypatch):
    monkeypatch.setattr("mlpcore.workers.run_training.RETRY_SECONDS", 0)
    monkeypatch.setattr("mlpcore.workers.run_training.RECORD_SECONDS", -1.0)
    real, troubles = metrics.record, iter([DiskFullError("full")] * 20)

    def record(database, of, event: Event) -> None:
        if isinstance(event, EpochEnd) and (trouble := next(troubles, None)):
            raise trouble
        real(database, of, event)

    monkeypatch.setattr(metrics, "record", record)
    run_training(RunGuard(claim), training(STARTED, EPOCH, FINISHED), link)
    assert runs.get(db, claim.run).status == "finished"
