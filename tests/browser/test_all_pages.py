"""What every page has, in a real browser: its language, the links of the menu, and no empty sidebar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, expect

from mlpcore.store.connection import opened
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
