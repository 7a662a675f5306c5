"""Fixtures of the tests of pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mlpcore.ui.components.canvas import CanvasContent
from mlpcore.ui.predict import input_tabs
from tests import app_pages
from tests.app_pages import Open
from tests.predict_page import ONE


@pytest.fixture(autouse=True)
def all_may_do_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages under test have no connection from which they could tell that their visitor is at this machine."""
    monkeypatch.setenv("MLPCORE_OPEN", "1")


@pytest.fixture
def open_page(request: pytest.FixtureRequest, data_folder: Path) -> Open:
    """Open the page that the test's module names in `PAGE`: `open_page(run=3)` opens it at `?run=3`."""
    return partial(app_pages.open_page, request.module.PAGE)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Put strokes on the canvas of Try a digit, at first a 1."""

    def draw(strokes: Any) -> None:
        monkeypatch.setattr(input_tabs, "canvas", lambda _key: CanvasContent(strokes, 0.065))

    draw(ONE)
    return draw
