"""Phones are recognized in one way by Python and in one way by styles."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
import streamlit as st

from mlpcore.paths import PROJECT
from mlpcore.ui.shell import phone

UI = PROJECT / "mlpcore" / "ui"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari"
ANDROID = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile Safari/537.36"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "expected"), [(IPHONE, True), (ANDROID, True), (LAPTOP, False), ("", False), (None, False)]
)
def test_a_phone_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch, agent: str | None, expected: bool) -> None:
    headers = {} if agent is None else {"User-Agent": agent}
    monkeypatch.setattr(st, "context", SimpleNamespace(headers=headers))
    assert phone.on_phone() is expected


def test_all_styles_save_room_at_one_width() -> None:
    sidebar = {("page.css", f"min-width: {phone.SIDEBAR_WIDTH}px")}
    widths = {
        (path.name, condition)
        for path in sorted(UI.rglob("*.css"))
        for condition in re.findall(r"@media[^{]*\(((?:min-|max-)?width[^)]*)\)", path.read_text())
    }
    assert sidebar < widths
    assert {condition for _file, condition in widths - sidebar} == {f"max-width: {phone.PHONE_WIDTH}px"}


def test_nothing_else_decides_what_a_phone_is() -> None:
    for path in sorted([*UI.rglob("*.py"), *UI.rglob("*.js"), *(PROJECT / "pages").glob("*.py")]):
        if path.parent == UI / "shell" and path.name in ("phone.py", "press.js"):
            continue
        assert not re.search(r"User-Agent|userAgent|innerWidth|matchMedia\([^)]*width", path.read_text()), path
