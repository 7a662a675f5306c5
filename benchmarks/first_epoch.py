"""From the click on Train to the first epoch on the chart: `python -m benchmarks.first_epoch`.

A warm worker trains 784-128(ReLU)-10 on MNIST with batch 32. The time is measured in the browser, from the click on the
button until the chart has drawn the first epoch.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.report import Figure, print_figures
from mlpcore.store import liveness
from mlpcore.store.connection import opened
from tests.browser.harness import Server, Visit, chromium

CLICKS = 6
ADDRESS = "?dataset=mnist&hidden=128-relu&batch_size=32&epochs=2"

WATCH = """
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
    """Wait until a worker has loaded its engine and has nothing to do."""
    while True:
        with opened(data / "mlplab.db") as db:
            if any(worker.status == "idle" for worker in liveness.workers(db)):
                return
        time.sleep(0.2)


def seconds(browser: Browser, server: Server) -> float:
    """Seconds from one click on Train to the first epoch."""
    visit = Visit(browser, server.url).goto(ADDRESS)
    wait_for_worker(server.data)
    visit.page.wait_for_timeout(1500)  # a user reads the page first
    visit.page.evaluate(WATCH)
    visit.button("Train").click()
    visit.page.wait_for_function("() => window.shown", timeout=120_000)
    measured = float(visit.page.evaluate("window.shown - window.pressed")) / 1000
    visit.close()
    return measured


def main() -> None:
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        server = Server("dashboard.py", Path(folder), MLPCORE_WORKERS="1")
        try:
            clicks = [seconds(browser, server) for _ in range(CLICKS)]
        finally:
            server.stop()
    figures = [
        Figure("the first run of a warm worker, which also reads the images", clicks[0], "s", 3),
        Figure("the next ones, median", statistics.median(clicks[1:]), "s", 3),
        Figure("the slowest of them", max(clicks[1:]), "s"),
    ]
    print_figures("Click on Train to the first epoch on the chart", figures, ["streamlit", "tensorflow"])


if __name__ == "__main__":
    main()
