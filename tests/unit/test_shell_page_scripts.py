"""Scripts on the page: their code comes from files, and what they are given cannot become markup."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
import streamlit as st

from mlpcore.ui.shell import page_scripts

SCRIPTS = sorted(Path(page_scripts.__file__).parent.glob("*.js"))


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

    page_scripts.run_script(path.stem, value=value)

    elements = Elements()
    elements.feed(bodies[0])
    ((tag, attributes),) = elements.found
    assert tag == "script"
    assert json.loads(attributes["data-values"] or "") == {"value": value}
    assert bodies[0].endswith(f">{path.read_text()}</script>")
