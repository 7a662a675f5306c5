"""Look inside: an example in the network and the details of a neuron, run by Streamlit's AppTest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import datasets, paths
from mlpcore.analysis.predictions import predict_test_set
from mlpcore.inference import Layer, Network, load_network, save_network
from mlpcore.store import runs
from mlpcore.ui.inspect import example_selection, neuron_selection, page_address
from mlpcore.ui.inspect import network as network_package
from tests import app_pages
from tests.app_pages import clean, figure_with, texts
from tests.factory.networks import class_means, make_run_with_networks

TWO = {"hidden": [{"units": 20}, {"units": 5, "activation": "tanh"}]}


@pytest.fixture
def open_page(data_folder: Path):
    """Open the page, `open_page(run=3)`, with these parameters in its address."""
    return lambda **address: clean(app_pages.open_page("pages/inspect.py", **address))


def snapshot(db: Database, run: int, epoch: int) -> Path:
    return paths.data_folder() / runs.snapshots(db, run)[epoch]


def put(db: Database, run: int, epoch: int, network: Network) -> None:
    save_network(snapshot(db, run, epoch), replace(network, epoch=epoch))


def test_the_activity_of_the_network_is_drawn_for_an_example(open_page, db: Database):
    run = make_run_with_networks(db, **TWO)
    network = load_network(snapshot(db, run, 2))
    test = datasets.load_test("digits")

    at = open_page(run=run, view="network", example=5)

    predictions = predict_test_set(network, test)
    assert f"The network predicts {predictions.predicted[4]}" in texts(at)
    assert ("Right" if predictions.correct[4] else "Wrong") + f": the label is {test.labels[4]}." in texts(at)
    picture = figure_with(at, "The network for this example")
    assert len(re.findall('data-pick="2-', picture)) == 5
    assert len(re.findall('data-pick="1-', picture)) == 16
    assert "4 more" in picture


def test_the_details_of_a_neuron_show_its_weights_and_its_classes(open_page, db: Database):
    run = make_run_with_networks(db, **TWO)
    network = load_network(snapshot(db, run, 2))

    at = open_page(run=run, view="network", unit="2-3")

    assert "Neuron 3 of hidden layer 2 (tanh)" in texts(at)
    listed = figure_with(at, "contribution")
    assert len(re.findall('data-pick="1-', listed)) == 12
    assert "Bias" in listed
    assert 'data-pick="' in figure_with(at, 'aria-label="Example')
    assert "The neuron&#39;s activation for each class" in figure_with(at, "each class")
    assert abs(float(network.layers[1].bias[2])) < 10


def test_the_written_sum_adds_up(open_page, db: Database):
    run = make_run_with_networks(db, **TWO)

    for unit in ("1-4", "2-2", "3-10"):
        written = re.search(
            r"w_i \+ b = (\S+) ([+-]) (\S+) = (\S+)\$", texts(open_page(run=run, view="network", unit=unit))
        )
        assert written
        total, sign, bias, result = written.groups()
        assert float(total) + float(sign + bias) == pytest.approx(float(result), abs=1e-9)


def test_weights_can_be_shown_in_place_of_contributions(open_page, db: Database):
    run = make_run_with_networks(db, **TWO)
    at = open_page(run=run, view="network")
    before = figure_with(at, "The network for this example")

    clean(at.segmented_control(key="inspect_lines").set_value("weights").run())

    assert at.query_params["lines"] in ("weights", ["weights"])
    assert figure_with(at, "The network for this example") != before
    assert "Each line is a weight" in texts(at)


def test_measurements_are_named_neurons_of_the_input(open_page, db: Database):
    run = make_run_with_networks(db, dataset="iris", hidden=[{"units": 4}])

    at = open_page(run=run, view="network", unit="1-2")

    assert "Petal length (cm)" in figure_with(at, "The network for this example")
    assert "Petal length (cm)" in figure_with(at, "contribution")
    assert "Setosa" in figure_with(at, "each class")


def test_a_prediction_that_only_biases_support_is_explained(open_page, db: Database):
    run = make_run_with_networks(db, dataset="iris", hidden=[{"units": 2}])
    layers = (
        Layer(np.zeros((4, 2), np.float32), np.full(2, -1, np.float32), "relu"),
        Layer(np.ones((2, 3), np.float32), np.array([1, 0, 0], np.float32), "softmax"),
    )
    put(db, run, 2, replace(load_network(snapshot(db, run, 2)), layers=layers))

    at = open_page(run=run, view="network", unit="1-1")

    assert "Only biases" in texts(at)
    assert "the same for every example" in texts(at)


@pytest.mark.parametrize(
    "hostile", ["", "0-1", "1-0", "4-1", "1-21", "1-", "-1", "1-1-1", "a-b", "1-٣", "9" * 60, "1-1e3"]
)
def test_a_neuron_that_does_not_exist_is_ignored(hostile: str, db: Database):
    network = load_network(snapshot(db, make_run_with_networks(db, **TWO), 2))

    assert neuron_selection.parse_neuron(hostile, network) is None
    assert neuron_selection.parse_neuron("1-20", network) == neuron_selection.Neuron(0, 19)
    assert neuron_selection.parse_neuron("3-10", network) == neuron_selection.Neuron(2, 9)


def test_what_a_browser_picks_is_checked(db: Database, monkeypatch: pytest.MonkeyPatch):
    network = class_means("digits")
    written: dict[str, Any] = {}
    monkeypatch.setattr(page_address, "put", lambda **values: written.update(values))
    monkeypatch.setattr(neuron_selection.st, "session_state", {})
    monkeypatch.setattr(network_package, "selected_neuron", lambda _network: None)
    context: Any = SimpleNamespace(network=network)

    for hostile in ("", "1-11", "x", "2-1", "1-1 "):
        network_package._pick(hostile, context)
    for hostile in ("0", "361", "-1", "²", "1.5", "٣"):
        example_selection._open_in_network(hostile, 360)
    assert written == {}

    network_package._pick("1-10", context)
    example_selection._open_in_network("360", 360)
    chosen = {name: value for name, value in written.items() if value is not None}
    assert chosen == {"unit": "1-10", "view": "network", "example": 360}
    assert neuron_selection.scroll_target("neuron", "<p>") == "<p>"
    assert 'data-scroll="2"' in neuron_selection.scroll_target("network", "<p>")
