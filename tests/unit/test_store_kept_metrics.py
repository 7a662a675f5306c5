"""The metrics of the networks that a run kept agree with those of the rule that all pages follow."""

from __future__ import annotations

import math
from typing import Any

import pytest
from sqlite_utils import Database

from mlpcore.events import EpochEnd, Finished, Metrics, Result, Snapshot, Started, deviation, mean
from mlpcore.serving.kept_networks import kept_metrics
from mlpcore.spec import RunSpec
from mlpcore.store import leaderboard, metrics, queue, runs
from mlpcore.store.leaderboard import Query
from mlpcore.store.run_record import METRICS
from mlpcore.store.runs import Run
from tests.factory.runs import make_run, members_of, spec_of

CURVES = ((0.5, 0.9, 0.7, 0.8), (0.6, 0.65, 0.95, 0.85), (0.4, 0.3, 0.2, 0.1))
"""The validation accuracies of three networks."""


def trained(db: Database, spec: RunSpec, kept: tuple[int | None, ...], status: str = "finished") -> Run:
    """A run of four epochs whose networks were kept after these epochs; None for one that diverged."""
    run_id = make_run(db, spec, status="running", done=0)
    claim = queue.Claim(run_id, 1, spec, None)
    metrics.record(db, claim, Started("CPU", "jax", {}, 10, 2, members_of(spec)))
    for epoch in range(1, 5):
        row = tuple(
            None if kept[member] is None else Metrics(1 / epoch, accuracy - 0.1, 2 / epoch, accuracy)
            for member, accuracy in enumerate(curve[epoch - 1] for curve in CURVES[: spec.members])
        )
        metrics.record(db, claim, EpochEnd(epoch, row, 0.1, 0.001, snapshots=_snapshots(run_id, epoch, spec.members)))
    if status == "finished":
        results = tuple(
            None if epoch is None else Result(0.3, 0.9, epoch, "n.keras", Snapshot(epoch, f"{run_id}-{epoch}", member))
            for member, epoch in enumerate(kept)
        )
        metrics.record(db, claim, Finished(results))
    return runs.get(db, run_id)


def _snapshots(run_id: int, epoch: int, members: int) -> tuple[Snapshot, ...]:
    return tuple(Snapshot(epoch, f"{run_id}-{epoch}-{member}", member) for member in range(members))


def stopping(**settings: Any) -> RunSpec:
    return spec_of(epochs=4, early_stopping=2, **settings)


@pytest.mark.parametrize(
    ("spec", "kept"),
    [
        (spec_of(epochs=4), (4,)),
        (stopping(), (1,)),
        (stopping(), (2,)),
        (stopping(), (4,)),
        (spec_of(epochs=4, repeats=3), (4, 4, 4)),
        (spec_of(epochs=4, repeats=3), (4, None, 4)),
        (stopping(repeats=3), (1, 3, 4)),
        (stopping(repeats=3), (1, None, 3)),
        (stopping(repeats=2, folds=0), (None, 3)),
    ],
)
def test_they_are_the_means_over_the_networks_that_predict(
    db: Database, spec: RunSpec, kept: tuple[int | None, ...]
) -> None:
    run = trained(db, spec, kept)
    rows = kept_metrics(db, run)

    assert len(rows) == sum(epoch is not None for epoch in kept)
    for name in METRICS:
        values = [row[name] for row in rows]
        assert getattr(run, f"kept_{name}") == pytest.approx(mean(values))
        if "accuracy" in name:
            spread = deviation(values)
            found = getattr(run, f"kept_{name}_sd")
            assert found is None if spread is None else math.isclose(found, spread, abs_tol=1e-6)


def test_without_a_result_they_are_those_of_the_best_epoch(db: Database) -> None:
    run = trained(db, stopping(), (2,), status="running")

    assert (run.kept_epoch, run.best_epoch, run.kept_val_accuracy) == (None, 2, 0.9)


def test_a_run_without_epochs_has_none(db: Database) -> None:
    run = runs.get(db, make_run(db, status="queued"))

    assert run.kept_val_accuracy is None and run.kept_loss is None and run.kept_accuracy_sd is None


def test_lists_are_sorted_by_the_kept_network_and_not_by_the_best_epoch(db: Database) -> None:
    early, late = trained(db, stopping(), (1,)), trained(db, stopping(), (4,))
    best = trained(db, stopping(), (2,))

    listed = leaderboard.page(db, Query(order="kept_val_accuracy"))

    assert [run.id for run in listed] == [best.id, late.id, early.id]
    assert [run.kept_val_accuracy for run in listed] == [0.9, 0.8, 0.5]
    assert leaderboard.ranks(db, Query(order="kept_val_accuracy"), [late.id, early.id]) == {late.id: 2, early.id: 3}


def test_an_impossible_accuracy_of_a_kept_network_is_unknown(db: Database) -> None:
    damaged, fine = trained(db, stopping(), (1,)), trained(db, stopping(), (2,))
    db.execute("UPDATE epochs SET val_accuracy = 7 WHERE run = ? AND epoch = 1", [damaged.id])

    assert runs.get(db, damaged.id).kept_val_accuracy is None
    assert [run.id for run in leaderboard.page(db, Query(order="kept_val_accuracy"))] == [fine.id, damaged.id]
