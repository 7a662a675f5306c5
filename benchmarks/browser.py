"""From the end of an epoch to its point in the browser: `python -m benchmarks.browser`.

A run is recorded through the store's own functions, one epoch at a time at random moments, while a browser shows the
Train page. The time is measured from before the epoch is written until the chart with its point has been drawn.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.report import Figure, percentile, print_figures
from mlpcore.events import EpochEnd, Started
from mlpcore.store import metrics, queue, runs
from mlpcore.store.connection import opened
from tests.browser.harness import Server, Visit, chromium
from tests.factory.runs import curve, members_of, spec_of

EPOCHS = 60

WATCH = """
() => {
  const curves = document.querySelector(".mlp-curves");
  window.drawn = {};
  const look = () => (window.drawn[curves.dataset.epochs] ??= Date.now());
  look();
  new MutationObserver(look).observe(curves, { attributes: true });
}
"""


def measure(data: Path, page: Page, open_page: Visit) -> tuple[list[float], list[int]]:
    """Milliseconds from each epoch to its point, and the bytes of each message for the chart."""
    spec = spec_of(dataset="digits", epochs=EPOCHS)
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: record_size(sizes, frame)))
    times = []
    with opened(data / "mlplab.db") as db:
        run = queue.enqueue(db, spec)
        claim = queue.claim(db, "benchmark", run_id=run)
        assert claim is not None
        parameters, steps = runs.get(db, run).parameters, spec.steps_per_epoch
        metrics.record(db, claim, Started("CPU", "tensorflow", {}, parameters, steps, members_of(spec)))
        open_page.goto(f"?run={run}")
        page.locator(".mlp-curves[data-epochs='0']").wait_for()
        page.evaluate(WATCH)
        sizes.clear()
        for epoch, means in enumerate(curve(spec), start=1):
            started = time.time() * 1000
            metrics.record(db, claim, EpochEnd(epoch, (means,), 0.7, 0.001))
            page.wait_for_function("epoch => window.drawn[epoch]", arg=epoch)
            times.append(page.evaluate("epoch => window.drawn[epoch]", epoch) - started)
            page.wait_for_timeout(random.uniform(100, 900))
    return times, sizes


def record_size(sizes: list[int], frame: bytes | str) -> None:
    """Add the size of a message for the chart."""
    if b"mlplab_live_chart" in (frame if isinstance(frame, bytes) else frame.encode()):
        sizes.append(len(frame))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server("dashboard.py", Path(folder), MLPCORE_WORKERS="0")
        try:
            visit = Visit(browser, server.url)
            times, sizes = measure(Path(folder), visit.page, visit)
            visit.close()
        finally:
            server.stop()
    others = [("trackio", (730.0, 1200.0)), ("TensorBoard", (15_000.0, 28_000.0))]
    print_figures(
        f"The end of {len(times)} epochs to their points in the browser",
        [
            Figure("median", statistics.median(times), "ms", 150, [(name, values[0]) for name, values in others]),
            Figure("p95", percentile(times, 0.95), "ms", 300, [(name, values[1]) for name, values in others]),
            Figure("largest message of the script for the chart", max(sizes, default=0) / 1000, "KB"),
        ],
        ["streamlit", "plotly"],
    )


if __name__ == "__main__":
    main()
