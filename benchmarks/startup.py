"""From `streamlit run` to a usable first page, and the web process's memory: `python -m benchmarks.startup`.

The time is measured from the start of the process (dependencies installed, an empty database, the browser open) until
the Train button can be clicked, and in the same run, alternately, for a bare Streamlit page with one button.
Memory is the resident set size of the web process alone after ten visits to all
pages, while its workers run.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from playwright.sync_api import Browser, expect

from benchmarks.report import Figure, print_figures
from mlpcore.ui.shell.page_shell import PAGES
from tests.browser.harness import Server, Visit, chromium

STARTS = 5
BARE = str(Path(__file__).with_name("bare_page.py"))
VISITS = 10
NEVER_LOADED = ("tensorflow", "keras", "jaxlib")


def first_page(browser: Browser, workers: str, script: str = "dashboard.py") -> float:
    """Seconds from the start of the process to a Train button that can be clicked."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        server = Server(script, Path(folder), MLPCORE_WORKERS=workers)
        try:
            visit = Visit(browser, server.url)
            visit.page.goto(server.url)
            expect(visit.button("Train")).to_be_enabled(timeout=60_000)
            seconds = time.perf_counter() - started
            visit.close()
        finally:
            server.stop()
    return seconds


def memory(browser: Browser) -> Iterator[float]:
    """Megabytes of the web process after each visit to all pages."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server("dashboard.py", Path(folder))
        try:
            process = psutil.Process(server.process.pid)
            for _ in range(VISITS):
                visit = Visit(browser, server.url)
                for script in PAGES:
                    visit.goto("" if script == "dashboard.py" else Path(script).stem)
                visit.close()
                yield process.memory_info().rss / 1e6
            loaded = {name for m in process.memory_maps() for name in NEVER_LOADED if f"/{name}/" in m.path}
            print(f"loaded in the web process, of {', '.join(NEVER_LOADED)}: {', '.join(loaded) or 'none'}\n")
        finally:
            server.stop()


def main() -> None:
    with chromium() as browser:
        first_page(browser, "0")  # so that the operating system has the files in its cache, as for the other tools
        starts, alone, bare = [], [], []
        for _ in range(STARTS):
            starts.append(first_page(browser, ""))
            alone.append(first_page(browser, "0"))
            bare.append(first_page(browser, "0", BARE))
        megabytes = list(memory(browser))
    published = [("optuna-dashboard", 3.3), ("TensorBoard", 5.2), ("trackio with 1,000 runs", 22.6)]
    others = [("trackio", 89.0), ("TensorBoard", 166.0), ("MLflow", 2390.0)]
    print_figures(
        "Start and memory",
        [
            Figure("`streamlit run` to a usable page, median", statistics.median(starts), "s", 3, published),
            Figure("the same without workers", statistics.median(alone), "s"),
            Figure("a bare page with one button", statistics.median(bare), "s"),
            Figure(
                "the first page without workers, of a bare one",
                statistics.median(alone) / statistics.median(bare),
                "×",
                1.25,
            ),
            Figure("web process after the first visit", megabytes[0], "MB"),
            Figure(f"web process after {VISITS} visits", megabytes[-1], "MB", 250, others),
        ],
        ["streamlit"],
    )


if __name__ == "__main__":
    main()
