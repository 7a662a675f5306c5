"""Look inside in a real browser: from a layer's strip to a neuron, to an example that excites it, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, expect

from mlpcore import datasets
from mlpcore.analysis.neuron_response import neuron_response
from mlpcore.inference import load_network, save_network
from mlpcore.store import runs
from mlpcore.store.connection import opened
from tests.factory.networks import make_run_with_networks

Open = Callable[..., Visit]
DIGITS, WINE = 1, 2
"""The runs, by their ids."""


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with a network for digits with a dead neuron, and a network for wines."""
    folder = tmp_path_factory.mktemp("neurons")
    with opened(folder / "mlplab.db") as db:
        make_run_with_networks(db, folder=folder, hidden=[{"units": 20}, {"units": 6, "activation": "tanh"}])
        make_run_with_networks(db, folder=folder, dataset="wine", hidden=[{"units": 4}])
        path = folder / runs.snapshots(db, DIGITS)[2]
    network = load_network(path)
    first = network.layers[0]
    dead = replace(first, bias=np.where(np.arange(20) == 12, -1e3, first.bias).astype(np.float32))
    save_network(path, replace(network, layers=(dead, *network.layers[1:])))
    running = Server("dashboard.py", folder, MLPCORE_WORKERS="0")
    yield running
    running.stop()


def test_a_picked_neuron_leads_to_an_example_that_activates_it(look_inside: Open, server: Server) -> None:
    window = look_inside(f"?run={DIGITS}&view=neurons")
    window.see("3 dead (15.0 %)")
    window.page.get_by_role("button", name="Neuron 13: dead").click()
    window.see("Neuron 13 of hidden layer 1 (ReLU)")
    window.see("Its activation is the same for every example")
    # By keyboard, as a button: the chosen neuron of another layer.
    picture = window.page.get_by_role("group", name="The network for this example")
    picture.locator('[data-pick="2-4"]').press("Enter")
    window.see("Neuron 4 of hidden layer 2 (tanh)")
    expect(window.page.get_by_text("Its inputs", exact=True)).to_be_in_viewport()
    # An example, and back by choosing the neuron once more.
    network = load_network(next(server.data.glob("models/run-1/epoch-0002*.safetensors")))
    response = neuron_response(network, datasets.load_test("digits"), 1, 3, 8)
    best = int(response.highest_examples[0]) + 1
    window.page.locator(f'.mlp-pickable div[data-pick="{best}"]').first.click()
    expect(window.page.get_by_role("spinbutton")).to_have_value(str(best))
    assert f"example={best}" in window.page.url
    assert "unit=2-4" in window.page.url
    picture.locator('[data-pick="2-4"]').click()
    expect(window.page.get_by_text("Neuron 4 of hidden layer 2 (tanh)")).to_have_count(0)


def test_an_example_whose_prediction_changed_leads_to_the_network_view(look_inside: Open) -> None:
    window = look_inside(f"?run={DIGITS}&view=neurons")
    card = window.page.locator('.mlp-pickable [aria-label^="Example"]').first
    number = card.get_attribute("data-pick")
    card.click()
    window.see("The network predicts")
    expect(window.page.get_by_role("spinbutton")).to_have_value(str(number))
    expect(window.page.get_by_role("group", name="The network for this example")).to_be_in_viewport()


def test_a_link_in_the_list_of_inputs_leads_to_the_neuron_before(look_inside: Open) -> None:
    window = look_inside(f"?run={DIGITS}&view=network&unit=2-1")
    link = window.page.locator('.mlp-pickable span[data-pick^="1-"]').first
    number = str(link.get_attribute("data-pick")).removeprefix("1-")
    link.click()
    window.see(f"Neuron {number} of hidden layer 1 (ReLU)")
    window.see("Its inputs, pixel by pixel")
    window.click("Close")
    expect(window.page.get_by_text("Its inputs, pixel by pixel")).to_have_count(0)


@pytest.mark.parametrize("run", [DIGITS, WINE])
def test_on_a_phone_in_japanese_nothing_is_wider_than_the_window(look_inside: Open, run: int) -> None:
    window = look_inside(f"?run={run}&view=network&unit=1-2", phone=True, locale="ja-JP")
    window.see("クラスごとの活性値")
    assert not window.scrolls_sideways()
    window.page.get_by_role("radio", name="ニューロン").click()
    window.see("学習で変わったこと")
    window.idle()
    assert not window.scrolls_sideways()
    rights = window.page.locator(".mlp-picture, .mlp-pickable").evaluate_all(
        "all => all.map(a => a.scrollWidth - a.clientWidth)"
    )
    assert all(excess <= 0 for excess in rights)
