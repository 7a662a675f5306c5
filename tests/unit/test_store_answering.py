"""Which networks of a run answer."""

from __future__ import annotations

from sqlite_utils import Database

from mlpcore.events import EpochEnd, Metrics, Snapshot
from mlpcore.store import queue, runs
from mlpcore.store.answering import KeptNetwork, chosen_epoch, kept_networks
from mlpcore.store.metrics import record
from tests.making import make_run, spec_of
from tests.networks import constant, make_answering_run, make_run_with_networks


def test_the_kept_network_comes_before_the_best_one_and_that_before_the_newest() -> None:
    assert chosen_epoch({0, 2, 3, 9}, 3, 2) == 3
    assert chosen_epoch({0, 2, 3, 9}, None, 2) == 2
    assert chosen_epoch({0, 2, 3, 9}, 4, 5) == 9
    assert chosen_epoch((), 4, 5) is None


def test_one_network_answers_for_itself(db: Database) -> None:
    run = runs.get(db, make_answering_run(db, constant("digits", [0.1] * 10)))

    assert kept_networks(db, run) == [KeptNetwork(0, 1, f"models/run-{run.id}/epoch-0001.safetensors")]


def test_of_several_networks_each_answers_with_its_own_epoch_and_a_diverged_one_not_at_all(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(repeats=4, epochs=4), diverged=1, rested=2))

    assert [(kept.member, kept.epoch) for kept in kept_networks(db, run)] == [(0, 4), (2, 2), (3, 4)]


def test_networks_that_still_train_answer_with_their_newest_snapshots(db: Database) -> None:
    claim = queue.begin(db, spec_of(repeats=2, epochs=3), "worker-1")
    for epoch, accuracy in ((1, 0.9), (2, 0.8)):
        files = tuple(Snapshot(epoch, f"models/{epoch}-{member}.safetensors", member) for member in (0, 1))
        record(db, claim, EpochEnd(epoch, (Metrics(0.3, accuracy, 0.3, accuracy),) * 2, 0.7, 0.001, snapshots=files))

    assert [kept.epoch for kept in kept_networks(db, runs.get(db, claim.run))] == [2, 2]


def test_a_run_without_a_snapshot_has_nobody_who_answers(db: Database) -> None:
    assert kept_networks(db, runs.get(db, make_run(db, status="queued"))) == []


def test_a_diverged_network_answers_only_when_all_have_diverged(db: Database) -> None:
    run = runs.get(db, make_run_with_networks(db, hidden=[], repeats=3))
    with db.atomic():
        db.execute("UPDATE members SET status = 'diverged' WHERE run = ? AND member = 1", [run.id])
    assert [kept.member for kept in kept_networks(db, run)] == [0, 2]

    with db.atomic():
        db.execute("UPDATE members SET status = 'diverged' WHERE run = ?", [run.id])
    assert [kept.member for kept in kept_networks(db, run)] == [0, 1, 2]
