"""The browser: phones, scripts with values that cannot become markup, the visitor's cookie."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from sqlite_utils import Database
from streamlit import runtime
from streamlit.testing.v1 import AppTest

from mlpcore import paths
from mlpcore.actions import Visitor
from mlpcore.paths import PROJECT
from mlpcore.store import runs
from mlpcore.ui.shell import browser
from tests.factory.runs import make_run, spec_of
from tests.waiting import DEADLINE_SECONDS

UI = PROJECT / "mlpcore" / "ui"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari"
ANDROID = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile Safari/537.36"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36"
SCRIPTS = sorted(Path(browser.__file__).parent.glob("*.js"))

Arrive = Callable[..., Visitor]


class Elements(HTMLParser):
    """The elements of a text with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "value", ["plain", '"><script>alert(1)</script>', "' onload='x", "</script>", "日本語 &amp; ½"]
)
def test_a_script_gets_its_values_as_they_are(monkeypatch: pytest.MonkeyPatch, path: Path, value: str) -> None:
    bodies: list[str] = []
    monkeypatch.setattr(st, "html", lambda body, **_options: bodies.append(body))

    browser.run_script(path.stem, value=value)

    elements = Elements()
    elements.feed(bodies[0])
    ((tag, attributes),) = elements.found
    assert tag == "script"
    assert json.loads(attributes["data-values"] or "") == {"value": value}
    assert bodies[0].endswith(f">{path.read_text()}</script>")


@pytest.mark.parametrize(
    ("agent", "expected"), [(IPHONE, True), (ANDROID, True), (LAPTOP, False), ("", False), (None, False)]
)
def test_a_phone_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch, agent: str | None, expected: bool) -> None:
    headers = {} if agent is None else {"User-Agent": agent}
    monkeypatch.setattr(st, "context", SimpleNamespace(headers=headers))
    assert browser.on_phone() is expected


def test_all_styles_save_room_at_one_width() -> None:
    sidebar = {("page.css", f"min-width: {browser.SIDEBAR_WIDTH}px")}
    widths = {
        (path.name, condition)
        for path in sorted(UI.rglob("*.css"))
        for condition in re.findall(r"@media[^{]*\(((?:min-|max-)?width[^)]*)\)", path.read_text())
    }
    assert sidebar < widths
    assert {condition for _file, condition in widths - sidebar} == {f"max-width: {browser.PHONE_WIDTH}px"}


def test_nothing_else_decides_what_a_phone_is() -> None:
    for path in sorted([*UI.rglob("*.py"), *UI.rglob("*.js"), *(PROJECT / "pages").glob("*.py")]):
        if path.parent == UI / "shell" and path.name in ("browser.py", "press.js"):
            continue
        assert not re.search(r"User-Agent|userAgent|innerWidth|matchMedia\([^)]*width", path.read_text()), path


@pytest.fixture
def arrive(monkeypatch: pytest.MonkeyPatch) -> Arrive:
    """The visitor of a new session whose browser sends this cookie and these headers from this address."""

    def session(
        cookie: str | None = None, address: str | None = None, headers: dict[str, str] | None = None
    ) -> Visitor:
        cookies = {} if cookie is None else {browser.COOKIE: cookie}
        client = SimpleNamespace(client_context=SimpleNamespace(remote_ip=address))
        monkeypatch.setattr(st, "context", SimpleNamespace(cookies=cookies, headers=headers or {}))
        monkeypatch.setattr(st, "session_state", {})
        monkeypatch.setattr(browser, "get_script_run_ctx", lambda: SimpleNamespace(session_id="1"))
        monkeypatch.setattr(runtime, "exists", lambda: True)
        monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(get_client=lambda session: client))
        return browser.visitor()

    return session


DIRECT = {"Host": "localhost:8501", "Origin": "http://localhost:8501", "User-Agent": LAPTOP}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.5", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_a_browser_on_the_servers_machine_is_local(arrive: Arrive, address: str, name: str) -> None:
    assert arrive(address=address, headers={"host": f"{name}:8501", "origin": f"http://{name}:8501"}).local
    assert arrive(address=address, headers={"Host": name}).local


@pytest.mark.parametrize("address", ["192.168.1.7", "10.0.0.1", "8.8.8.8", "fe80::1", "localhost", "", None])
def test_a_browser_on_another_machine_is_not_local(arrive: Arrive, address: str | None) -> None:
    assert not arrive(address=address, headers=DIRECT).local


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "x-forwarded-host", "Forwarded", "X-Real-IP", "X-Client-IP", "CF-Connecting-IP", "Via"],
)
def test_behind_a_proxy_on_this_machine_nobody_is_local(arrive: Arrive, header: str) -> None:
    assert not arrive(address="127.0.0.1", headers=DIRECT | {header: "127.0.0.1"}).local


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "lab.example.org", "Origin": "https://lab.example.org"},
        {"Host": "127.0.0.1:8501", "Origin": "https://lab.example.org"},  # what nginx sends unless told otherwise
        {"Host": "localhost:8501", "Origin": "null"},
        {"Host": "rebound.example.org:8501"},
        {"Host": "localhost.example.org"},
        {"Host": "[::1"},
        {"Host": ""},
        {},
    ],
    ids=str,
)
def test_a_page_with_another_name_is_not_local(arrive: Arrive, headers: dict[str, str]) -> None:
    assert not arrive(address="127.0.0.1", headers=headers).local


def test_a_session_whose_connection_is_gone_is_not_local(arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    assert arrive(address="127.0.0.1", headers=DIRECT).local
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(get_client=lambda session: None))
    assert not browser.visitor().local


def test_an_id_that_the_browser_has_sent_is_not_sent_back(arrive: Arrive, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(st, "html", lambda body, **_options: sent.append(body))
    monkeypatch.setattr(st, "get_option", lambda name: "")
    known, new = arrive("0123456789abcdef" * 2), None
    browser.keep_visitor()
    assert known.id not in sent[-1]
    new = arrive()
    browser.keep_visitor()
    assert new.id in sent[-1]


def test_the_cookie_identifies_the_visitor(arrive: Arrive) -> None:
    assert arrive("0123456789abcdef" * 2).id == "0123456789abcdef" * 2


@pytest.mark.parametrize("cookie", [None, "", "admin", "0" * 31, "F" * 32, "0" * 32 + ";", "<script>", "0" * 5000])
def test_without_a_valid_cookie_the_session_makes_an_id_and_keeps_it(arrive: Arrive, cookie: str | None) -> None:
    first = arrive(cookie)
    assert Visitor.from_text(first.id) == first
    assert browser.visitor() == first
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
