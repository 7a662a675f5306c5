"""Pictures of every page in every theme, size and language: `python -m tests.browser.screenshots FOLDER [--readme]`.

They are for looking at. With `--readme` only the README's are made, smaller, and the runs are trained for real.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from mlpcore.paths import PROJECT
from mlpcore.ui.inspect.views import VIEWS
from tests.browser.harness import Server, Visit, chromium

SPECS = [
    {
        "hidden": [{"units": 64, "activation": "sigmoid"}],
        "optimizer": {"name": "sgd"},
        "epochs": 5,
        "name": "64 sigmoid, SGD",
    },
    {"hidden": [{"units": 64}], "optimizer": {"name": "sgd"}, "epochs": 5, "name": "64 ReLU, SGD"},
    {"hidden": [{"units": 128}], "optimizer": {"name": "sgd"}, "epochs": 5, "name": "128 ReLU, SGD"},
    {"hidden": [{"units": 128}], "epochs": 20, "training_images": 1000, "name": "Overfitting on 1,000 images"},
    {"hidden": [{"units": 128}], "epochs": 10, "name": "128 ReLU, Adam"},
    {"hidden": [{"units": 128, "dropout": 0.2}], "epochs": 10, "repeats": 5, "name": "Dropout 0.2, five seeds"},
]
THREE = [
    [
        [0.32, 0.28],
        [0.45, 0.2],
        [0.62, 0.25],
        [0.64, 0.38],
        [0.5, 0.47],
        [0.64, 0.56],
        [0.66, 0.7],
        [0.5, 0.8],
        [0.33, 0.72],
    ]
]
MAX_HEIGHT = 6000
"""Of a picture of a whole page, in pixels."""
LANGUAGES = ("en-US", "ja-JP")
SCHEMES = ("light", "dark")


def train(data: Path) -> None:
    """Real runs, one after the other, through the command line."""
    for spec in SPECS:
        whole = {"dataset": "mnist", "validation_split": 0.1, **spec}
        command = [sys.executable, "-m", "mlpcore", "train", "-", "--json"]
        environment = {**os.environ, "MLPCORE_DATA": str(data)}
        subprocess.run(
            command,
            input=json.dumps(whole),
            text=True,
            cwd=PROJECT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def settle(visit: Visit) -> None:
    """Wait until the page and its charts have been drawn."""
    visit.idle()
    visit.page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    visit.page.wait_for_timeout(1500)
    if visit.page.locator(".mlp-chart").count():
        visit.page.locator(".mlp-chart .main-svg, .mlp-networks .mlp-chart").first.wait_for()


def draw_three(visit: Visit) -> None:
    """A three, drawn with the mouse."""
    board = visit.page.locator(".mlp-board")
    visit.page.wait_for_timeout(2000)
    if not board.count():
        return
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    mouse = visit.page.mouse
    for stroke in THREE:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point, steps=6)
        mouse.up()
    visit.page.wait_for_timeout(1500)


def select_rows(visit: Visit, count: int) -> None:
    """Mark the first rows of the leaderboard's table, which is drawn on a canvas."""
    table = visit.page.locator('[data-testid="stDataFrame"]').first
    visit.page.wait_for_timeout(4000)
    if not table.count():
        return
    box = table.bounding_box()
    assert box is not None
    for row in range(count):
        visit.page.mouse.click(box["x"] + 16, box["y"] + 36 + 18 + row * 35)
        visit.page.wait_for_timeout(400)
    visit.page.wait_for_timeout(1500)


def show_whole_page(visit: Visit) -> None:
    """Make the window as high as the page, which scrolls within it."""
    height = visit.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    assert visit.page.viewport_size is not None
    visit.page.set_viewport_size({"width": visit.page.viewport_size["width"], "height": min(height, MAX_HEIGHT)})


PAGES = {
    "train": ("?run={run}", settle),
    "network": ("?dataset=mnist&hidden=128-relu-0.2,64-tanh", settle),
    "leaderboard": ("leaderboard", lambda visit: select_rows(visit, 3)),
    "predict": ("predict", draw_three),
    **{f"inspect-{view}": (f"inspect?view={view}&example=9", settle) for view in VIEWS},
}


def take(browser: Browser, server: Server, page: str, path: Path, *, full: bool, **window: object) -> None:
    """One picture of one page."""
    address, prepare = PAGES[page]
    visit = Visit(browser, server.url, **window)  # type: ignore[arg-type]
    try:
        visit.goto(address.format(run=len(SPECS)))
        settle(visit)
        prepare(visit)
        if full:
            show_whole_page(visit)
        settle(visit)
        visit.page.mouse.move(0, 0)
        visit.page.screenshot(path=path)
        if window.get("phone") and visit.scrolls_sideways():
            print(f"{path.name}: wider than the phone")
        for problem in visit.problems:
            print(f"{path.name}: {problem}")
    finally:
        visit.close()


def for_readme(browser: Browser, server: Server, folder: Path) -> None:
    """Wide pictures in English, light and dark, in few colours."""
    for page, scheme in product(("train", "leaderboard", "predict", "inspect-network"), SCHEMES):
        path = folder / f"{page}-{scheme}.png"
        take(browser, server, page, path, full=False, scheme=scheme)
        Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)


def every_variant(browser: Browser, server: Server, folder: Path, kind: str) -> None:
    """Every page, light and dark, wide and on a phone, in both languages."""
    for page, locale, scheme, phone in product(PAGES, LANGUAGES, SCHEMES, (False, True)):
        name = f"{page}-{kind}-{locale[:2]}-{scheme}-{'phone' if phone else 'wide'}.png"
        take(browser, server, page, folder / name, full=True, locale=locale, scheme=scheme, phone=phone)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, tempfile.TemporaryDirectory() as data:
        if "--readme" not in sys.argv:
            empty = Server("dashboard.py", Path(data) / "empty", MLPCORE_WORKERS="0")
            try:
                every_variant(browser, empty, folder, "empty")
            finally:
                empty.stop()
        train(Path(data) / "full")
        server = Server("dashboard.py", Path(data) / "full", MLPCORE_WORKERS="0")
        try:
            if "--readme" in sys.argv:
                for_readme(browser, server, folder)
            else:
                every_variant(browser, server, folder, "full")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
