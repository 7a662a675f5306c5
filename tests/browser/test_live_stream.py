"""The live chart follows a training by itself: every epoch once, whatever happens to stream, page or server.

The trainings are recorded by the tests, so that nothing depends on how fast a worker is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, expect

from mlpcore.events import EpochEnd, Progress
from mlpcore.live.curve_rows import rows
from mlpcore.store import metrics, queue, runs
from mlpcore.store.connection import opened
from tests.factory.runs import curve, finished_event, make_run, spec_of

SPEC = spec_of(dataset="digits", epochs=30)
SOURCES = """
window.sources = [];
const Original = window.EventSource;
window.EventSource = class extends Original {
  constructor(address) { super(address); window.sources.push(this); }
};
"""


class Training:
    """A run that a worker trains, one epoch for each call."""

    def __init__(self, data: Path) -> None:
        self.database = data / "mlplab.db"
        with opened(self.database) as db:
            self.run = make_run(db, SPEC, status="running", done=0)
        self.claim = queue.Claim(self.run, 1, SPEC, None)
        self.curve = curve(SPEC)
        self.epochs = 0

    def record(self, event: Any) -> None:
        with opened(self.database) as db:
            metrics.record(db, self.claim, event)

    def train(self, epochs: int = 1) -> Training:
        for _ in range(epochs):
            self.epochs += 1
            self.record(EpochEnd(self.epochs, (self.curve[self.epochs - 1],), 0.7, 0.001))
        return self

    def step(self, step: int, loss: float) -> Training:
        self.record(Progress(self.epochs + 1, step, SPEC.steps_per_epoch, loss))
        return self

    def finish(self) -> None:
        self.record(finished_event(self.run, self.curve[self.epochs - 1], self.epochs))

    def is_drawn(self, window: Visit) -> None:
        """The chart has every stored epoch once, with its values."""
        expect(window.page.locator(f'.mlp-curves[data-epochs="{self.epochs}"]')).to_be_visible()
        with opened(self.database) as db:
            stored = metrics.epochs_after(db, self.run)
        columns = rows({name: [row[name] for row in stored] for name in stored[0]})
        drawn = traces(window)
        for part, prefix in (("training", ""), ("validation", "val_")):
            for metric in ("loss", "accuracy"):
                trace = drawn[f"run {part} {metric}"]
                assert (trace["x"], trace["y"]) == (columns["epoch"], columns[prefix + metric])


def traces(window: Visit) -> dict[str, dict[str, Any]]:
    drawn = window.page.evaluate("document.querySelector('.mlp-chart').data.map(({uid, x, y}) => ({uid, x, y}))")
    return {trace["uid"]: trace for trace in drawn}


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard without workers, below a base path."""
    server = Server(
        "dashboard.py", tmp_path_factory.mktemp("streams"), "--server.baseUrlPath=class/lab", MLPCORE_WORKERS="0"
    )
    yield server
    server.stop()


@pytest.fixture
def training(server: Server) -> Training:
    return Training(server.data)


@pytest.fixture
def follow(visit: Callable[..., Visit], server: Server) -> Callable[..., Visit]:
    """Open the page of a training, its streams noted in `window.sources`; `block` names requests that fail."""

    def open_window(training: Training, block: str | None = None, **window: object) -> Visit:
        opened_window = visit(server, **window)
        opened_window.page.add_init_script(SOURCES)
        if block is not None:
            opened_window.page.route(re.compile(block), lambda route: route.abort())
        return opened_window.goto(f"?run={training.run}")

    return open_window


def scripts_run(window: Visit) -> list[object]:
    """What the page asks its script from now on."""
    sent: list[object] = []

    def note(frame: object) -> None:
        sent.append(frame)

    window.page.on("websocket", lambda socket: socket.on("framesent", note))
    return sent


def open_streams(window: Visit) -> int:
    return int(window.page.evaluate("window.sources.filter(({ readyState }) => readyState !== 2).length"))


STREAM_ONLY = r"/live.*lang=(?!.*snapshot=1)"
ALL_ROUTES = r"/live(/\d+)?\?"


def test_the_chart_follows_the_stream_and_the_script_runs_once_at_the_end(
    server: Server, training: Training, visit: Callable[..., Visit]
) -> None:
    window = visit(server)
    sent = scripts_run(window)
    window.goto(f"?run={training.run}")
    window.page.locator(".mlp-curves").wait_for()
    sent.clear()
    for epochs in (1, 1, 1, 7):
        training.train(epochs).is_drawn(window)
    assert sent == []
    training.finish()
    window.see("Finished").see("the network classifies")
    training.is_drawn(window)
    assert len(sent) == 1


