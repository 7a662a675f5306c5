"""The page Look inside, run by Streamlit's AppTest: which network it shows, and that every view survives every run."""

from __future__ import annotations

from typing import Any

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import datasets, paths
from mlpcore.analysis.predictions import predict_test_set
from mlpcore.store import runs
from mlpcore.ui.inspect.views import VIEWS
from tests.app_pages import ended, parameters, texts
from tests.factory.networks import class_means, make_run_of_network, make_run_with_networks
from tests.factory.runs import make_run, spec_of

PAGE = "pages/inspect.py"


def chosen(at: AppTest, what: str) -> Any:
    return at.selectbox(key=f"inspect_{what}").value


def problems(at: AppTest) -> list[str]:
    return [element.value for element in (*at.error, *at.warning)]


def test_an_empty_database_leads_to_training(open_page):
    at = open_page()

    assert at.subheader[0].value.endswith("There is no trained network yet")
    assert not at.selectbox


def test_the_best_run_for_digits_comes_first_with_its_result(open_page, db: Database):
    make_run_of_network(db, class_means("iris"), accuracy=0.99)
    make_run_of_network(db, class_means("digits"), accuracy=0.8)
    best = make_run_of_network(db, class_means("digits"), accuracy=0.9)

    at = open_page()

    assert chosen(at, "run") == best
    assert chosen(at, "epoch") == 1


def test_the_address_chooses_run_network_epoch_and_view(open_page, db: Database):
    run = make_run_with_networks(db, hidden=[{"units": 4}], repeats=3)
    make_run_with_networks(db, hidden=[{"units": 5}])
    view = list(VIEWS)[-1]

    at = open_page(run=run, member=2, epoch=0, view=view)

    assert (chosen(at, "run"), chosen(at, "member"), chosen(at, "epoch")) == (run, 1, 0)
    assert at.segmented_control(key="inspect_view").value == view


@pytest.mark.parametrize("view", VIEWS)
def test_no_space_follows_a_sentence_in_japanese(open_page, db: Database, view: str):
    run = make_run_with_networks(db, hidden=[{"units": 4}])

    text = texts(ended(open_page(run=run, view=view, unit="1-1", lang="ja")))

    assert "。" in text
    assert "。 " not in text.replace("*", "")


def test_what_is_chosen_goes_into_the_address(open_page, db: Database):
    run = make_run_with_networks(db, hidden=[{"units": 4}], repeats=2)
    other = make_run_with_networks(db, hidden=[{"units": 5}])
    at = open_page(run=run)

    ended(at.selectbox(key="inspect_member").set_value(1).run())
    ended(at.selectbox(key="inspect_epoch").set_value(0).run())
    assert parameters(at) | {"run": str(run)} == {"run": str(run), "member": "2", "epoch": "0"}

    ended(at.selectbox(key="inspect_run").set_value(other).run())
    assert parameters(at) == {"run": str(other)}
    assert chosen(at, "epoch") == 2


@pytest.mark.parametrize(
    "hostile",
    [
        {"run": "1e9"},
        {"run": "-1"},
        {"run": "9" * 400},
        {"run": "999999"},
        {"member": "0"},
        {"member": "77"},
        {"member": "<b>"},
        {"epoch": "-3"},
        {"epoch": "1"},
        {"epoch": "NaN"},
        {"view": "__class__"},
        {"example": "0"},
        {"example": "99999999999"},
        {"source": "<script>"},
        {"unit": "1-99999"},
    ],
    ids=str,
)
def test_an_invalid_address_shows_the_default(open_page, db: Database, hostile):
    run = make_run_with_networks(db, kept=(0, 2), hidden=[{"units": 4}])

    at = open_page(**{"run": run, **hostile})

    assert chosen(at, "run") == run
    assert chosen(at, "epoch") == 2
    assert not at.error


def test_a_run_without_a_saved_network_is_not_shown(open_page, db: Database):
    good = make_run_with_networks(db, hidden=[])
    queued = make_run(db, spec_of(dataset="digits"), status="queued")

    at = open_page(run=queued)

    assert chosen(at, "run") == good
    assert any("has no trained network yet" in text for text in problems(at))


