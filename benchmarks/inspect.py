"""From a choice on the page Look inside to its picture on the screen: `python -m benchmarks.inspect`.

A small and a large network are trained on MNIST (on the small digits where MNIST is not on this machine). Each view is
then opened as the first one of a fresh server (loading network and test set), chosen among the others, and shown the
next example. The time is measured in the browser, from the click to the last change of the page.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.report import Figure, print_figures
from mlpcore import datasets
from mlpcore.paths import PROJECT
from mlpcore.ui.inspect.views import VIEWS
from tests.browser.harness import Server, Visit, chromium

ROUNDS = 5
QUIET = 600
"""Milliseconds without a change, after which a page counts as drawn."""
PARTS = {"network": "a neuron", "saliency": "a position of the patch"}
"""Views whose pictures have parts to choose, and what these are."""
SMALL: list[dict[str, Any]] = [{"units": 128}]
LARGE: list[dict[str, Any]] = [{"units": 512}, {"units": 512}]

WATCH = """
() => {
  window.clicked = performance.now();
  window.changed = null;
  document.addEventListener("pointerup", () => (window.clicked = performance.now()), { capture: true, once: true });
  window.watcher?.disconnect();
  window.watcher = new MutationObserver(() => (window.changed = performance.now()));
  window.watcher.observe(document.querySelector('[data-testid="stMain"]'), {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ["href", "src", "d", "points", "width"],
  });
}
"""

SETTLED = f"""
() => window.changed && performance.now() - window.changed > {QUIET}
  && document.querySelector('[data-testid="stApp"]').dataset.testScriptState === "notRunning"
"""


def train(data: Path, hidden: list[dict[str, Any]], epochs: int) -> None:
    """Train a network as a user would."""
    spec = {"dataset": datasets.default(), "hidden": hidden, "epochs": epochs}
    subprocess.run(
        [sys.executable, "-m", "mlpcore", "train", "-"],
        input=json.dumps(spec),
        text=True,
        cwd=PROJECT,
        env={**os.environ, "MLPCORE_DATA": str(data)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def settled(page: Page) -> float:
    """Milliseconds from the click to the last change, once nothing changes any more."""
    page.wait_for_function(SETTLED)
    return float(page.evaluate("window.changed - window.clicked"))


def opening(browser: Browser, server: Server, run: int, view: str) -> float:
    """Milliseconds from choosing a run until its view is on the page, on a server that has loaded no network yet.

    Streamlit itself is loaded: the page was opened with another run before.
    """
    visit = Visit(browser, server.url).goto(f"inspect?run={3 - run}&view={view}")
    page = visit.page
    page.wait_for_timeout(1500)
    page.get_by_role("combobox").first.click()
    option = page.get_by_role("option").filter(has_text=f"#{run}")
    option.wait_for()
    page.evaluate(WATCH)
    option.click()
    milliseconds = settled(page)
    visit.close()
    return milliseconds


def choosing(browser: Browser, server: Server, run: int, view: str) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds to show a view that is chosen, the next example, and the details of a part of the picture.

    The last two are empty for a view without such a choice.
    """
    names = list(VIEWS)
    other = names[(names.index(view) + 1) % len(names)]
    visit = Visit(browser, server.url).goto(f"inspect?run={run}&view={view}")
    page = visit.page
    page.wait_for_timeout(1500)
    switches, steps = [], []
    buttons = page.locator(".st-key-inspect_view button")
    for _round in range(ROUNDS):
        for name in (other, view):
            page.evaluate(WATCH)
            buttons.nth(names.index(name)).click()
            milliseconds = settled(page)
        switches.append(milliseconds)
    step = visit.button("Next")
    for _round in range(ROUNDS if step.count() else 0):
        page.evaluate(WATCH)
        step.first.click()
        steps.append(settled(page))
    parts = []
    if view in PARTS:
        for index in range(1, ROUNDS + 1):
            page.evaluate(WATCH)
            page.locator("[data-pick]").nth(index).click()
            parts.append(settled(page))
    visit.close()
    return switches, steps, parts


def main() -> None:
    rows, info = [], datasets.REGISTRY[datasets.default()]
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        data = Path(folder)
        train(data, SMALL, 5)
        train(data, LARGE, 5)
        for run, hidden in ((1, SMALL), (2, LARGE)):
            size = "-".join(map(str, [info.inputs, *(layer["units"] for layer in hidden), info.classes]))
            for view in VIEWS:
                server = Server("dashboard.py", data, MLPCORE_WORKERS="0")
                try:
                    first = opening(browser, server, run, view)
                    switches, steps, parts = choosing(browser, server, run, view)
                finally:
                    server.stop()
                rows.append(Figure(f"{size}, {view}: first load of the run", first, "ms", 1000))
                rows.append(Figure(f"{size}, {view}: the view is chosen", statistics.median(switches), "ms", 300))
                if steps:
                    rows.append(Figure(f"{size}, {view}: the next example", statistics.median(steps), "ms", 300))
                if parts:
                    rows.append(Figure(f"{size}, {view}: {PARTS[view]} is chosen", statistics.median(parts), "ms", 300))
    print_figures(f"Look inside: {datasets.default()}, medians of {ROUNDS}", rows, ["streamlit", "numpy"])


if __name__ == "__main__":
    main()
