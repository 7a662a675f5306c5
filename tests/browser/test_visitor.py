"""Who visits, in a real browser: the id outlives reloads and pages, and each browser has its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from harness import Server, Visit
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
