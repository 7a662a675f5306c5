"""From the end of a stroke to the bars on the screen: `python -m benchmarks.strokes`.

Four networks are trained on MNIST (on the small digits where MNIST is not on this machine), then real pen strokes are
drawn with the mouse on the page Try a digit, first with one network, then with all four side by side. The time is
measured in the browser, from the event that lifts the pen until the frame with the new bars has been painted, and
likewise from each move of the slider over the epochs. `MLPCORE_STROKES` names the folder with `pendigits_sample.json`.
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

from benchmarks.pen_digits import pen_digits
from benchmarks.report import Figure, percentile, print_figures
from mlpcore import datasets
from mlpcore.paths import PROJECT
from tests.browser.harness import Server, Visit, chromium

EVERY = 4
"""One of this many digits is drawn."""

SLOWER = 4
"""How many times slower the processor of the simulated phone is."""

LAYERS: tuple[list[dict[str, float]], ...] = (
    [{"units": 128, "dropout": 0.2}],
    [{"units": 64}],
    [{"units": 32}, {"units": 32}],
    [],
)
"""The hidden layers of each of the four networks."""

MOVES = 100
"""Number of moves of the slider."""

WATCH = """
() => {
  const answer = document.querySelector(".mlp-predictions");
  let lifted = null;
  window.waited = [];
  window.slid = [];
  // The second frame starts when the first one, with the new bars, is on the screen.
  const painted = (since, times) =>
    requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - since)));
  addEventListener("pointerup", (event) => event.target.closest(".mlp-board") && (lifted = performance.now()), true);
  addEventListener("input", () => painted(performance.now(), window.slid), true);
  new MutationObserver(() => {
    if (lifted === null) return;
    painted(lifted, window.waited);
    lifted = null;
  }).observe(answer, { subtree: true, childList: true });
}
"""


def train(data: Path) -> str:
    """Train the networks as a user would; the name of their dataset."""
    name = datasets.default()
    for hidden in LAYERS:
        spec = data / "spec.json"
        spec.write_text(json.dumps({"dataset": name, "hidden": hidden, "epochs": 5}))
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
    browser: Browser, server: Server, digits: list[dict[str, Any]], query: str, phone: bool = False
) -> tuple[list[float], list[float], int]:
    """Milliseconds from the end of each stroke to its bars and from each move of the slider to its bars.

    The third value is the number of digits that the first network read correctly. `query` names the networks in the
    page's address. With `phone`, the window is a phone's, and the processor is `SLOWER` times slower.
    """
    visit = Visit(browser, server.url, phone=phone).goto(f"predict{query}")
    page = visit.page
    page.locator(".mlp-predictions").wait_for()
    if phone:
        visit.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(WATCH)
    top = page.locator(".mlp-top .mlp-name, .mlp-network-top").first
    expected = right = 0
    for digit in digits:
        for stroke in digit["strokes"]:
            draw(page, stroke)
            expected += 1
            page.wait_for_function("count => window.waited.length === count", arg=expected)
        right += top.inner_text() == str(digit["label"])
        if digit is digits[-1]:
            slide(page)
        page.locator(".mlp-board").press("Escape")
        page.locator(".mlp-predictions.mlp-waiting").wait_for()
        visit.idle()
    waited, slid = page.evaluate("[window.waited, window.slid]")
    visit.close()
    return waited, slid, right


def slide(page: Page) -> None:
    """Move the slider from end to end and back, one epoch after another."""
    slider = page.locator(".mlp-slider")
    last = int(slider.get_attribute("max") or 0)
    slider.focus()
    for move in range(MOVES):
        page.keyboard.press("ArrowRight" if move // last % 2 else "ArrowLeft")
        page.wait_for_function("count => window.slid.length === count", arg=move + 1)


def figures(
    what: str, times: list[float], targets: tuple[float, float] | None, others: tuple[float, float] | None = None
) -> list[Figure]:
    """The median and the 95th percentile of some times, with their targets and the times of another tool."""
    rows = []
    for index, (name, value) in enumerate({"median": statistics.median(times), "p95": percentile(times, 0.95)}.items()):
        compared = [("streamlit-drawable-canvas", others[index])] if others else []
        rows.append(Figure(f"{what}, {name}", value, "ms", targets[index] if targets else None, compared))
    return rows


def main() -> None:
    digits = pen_digits()[::EVERY]
    four = "?run=1&with=2,3,4"
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        name = train(Path(folder))
        server = Server("dashboard.py", Path(folder), MLPCORE_WORKERS="0")
        try:
            alone, slid, right = measure(browser, server, digits, "?run=1")
            together, slid_together, _ = measure(browser, server, digits, four)
            on_phone, slid_on_phone, _ = measure(browser, server, digits, "?run=1", phone=True)
            together_on_phone, _, _ = measure(browser, server, digits, four, phone=True)
        finally:
            server.stop()
    slower = f"on a phone that is {SLOWER} times slower"
    print_figures(
        f"Strokes: {len(alone)} strokes of {len(digits)} digits, networks trained on {name}",
        [
            *figures("end of a stroke to the bars of one network", alone, (150, 300), (350.0, 400.0)),
            *figures("the same for four networks", together, (150, 300)),
            *figures(f"one network {slower}", on_phone, None),
            *figures(f"four networks {slower}", together_on_phone, None),
            *figures("a move of the slider to the bars of its epoch", slid, (100, 100)),
            *figures("the same beside three other networks", slid_together, (100, 100)),
            *figures(f"a move of the slider {slower}", slid_on_phone, None),
        ],
        ["streamlit"],
    )
    print(f"{right} of {len(digits)} digits were read correctly ({right / len(digits):.0%}).")


if __name__ == "__main__":
    main()
