"""The greeting of a new user on the Train page."""

from __future__ import annotations

from typing import Any

import pytest
from sqlite_utils import Database

from tests.app_pages import Open, clean
from tests.factory.runs import make_run
from tests.train_page import button, keys, texts

PAGE = "dashboard.py"
GREETING = "Welcome to MLP Lab"


def test_a_new_user_is_greeted_until_the_greeting_is_closed(open_page: Open) -> None:
    at = clean(open_page())
    assert GREETING in texts(at)

    clean(button(at, "welcome_close").click().run())
    assert GREETING not in texts(at)
    clean(at.switch_page("pages/leaderboard.py").run())
    clean(at.switch_page("dashboard.py").run())
    assert GREETING not in texts(at)


def test_a_browser_that_was_here_before_is_not_greeted(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlpcore.ui.train.welcome.sent_visitor", lambda: True)

    assert GREETING not in texts(clean(open_page()))


@pytest.mark.parametrize("address", [{"run": 1}, {"run": 1, "lang": "ja"}])
def test_the_greeting_is_not_in_the_way_of_a_run(open_page: Open, db: Database, address: dict[str, Any]) -> None:
    make_run(db)

    assert "welcome_close" not in keys(clean(open_page(**address)))


def test_the_greeting_speaks_japanese(open_page: Open) -> None:
    assert "MLP Lab へようこそ" in texts(clean(open_page(lang="ja")))
