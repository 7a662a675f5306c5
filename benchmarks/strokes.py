"""From the end of a stroke to the bars on the screen: `python -m benchmarks.strokes`.

A 784-128-10 network is trained on MNIST (on the small digits where MNIST is not on this machine), then real pen
strokes are drawn with the mouse on the page Try a digit. The time runs in the browser, from the event that lifts
the pen until the frame that shows the new bars has been painted. `MLPCORE_STROKES` names the folder with
`pendigits_sample.json`.
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

from benchmarks.report import Figure, percentile, show
from mlpcore import datasets
from mlpcore.settings import PROJECT
from tests.browser.harness import Server, Visit, chromium

EVERY = 4
"""So many of the 200 digits are skipped for each that is drawn."""

SLOWER = 4

WATCH = """
() => {
  const answer = document.querySelector(".mlp-answer");
  let lifted = null;
  window.waited = [];
  addEventListener("pointerup", () => (lifted = performance.now()), true);
  new MutationObserver(() => {
    if (lifted === null) return;
    const since = lifted;
    lifted = null;
    // The second frame begins when the first, with the new bars, is on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => window.waited.push(performance.now() - since)));
  }).observe(answer, { subtree: true, childList: true });
}
"""


def strokes() -> list[dict[str, Any]]:
    folder = Path(os.environ.get("MLPCORE_STROKES") or PROJECT.parent / "shared" / "strokes")
    return list(json.loads((folder / "pendigits_sample.json").read_text())["digits"])


def train(data: Path) -> str:
    """Train the network as a user would, and return what it is called in the table."""
    name = datasets.default()
    spec = data / "spec.json"
    spec.write_text(json.dumps({"dataset": name, "hidden": [{"units": 128, "dropout": 0.2}], "epochs": 5}))
    subprocess.run(
        [sys.executable, "-m", "mlpcore", "train", str(spec)],
        cwd=PROJECT,
        env={**os.environ, "MLPCORE_DATA": str(data)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return name


def draw(page: Page, stroke: list[list[float]]) -> None:
    box = page.locator(".mlp-board").bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()


def measure(
    browser: Browser, server: Server, digits: list[dict[str, Any]], phone: bool = False
) -> tuple[list[float], int]:
    """Milliseconds from the end of each stroke to its bars, and how many of the digits were read correctly.

    With `phone`, in a phone's window, whose processor takes `SLOWER` times as long for everything.
    """
    visit = Visit(browser, server.url, phone=phone).goto("predict")
    page = visit.page
    page.locator(".mlp-answer").wait_for()
    if phone:
        visit.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(WATCH)
    expected = right = 0
    for digit in digits:
        for stroke in digit["strokes"]:
            draw(page, stroke)
            expected += 1
            page.wait_for_function("count => window.waited.length === count", arg=expected)
        right += page.locator(".mlp-top .mlp-name").inner_text() == str(digit["label"])
        page.keyboard.press("Escape")
        page.locator(".mlp-answer.mlp-waits").wait_for()
        visit.idle()
    waited = page.evaluate("window.waited")
    visit.close()
    return waited, right


def main() -> None:
    digits = strokes()[::EVERY]
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        name = train(Path(folder))
        server = Server("dashboard.py", Path(folder), MLPCORE_WORKERS="0")
        try:
            waited, right = measure(browser, server, digits)
            on_phone, _ = measure(browser, server, digits, phone=True)
        finally:
            server.stop()
    show(
        f"Strokes: {len(waited)} strokes of {len(digits)} digits, network trained on {name}",
        [
            Figure(
                "end of a stroke to bars, median",
                statistics.median(waited),
                "ms",
                150,
                [("streamlit-drawable-canvas", 350.0)],
            ),
            Figure(
                "end of a stroke to bars, p95",
                percentile(waited, 0.95),
                "ms",
                300,
                [("streamlit-drawable-canvas", 400.0)],
            ),
            Figure(f"the same on a phone that is {SLOWER} times slower, median", statistics.median(on_phone), "ms"),
            Figure(f"the same on a phone that is {SLOWER} times slower, p95", percentile(on_phone, 0.95), "ms"),
        ],
        ["streamlit"],
    )
    print(f"{right} of {len(digits)} digits were read correctly ({right / len(digits):.0%}).")


if __name__ == "__main__":
    main()
