"""Look inside: dead neurons, distributions, and what training changed, run by Streamlit's AppTest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import datasets, paths
from mlpcore.analysis.layer_statistics import LayerUnits
from mlpcore.analysis.predictions import predict_test_set
from mlpcore.analysis.weight_change import prediction_changes
from mlpcore.inference import Network, load_network, save_network
from mlpcore.store import runs
from mlpcore.ui.inspect.neurons import units_to_draw
from tests import app_pages
from tests.app_pages import clean, figure_with, texts
from tests.factory.networks import class_means, constant, make_run_of_network, make_run_with_networks

TWO = {"hidden": [{"units": 20}, {"units": 5, "activation": "tanh"}]}


@pytest.fixture
def open_page(data_folder: Path):
    """Open the page, `open_page(run=3)`, with these parameters in its address."""
    return lambda **address: clean(app_pages.open_page("pages/inspect.py", **address))


def snapshot(db: Database, run: int, epoch: int) -> Path:
    return paths.data_folder() / runs.snapshots(db, run)[epoch]


def put(db: Database, run: int, epoch: int, network: Network) -> None:
    save_network(snapshot(db, run, epoch), replace(network, epoch=epoch))


def test_dead_neurons_are_counted_and_can_be_picked(open_page, db: Database):
    run = make_run_with_networks(db, hidden=[{"units": 8}])
    network = load_network(snapshot(db, run, 2))
    dead = replace(network.layers[0], bias=np.where(np.arange(8) < 2, -1e3, network.layers[0].bias).astype(np.float32))
    put(db, run, 2, replace(network, layers=(dead, network.layers[1])))

    at = open_page(run=run, view="neurons")

    assert "**Hidden 1** (ReLU, 8 neurons) · 2 dead (25.0 %)" in texts(at)
    strip = figure_with(at, "The neurons of hidden layer 1")
    assert re.findall("Neuron ([0-9]+): dead", strip) == ["1", "2"]
    assert re.findall('data-pick="([^"]+)"', strip) == [f"1-{number}" for number in range(1, 9)]


def test_dead_and_saturated_neurons_of_a_large_layer_are_drawn_first() -> None:
    count = 50
    outputs = np.zeros((2, count))
    outputs[1] = 1
    outputs[1, [30, 49]] = 0
    layer = LayerUnits("relu", outputs[0], outputs[1], outputs[1], None)

    assert units_to_draw(layer, 4).tolist() == [0, 1, 30, 49]
    assert units_to_draw(layer, 99).tolist() == list(range(count))


def test_the_saved_epochs_are_listed(open_page, db: Database):
    run = make_run_with_networks(db, kept=(0, 2, 7), epochs=7, hidden=[{"units": 3}])

    at = open_page(run=run, view="neurons")

    assert "Saved epochs: the untrained network, epoch 2, epoch 7." in texts(at)
    assert figure_with(at, "Hidden 1: weights").count("Output: activations") >= 1
    assert at.selectbox(key="inspect_until").options == [
        "Between epoch 2 and epoch 7",
        "From the untrained network to epoch 2",
    ]


def test_what_changed_between_two_epochs_is_counted_and_shown(open_page, db: Database):
    run = make_run_with_networks(db, kept=(1, 2), hidden=[])
    before, after = constant("digits", [0.1] * 3 + [0.2] + [0.5 / 6] * 6), class_means("digits", 3)
    put(db, run, 1, before)
    put(db, run, 2, after)
    test = datasets.load_test("digits")
    changes = prediction_changes(predict_test_set(before, test), predict_test_set(after, test))

    at = open_page(run=run, view="neurons")

    assert f"Wrong before, right after: {len(changes.learned)}" in texts(at)
    assert f"Right before, wrong after: {len(changes.lost)}" in texts(at)
    assert f"to **{100 * changes.after:.1f} %**" in texts(at)
    shown = re.findall('data-pick="([0-9]+)"', figure_with(at, 'aria-label="Example'))
    assert [int(number) - 1 for number in shown] == changes.learned[:8].tolist()


def test_an_accuracy_that_did_not_change_is_not_worded_as_a_change(open_page, db: Database):
    run = make_run_with_networks(db, kept=(1, 2), hidden=[])
    for epoch in (1, 2):
        put(db, run, epoch, class_means("digits"))

    assert "the accuracy is the same before and after: **" in texts(open_page(run=run, view="neurons"))


def test_an_earlier_pair_of_epochs_can_be_chosen(open_page, db: Database):
    run = make_run_with_networks(db, hidden=[])
    put(db, run, 0, class_means("digits"))
    at = open_page(run=run, view="neurons")
    assert at.selectbox(key="inspect_until").value == 2
    before = figure_with(at, "change of the weights")

    clean(at.selectbox(key="inspect_until").set_value(1).run())

    assert at.query_params["until"] in ("1", ["1"])
    assert figure_with(at, "change of the weights") != before
    assert open_page(run=run, view="neurons", until=77).selectbox(key="inspect_until").value == 2


def test_a_single_saved_network_cannot_be_compared(open_page, db: Database):
    run = make_run_of_network(db, class_means("digits"))

    at = open_page(run=run, view="neurons")

    assert "there is nothing to compare it with" in texts(at)
    assert "there is no change over the epochs to see" in texts(at)
    assert "it has no hidden neurons to look at" in texts(at)


def test_a_missing_epoch_is_left_out_and_named(open_page, db: Database):
    run = make_run_with_networks(db, hidden=[{"units": 3}])
    snapshot(db, run, 1).unlink()

    at = open_page(run=run, view="neurons")

    assert "missing or damaged and left out: epoch 1." in texts(at)
    assert "Saved epochs: the untrained network, epoch 2." in texts(at)
    assert "The saved network of one of these epochs is missing or damaged." in texts(at)


@pytest.mark.parametrize(("language", "gap"), [("en", ". "), ("ja", "。")])
def test_sentences_are_joined_as_the_language_requires(open_page, db: Database, language: str, gap: str):
    run = make_run_with_networks(db, hidden=[{"units": 3}])

    captions = [element.value for element in open_page(run=run, view="neurons", lang=language).caption]

    assert any(gap in caption for caption in captions)
    assert not any("。 " in caption for caption in captions)
