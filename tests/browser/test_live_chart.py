"""The live chart in a real browser: complete curves whatever happens, and nothing a user chose is lost."""

from __future__ import annotations

import itertools
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from harness import Server, Visit
from playwright.sync_api import Locator, WebSocketRoute, expect

APP = "live_chart_app.py"
RUNNING = {"state": "running", "status": "Training", "epochs": 20, "steps": 1875, "seconds": 14.2, "loss": 0.1234}
REFERENCE = {"name": "Previous: run 11", "count": 10}


class Scene:
    """What the app under test reads at each tick: one file for each test."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.name = uuid.uuid4().hex[:8]
        self.path = f"?scene={self.name}"
        self.values: dict[str, Any] = {"run": "run-1", "count": 3}

    def set(self, **values: object) -> Scene:
        self.values |= values
        file = self.server.data / f"{self.name}.json"
        unfinished = file.with_suffix(".new")
        unfinished.write_text(json.dumps(self.values))
        unfinished.replace(file)
        return self


@pytest.fixture
def server(shared_server: Callable[..., Server]) -> Server:
    return shared_server(APP)


@pytest.fixture
def scene(server: Server) -> Scene:
    return Scene(server).set()


def shows(window: Visit, epochs: int) -> None:
    """Wait until the figure shows this many epochs."""
    expect(window.page.locator(f'.mlp-curves[data-epochs="{epochs}"]')).to_be_visible()


def traces(window: Visit) -> dict[str, dict[str, Any]]:
    """What is drawn, by the curves' ids."""
    drawn = window.page.evaluate(
        "document.querySelector('.mlp-chart').data.map(({uid, x, y, mode}) => ({uid, x, y, mode}))"
    )
    return {trace["uid"]: trace for trace in drawn}


def is_complete(window: Visit, epochs: int, speed: float = 0.5) -> None:
    """The curve of the made-up run has every epoch once, with its own values."""
    shows(window, epochs)
    curve = traces(window)["run training loss"]
    assert curve["x"] == list(range(1, epochs + 1))
    assert curve["y"] == [pytest.approx(0.05 + 2 * 2.718281828 ** (-speed * x), rel=1e-5) for x in curve["x"]]


def ranges(window: Visit) -> list[list[float]]:
    return window.page.evaluate(
        "['xaxis', 'yaxis', 'yaxis2'].map((axis) => document.querySelector('.mlp-chart')._fullLayout[axis].range)"
    )


def plot_box(window: Visit, number: int = 0) -> dict[str, float]:
    return window.page.locator(".mlp-chart .nsewdrag").nth(number).bounding_box() or {}


def zoom(window: Visit, number: int = 0) -> None:
    box = plot_box(window, number)
    mouse = window.page.mouse
    mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.98, steps=5)
    mouse.up()
    expect(window.button("Show all epochs")).to_be_visible()


def point_at(window: Visit, share: float, label: Locator) -> None:
    """Move the mouse over a panel until the label appears: Plotly heeds only a few movements per second."""
    box = plot_box(window)
    steps = itertools.cycle(range(4))

    def move() -> None:
        window.page.mouse.move(box["x"] + box["width"] * share + next(steps), box["y"] + box["height"] / 2)

    window.until(label.is_visible, move)


def test_the_curve_grows_with_each_epoch(server, scene, visit):
    window = visit(server, scene.path)
    is_complete(window, 3)
    for epochs in (4, 5, 9, 60, 61):
        scene.set(count=epochs)
        is_complete(window, epochs)


def test_one_epoch_is_drawn_as_points(server, scene, visit):
    scene.set(count=1)
    window = visit(server, scene.path)
    shows(window, 1)
    assert "markers" in traces(window)["run training loss"]["mode"]
    low, high = ranges(window)[0]
    assert low < 1 < high


PREPARING = {"state": "running", "status": "Preparing …", "epoch": 1, "epochs": 20}


def note(window: Visit) -> Locator:
    """The sentence in an empty chart."""
    return window.page.locator(".mlp-chart .annotation", has_text=re.compile("^(Preparing …|No epoch was completed.)$"))


def test_before_the_first_step_the_chart_says_what_happens(server, scene, visit):
    scene.set(count=0, progress=PREPARING)
    window = visit(server, scene.path)
    expect(note(window)).to_have_text("Preparing …")
    scene.set(progress={"state": "stopped", "status": "Stopped"})
    expect(note(window)).to_have_text("No epoch was completed.")
    scene.set(count=2)
    is_complete(window, 2)
    expect(note(window)).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True])
