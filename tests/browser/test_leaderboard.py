"""The leaderboard in a real browser: the table's own clicks, the address, the refresh, and the way back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, expect

from mlpcore.events import EpochEnd
from mlpcore.store import leaderboard, metrics, queue, runs
from mlpcore.store.connection import opened
from mlpcore.store.leaderboard import Query
from tests.making import curve, finished, make_many, make_run, spec_of

ROW = 35


@pytest.fixture(scope="module")
def many(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with more runs than a page of the list holds; tests only look at it."""
    folder = tmp_path_factory.mktemp("many")
    with opened(folder / "mlplab.db") as db:
        make_many(db, 230, epochs=12)
    server = Server("dashboard.py", folder, MLPCORE_WORKERS="0")
    yield server
    server.stop()


@pytest.fixture
def few(serve: Callable[..., Server], tmp_path: Path) -> Server:
    """A dashboard with three runs, to change them."""
    with opened(tmp_path / "few" / "mlplab.db") as db:
        for name, final in (("middle", 0.8), ("best", 0.95), ("worst", 0.6)):
            make_run(db, spec_of(name=name, epochs=20), final=final)
    return serve(data=tmp_path / "few", MLPCORE_WORKERS="0")


class Table:
    """The list on a window's page."""

    def __init__(self, window: Visit, which: int = 0) -> None:
        self.window = window
        self.grid = window.page.get_by_test_id("stDataFrame").nth(which)
        expect(self.grid.get_by_test_id("glide-cell-1-0")).to_be_attached()

    def heads(self) -> list[str]:
        return self.grid.get_by_role("columnheader").all_inner_texts()

    def column(self, head: str) -> int:
        """The number of the column with this head, whatever arrow it carries."""
        return [text.rstrip(" ↓↑") for text in self.heads()].index(head) + 1

    def cell(self, head: str, row: int) -> str:
        cell = self.grid.get_by_test_id(f"glide-cell-{self.column(head)}-{row}")
        return str(cell.text_content())

    def shows(self, head: str, row: int, text: str) -> None:
        """Wait until this cell says so."""
        expect(self.grid.get_by_test_id(f"glide-cell-{self.column(head)}-{row}")).to_have_text(text)

    def tick(self, *rows: int, touch: bool = False) -> Table:
        """Tick rows where they stand, or take their ticks away."""
        for row in rows:
            self._press(15, ROW * (row + 1) + ROW / 2, touch)
            self.window.idle()
        return self

    def click_head(self, head: str) -> Table:
        """Click a head that can be seen, at its left side: at its right there is a menu."""
        left = self.grid.evaluate(
            """(grid, head) => {
                const heads = [...grid.querySelectorAll('th')];
                return heads.findIndex((one) => one.textContent.startsWith(head));
            }""",
            head,
        )
        assert left >= 0, f"no head {head} in {self.heads()}"
        self._press(self._left_edge(head) + 12, ROW / 2, False)
        self.window.idle()
        return self

    def ticked(self) -> list[int]:
        """The rows that are marked as selected."""
        rows = self.grid.locator('tbody tr[aria-selected="true"]')
        return sorted(int(str(row.get_attribute("aria-rowindex"))) - 2 for row in rows.all())

    def _left_edge(self, head: str) -> float:
        """Where the column begins: the canvas has no elements, so its widths are found by asking for the cursor's cell."""
        box = self.grid.locator("canvas").first.bounding_box()
        assert box is not None
        wanted = self.column(head)
        for x in range(40, int(box["width"]), 6):
            self.window.page.mouse.move(box["x"] + x, box["y"] + ROW * 1.5)
            hovered = self.window.page.evaluate("document.querySelector('[data-testid=stDataFrame] canvas')?.style.cursor")
            del hovered
            if self._column_at(x) == wanted:
                return x
        raise AssertionError(f"no column {head} in sight")

    def _column_at(self, x: float) -> int:
        raise NotImplementedError

    def _press(self, x: float, y: float, touch: bool) -> None:
        box = self.grid.locator("canvas").first.bounding_box()
        assert box is not None
        press = self.window.page.touchscreen.tap if touch else self.window.page.mouse.click
        press(box["x"] + x, box["y"] + y)
