"""From Train pressed to the first epoch on the chart: `python -m benchmarks.first_epoch`.

A warm worker trains 784-128(ReLU)-10 on MNIST with batch 32. The clock is the browser's, from the press on the button
to the chart that has drawn the first epoch.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.report import Figure, show
from mlpcore.store import liveness
from mlpcore.store.connection import opened
from tests.browser.harness import Server, Visit, chromium

PRESSES = 6
ADDRESS = "?dataset=mnist&hidden=128-relu&batch_size=32&epochs=2"

NOTE = """
() => {
  const look = () => {
    const count = Number(document.querySelector(".mlp-curves")?.dataset.epochs ?? 0);
    if (count) window.shown ??= performance.now();
  };
  const options = { subtree: true, childList: true, attributes: true, attributeFilter: ["data-epochs"] };
  new MutationObserver(look).observe(document.body, options);
  addEventListener("pointerdown", () => (window.pressed = performance.now()), true);
}
"""


def wait_for_worker(data: Path) -> None:
    """Until a worker is warm and has nothing to do."""
    while True:
        with opened(data / "mlplab.db") as db:
            if any(worker.status == "idle" for worker in liveness.workers(db)):
                return
        time.sleep(0.2)


def seconds(browser: Browser, server: Server) -> float:
    """One press on Train."""
    visit = Visit(browser, server.url).goto(ADDRESS)
    wait_for_worker(server.data)
    visit.page.wait_for_timeout(1500)  # a person reads the page first
    visit.page.evaluate(NOTE)
    visit.button("Train").click()
    visit.page.wait_for_function("() => window.shown", timeout=120_000)
    found = float(visit.page.evaluate("window.shown - window.pressed")) / 1000
    visit.close()
    return found


def main() -> None:
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        server = Server("dashboard.py", Path(folder), MLPCORE_WORKERS="1")
        try:
            presses = [seconds(browser, server) for _ in range(PRESSES)]
        finally:
            server.stop()
    figures = [
        Figure("the first run of a warm worker, which also reads the images", presses[0], "s", 3),
        Figure("the next ones, median", statistics.median(presses[1:]), "s", 3),
        Figure("the slowest of them", max(presses[1:]), "s"),
    ]
    show("Train pressed to the first epoch on the chart", figures, ["streamlit", "tensorflow"])


if __name__ == "__main__":
    main()