def test_the_sentence_in_an_empty_chart_covers_no_title(server, scene, visit, phone):
    scene.set(count=0, progress=PREPARING)
    window = visit(server, scene.path, phone=phone)
    titles = window.page.locator(".mlp-chart .annotation", has_text=re.compile("^(Loss|Accuracy)$"))
    expect(note(window)).to_be_visible()
    expect(titles).to_have_count(2)
    covered = note(window).bounding_box()
    for box in (title.bounding_box() for title in titles.all()):
        below = box["y"] >= covered["y"] + covered["height"]
        assert below or box["y"] + box["height"] <= covered["y"]


def test_the_reference_curve_does_not_stretch_the_axes(server, scene, visit):
    scene.set(count=5)
    window = visit(server, scene.path)
    is_complete(window, 5)
    scene.set(count=6, reference=REFERENCE | {"count": 60})
    is_complete(window, 6)
    assert ranges(window)[0][1] < 7
    assert ranges(window)[1][1] < 1.5


def test_both_panels_stay_zoomed_where_one_leaves_and_comes_back(server, scene, visit):
    scene.set(count=30)
    window = visit(server, scene.path)
    is_complete(window, 30)
    for number in range(2):
        zoom(window, number)
    zoomed = ranges(window)
    box = window.page.get_by_text("Hide the panel")
    box.click()
    expect(window.page.locator(".mlp-curves")).to_have_count(0)
    scene.set(count=31)
    box.click()
    is_complete(window, 31)
    assert ranges(window) == zoomed
    expect(window.button("Show all epochs")).to_be_visible()


def test_zoom_hidden_curves_and_hover_survive_each_update(server, scene, visit):
    scene.set(count=10, reference=REFERENCE)
    window = visit(server, scene.path)
    shows(window, 10)
    window.button("Previous: run 11").click()
    zoom(window)
    zoomed = ranges(window)
    hover = window.page.locator(".mlp-chart .hoverlayer .legend")
    point_at(window, 0.4, hover)
    expect(hover).to_be_visible()
    for epochs in (11, 12):
        scene.set(count=epochs)
        is_complete(window, epochs)
        assert ranges(window)[:2] == zoomed[:2]
        assert not any(uid.startswith("reference") for uid in traces(window))
        expect(hover).to_be_visible()
    window.button("Show all epochs").click()
    expect(window.button("Show all epochs")).to_be_hidden()
    assert ranges(window)[0][1] > 12


def test_another_run_begins_with_all_its_epochs_shown(server, scene, visit):
    scene.set(count=10)
    window = visit(server, scene.path)
    shows(window, 10)
    zoom(window)
    scene.set(run="run-2", count=4)
    is_complete(window, 4)
    expect(window.button("Show all epochs")).to_be_hidden()
    assert ranges(window)[0][1] > 4


def test_a_restarted_run_replaces_its_old_epochs(server, scene, visit):
    scene.set(count=10)
    window = visit(server, scene.path)
    is_complete(window, 10)
    scene.set(count=3, speed=0.2)
    is_complete(window, 3, speed=0.2)
    scene.set(count=10, speed=0.4)
    is_complete(window, 10, speed=0.4)


def test_a_reload_in_mid_training_shows_everything(server, scene, visit):
    window = visit(server, scene.path)
    scene.set(count=40)
    is_complete(window, 40)
    window.page.reload()
    is_complete(window, 40)


def test_two_windows_show_the_same_run(server, scene, visit):
    first, second = visit(server, scene.path), visit(server, scene.path)
    scene.set(count=25)
    is_complete(first, 25)
    is_complete(second, 25)


def test_leaving_and_coming_back_keeps_the_curve_and_what_was_hidden(server, scene, visit):
    scene.set(count=30)
    window = visit(server, scene.path)
    is_complete(window, 30)
    window.button("Validation").click()
    expect(window.button("Validation")).to_have_attribute("aria-pressed", "false")
    box = window.page.get_by_text("Hide the panel")
    box.click()
    expect(window.page.locator(".mlp-curves")).to_have_count(0)
    scene.set(count=31)
    box.click()
    is_complete(window, 31)
    assert "run validation loss" not in traces(window)


