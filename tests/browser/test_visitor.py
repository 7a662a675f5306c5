"""Who visits, in a real browser: the id outlives reloads and pages, and each browser has its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from harness import NOT_LOCAL, Server, Visit
from playwright.sync_api import expect

from mlpcore.actions import Visitor
from mlpcore.ui.shell.browser import COOKIE

SETTINGS = "?dataset=digits&epochs=2"


def cookie(window: Visit) -> str:
    """The visitor's id as this browser keeps it."""
    (kept,) = [cookie["value"] for cookie in window.context.cookies(window.url) if cookie["name"] == COOKIE]
    return kept


def owners(server: Server) -> list[str]:
    """Whose the runs in the database are, in the order of their numbers."""
    with closing(sqlite3.connect(server.data / "mlplab.db")) as connection:
        return [owner for (owner,) in connection.execute("SELECT owner FROM runs ORDER BY id")]


def train(window: Visit) -> None:
    """Queue a run and wait until it is shown."""
    window.button("Train").click()
    expect(window.button("Stop")).to_be_visible()
    window.idle()


@pytest.mark.parametrize("base", ["", "--server.baseUrlPath=lab"])
def test_a_browser_keeps_its_visitor_and_another_one_gets_another(
    serve: Callable[..., Server], visit: Callable[..., Visit], base: str
) -> None:
    server = serve("dashboard.py", *([base] if base else []), MLPCORE_WORKERS="0")
    anna, ben = visit(server, SETTINGS), visit(server, SETTINGS)
    first = cookie(anna)
    assert Visitor.from_text(first) is not None

    train(anna)
    anna.page.reload()
    anna.idle()
    assert cookie(anna) == first
    anna.goto("leaderboard")
    train(anna.goto(SETTINGS))
    train(ben)

    assert owners(server) == [first, first, cookie(ben)]
    assert cookie(anna) == first != cookie(ben)


def test_a_browser_with_an_invalid_cookie_gets_a_valid_id(
    serve: Callable[..., Server], visit: Callable[..., Visit]
) -> None:
    server = serve("dashboard.py", MLPCORE_WORKERS="0")
    window = visit(server, SETTINGS)
    window.context.clear_cookies()
    window.context.add_cookies([{"name": COOKIE, "value": "admin'--", "url": server.url}])

    train(window.goto(SETTINGS))

    assert owners(server) == [cookie(window)]
    assert Visitor.from_text(cookie(window)) is not None


def test_only_its_owner_can_stop_a_run_and_who_sits_at_the_servers_machine(
    serve: Callable[..., Server], visit: Callable[..., Visit]
) -> None:
    server = serve("dashboard.py", MLPCORE_WORKERS="0")
    local_url = server.url
    server.url = f"http://{NOT_LOCAL}:{server.port}/"
    anna, ben = visit(server, SETTINGS), visit(server)
    train(anna)
    second_window = anna.context.new_page()
    second_window.goto(f"{server.url}?run=1")
    expect(second_window.get_by_role("button", name="Stop", exact=True)).to_be_enabled()

    expect(ben.goto("?run=1").button("Stop")).to_be_disabled()
    ben.button("Stop").locator("..").hover()
    expect(ben.page.get_by_text("Run 1 is not yours")).to_be_visible()
    ids = {cookie(anna), cookie(ben)}
    assert len(ids) == 2
    assert not any(visitor in window.page.content() for visitor in ids for window in (anna, ben))

    server.url = local_url
    local = visit(server, "?run=1")
    expect(local.button("Stop")).to_be_enabled()
    local.button("Stop").click()
    expect(ben.page.get_by_text("Stopped by hand.")).to_be_visible()
