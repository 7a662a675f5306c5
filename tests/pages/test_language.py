"""The language of a page: a choice by the address travels with every link, and lasts for the session."""

from __future__ import annotations

import ast
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import paths
from tests.app_pages import SCRIPTS, clean, open_page, parameters
from tests.factory.networks import make_run_with_networks


def linked_languages(at: AppTest) -> list[str | None]:
    """The language in the address of each link of the page."""
    queries = [parse_qs(link.proto.query_string) for link in at.get("page_link")]
    return [query.get("lang", [None])[0] for query in queries]


def heading(at: AppTest) -> str:
    """The label of the first link of the menu."""
    return str(at.get("page_link")[0].proto.label)


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_link_of_a_page_carries_the_language_of_its_address(script: str, db: Database) -> None:
    run = make_run_with_networks(db)

    at = clean(open_page(script, run=run, lang="ja"))

    assert len(linked_languages(at)) >= len(SCRIPTS)
    assert set(linked_languages(at)) == {"ja"}


def test_links_name_no_language_that_nobody_chose(data_folder: Path) -> None:
    assert set(linked_languages(clean(open_page("dashboard.py")))) == {None}
    assert set(linked_languages(clean(open_page("dashboard.py", lang="tlh")))) == {None}


def test_a_language_in_the_address_lasts_on_the_next_page_and_yields_to_the_switch(data_folder: Path) -> None:
    at = clean(open_page("pages/leaderboard.py", lang="ja"))
    at.query_params.clear()
    at = clean(at.switch_page("pages/predict.py").run())

    assert heading(at) == "学習"
    assert parameters(at)["lang"] == "ja"

    at = clean(at.segmented_control(key="language_switch").set_value("en").run())

    assert heading(at) == "Train"
    assert parameters(at)["lang"] == "en"


def test_the_shared_link_of_the_form_carries_the_language(data_folder: Path) -> None:
    at = clean(open_page("dashboard.py", lang="ja", dataset="wine"))

    assert any("lang=ja" in code.value for code in at.code)


def test_only_one_module_makes_links_between_pages() -> None:
    makers = {
        path.name
        for folder in ("mlpcore", "pages")
        for path in (paths.PROJECT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("page_link", "switch_page")
    }

    assert makers == {"links.py"}