@pytest.mark.parametrize("lost", ["base", "many"])
def test_what_a_browser_missed_comes_again(server, scene, visit, lost):
    """`base`: the very first message is lost. `many`: messages of several epochs are."""
    window = visit(server, "?shown=no")
    losing = [lost == "base"]

    def route(socket: WebSocketRoute) -> None:
        upstream = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            if losing[0] and b"mlplab_live_chart" in message:
                dropped.append(message)
            else:
                socket.send(message)

        upstream.on_message(pass_on)

    dropped: list[str | bytes] = []
    window.page.route_web_socket("**/_stcore/stream", route)
    window.page.goto(server.url + scene.path)
    if lost == "many":
        is_complete(window, 3)
        losing[0] = True
        for epochs in range(4, 12):
            before = len(dropped)
            scene.set(count=epochs)
            window.until(lambda before=before: len(dropped) > before)
    else:
        window.until(lambda: len(dropped) >= 3)
    losing[0] = False
    scene.set(count=12)
    is_complete(window, 12)


def test_a_dropped_connection_loses_nothing(server, scene, visit):
    window = visit(server, "?shown=no")
    sockets: list[WebSocketRoute] = []

    def route(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    window.page.route_web_socket("**/_stcore/stream", route)
    window.page.goto(server.url + scene.path)
    is_complete(window, 3)
    sockets[-1].close(code=1011)
    scene.set(count=9)
    is_complete(window, 9)
    assert len(sockets) > 1
    window.problems.clear()


def test_a_restarted_server_finds_its_window_again(serve, visit):
    server = serve(APP)
    scene = Scene(server).set(count=5)
    window = visit(server, scene.path)
    is_complete(window, 5)
    server.kill()
    scene.set(count=8)
    server.start()
    is_complete(window, 8)
    window.problems.clear()


def test_a_tick_sends_only_what_is_new(server, scene, visit):
    scene.set(count=400)
    window = visit(server, "?shown=no")
    sizes: list[int] = []
    window.page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived",
            lambda frame: sizes.append(len(frame)) if b"mlplab_live_chart" in frame else None,
        ),
    )
    window.page.goto(server.url + scene.path)
    shows(window, 400)
    whole = max(sizes)
    sizes.clear()
    scene.set(count=401, progress=RUNNING | {"epoch": 402, "step": 100})
    shows(window, 401)
    assert max(sizes) < 2000 < whole


def test_the_progress_bar_shows_the_progress_of_the_run(server, scene, visit):
    scene.set(progress=RUNNING | {"epoch": 4, "step": 420})
    window = visit(server, scene.path)
    for text in ("Training", "Epoch 4 of 20", "Step 420 of 1875", "Loss 0.1234", "15 s left"):
        window.see(text)
    bar = window.page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "16")
    scene.set(progress=RUNNING | {"epoch": 4, "step": 1875, "seconds": 90})
    window.see("1 min 30 s left")
    scene.set(progress={"state": "finished", "status": "Finished"})
    window.see("Finished")
    expect(window.page.get_by_text("left", exact=False)).to_have_count(0)


def test_progress_within_an_epoch_leaves_the_figure_alone(server, scene, visit):
    scene.set(progress=RUNNING | {"epoch": 4, "step": 1})
    window = visit(server, scene.path)
    shows(window, 3)
    window.see("Step 1 of 1875")
    window.page.evaluate(
        "() => { const react = Plotly.react; window.drawn = 0;"
        "Plotly.react = (...all) => { window.drawn += 1; return react(...all) } }"
    )
    for step in (200, 400, 600):
        scene.set(progress=RUNNING | {"epoch": 4, "step": step})
        window.see(f"Step {step} of 1875")
    assert window.page.evaluate("window.drawn") == 0
    scene.set(count=4)
    is_complete(window, 4)
    assert window.page.evaluate("window.drawn") == 1


def test_a_chart_that_could_not_be_loaded_says_so_and_tries_again(server, scene, visit):
    window = visit(server, "?shown=no")
    window.page.route("**/plotly.min.js.gz", lambda route: route.abort())
    window.page.goto(server.url + scene.path)
    expect(window.page.locator('.mlp-chart[data-failure^="The chart could not be loaded"]')).to_be_visible()
    window.page.unroute("**/plotly.min.js.gz")
    is_complete(window, 3)
    window.problems.clear()


def test_the_best_epoch_and_the_reference_curve_are_marked(server, scene, visit):
    scene.set(count=7, best=6, reference=REFERENCE)
    window = visit(server, scene.path)
    shows(window, 7)
    window.see("Best epoch: 6")
    drawn = traces(window)
    assert drawn["best accuracy"]["x"] == [6]
    assert len(drawn["reference validation accuracy"]["x"]) == 10


