"""Several runs side by side on the page Try a digit: the same input for all of them, and those that cannot predict."""

from __future__ import annotations

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import datasets, paths
from mlpcore.store import runs
from tests.app_pages import ended, parameters
from tests.factory.networks import class_means, constant, make_run_of_network
from tests.predict_page import (
    PREDICTS_3,
    PREDICTS_7,
    assert_above_the_bars,
    choose_tab,
    headline,
    prediction,
    shown,
    waiting,
)

PAGE = "pages/predict.py"


def test_several_runs_predict_the_same_drawing_and_are_in_the_address(open_page, db: Database, drawn) -> None:
    first = make_run_of_network(db, constant("mnist", PREDICTS_3), accuracy=0.9, name="group A")
    small = make_run_of_network(db, constant("digits", PREDICTS_7))
    clothes = make_run_of_network(db, constant("fashion_mnist", PREDICTS_7))
    at = open_page(run=str(first), **{"with": str(small)})
    assert not at.warning
    assert [ensemble["number"] for ensemble in shown(at)["ensembles"]] == [f"#{first}", f"#{small}"]
    assert shown(at)["ensembles"][0]["name"] == "group A"
    assert (prediction(at)["top"], prediction(at, 1)["top"]) == (3, 7)
    assert headline(at) == "They disagree: 3 (1 of 2), 7 (1 of 2)."
    assert [(each["width"], each["caption"]) for each in shown(at)["variants"][0]["pictures"]] == [
        (28, f"#{first}: 28\u00a0×\u00a028 pixels, white on black"),
        (8, f"#{small}: 8\u00a0×\u00a08 pixels, white on black"),
    ]
    options = at.multiselect(key="predict_with").options
    assert len(options) == 1, f"run {clothes} reads no digits"
    ended(at.multiselect(key="predict_with").set_value([]).run())
    assert parameters(at) == {"run": str(first)}
    assert headline(at) == "The network predicts 3 (82.0 %)."
    ended(at.multiselect(key="predict_with").set_value([small]).run())
    assert parameters(at) == {"run": str(first), "with": str(small)}


@pytest.mark.parametrize(
    ("requested", "named"),
    [
        ("999", r"\#999"),
        ("<img src=x onerror=alert(1)>", r"\<img src=x onerror"),
        ("9" * 400, "9" * 20),
        ("\x00", "\x00"),
        (",,,", None),
        ("{iris}", r"\#{iris}"),
        ("{trashed}", r"\#{trashed}"),
        ("{first},{first}", None),
    ],
)
def test_runs_of_the_address_that_cannot_be_compared_are_named_and_left_out(
    open_page, db: Database, drawn, requested: str, named: str | None
) -> None:
    ids = {
        "iris": make_run_of_network(db, constant("iris", [0.2, 0.3, 0.5])),
        "trashed": make_run_of_network(db, constant("digits", PREDICTS_3)),
        "first": make_run_of_network(db, constant("digits", PREDICTS_3)),
        "good": make_run_of_network(db, constant("digits", PREDICTS_7)),
    }
    runs.trash(db, [ids["trashed"]])
    at = open_page(run=str(ids["first"]), **{"with": f"{requested.format(**ids)},{ids['good']}"})
    assert [ensemble["number"] for ensemble in shown(at)["ensembles"]] == [f"#{ids['first']}", f"#{ids['good']}"]
    if named is None:
        assert not at.warning
    else:
        assert at.warning[0].value.startswith("Left out of the comparison: ")
        assert named.format(**ids) in at.warning[0].value


def test_another_first_run_keeps_the_others_that_can_be_compared_with_it(open_page, db: Database, drawn) -> None:
    iris = make_run_of_network(db, constant("iris", [0.2, 0.3, 0.5]))
    first, other, third = (make_run_of_network(db, constant("digits", PREDICTS_3)) for _index in range(3))
    at = open_page(run=str(first), **{"with": f"{other},{third}"})
    ended(at.selectbox(key="predict_run").set_value(other).run())
    assert [ensemble["number"] for ensemble in shown(at)["ensembles"]] == [f"#{other}", f"#{third}"]
    ended(at.selectbox(key="predict_run").set_value(iris).run())
    assert not at.warning
    assert parameters(at) == {"run": str(iris)}


def test_at_most_eight_runs_are_compared(open_page, db: Database, drawn) -> None:
    made = [make_run_of_network(db, constant("digits", PREDICTS_3)) for _index in range(10)]
    at = open_page(run=str(made[0]), **{"with": ",".join(map(str, made))})
    assert len(shown(at)["ensembles"]) == 8
    assert rf"\#{made[8]}, \#{made[9]}" in at.warning[0].value
    assert headline(at) == "All 8 agree: 3."


def test_a_damaged_network_among_several_is_reported_and_the_others_predict(open_page, db: Database, drawn) -> None:
    good = make_run_of_network(db, constant("digits", PREDICTS_3))
    gone, cut = (make_run_of_network(db, constant("digits", PREDICTS_7)) for _index in range(2))
    (paths.data_folder() / runs.snapshots(db, gone)[1]).unlink()
    path = paths.data_folder() / runs.snapshots(db, cut)[1]
    path.write_bytes(path.read_bytes()[:-50])
    for first, others in ((good, [gone, cut]), (gone, [good, cut])):
        at = open_page(run=str(first), **{"with": ",".join(map(str, others))})
        assert not at.error
        assert_above_the_bars(at, f"Run #{gone} cannot predict: ", "no longer there")
        assert_above_the_bars(at, f"Run #{cut} cannot predict: ", "incomplete or damaged")
        assert len(at.warning) == 2
        problems = {ensemble["number"]: ensemble.get("problem", "") for ensemble in shown(at)["ensembles"]}
        assert problems == {f"#{gone}": "no prediction", f"#{cut}": "no prediction", f"#{good}": ""}
        assert headline(at) == "The network predicts 3."
    at = open_page(run=str(gone), **{"with": str(cut)})
    assert [bool(ensemble["problem"]) for ensemble in shown(at)["ensembles"]] == [True, True]
    assert (headline(at), waiting(at), len(at.error)) == ("", True, 0)


def test_next_disagreement_shows_a_disagreement(open_page, db: Database) -> None:
    first = make_run_of_network(db, class_means("digits", sharpness=3))
    other = make_run_of_network(db, constant("digits", PREDICTS_3))
    at = choose_tab(open_page(run=str(first), **{"with": str(other)}), "test")
    labels = datasets.load_test("digits").labels
    at.number_input[0].set_value(int(np.flatnonzero(labels == 3)[0]) + 1).run()
    ended(next(button for button in at.button if button.label == "Next disagreement").click().run())
    assert prediction(at)["top"] != prediction(at, 1)["top"]
    ended(at.multiselect(key="predict_with").set_value([]).run())
    assert not any(button.label == "Next disagreement" for button in at.button)


def test_a_run_whose_files_vanish_while_the_page_is_open_is_reported(open_page, db: Database, drawn) -> None:
    first = make_run_of_network(db, constant("digits", PREDICTS_3))
    other = make_run_of_network(db, constant("digits", PREDICTS_7))
    at = open_page(run=str(first), **{"with": str(other)})
    (paths.data_folder() / runs.snapshots(db, other)[1]).unlink()
    ended(at.run())
    assert_above_the_bars(at, f"Run #{other} cannot predict: ", "no longer there")
    assert prediction(at)["top"] == 3
