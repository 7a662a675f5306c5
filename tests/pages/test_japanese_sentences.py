"""In Japanese no space stands between sentences: on no page, whatever runs there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import paths
from mlpcore.ui.inspect.views import VIEWS
from tests.factory.networks import constant, make_run_of_network
from tests.factory.runs import make_run, spec_of
from tests.waiting import DEADLINE_SECONDS

SPACE_AFTER_A_SENTENCE = re.compile(r"[。！？] +\S")
PREDICTS_3 = [0.02] * 3 + [0.82] + [0.02] * 6


@pytest.fixture(autouse=True)
def _no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPCORE_WORKERS", "0")


def opened(script: str, **address: str) -> AppTest:
    """A page in Japanese, with these parameters in its address."""
    at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
    if script != "dashboard.py":
        at.switch_page(script)
    for name, value in {"lang": "ja", **address}.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def all_texts(at: AppTest) -> Iterator[str]:
    """Every text of a page, also those that components draw in the browser."""
    for part in (at.main, at.sidebar):
        for kind in ("markdown", "caption", "info", "warning", "error", "success", "toast"):
            yield from (str(element.value) for element in part.get(kind))
        for element in part.get("bidi_component"):
            yield json.dumps(json.loads(element.proto.json or "null"), ensure_ascii=False)


def assert_no_space_between_sentences(at: AppTest) -> None:
    texts = "\n".join(all_texts(at))
    assert "。" in texts, "this page is not in Japanese, or has no sentence"
    spaced = [texts[max(0, found.start() - 40) : found.end() + 20] for found in SPACE_AFTER_A_SENTENCE.finditer(texts)]
    assert not spaced, spaced


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "diverged", "queued", "running"])
@pytest.mark.parametrize("settings", [{}, {"repeats": 3}, {"repeats": 2, "folds": 3, "early_stopping": 1}])
def test_the_train_page_with_a_run_of_any_kind(db: Database, status: str, settings: dict[str, int]) -> None:
    run = make_run(db, spec_of(epochs=3, **settings), status=status)
    assert_no_space_between_sentences(opened("dashboard.py", run=str(run)))


def test_the_form_of_several_networks(db: Database) -> None:
    assert_no_space_between_sentences(opened("dashboard.py", dataset="digits", repeats="3", folds="5"))


def test_the_leaderboard(db: Database) -> None:
    for status in ("finished", "stopped", "failed"):
        make_run(db, spec_of(epochs=3, repeats=2), status=status)
    assert_no_space_between_sentences(opened("pages/leaderboard.py"))


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("tab", ["draw", "upload", "camera", "test", "mine"])
def test_every_tab_of_try_a_digit(db: Database, tab: str, members: int) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3), repeats=members)
    at = opened("pages/predict.py")
    at.segmented_control(key="predict_input").set_value(tab).run()
    assert_no_space_between_sentences(at)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_look_inside(db: Database, view: str) -> None:
    run = make_run_of_network(db, constant("digits", PREDICTS_3))
    assert_no_space_between_sentences(opened("pages/inspect.py", run=str(run), view=view))
