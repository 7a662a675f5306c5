"""What every page has, in a real browser: its language, the links of the menu, and no empty sidebar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, expect

from mlpcore.store.connection import opened
from mlpcore.ui.inspect.views import VIEWS
from mlpcore.ui.predict.input_tabs import TABS
from tests.factory.networks import make_run_with_networks

Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard without workers and with two trained networks, for digits and for measurements."""
    folder = tmp_path_factory.mktemp("pages")
    with opened(folder / "mlplab.db") as db:
        layers = [{"units": 24, "dropout": 0.2}, {"units": 12, "activation": "tanh"}]
        make_run_with_networks(db, folder=folder, hidden=layers)
        make_run_with_networks(db, folder=folder, dataset="wine", hidden=[{"units": 9}])
    running = Server("dashboard.py", folder, MLPCORE_WORKERS="0")
    yield running
    running.stop()


WATCH_SIDEBAR = """() => {
    window.emptySidebars = 0;
    const look = () => {
        const bar = document.querySelector("[data-testid=stSidebar]");
        if (bar?.getBoundingClientRect().width && !bar.innerText.trim()) window.emptySidebars += 1;
        requestAnimationFrame(look);
    };
    look();
}"""
"""Counts the frames in which a sidebar without contents takes room."""


def follow(window: Visit, label: str, address: str) -> None:
    """Follow a link of the menu and wait for its page."""
    window.page.locator(".st-key-menu").get_by_role("link", name=label).click()
    expect(window.page).to_have_url(re.compile(address))
    window.idle()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_language_in_the_address_goes_along_and_is_the_documents(server: Server, visit: Open, phone: bool) -> None:
    window = visit(server, "?lang=ja", phone=phone)
    document = window.page.locator("html")
    expect(document).to_have_attribute("lang", "ja")

    for label, page in (("ランキング", "leaderboard"), ("手書き数字を試す", "predict"), ("中を見る", "inspect")):
        follow(window, label, f"/{page}.*lang=ja")
        expect(document).to_have_attribute("lang", "ja")
    window.page.locator(".st-key-language").get_by_role("radio", name="English").click()
    expect(document).to_have_attribute("lang", "en")
    window.idle()
    follow(window, "Train", "lang=en")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_no_page_shows_an_empty_sidebar(server: Server, visit: Open, phone: bool) -> None:
    window = visit(server, "?run=1", phone=phone)
    sidebar = window.page.locator("[data-testid=stSidebar]")
    collapse = window.page.locator("[data-testid=stSidebarCollapseButton] button")
    expand = window.page.locator("[data-testid=stExpandSidebarButton]")
    if not phone:
        sidebar.hover()
        collapse.click()
    expand.click()
    if phone:
        collapse.click()

    window.page.evaluate(WATCH_SIDEBAR)
    for label, address in (("Leaderboard", "leaderboard"), ("Train", "run="), ("Look inside", "inspect")):
        follow(window, label, address)
    expect(sidebar).not_to_be_visible()
    expect(expand).not_to_be_visible()
    assert window.page.evaluate("window.emptySidebars") == 0

    window.page.reload()
    window.idle()
    expect(sidebar).not_to_be_visible()
    expect(expand).not_to_be_visible()


def test_no_page_and_no_tab_slides_sideways_on_a_phone(server: Server, visit: Open) -> None:
    window = visit(server, "predict?run=1&lang=ja", phone=True)
    wide = []

    def look(what: str) -> None:
        for width in (360, 430):
            window.page.set_viewport_size({"width": width, "height": 800})
            if window.scrolls_sideways():
                wide.append(f"{what} at {width}")

    for tab in TABS:
        window.page.locator(".st-key-predict_input button").nth(list(TABS).index(tab)).click()
        window.idle()
        look(tab)
    for page in ("", "?run=1", "leaderboard", "predict?run=2", *(f"inspect?run=1&view={view}" for view in VIEWS)):
        window.goto(page)
        look(page)

    assert wide == []


def top(window: Visit, selector: str) -> float:
    """Where an element begins, in pixels from the top of the window."""
    return float(window.page.locator(selector).evaluate("element => element.getBoundingClientRect().top"))


def test_on_a_phone_bars_follow_the_canvas_and_the_keys_that_save_follow_the_bars(server: Server, visit: Open) -> None:
    window = visit(server, "predict?run=1", phone=True)
    window.page.locator(".mlp-keep-row").wait_for()

    assert top(window, ".mlp-board-tools") < top(window, ".mlp-predictions") < top(window, ".mlp-keep-row")
    position = "element => getComputedStyle(element).position"
    assert window.page.locator(".st-key-predict_keep").evaluate(position) != "sticky"
    tabs = window.page.locator(".st-key-predict_input button")
    assert len({tab.evaluate("element => element.offsetTop") for tab in tabs.all()}) == 1
