"""The best epoch of a curve, found as for a run."""

from __future__ import annotations

from sqlite_utils import Database

from mlpcore.live.curve_rows import COLUMNS, best_epoch
from mlpcore.store import metrics, runs
from tests.factory.runs import make_run, spec_of


def test_the_best_epoch_of_one_network_is_found_as_for_a_run(db: Database) -> None:
    for split in (0.1, 0):
        run = runs.get(db, make_run(db, spec_of(epochs=12, validation_split=split)))
        rows = metrics.epochs_after(db, run.id)
        assert best_epoch({name: [row[name] for row in rows] for name in COLUMNS}) == run.best_epoch
    assert best_epoch({name: [] for name in COLUMNS}) is None


def test_equally_accurate_epochs_are_ordered_by_loss_then_by_epoch() -> None:
    columns = {
        "epoch": [1, 2, 3, 4],
        "loss": [0.1] * 4,
        "accuracy": [0.9] * 4,
        "val_loss": [0.5, 0.4, 0.4, None],
        "val_accuracy": [0.8, 0.8, 0.8, 0.8],
    }

    assert best_epoch(columns) == 2
