"""The data from which code is written: the metrics of the networks that a run kept, read from the store."""

from __future__ import annotations

import json

import pytest
from sqlite_utils import Database

from mlpcore import keras_export
from mlpcore.errors import UnusableRunError
from mlpcore.events import Finished, Result, Snapshot, deviation
from mlpcore.keras_export import ExportedRun
from mlpcore.serving.kept_networks import kept_metrics
from mlpcore.store import members, metrics, queue, runs
from tests.factory.runs import make_run, spec_of


def exported(db: Database, run_id: int) -> ExportedRun:
    return keras_export.from_store(db, runs.get(db, run_id))


def test_a_finished_run_gives_the_figures_of_its_last_epoch_and_of_the_test(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=4))
    last, run = metrics.epochs_after(db, run_id)[-1], runs.get(db, run_id)

    figures = exported(db, run_id).figures

    assert list(figures) == ["loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"]
    assert all(figure.deviation is None for figure in figures.values())
    assert {name: figures[name].mean for name in ("loss", "val_accuracy")} == {
        name: last[name] for name in ("loss", "val_accuracy")
    }
    assert figures["test_accuracy"].mean == run.test_accuracy


def test_where_early_stopping_kept_an_earlier_network_its_figures_count(db: Database) -> None:
    spec = spec_of(dataset="iris", epochs=9, early_stopping=2)
    run_id = make_run(db, spec, status="running", done=5)
    result = Result(0.3, 0.9, 3, "network.keras", Snapshot(3, "snapshot"))
    metrics.record(db, queue.Claim(run_id, 1, spec, None), Finished((result,), stopped_early=True))

    figures = exported(db, run_id).figures

    assert figures["val_loss"].mean == metrics.epochs_after(db, run_id)[2]["val_loss"]
    assert figures["test_loss"].mean == 0.3


def test_without_a_validation_set_there_are_no_figures_of_it(db: Database) -> None:
    run_id = make_run(db, spec_of(validation_split=0))

    assert set(exported(db, run_id).figures) == {"loss", "accuracy", "test_loss", "test_accuracy"}


def test_several_networks_give_means_and_deviations_of_what_each_kept(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=6, repeats=2, folds=2, early_stopping=3), stopped_early=1)
    kept = [row["val_loss"] for row in kept_metrics(db, runs.get(db, run_id))]
    tested = [row.test_accuracy for row in members.members(db, run_id)]

    exported_run = exported(db, run_id)

    assert len(kept) == 4
    assert not exported_run.diverged
    assert exported_run.figures["val_loss"].mean == pytest.approx(sum(kept) / 4)
    assert exported_run.figures["val_loss"].deviation == pytest.approx(deviation(kept))
    assert exported_run.figures["test_accuracy"].deviation == pytest.approx(deviation(tested))


def test_a_diverged_network_does_not_count_and_the_code_leaves_it_out(db: Database) -> None:
    run_id = make_run(db, spec_of(repeats=2), diverged=0)
    survivor = members.members(db, run_id)[1]

    exported_run = exported(db, run_id)

    assert exported_run.diverged
    assert exported_run.figures["test_accuracy"] == keras_export.MeanMetric(survivor.test_accuracy, None)
    assert "np.isfinite" in keras_export.script(exported_run)
    assert f'"test_accuracy": "{survivor.test_accuracy:.4f} ± –"' in keras_export.script(exported_run)


@pytest.mark.parametrize("status", ["queued", "running", "stopped", "diverged", "failed"])
def test_a_run_that_has_not_finished_has_settings_but_no_figures(db: Database, status: str) -> None:
    run_id = make_run(db, spec_of(seed=7), status=status)

    exported_run = exported(db, run_id)

    assert (exported_run.spec.seed, exported_run.figures, exported_run.engine) == (7, {}, "tensorflow")


def test_the_name_and_note_are_those_that_the_run_has_now(db: Database) -> None:
    run_id = make_run(db, spec_of(name="old"))
    runs.rename(db, run_id, "new")
    runs.annotate(db, run_id, "noted")

    assert "# | new\n#\n# Note\n# | noted\n" in keras_export.script(exported(db, run_id))


def test_settings_that_are_not_allowed_never_become_code(db: Database) -> None:
    run_id = make_run(db)
    spec = runs.get(db, run_id).spec.to_dict()
    for field, value in {"batch_size": "32; import os", "loss": '")', "seed": 2**40}.items():
        db.execute("UPDATE runs SET spec = ? WHERE id = ?", [json.dumps({**spec, field: value}), run_id])

        with pytest.raises(UnusableRunError):
            exported(db, run_id)


def test_an_engine_that_keras_does_not_know_is_left_out(db: Database) -> None:
    run_id = make_run(db)
    db.execute("UPDATE runs SET engine = ? WHERE id = ?", ['"; import os', run_id])

    assert exported(db, run_id).engine == "tensorflow"


def test_a_file_is_named_after_the_number_and_the_settings_of_its_run_and_after_nothing_that_a_user_wrote(
    db: Database,
) -> None:
    hidden = [{"units": 128, "dropout": 0.4}]
    run = runs.get(db, make_run(db, spec_of(dataset="mnist", hidden=hidden, name="../../a b"), status="queued"))

    assert keras_export.file_name(run, "ipynb") == f"mlplab-run-{run.id}-128-dropout-0.4-30-epochs.ipynb"
    assert keras_export.file_name(run, "csv", 2) == f"mlplab-run-{run.id}-128-dropout-0.4-30-epochs-network-3.csv"


def test_a_file_of_a_run_with_damaged_settings_is_named_after_its_number(db: Database) -> None:
    run_id = make_run(db, status="queued")
    db.execute("UPDATE runs SET spec = '{' WHERE id = ?", [run_id])

    assert keras_export.file_name(runs.get(db, run_id), "csv") == f"mlplab-run-{run_id}.csv"
