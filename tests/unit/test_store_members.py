"""The networks of runs in the store: each one by itself, and their means and deviations."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from sqlite_utils import Database

from mlpcore.events import Ended, EpochEnd, Finished, Member, Metrics, Result, Snapshot, Started
from mlpcore.i18n.messages import Message
from mlpcore.serving.kept_networks import kept_metrics
from mlpcore.spec.parameters import count_parameters
from mlpcore.store import members, metrics, queue, runs
from mlpcore.store.queue import Claim
from tests.factory.runs import make_run, spec_of

GOOD, FAIR, POOR = Metrics(0.2, 0.9, 0.3, 0.8), Metrics(0.4, 0.7, 0.5, 0.6), Metrics(0.9, 0.5, 1.0, 0.4)
SPREAD = ("loss_sd", "accuracy_sd", "val_loss_sd", "val_accuracy_sd")


@pytest.fixture
def claim(db: Database) -> Claim:
    """A run of three seeds that has started."""
    queue.enqueue(db, spec_of(epochs=4, repeats=3, seed=7), now=1)
    claim = queue.claim(db, "w", now=2)
    assert claim is not None
    metrics.record(db, claim, started(Member(7), Member(8), Member(9)))
    return claim


def started(*networks: Member) -> Started:
    return Started("CPU", "tensorflow", {}, count_parameters(spec_of()), 44, networks)


def epoch(
    number: int,
    *of: Metrics | None,
    kept_epochs: Mapping[int, int] = MappingProxyType({}),
    rates: tuple[float, ...] = (),
) -> EpochEnd:
    return EpochEnd(number, of, 0.5, 0.001, kept_epochs=kept_epochs, member_rates=rates)


def result(member: int, accuracy: float, kept: int) -> Result:
    return Result(
        1 - accuracy, accuracy, kept, f"models/1/{member}.keras", Snapshot(kept, f"models/1/{member}", member)
    )


def statuses(db: Database, run: int = 1) -> list[tuple[str, int]]:
    return [(row.status, row.epoch) for row in members.members(db, run)]


def test_the_start_records_the_networks_that_are_trained(db: Database, claim: Claim) -> None:
    assert [(row.member, row.seed, row.fold) for row in members.members(db, 1)] == [
        (0, 7, None),
        (1, 8, None),
        (2, 9, None),
    ]
    assert statuses(db) == [("training", 0)] * 3
    assert runs.get(db, 1).members == 3


def test_each_network_of_folds_says_which_it_validates_on(db: Database) -> None:
    run = make_run(db, spec_of(epochs=2, repeats=2, folds=2, seed=5))

    assert [(row.seed, row.fold) for row in members.members(db, run)] == [(5, 0), (5, 1), (6, 0), (6, 1)]


def test_a_run_of_one_network_has_one_member_and_summaries_without_deviations(db: Database) -> None:
    run = make_run(db, spec_of(epochs=2, seed=5))
    (member,) = members.members(db, run)

    assert (member.seed, member.fold, member.status, member.epoch, member.kept_epoch) == (5, None, "finished", 2, 2)
    assert (member.test_accuracy, member.model) == (runs.get(db, run).test_accuracy, runs.get(db, run).model)
    assert [(row["member"], row["epoch"]) for row in members.metrics_after(db, run, {0: 2})] == [(0, 2)]
    assert db.execute("SELECT count(*) FROM epoch_summaries").fetchone() == (2,)
    assert runs.get(db, run).members == 1
    assert runs.get(db, run).best_val_accuracy_sd is None
    assert [[row[name] for name in SPREAD] for row in metrics.epochs_after(db, run)] == [[None] * 4] * 2


@pytest.mark.parametrize("repeats", [1, 3])
def test_a_run_has_no_members_until_it_starts(repeats: int, db: Database) -> None:
    run = make_run(db, spec_of(epochs=2, repeats=repeats), status="queued")
    assert members.members(db, run) == []

    queue.claim(db, "w")
    assert members.members(db, run) == []


@pytest.mark.parametrize(
    ("status", "member"),
    [
        ("running", ("training", 2)),
        ("stopped", ("training", 2)),
        ("failed", ("training", 2)),
        ("diverged", ("diverged", 3)),
    ],
)
def test_the_only_network_of_a_run_has_the_status_that_one_of_several_would_have(
    status: str, member: tuple[str, int], db: Database
) -> None:
    run = make_run(db, spec_of(epochs=4), status=status)

    assert statuses(db, run) == [member]


def test_a_start_after_a_crash_keeps_what_is_known_of_the_members(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, GOOD, None, POOR))
    metrics.record(db, claim, started(Member(7), Member(8), Member(9)))

    assert statuses(db) == [("training", 1), ("diverged", 1), ("training", 1)]


def test_an_epoch_is_summed_up_as_means_and_sample_deviations(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, GOOD, FAIR, POOR))
    run, (summary,) = runs.get(db, 1), metrics.epochs_after(db, 1)

    assert summary["loss"] == pytest.approx(0.5)
    assert summary["val_accuracy_sd"] == pytest.approx(statistics.stdev((0.8, 0.6, 0.4)))
    assert summary["loss_sd"] == pytest.approx(statistics.stdev((0.2, 0.4, 0.9)))
    assert (run.val_accuracy, run.val_accuracy_sd) == (summary["val_accuracy"], summary["val_accuracy_sd"])
    assert (run.best_accuracy, run.best_accuracy_sd) == (summary["accuracy"], summary["accuracy_sd"])
    assert run.seconds == 0.5


def test_the_best_epochs_spread_stays_with_it(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, GOOD, GOOD, FAIR))
    metrics.record(db, claim, epoch(2, POOR, POOR, POOR))
    run = runs.get(db, 1)

    assert run.best_epoch == 1
    assert run.best_val_accuracy_sd == pytest.approx(statistics.stdev((0.8, 0.8, 0.6)))
    assert run.val_accuracy_sd == 0


def test_each_network_has_epochs_of_its_own_with_its_own_learning_rate(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, GOOD, FAIR, POOR, rates=(0.1, 0.2, 0.3)))
    (own,) = metrics.epochs_after(db, 1, member=1)

    assert (own["loss"], own["val_accuracy"], own["learning_rate"]) == (0.4, 0.6, 0.2)
    assert [own[name] for name in SPREAD] == [None] * 4
    assert metrics.epochs_after(db, 1)[0]["learning_rate"] == 0.001


def test_means_are_read_from_a_cursor_on(db: Database, claim: Claim) -> None:
    for number in (1, 2, 3):
        metrics.record(db, claim, epoch(number, GOOD, FAIR, POOR))

    assert [summary["epoch"] for summary in metrics.epochs_after(db, 1, after=1)] == [2, 3]
    assert [summary["epoch"] for summary in metrics.epochs_after(db, 1, after=2, member=2)] == [3]


def test_a_network_that_diverged_is_left_out_of_the_means_and_keeps_the_epoch_of_its_end(
    db: Database, claim: Claim
) -> None:
    metrics.record(db, claim, epoch(1, GOOD, FAIR, POOR))
    metrics.record(db, claim, epoch(2, GOOD, None, GOOD))
    metrics.record(db, claim, epoch(3, GOOD, None, GOOD))

    assert statuses(db) == [("training", 3), ("diverged", 2), ("training", 3)]
    assert metrics.epochs_after(db, 1)[-1]["val_accuracy"] == pytest.approx(0.8)
    assert [row["epoch"] for row in metrics.epochs_after(db, 1, member=1)] == [1]


def test_a_network_that_was_stopped_early_counts_in_the_means_and_trains_no_epoch(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, GOOD, FAIR, POOR))
    metrics.record(db, claim, epoch(2, GOOD, FAIR, POOR, kept_epochs={2: 1}))

    assert [row.kept_epoch for row in members.members(db, 1)] == [None, None, 1]
    assert statuses(db) == [("training", 2), ("training", 2), ("stopped early", 1)]
    assert [row["epoch"] for row in metrics.epochs_after(db, 1, member=2)] == [1]
    assert metrics.epochs_after(db, 1)[1]["val_accuracy"] == pytest.approx(0.6)


def test_the_last_network_left_has_no_spread(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, GOOD, None, None))
    run = runs.get(db, 1)

    assert (run.val_accuracy, run.val_accuracy_sd) == (0.8, None)


def test_epochs_that_are_trained_again_after_a_crash_count_once_and_bring_a_network_back(
    db: Database, claim: Claim
) -> None:
    metrics.record(db, claim, epoch(1, GOOD, FAIR, POOR))
    metrics.record(db, claim, epoch(2, GOOD, None, POOR, kept_epochs={2: 1}))
    again = queue.claim(db, "other", now=1e10)
    assert again is not None
    metrics.record(db, again, epoch(1, GOOD, FAIR, POOR))

    assert statuses(db) == [("training", 1)] * 3
    assert [row.kept_epoch for row in members.members(db, 1)] == [None] * 3
    assert len(metrics.epochs_after(db, 1)) == 2
    assert runs.get(db, 1).seconds == 1.0
    metrics.record(db, again, epoch(2, GOOD, None, POOR))
    assert statuses(db)[1] == ("diverged", 2)
    assert runs.get(db, 1).seconds == 1.0


def test_figures_that_are_not_finite_are_stored_as_unknown(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, GOOD, Metrics(0.5, 0.5, math.inf, 0.5), Metrics(0.5, 0.5, math.nan, 0.5)))
    (summary,) = metrics.epochs_after(db, 1)

    assert (summary["val_loss"], summary["val_loss_sd"]) == (None, None)
    assert summary["loss_sd"] is not None


def test_a_finished_run_has_the_results_of_each_network_and_their_mean(db: Database, claim: Claim) -> None:
    for number in (1, 2):
        metrics.record(db, claim, epoch(number, GOOD, FAIR, POOR))
    metrics.record(db, claim, epoch(3, GOOD, FAIR, None))
    metrics.record(db, claim, epoch(4, GOOD, FAIR, None, kept_epochs={1: 2}))
    metrics.record(db, claim, Finished((result(0, 0.9, 4), result(1, 0.8, 2), None)))
    run, (first, second, third) = runs.get(db, 1), members.members(db, 1)

    assert run.test_accuracy == pytest.approx(0.85)
    assert run.test_accuracy_sd == pytest.approx(statistics.stdev((0.9, 0.8)))
    assert (run.kept_epoch, run.model) == (4, "models/1/0.keras")
    assert (first.status, first.epoch, first.kept_epoch, first.test_accuracy) == ("finished", 4, 4, 0.9)
    assert (second.status, second.epoch, second.kept_epoch) == ("stopped early", 3, 2)
    assert (second.model, second.test_loss) == ("models/1/1.keras", pytest.approx(0.2))
    assert (third.status, third.epoch, third.test_accuracy, third.model) == ("diverged", 3, None, None)
    assert runs.snapshots(db, 1, member=1) == {2: "models/1/1"}
    assert [(row["member"], row["epoch"]) for row in kept_metrics(db, run)] == [(0, 4), (1, 2)]


def test_members_have_metrics_of_any_epoch_that_they_trained(db: Database) -> None:
    run = make_run(db, spec_of(epochs=4, repeats=3), diverged=2)
    rows = members.metrics_after(db, run, {0: 0, 1: 3, 2: 4, 7: 1})

    assert [(row["member"], row["epoch"]) for row in rows] == [(1, 3)]
    assert rows[0] == {"member": 1} | {
        name: metrics.epochs_after(db, run, member=1)[2][name] for name in rows[0] if name != "member"
    }


def test_the_first_network_that_has_a_result_stands_for_the_run(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, None, GOOD, FAIR))
    metrics.record(db, claim, Finished((None, result(1, 0.8, 1), result(2, 0.7, 1))))
    run = runs.get(db, 1)

    assert (run.status, run.model, run.kept_epoch) == ("finished", "models/1/1.keras", 1)


def test_when_all_networks_diverge_each_says_where(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, GOOD, FAIR, None))
    metrics.record(db, claim, Ended("diverged", Message("All of them.")))

    assert statuses(db) == [("diverged", 2), ("diverged", 2), ("diverged", 1)]


@pytest.mark.parametrize("status", ["stopped", "failed"])
def test_networks_of_a_run_that_ended_before_its_last_epoch_keep_their_state(
    status: str, db: Database, claim: Claim
) -> None:
    metrics.record(db, claim, epoch(1, GOOD, FAIR, None))
    metrics.record(db, claim, Ended(status, Message("Over.")))

    assert statuses(db) == [("training", 1), ("training", 1), ("diverged", 1)]


def test_whoever_lost_the_lease_changes_no_member(db: Database, claim: Claim) -> None:
    metrics.record(db, claim, epoch(1, GOOD, FAIR, POOR))
    queue.claim(db, "other", now=1e10)

    for event in (epoch(2, GOOD, None, POOR), Finished((result(0, 0.9, 1),) * 3), Ended("diverged", Message("x"))):
        with pytest.raises(Exception, match="taken over"):
            metrics.record(db, claim, event)
    assert statuses(db) == [("training", 1)] * 3
    assert len(metrics.epochs_after(db, 1)) == 1


def test_deleting_a_run_permanently_deletes_its_members_and_summaries(db: Database) -> None:
    gone, kept = (make_run(db, spec_of(epochs=2, folds=3)) for _ in range(2))
    runs.trash(db, [gone])
    runs.purge(db, [gone])

    for table in ("members", "epoch_summaries", "epochs", "snapshots"):
        assert db.execute(f"SELECT DISTINCT run FROM {table}").fetchall() == [(kept,)]
