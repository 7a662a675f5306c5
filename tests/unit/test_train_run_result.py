"""What came out of a run, in words and figures."""

from __future__ import annotations

import re

from sqlite_utils import Database

from mlpcore import formatting
from mlpcore.events import Finished, Result, Snapshot
from mlpcore.store import members, metrics, queue, runs
from mlpcore.ui.train.run_result import best_epoch_text, run_sentence, whose_figures
from tests.factory.networks import make_run_saved_after
from tests.factory.runs import make_run, spec_of


def test_early_stopping_states_which_network_was_kept(db: Database) -> None:
    spec = spec_of(dataset="iris", epochs=9, early_stopping=2)
    run = make_run(db, spec, status="running", done=5)
    result = Result(0.3, 0.9, 3, "model.keras", Snapshot(3, "snapshot"))

    metrics.record(db, queue.Claim(run, 1, spec, None), Finished((result,), stopped_early=True))

    assert run_sentence(runs.get(db, run)) == (
        "Of 30 test examples that it had never seen, the network classifies **27** correctly and 3 wrongly."
        " Early stopping ended the training after epoch 5 and kept the network of epoch 3."
    )


def result_text(db: Database, run_id: int) -> str:
    return run_sentence(runs.get(db, run_id), members.members(db, run_id)).replace("\u00a0", " ")


def test_the_mean_of_several_networks_has_its_deviation_and_an_explanation(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=10, repeats=5), final=0.9)
    run = runs.get(db, run_id)

    text = result_text(db, run_id)

    assert text.startswith("On 360 test examples that they had never seen, the 5 networks reach an accuracy of **")
    assert f"**{formatting.percent(run.test_accuracy, run.test_accuracy_sd)}**".replace("\u00a0", " ") in text
    assert "standard deviation" in text
    assert "diverged" not in text
    assert "Early stopping" not in text


def test_no_line_break_separates_a_mean_from_its_deviation(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=10, repeats=5), final=0.9)
    text = run_sentence(runs.get(db, run_id), members.members(db, run_id))
    assert re.search(r"\*\*[0-9.]+\u00a0±\u00a0[0-9.]+\u00a0%\*\*", text)


def test_diverged_and_early_stopped_networks_are_counted(db: Database) -> None:
    text = result_text(db, make_run(db, spec_of(epochs=10, repeats=2, folds=2), diverged=1, stopped_early=2))

    assert "the 3 networks reach" in text
    assert "1 of 4 networks diverged and is left out of the figures." in text
    assert "Early stopping ended the training of 1 network before the last epoch." in text


def test_a_single_remaining_network_is_described_as_one(db: Database) -> None:
    text = result_text(db, make_run(db, spec_of(epochs=10, repeats=2), diverged=0))

    assert text.startswith("Of 360 test examples that it had never seen, the network classifies **")
    assert text.endswith("1 of 2 networks diverged and is left out of the figures.")


def test_the_figures_say_which_network_they_belong_to_and_what_other_epochs_had(db: Database) -> None:
    best_is_last, best_is_earlier = (
        runs.get(db, make_run_saved_after(db, {1}, accuracies=accuracies, status="stopped"))
        for accuracies in ((0.8, 0.9), (0.9, 0.8))
    )

    assert (
        whose_figures(best_is_last) == "The figures are those of the best epoch (2): no network was kept as a result."
    )
    assert best_epoch_text(best_is_last) == ""
    assert best_epoch_text(best_is_earlier).replace("\u00a0", " ") == (
        "The validation accuracy of the last epoch (2) was 80.0 %."
    )


def test_a_finished_run_shows_the_figures_of_its_kept_network_and_names_the_best_epoch(db: Database) -> None:
    run = runs.get(db, make_run_saved_after(db, {2}, accuracies=(0.9, 0.8), status="finished", kept=[2]))

    assert (run.kept_val_accuracy, run.best_val_accuracy) == (0.8, 0.9)
    assert whose_figures(run) == "The figures are those of the kept network, after epoch 2."
    assert best_epoch_text(run).replace("\u00a0", " ") == "The best validation accuracy was 90.0 %, in epoch 1."


def test_networks_that_early_stopping_kept_after_different_epochs_are_not_given_one(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(epochs=10, repeats=2, early_stopping=3), stopped_early=0))

    assert whose_figures(run).startswith("The figures are those of the networks that were kept, each after its own")
