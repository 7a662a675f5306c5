"""The visitor of a session: from the browser's cookie, or a new one."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
import streamlit as st
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import paths
from mlpcore.actions import Visitor
from mlpcore.store import runs
from mlpcore.ui.shell import visitor as module
from tests.factory.runs import make_run, spec_of
from tests.waiting import DEADLINE_SECONDS

Arrive = Callable[..., Visitor]


@pytest.fixture
def arrive(monkeypatch: pytest.MonkeyPatch) -> Arrive:
    """The visitor of a new session whose browser sends this cookie."""

    def session(cookie: str | None = None) -> Visitor:
        cookies = {} if cookie is None else {module.COOKIE: cookie}
        monkeypatch.setattr(st, "context", SimpleNamespace(cookies=cookies))
        monkeypatch.setattr(st, "session_state", {})
        return module.visitor()

    return session


def test_the_cookie_identifies_the_visitor(arrive: Arrive) -> None:
    assert arrive("0123456789abcdef" * 2).id == "0123456789abcdef" * 2


@pytest.mark.parametrize("cookie", [None, "", "admin", "0" * 31, "F" * 32, "0" * 32 + ";", "<script>", "0" * 5000])
def test_without_a_valid_cookie_the_session_makes_an_id_and_keeps_it(arrive: Arrive, cookie: str | None) -> None:
    first = arrive(cookie)
    assert Visitor.from_text(first.id) == first
    assert module.visitor() == first
    assert arrive(cookie) != first


def test_all_runs_of_a_session_belong_to_one_visitor(db: Database) -> None:
    finished = make_run(db, spec_of(epochs=2))
    at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
    at.query_params["dataset"] = "digits"
    for key in ("train", "train"):
        at.run()
        next(button for button in at.button if button.key == key).click()
        at.run()
    assert not at.exception
    at.query_params["run"] = str(finished)
    at.run()
    owners = [run.owner for run in runs.newest(db) if run.id != finished]
    assert len(owners) == 2
    assert owners == [at.session_state["visitor"].id] * 2


def test_two_sessions_are_two_visitors(db: Database) -> None:
    for _session in range(2):
        at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
        at.query_params["dataset"] = "digits"
        at.run()
        next(button for button in at.button if button.key == "train").click()
        at.run()
    assert len({run.owner for run in runs.newest(db)}) == 2


@pytest.mark.parametrize("script", ["dashboard.py", "pages/leaderboard.py", "pages/predict.py", "pages/inspect.py"])
def test_every_page_lets_the_browser_keep_the_id(db: Database, script: str) -> None:
    at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
    if script != "dashboard.py":
        at.switch_page(script)
    at.run()
    assert not at.exception
    bodies = [element.proto.body for element in at.get("html")]
    assert [body for body in bodies if at.session_state["visitor"].id in body]