def test_the_curves_move_within_the_first_epoch(training: Training, follow: Callable[..., Visit]) -> None:
    window = follow(training)
    expect(window.page.locator(".mlp-chart .annotation", has_text="Preparing …")).to_be_visible()
    training.step(5, 2.25).step(20, 1.5)
    window.until(lambda: len(traces(window).get("running loss", {"x": []})["x"]) == 2)
    window.see("Loss within the epoch")
    steps = SPEC.steps_per_epoch
    assert traces(window)["running loss"]["x"] == pytest.approx([5 / steps, 20 / steps], abs=1e-5)
    assert traces(window)["running loss"]["y"] == [2.25, 1.5]
    training.train().is_drawn(window)
    training.train().finish()
    window.see("the network classifies")
    window.page.reload()
    training.is_drawn(window)
    window.until(lambda: "running loss" in traces(window))
    assert len(traces(window)["running loss"]["x"]) == 2


@pytest.mark.parametrize(("way", "block"), [("stream", None), ("snapshots", STREAM_ONLY), ("ticks", ALL_ROUTES)])
def test_each_way_brings_every_epoch(
    way: str, block: str | None, training: Training, follow: Callable[..., Visit]
) -> None:
    window = follow(training.train(2), block)
    training.is_drawn(window)
    for epochs in (1, 3, 1):
        training.train(epochs).is_drawn(window)
    training.finish()
    window.see("the network classifies")
    training.is_drawn(window)
    if way != "stream":
        window.problems.clear()


def test_a_stream_that_a_proxy_holds_back_is_replaced_by_snapshots(
    training: Training, visit: Callable[..., Visit], server: Server
) -> None:
    window = visit(server)
    window.page.route(re.compile(STREAM_ONLY), lambda route: None)
    window.goto(f"?run={training.run}")
    for _ in range(3):
        training.train().is_drawn(window)


def test_a_reload_and_a_lost_stream_lose_no_epoch_and_repeat_none(
    training: Training, follow: Callable[..., Visit]
) -> None:
    window = follow(training.train(3))
    training.is_drawn(window)
    window.page.reload()
    training.train(2).is_drawn(window)
    before = window.page.evaluate("window.sources.length")
    window.page.evaluate("window.sources.forEach((source) => source.dispatchEvent(new Event('error')))")
    training.train(4).is_drawn(window)
    assert window.page.evaluate("window.sources.length") > before
    assert open_streams(window) == 2


def test_a_tab_that_is_not_seen_holds_no_stream_and_catches_up(
    training: Training, follow: Callable[..., Visit]
) -> None:
    window = follow(training.train(2))
    training.is_drawn(window)
    see = """hidden => {
      Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    window.page.evaluate(see, True)
    assert open_streams(window) == 0
    training.train(3)
    window.page.evaluate(see, False)
    training.train(2).is_drawn(window)
    assert open_streams(window) == 2


def test_another_run_language_or_page_closes_the_old_stream(training: Training, follow: Callable[..., Visit]) -> None:
    other = Training(training.database.parent).train(4)
    window = follow(training.train(2))
    training.is_drawn(window)
    window.page.get_by_text("日本語").click()
    expect(window.page.locator(".mlp-legend")).to_contain_text("検証")  # the chart in Japanese has taken its place
    expect(window.page.locator(".mlp-chart")).to_have_count(1)
    training.train().is_drawn(window)
    window.until(lambda: open_streams(window) == 2)
    assert "lang=ja" in window.page.evaluate("window.sources.at(-1).url")
    window.goto(f"?run={other.run}")
    other.train().is_drawn(window)
    window.until(lambda: open_streams(window) == 2)
    window.page.get_by_role("link", name="Look inside").first.click()
    window.idle()
    window.until(lambda: open_streams(window) == 0)


def test_a_server_that_was_restarted_finds_the_chart_where_it_was(
    serve: Callable[..., Server], visit: Callable[..., Visit], tmp_path: Path
) -> None:
    server = serve("dashboard.py", MLPCORE_WORKERS="0")
    training = Training(server.data).train(3)
    window = visit(server, f"?run={training.run}")
    training.is_drawn(window)
    server.kill()
    training.train(4)
    server.start()
    training.is_drawn(window)
    training.train(2).is_drawn(window)
    window.problems.clear()


def test_the_table_of_epochs_follows_the_training(training: Training, follow: Callable[..., Visit]) -> None:
    window = follow(training.train(2))
    training.is_drawn(window)
    window.page.get_by_text("Epochs as a table").click()
    newest = window.page.get_by_test_id("stExpander").locator('[data-testid^="glide-cell-"][data-testid$="-0"]').first
    expect(newest).to_have_text("2")
    training.train(2)
    expect(newest).to_have_text("4")


def test_the_number_of_runs_that_exist_when_a_list_is_open_grows(
    server: Server, visit: Callable[..., Visit], training: Training
) -> None:
    window = visit(server, "leaderboard?sort=id")
    with opened(training.database) as db:
        count = len(runs.newest(db, 1000))
    window.see(f"{count} runs")
    with opened(training.database) as db:
        queue.enqueue(db, SPEC)
    window.see(f"{count + 1} runs")
