"""What came out of a run, in words and figures."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.events import Finished, Result, Snapshot
from mlpcore.store import members, metrics, queue, runs
from mlpcore.ui.train.run_result import duration, percent, sentence
from tests.making import make_run, spec_of


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, "–"), (0.0, "0.0 %"), (0.97849, "97.8 %"), (0.9949, "99.5 %"), (0.99786, "99.79 %"), (1.0, "100.00 %")],
)
def test_an_accuracy_is_read_in_percent_with_more_digits_where_they_matter(share: float | None, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0.0 s"), (59.94, "59.9 s"), (60.0, "1 min 0 s"), (119.7, "2 min 0 s"), (3725, "62 min 5 s")],
)
def test_a_time_is_read_in_minutes_and_seconds(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_early_stopping_says_which_network_was_kept(db: Database) -> None:
    spec = spec_of(dataset="iris", epochs=9, early_stopping=2)
    run = make_run(db, spec, status="running", done=5)
    result = Result(0.3, 0.9, 3, "model.keras", Snapshot(3, "snapshot"))

    metrics.record(db, queue.Claim(run, 1, spec, None), Finished((result,), stopped_early=True))

    assert sentence(runs.get(db, run)) == (
        "Of 30 test examples, which it had never seen, the network gets **27** right and 3 wrong."
        " Early stopping ended the training after epoch 5 and kept the network of epoch 3."
    )


def told(db: Database, run_id: int) -> str:
    return sentence(runs.get(db, run_id), members.members(db, run_id)).replace("\u00a0", " ")


def test_the_mean_of_several_networks_comes_with_its_spread_and_what_that_means(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=10, repeats=5), final=0.9)
    run = runs.get(db, run_id)

    text = told(db, run_id)

    assert text.startswith("On 360 test examples, which they had never seen, the 5 networks reach an accuracy of **")
    assert f"**{percent(run.test_accuracy, run.test_accuracy_sd)}**" in text
    assert "standard deviation" in text
    assert "diverged" not in text
    assert "Early stopping" not in text


def test_what_became_of_each_network_is_counted(db: Database) -> None:
    text = told(db, make_run(db, spec_of(epochs=10, repeats=2, folds=2), diverged=1, rested=2))

    assert "the 3 networks reach" in text
    assert "1 of 4 networks diverged and is left out of the figures." in text
    assert "Early stopping ended the training of 1 network before the last epoch." in text


def test_the_only_network_that_is_left_is_told_as_one(db: Database) -> None:
    text = told(db, make_run(db, spec_of(epochs=10, repeats=2), diverged=0))

    assert text.startswith("Of 360 test examples, which it had never seen, the network gets **")
    assert text.endswith("1 of 2 networks diverged and is left out of the figures.")


@pytest.mark.parametrize(
    ("share", "deviation", "text"), [(0.9784, 0.0012, "97.8 ± 0.1 %"), (0.9784, None, "97.8 %"), (None, None, "–")]
)
def test_a_spread_stands_behind_its_mean(share: float | None, deviation: float | None, text: str) -> None:
    assert percent(share, deviation) == text


def test_a_run_that_stopped_before_its_first_epoch_says_so(db: Database) -> None:
    run = make_run(db, spec_of(epochs=1), status="stopped", done=0)

    assert sentence(runs.get(db, run)) == r"Stopped by hand\. 0 of 1 epoch was trained."