def test_a_run_in_the_trash_is_not_shown(open_page, db: Database):
    good, gone = make_run_with_networks(db, hidden=[]), make_run_with_networks(db, hidden=[])
    runs.trash(db, [gone])

    at = open_page(run=gone)

    assert chosen(at, "run") == good
    assert any("is in the trash" in text for text in problems(at))


KINDS: dict[str, dict[str, Any]] = {
    "small digits": {"hidden": [{"units": 6}]},
    "no hidden layer": {"hidden": []},
    "straightened": {"hidden": [{"units": 6, "activation": "sigmoid"}], "prepare": "deskew"},
    "step and prelu": {"hidden": [{"units": 5, "activation": "step"}, {"units": 4, "activation": "prelu"}]},
    "eight layers": {"hidden": [{"units": 3, "activation": "tanh"}] * 8},
    "iris": {"dataset": "iris", "hidden": [{"units": 4}]},
    "wine in folds": {"dataset": "wine", "hidden": [{"units": 4}], "folds": 2},
    "one epoch kept": {"dataset": "breast_cancer", "hidden": [{"units": 3}], "kept": (2,)},
    "squared error": {"hidden": [{"units": 3}], "loss": "mse"},
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_view_shows_every_kind_of_network(open_page, db: Database, view: str, kind: str):
    run = make_run_with_networks(db, **KINDS[kind])

    at = open_page(run=run, view=view, example=3)

    assert not at.error
    assert at.get("bidi_component"), "nothing is drawn"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_an_untrained_network(open_page, db: Database, view: str):
    run = make_run_with_networks(db, hidden=[{"units": 4}])

    assert not open_page(run=run, view=view, epoch=0).error


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("left", [None, 0, 100], ids=["removed", "empty", "cut short"])
def test_every_view_reports_a_missing_or_damaged_network(open_page, db: Database, view: str, left: int | None):
    run = make_run_with_networks(db, hidden=[{"units": 4}])
    for file in runs.snapshots(db, run).values():
        path = paths.data_folder() / file
        if left is None:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:left])

    at = open_page(run=run, view=view)

    assert any("train this run again" in text for text in problems(at))
    assert chosen(at, "run") == run


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_reports_a_network_of_another_dataset(open_page, db: Database, view: str):
    run, other = make_run_with_networks(db, hidden=[]), make_run_with_networks(db, dataset="iris", hidden=[])
    for epoch, file in runs.snapshots(db, run).items():
        stranger = paths.data_folder() / runs.snapshots(db, other)[epoch]
        (paths.data_folder() / file).write_bytes(stranger.read_bytes())

    at = open_page(run=run, view=view)

    assert any("does not fit" in text for text in problems(at))


def test_returning_from_another_page_shows_the_same_network(open_page, db: Database):
    first = make_run_with_networks(db, hidden=[{"units": 4}])
    make_run_with_networks(db, hidden=[{"units": 5}])
    view = list(VIEWS)[1]
    at = open_page(run=first, epoch=1, view=view)

    at.query_params.clear()
    ended(at.switch_page("dashboard.py").run())
    at.query_params.clear()
    ended(at.switch_page("pages/inspect.py").run())

    assert parameters(at) == {"run": str(first), "epoch": "1", "view": view}
    assert (chosen(at, "run"), chosen(at, "epoch")) == (first, 1)


def test_next_mistake_goes_through_all_mistakes_and_starts_again(open_page, db: Database):
    network = class_means("digits")
    wrong = predict_test_set(network, datasets.load_test("digits")).mistakes()
    at = open_page(run=make_run_of_network(db, network), view="saliency", example=wrong[-2] + 1)

    visited = []
    for _press in range(2):
        at.button(key="inspect_next_mistake").click()
        ended(at.run())
        visited.append(int(parameters(at)["example"]) - 1)

    assert visited == [wrong[-1], wrong[0]]