def test_without_a_validation_set_none_is_mentioned(server, scene, visit):
    scene.set(count=5, validated=False, best=5)
    window = visit(server, scene.path)
    shows(window, 5)
    expect(window.button("Validation")).to_have_count(0)
    assert set(traces(window)) == {f"{part} {m}" for part in ("run training", "best") for m in ("loss", "accuracy")}


def band(window: Visit, name: str) -> tuple[dict[float, float], dict[float, float]]:
    """The lower and the upper edge of a band, by epoch."""
    drawn = traces(window)[f"{name} band"]
    points = [(x, y) for x, y in zip(drawn["x"], drawn["y"], strict=True) if x is not None]
    half = len(points) // 2
    return dict(points[half:]), dict(points[:half])


def test_means_of_several_networks_have_a_band_of_one_standard_deviation(server, scene, visit):
    scene.set(count=3, spread=0.1)
    window = visit(server, scene.path)
    for epochs in (3, 4, 30):
        scene.set(count=epochs)
        is_complete(window, epochs)
        for part in ("training", "validation"):
            for metric in ("loss", "accuracy"):
                mean = traces(window)[f"run {part} {metric}"]
                low, high = band(window, f"run {part} {metric}")
                assert sorted(low) == sorted(high) == mean["x"]
                for epoch, value in zip(mean["x"], mean["y"], strict=True):
                    deviation = 0.1 * value / epoch**0.5
                    assert low[epoch] == pytest.approx(value - deviation, rel=1e-4)
                    most = 1 if metric == "accuracy" else value + deviation
                    assert high[epoch] == pytest.approx(min(most, value + deviation), rel=1e-4)


def test_a_run_of_one_network_has_no_band(server, scene, visit):
    scene.set(count=9, reference=REFERENCE)
    window = visit(server, scene.path)
    shows(window, 9)
    assert not any("band" in uid for uid in traces(window))
    expect(window.button("± 1 standard deviation")).to_have_count(0)


def test_a_hidden_curve_hides_its_band_and_bands_hide_alone(server, scene, visit):
    scene.set(count=9, spread=0.1)
    window = visit(server, scene.path)
    shows(window, 9)
    window.button("Validation").click()
    expect(window.button("Validation")).to_have_attribute("aria-pressed", "false")
    scene.set(count=10)
    shows(window, 10)
    assert {uid for uid in traces(window) if "band" in uid} == {"run training loss band", "run training accuracy band"}
    window.button("± 1 standard deviation").click()
    scene.set(count=11)
    is_complete(window, 11)
    assert set(traces(window)) == {"run training loss", "run training accuracy"}


def test_zoom_and_hover_survive_with_bands_and_the_hover_shows_the_deviation(server, scene, visit):
    scene.set(count=10, spread=0.1)
    window = visit(server, scene.path)
    shows(window, 10)
    zoom(window)
    zoomed = ranges(window)
    hover = window.page.locator(".mlp-chart .hoverlayer .legend")
    point_at(window, 0.4, hover)
    expect(hover).to_contain_text("±")
    assert len(hover.locator(".traces").all()) == 2
    for epochs in (11, 12):
        scene.set(count=epochs)
        is_complete(window, epochs)
        assert ranges(window)[:2] == zoomed[:2]
        expect(hover).to_contain_text("±")


def test_bands_on_a_logarithmic_axis_end_above_zero(server, scene, visit):
    scene.set(count=20, spread=1.5)
    window = visit(server, scene.path)
    shows(window, 20)
    assert min(band(window, "run training loss")[0].values()) == 0
    window.button("Logarithmic loss").click()
    expect(window.button("Logarithmic loss")).to_have_attribute("aria-pressed", "true")
    window.page.wait_for_function("document.querySelector('.mlp-chart')._fullLayout.yaxis.type === 'log'")
    assert min(band(window, "run training loss")[0].values()) > 0


def test_a_single_epoch_shows_the_deviation_as_a_bar(server, scene, visit):
    scene.set(count=1, spread=0.1)
    window = visit(server, scene.path)
    shows(window, 1)
    expect(window.page.locator(".mlp-chart .errorbar")).to_have_count(4)


def test_from_one_network_to_the_next_the_zoom_stays(server, scene, visit):
    scene.set(count=10, spread=0.1)
    window = visit(server, scene.path)
    shows(window, 10)
    zoom(window)
    zoomed = ranges(window)
    scene.set(count=9, spread=None, member=1)
    is_complete(window, 9)
    assert ranges(window)[:2] == zoomed[:2]
    expect(window.button("± 1 standard deviation")).to_have_count(0)
    scene.set(count=8, member=2, speed=0.4)
    is_complete(window, 8, speed=0.4)
    assert ranges(window)[:2] == zoomed[:2]


