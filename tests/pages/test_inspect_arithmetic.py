"""Look inside: the arithmetic of one prediction, its loss, and one step of training on it."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import datasets, paths
from mlpcore.analysis.sampling import scaled
from mlpcore.inference import Layer, load_network
from mlpcore.store import runs
from mlpcore.ui.components.canvas import CanvasContent
from mlpcore.ui.inspect import example_selection
from tests import app_pages
from tests.app_pages import clean, figures, parameters, texts
from tests.factory.networks import class_means, constant, make_run_of_network, make_run_with_networks

ONE = [[[0.5, 0.2], [0.49, 0.4], [0.48, 0.6], [0.47, 0.8]]]


@pytest.fixture
def open_page(data_folder: Path):
    """Open the page, `open_page(run=3)`, with these parameters in its address."""
    return lambda **address: clean(app_pages.open_page("pages/inspect.py", **{"view": "arithmetic", **address}))


def tables(at: AppTest) -> list[list[list[str]]]:
    """All tables of calculations on the page: rows of cells as text."""
    rows_of_tables = [re.findall("<tr[^>]*>(.*?)</tr>", figure) for figure in figures(at) if "<table" in figure]
    return [[_cells(row) for row in rows] for rows in rows_of_tables]


def _cells(row: str) -> list[str]:
    return [unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall("<t[dh][^>]*>(.*?)</t[dh]>", row)]


def number(text: str) -> float:
    plain = text.replace("−", "-").replace(",", "").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(plain.replace("×10", "e"))


@pytest.fixture
def run(db: Database) -> int:
    return make_run_with_networks(db, hidden=[{"units": 7, "activation": "sigmoid"}, {"units": 5}])


def activations(db: Database, run: int, index: int) -> list[np.ndarray]:
    network = load_network(paths.data_folder() / runs.snapshots(db, run)[2])
    return [layer[0] for layer in network.forward(scaled(datasets.load_test("digits"), np.array([index]))).activations]


def test_each_layer_is_calculated_for_its_most_active_unit(open_page, db: Database, run: int) -> None:
    at = open_page(run=run, example=6)
    truth = activations(db, run, 5)
    units = [at.number_input(key="inspect_unit_0").value - 1, at.number_input(key="inspect_unit_1").value - 1]
    assert units == [int(layer.argmax()) for layer in truth[:2]]
    assert at.segmented_control(key="inspect_output").value == int(truth[2].argmax())
    for table, layer, unit in zip(tables(at), truth[:2], units, strict=False):
        assert number(table[-1][-1]) == pytest.approx(float(layer[unit]), abs=6e-4)


def test_the_numbers_on_the_page_add_up(open_page, run: int) -> None:
    for table in tables(open_page(run=run, example=6))[:3]:
        results = {row[0]: round(number(row[-1]), 9) for row in table[1:]}
        names = list(results)
        until = names.index("Weighted sum")
        assert sum(results[name] for name in names[:until]) == pytest.approx(results["Weighted sum"], abs=1e-9)
        assert results["Weighted sum"] + results["Bias"] == pytest.approx(results["Sum with bias"], abs=1e-9)


def test_another_unit_can_be_calculated_and_is_in_the_address(open_page, db: Database, run: int) -> None:
    at = open_page(run=run, example=6)
    other = int(activations(db, run, 5)[0].argmin())
    clean(at.number_input(key="inspect_unit_0").set_value(other + 1).run())
    assert parameters(at)["n1"] == str(other + 1)
    assert number(tables(at)[0][-1][-1]) == pytest.approx(float(activations(db, run, 5)[0][other]), abs=6e-4)
    assert tables(open_page(run=run, example=6, n1=other + 1)) == tables(at)


def test_all_units_of_a_layer_are_listed_in_a_table(open_page, db: Database, run: int) -> None:
    at = open_page(run=run, example=6)
    assert not at.dataframe
    for index in range(len(activations(db, run, 5))):
        at.session_state[f"inspect_all_units_{index}"] = True
    clean(at.run())
    for frame, layer in zip(at.dataframe, activations(db, run, 5), strict=True):
        np.testing.assert_allclose(frame.value.iloc[:, -1], layer, rtol=1e-5)


def test_the_softmax_and_the_loss_are_those_of_the_network(open_page, db: Database) -> None:
    shares = [0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02]
    at = open_page(run=make_run_of_network(db, constant("digits", shares)), example=1)
    _sum, softmax, loss = tables(at)[:3]
    assert [number(row[-1]) for row in softmax[1:11]] == pytest.approx(shares, abs=1e-4)
    label = int(datasets.load_test("digits").labels[0])
    assert number(loss[-1][-1]) == pytest.approx(-math.log(shares[label]), abs=1e-3)


def test_a_run_trained_with_squared_errors_shows_them(open_page, db: Database) -> None:
    run = make_run_with_networks(db, hidden=[], loss="mse")
    at = open_page(run=run, example=6)
    loss = tables(at)[2]
    label = int(datasets.load_test("digits").labels[5])
    p = activations(db, run, 5)[0]
    assert number(loss[-1][-1]) == pytest.approx(float(((p - np.eye(10)[label]) ** 2).mean()), rel=1e-3)
    assert "mean squared error" in texts(at)


def test_a_step_is_taken_at_the_learning_rate_of_the_run_until_another_is_chosen(open_page, db: Database) -> None:
    optimizer = {"name": "sgd", "learning_rate": 0.02}
    run = make_run_with_networks(db, hidden=[{"units": 5, "activation": "linear"}], optimizer=optimizer)
    at = open_page(run=run, example=3)
    assert at.number_input(key="inspect_rate").value == 0.02
    assert "The loss falls" in texts(at)
    assert "optimizer" not in texts(at)

    clean(at.number_input(key="inspect_rate").set_value(10.0).run())
    assert parameters(at)["rate"] == "10"
    assert "The loss **rises**" in texts(at)


def test_an_invalid_learning_rate_is_refused_with_a_message(open_page, run: int) -> None:
    at = open_page(run=run, example=6)
    for wrong in (-1.0, 0.0, 1e9, math.nan):
        clean(at.number_input(key="inspect_rate").set_value(wrong).run())
        assert "above 0 and at most 100" in at.toast[0].value
        assert at.number_input(key="inspect_rate").value == 0.001
        assert "rate" not in parameters(at)


def test_the_page_says_what_the_step_leaves_out(open_page, db: Database) -> None:
    run = make_run_with_networks(db, hidden=[{"units": 5, "dropout": 0.3}], l2=0.01, batch_size=16)
    text = texts(open_page(run=run))
    assert "optimizer, Adam," in text
    assert "L1 or L2" in text
    assert "Dropout" in text
    assert "16 examples" in text


@pytest.mark.parametrize(("dead", "says"), [(1, "1 of 3 inputs is 0 and adds"), (2, "2 of 3 inputs are 0 and add")])
def test_inputs_that_are_zero_are_counted_in_a_sentence(open_page, db: Database, dead: int, says: str) -> None:
    hidden = Layer(np.zeros((64, 3), np.float32), np.array([1] * (3 - dead) + [-1] * dead, np.float32), "relu")
    output = Layer(np.ones((3, 10), np.float32), np.zeros(10, np.float32), "softmax")
    network = replace(class_means("digits"), layers=(hidden, output))

    assert says in texts(open_page(run=make_run_of_network(db, network, hidden=[{"units": 3}])))


def test_no_gradient_flows_through_a_step_function(open_page, db: Database) -> None:
    run = make_run_with_networks(db, hidden=[{"units": 5}, {"units": 4, "activation": "step"}])
    text = texts(open_page(run=run))
    assert text.count("No gradient flows back through the step function") == 2
    assert "Hidden 1: 0 of 320 weights change" in text


@pytest.mark.parametrize(
    "hostile",
    [
        {"n1": "0", "n2": "99", "n3": "-1", "rate": "1e99"},
        {"n1": "x", "n2": "9" * 40, "rate": "."},
    ],
    ids=range(2),
)
def test_an_invalid_address_shows_what_an_empty_one_does(open_page, run: int, hostile: dict[str, str]) -> None:
    assert tables(open_page(run=run, **hostile)) == tables(open_page(run=run))


def test_the_loss_of_a_drawn_digit_is_for_the_chosen_class(open_page, db: Database, monkeypatch) -> None:
    run = make_run_of_network(db, class_means("digits", sharpness=3))
    monkeypatch.setattr(example_selection, "canvas", lambda _key: CanvasContent(ONE, 0.065))
    at = open_page(run=run, source="draw")
    predicted = at.segmented_control(key="inspect_label").value
    loss = number(tables(at)[2][-1][-1])
    clean(at.segmented_control(key="inspect_label").set_value((predicted + 1) % 10).run())
    assert number(tables(at)[2][-1][-1]) > loss
    assert parameters(at)["label"] == str((predicted + 1) % 10)


def test_the_view_is_shown_in_japanese(open_page, run: int) -> None:
    at = open_page(run=run, lang="ja")
    assert "重み付き和" in [row[0] for row in tables(at)[0]]
