"""Where a network looks, and its arithmetic, in a real browser: what is clicked leads to what it must."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, expect

from mlpcore.store.connection import opened
from tests.factory.networks import make_run_with_networks

Open = Callable[..., Visit]
PICTURES, MEASUREMENTS = 1, 2
"""The runs, by their ids."""


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("networks")
    with opened(folder / "mlplab.db") as db:
        make_run_with_networks(db, hidden=[{"units": 12, "activation": "tanh"}], folder=folder)
        make_run_with_networks(db, dataset="wine", hidden=[{"units": 5}], folder=folder)
    running = Server("dashboard.py", folder, MLPCORE_WORKERS="0")
    yield running
    running.stop()


def test_a_click_on_the_picture_puts_the_patch_there_and_the_keyboard_does_too(look_inside: Open) -> None:
    page = look_inside(f"?run={PICTURES}&view=saliency&example=3").page
    page.locator('[data-pick="2-5"]').click()
    expect(page.get_by_text("With the patch at row 2, column 5,")).to_be_visible()
    expect(page).to_have_url(re.compile("patch_at=2-5"))
    page.locator('[data-pick="6-3"]').focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("With the patch at row 6, column 3,")).to_be_visible()
    expect(page.locator('[data-pick="6-3"]')).to_be_focused()
    page.get_by_role("button", name="Move to where it matters most").click()
    expect(page).not_to_have_url(re.compile("patch_at="))


def test_a_row_of_the_table_is_calculated_when_it_is_chosen(look_inside: Open) -> None:
    window = look_inside(f"?run={PICTURES}&view=arithmetic&example=3&n1=9")
    page = window.page
    neuron = page.get_by_role("spinbutton", name="Neuron, from 1 to 12")
    expect(neuron).to_have_value("9")
    page.get_by_text("All 12 neurons of this layer").click()
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    page.mouse.click(box["x"] + 18, box["y"] + 36 + 35 * 2 + 17)
    expect(neuron).to_have_value("3")
    expect(page).to_have_url(re.compile("n1=3"))
    neuron.fill("8")
    neuron.press("Enter")
    marked = page.locator("[data-testid=stDataFrame]").first.locator("[role=row][aria-selected=true]")
    expect(marked).to_have_attribute("aria-rowindex", "9")


def test_a_learning_rate_is_used_and_an_invalid_one_is_reported(look_inside: Open) -> None:
    window = look_inside(f"?run={PICTURES}&view=arithmetic&example=3")
    page = window.page
    rate = page.get_by_role("spinbutton", name="Learning rate η")
    rate.fill("0.5")
    rate.press("Enter")
    expect(page).to_have_url(re.compile("rate=0.5"))
    rate.fill("0")
    rate.press("Enter")
    window.see("The learning rate must be above 0 and at most 100: 0.001 is used.")
    expect(rate).to_have_value("0.001")


@pytest.mark.parametrize("view", ["saliency", "arithmetic"])
@pytest.mark.parametrize("run", [PICTURES, MEASUREMENTS])
def test_on_a_phone_nothing_scrolls_sideways(look_inside: Open, run: int, view: str) -> None:
    window = look_inside(f"?run={run}&view={view}", phone=True, locale="ja-JP")
    expect(window.page.locator(".mlp-picture").first).to_be_visible()
    assert not window.scrolls_sideways()