def test_bands_follow_the_theme(server, scene, visit):
    scene.set(count=9, spread=0.1)
    window = visit(server, scene.path, scheme="light")
    shows(window, 9)
    color = "document.querySelector('.mlp-chart')?.data?.find(({uid}) => uid.endsWith('band'))?.fillcolor"
    before = window.page.evaluate(color)
    window.page.emulate_media(color_scheme="dark")
    window.page.wait_for_function(f"({color} ?? '{before}') !== '{before}'")


def test_epochs_are_whole_numbers_at_each_zoom(server, scene, visit):
    scene.set(count=4)
    window = visit(server, scene.path)
    shows(window, 4)
    zoom(window)
    labels = window.page.locator(".mlp-chart .xtick text").all_text_contents()
    assert labels
    assert len(set(labels)) == len(labels)
    assert all(label.isdigit() for label in labels)


def test_switches_change_the_scale_and_the_panels(server, scene, visit):
    scene.set(count=9)
    window = visit(server, scene.path)
    shows(window, 9)
    window.button("Logarithmic loss").click()
    expect(window.button("Logarithmic loss")).to_have_attribute("aria-pressed", "true")
    kinds = "['yaxis', 'yaxis2'].map((axis) => document.querySelector('.mlp-chart')._fullLayout[axis]?.type)"
    window.page.wait_for_function(f'JSON.stringify({kinds}) === \'["log","linear"]\'')
    window.button("Loss").press("Enter")
    expect(window.page.locator(".mlp-chart .nsewdrag")).to_have_count(1)
    expect(window.button("Loss")).to_be_focused()
    window.button("Accuracy").click()  # one panel always stays
    expect(window.button("Loss")).to_have_attribute("aria-pressed", "true")


def test_the_chart_follows_the_theme_while_it_runs(server, scene, visit):
    scene.set(count=9)
    window = visit(server, scene.path, scheme="light")
    shows(window, 9)
    zoom(window)
    zoomed = ranges(window)
    color = "document.querySelector('.mlp-chart').data[0].line.color"
    before = window.page.evaluate(color)
    window.page.emulate_media(color_scheme="dark")
    window.page.wait_for_function(f"({color} ?? '{before}') !== '{before}'")
    assert ranges(window) == zoomed


def test_on_a_phone_the_panels_are_stacked_and_a_finger_scrolls(server, scene, visit):
    scene.set(count=9, best=6, reference=REFERENCE, progress=RUNNING | {"epoch": 10, "step": 420})
    window = visit(server, scene.path, phone=True, locale="ja-JP", scheme="dark")
    shows(window, 9)
    window.see("正解率").see("最良のエポック：6").see("エポック 10 / 20").see("残り 15 秒")
    first, second = plot_box(window, 0), plot_box(window, 1)
    assert second["y"] > first["y"] + first["height"]
    assert not window.scrolls_sideways()
    assert window.page.evaluate("document.querySelector('.mlp-chart')._fullLayout.dragmode") is False


def test_nothing_is_loaded_from_other_servers_even_below_a_base_path(serve, visit):
    server = serve(APP, "--server.baseUrlPath=lecture/mlp")
    scene = Scene(server).set()
    window = visit(server, "?shown=no")
    urls: list[str] = []
    window.page.on("request", lambda request: urls.append(request.url))
    window.goto(scene.path)
    is_complete(window, 3)
    assert any("plotly.min.js.gz" in url for url in urls)
    assert [url for url in urls if not url.startswith((server.url, "blob:", "data:"))] == []


def test_a_screen_reader_gets_the_last_epoch(server, scene, visit):
    window = visit(server, scene.path)
    shows(window, 3)
    figure = window.page.get_by_role("img", name="Learning curves")
    expect(figure).to_have_attribute(
        "aria-label",
        "Learning curves: loss and accuracy of each epoch. Epoch 3: "
        "Training Loss 0.4963, Training Accuracy 81.1\u00a0%, "
        "Validation Loss 0.5583, Validation Accuracy 79.5\u00a0%",
    )


def test_a_screen_reader_gets_the_deviations_too(server, scene, visit):
    scene.set(count=4, spread=0.1)
    window = visit(server, scene.path)
    shows(window, 4)
    figure = window.page.get_by_role("img", name="Learning curves")
    expect(figure).to_have_attribute("aria-label", re.compile(r"Training Loss 0\.3207 ± 0\.0160, "))
