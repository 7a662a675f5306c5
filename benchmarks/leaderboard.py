"""A thousand runs on the leaderboard, in a real browser: `python -m benchmarks.leaderboard`.

From the navigation until the table is shown, sorted by best validation accuracy: by its address, in a browser that has
opened the app before and in one that has not (most of which is Streamlit's own start), and by the app's menu. Then
from a click until the curves of ten runs, of 30 epochs each, are overlaid. All times are measured in the browser and
end with the frame that shows the result.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.report import Figure, percentile, print_figures
from mlpcore.store import leaderboard
from mlpcore.store.connection import opened
from mlpcore.store.leaderboard import Query
from mlpcore.store.run_names import run_name
from tests.browser.harness import WIDE, Server, chromium
from tests.factory.runs import make_runs

RUNS = 1000
EPOCHS = 30
OVERLAID = 10
ROUNDS = 7
ROW = 35

# The grid is a canvas; a table for screen readers has the same cells and is made at the same time.
SORTED = """
first => new Promise((done) => {
  const cells = () => [...document.querySelectorAll('[data-testid="glide-cell-2-0"]')];
  const look = () => cells().some((cell) => cell.textContent === first)
    ? requestAnimationFrame(() => done(performance.now()))
    : requestAnimationFrame(look);
  look();
})
"""
WATCH_CLICK = "() => addEventListener('pointerdown', () => (window.clicked = performance.now()), { capture: true })"
CURVES = """
count => new Promise((done) => {
  const drawn = () => document.querySelectorAll('.mlp-chart .scatterlayer .trace').length === count;
  const look = () => drawn()
    ? requestAnimationFrame(() => done(performance.now() - window.clicked))
    : requestAnimationFrame(look);
  look();
})
"""


def new_page(browser: Browser) -> Page:
    page = browser.new_context(viewport=WIDE).new_page()
    page.set_default_timeout(60_000)
    return page


def navigate(page: Page, url: str, first: str) -> float:
    """Milliseconds from the navigation to the sorted table."""
    page.goto(f"{url}leaderboard", wait_until="commit")
    return float(page.evaluate(SORTED, first))


def navigate_by_the_menu(page: Page, url: str, first: str) -> float:
    """Milliseconds from the click on the menu of the Train page to the sorted table."""
    page.goto(url)
    link = page.get_by_role("link", name="Leaderboard")
    link.wait_for()
    page.wait_for_timeout(1500)
    page.evaluate(WATCH_CLICK)
    link.click()
    return float(page.evaluate(SORTED, first)) - float(page.evaluate("window.clicked"))


def overlay_by_one_click(page: Page) -> float:
    """Milliseconds from the click on "Compare the first 10" to their curves."""
    page.evaluate(WATCH_CLICK)
    page.get_by_role("button", name=f"Compare the first {OVERLAID}", exact=True).click()
    return float(page.evaluate(CURVES, 4 * OVERLAID))


def overlay_by_the_tenth_tick(page: Page) -> float:
    """Milliseconds from the tick of the tenth row to ten curves, with nine already shown."""
    tick(page, OVERLAID - 1)  # removes the tick
    page.evaluate(CURVES, 4 * (OVERLAID - 1))
    page.wait_for_timeout(500)
    tick(page, OVERLAID - 1)
    return float(page.evaluate(CURVES, 4 * OVERLAID))


def tick(page: Page, row: int) -> None:
    box = page.get_by_test_id("stDataFrame").first.locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + ROW * (row + 1.5))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        with opened(Path(folder) / "mlplab.db") as db:
            make_runs(db, RUNS, EPOCHS)
            started = time.perf_counter()
            (best,) = leaderboard.page(db, Query(limit=1))
            query = 1000 * (time.perf_counter() - started)
        server = Server("dashboard.py", Path(folder), MLPCORE_WORKERS="0")
        cold, warm, inside, clicked, ticked = [], [], [], [], []
        try:
            navigate(new_page(browser), server.url, run_name(best))  # the server's own first page
            for _ in range(ROUNDS):
                page = new_page(browser)
                cold.append(navigate(page, server.url, run_name(best)))
                page.wait_for_timeout(1500)
                warm.append(navigate(page, server.url, run_name(best)))
                page.wait_for_timeout(1500)
                inside.append(navigate_by_the_menu(page, server.url, run_name(best)))
                page.wait_for_timeout(2500)
                clicked.append(overlay_by_one_click(page))
                page.wait_for_timeout(800)
                ticked.append(overlay_by_the_tenth_tick(page))
                page.context.close()
        finally:
            server.stop()
    others = [("TensorBoard", 4200.0), ("MLflow", 9700.0)]
    curves = [("trackio", 1000.0), ("TensorBoard", 1800.0)]
    print_figures(
        f"{RUNS:,} runs of {EPOCHS} epochs",
        [
            Figure(
                "navigation by its address to the sorted table, median", statistics.median(warm), "ms", 1500, others
            ),
            Figure("the same, slowest", max(warm), "ms"),
            Figure("by the menu of the Train page, median", statistics.median(inside), "ms", 1500, others),
            Figure("by its address with an empty browser cache, median", statistics.median(cold), "ms", 1500, others),
            Figure("one click to ten runs overlaid, median", statistics.median(clicked), "ms", 700, curves),
            Figure("the same, p95", percentile(clicked, 0.95), "ms"),
            Figure("the tenth tick to ten runs overlaid, median", statistics.median(ticked), "ms", 700, curves),
            Figure("the store's query for the first row", query, "ms"),
        ],
        ["streamlit", "plotly"],
    )


if __name__ == "__main__":
    main()
