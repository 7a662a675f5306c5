"""The running loss: up to 200 points an epoch, fewer of older epochs, none of an epoch that is trained again."""

from __future__ import annotations

import itertools
import math

import pytest
from sqlite_utils import Database

from mlpcore.errors import LeaseLostError
from mlpcore.events import EpochEnd, Member, Metrics, Progress, Started
from mlpcore.spec import RunSpec
from mlpcore.store import metrics, queue, running_losses, runs
from mlpcore.store.queue import Claim


@pytest.fixture
def claim(db: Database) -> Claim:
    queue.enqueue(db, RunSpec(), now=1)
    claimed = queue.claim(db, "w", now=2)
    assert claimed is not None
    return claimed


def started(epoch: int = 0) -> Started:
    return Started("CPU", "tensorflow", {}, 99, 44, (Member(1),), epoch)


def end(epoch: int) -> EpochEnd:
    return EpochEnd(epoch, (Metrics(0.5, 0.8, 0.6, 0.7),), 0.5, 0.001)


def positions(db: Database, claim: Claim) -> list[float]:
    return [position for position, _loss in running_losses.points_after(db, claim.run)]


def train(db: Database, claim: Claim, epochs: range, points: int) -> None:
    for epoch in epochs:
        for step in range(1, points + 1):
            metrics.record(db, claim, Progress(epoch, step, points, 1 / epoch))
        metrics.record(db, claim, end(epoch))


def test_points_within_the_epochs_are_read_after_a_cursor(db: Database, claim: Claim) -> None:
    for step, loss in ((1, 2.5), (22, 2.0), (44, 1.5)):
        metrics.record(db, claim, Progress(1, step, 44, loss))
    metrics.record(db, claim, Progress(2, 11, 44, 1.25))

    points = running_losses.points_after(db, claim.run)

    assert points == [(pytest.approx(1 / 44, abs=1e-6), 2.5), (0.5, 2.0), (1.0, 1.5), (1.25, 1.25)]
    assert running_losses.points_after(db, claim.run, position=0.5) == points[2:]


def test_an_epoch_has_at_most_200_points_evenly_spread(db: Database, claim: Claim) -> None:
    for step in range(1, 1001):
        metrics.record(db, claim, Progress(1, step, 1000, 2.0))

    stored = positions(db, claim)

    assert 190 <= len(stored) <= 200
    assert max(after - before for before, after in itertools.pairwise(stored)) < 0.01


def test_older_epochs_are_thinned_and_the_last_ones_stay_dense(db: Database, claim: Claim) -> None:
    train(db, claim, range(1, 61), points=100)

    stored = positions(db, claim)

    assert len(stored) <= running_losses.MAX_OLD_POINTS + 10 * 100
    assert sum(50 < position <= 60 for position in stored) == 1000
    assert all(any(epoch < position <= epoch + 1 for position in stored) for epoch in range(60))


def test_a_run_of_a_thousand_epochs_stays_below_the_limit(db: Database, claim: Claim) -> None:
    with db.conn:
        db.conn.executemany(
            "INSERT INTO running_losses VALUES (?, ?, 1)", [[claim.run, n / 200] for n in range(1, 980 * 200)]
        )
    for epoch in range(981, 1001):
        for step in range(1, 201):
            running_losses.record(db, claim.run, Progress(epoch, step, 200, 1.0))
        running_losses.thin(db, claim.run, epoch)

    assert len(positions(db, claim)) <= running_losses.MAX_OLD_POINTS + 2000 + 1 <= running_losses.MAX_POINTS


def test_epochs_that_are_trained_again_lose_their_points(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, started())
    train(db, claim, range(1, 4), points=4)

    metrics.record(db, claim, started(epoch=2))
    assert max(positions(db, claim)) == 2.0

    metrics.record(db, claim, started())
    assert positions(db, claim) == []


def test_a_worker_that_lost_its_run_records_no_points(db: Database, claim: Claim) -> None:
    queue.claim(db, "another", now=2 + 2 * queue.LEASE_SECONDS)

    with pytest.raises(LeaseLostError):
        metrics.record(db, claim, Progress(1, 1, 44, 2.5))

    assert positions(db, claim) == []


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_is_no_point(db: Database, claim: Claim, loss: float) -> None:
    metrics.record(db, claim, Progress(1, 1, 44, loss))

    assert positions(db, claim) == []


def test_points_are_deleted_with_their_run(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, Progress(1, 1, 44, 2.5))
    db.execute("UPDATE runs SET status = 'stopped' WHERE id = ?", [claim.run])
    runs.trash(db, [claim.run])

    assert runs.purge(db, [claim.run]) == [claim.run]
    assert db.execute("SELECT count(*) FROM running_losses").fetchone()[0] == 0
