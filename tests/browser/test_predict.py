"""Try a digit in a real browser: real strokes by mouse and finger, real files, the camera, and both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from harness import Server, Visit, chromium_path
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, expect
from sqlite_utils import Database

from mlpcore import datasets
from mlpcore.inference import save_network
from mlpcore.pictures import parse_strokes, prepare
from mlpcore.store.connection import opened
from tests.factory.networks import class_means, constant, make_run_of_network
from tests.sample_data import real_digits

PREDICTS_3 = [0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02]
PREDICTS_7 = [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.82, 0.02, 0.02]
ONE = [[[0.5, 0.2], [0.49, 0.4], [0.48, 0.6], [0.47, 0.8]]]
DIGITS, CONSTANT_RUN, CLOTHES, IRIS, ALSO_3, LEARNED = 1, 2, 3, 4, 5, 6
"""The runs, by their ids."""

Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with a network that reads digits, and some that answer without looking."""
    folder = tmp_path_factory.mktemp("networks")
    with opened(folder / "mlplab.db") as db:
        for network, accuracy in (
            (class_means("digits", sharpness=3), 0.9),
            (constant("digits", PREDICTS_3), 0.2),
            (constant("fashion_mnist", PREDICTS_3), 0.9),
            (class_means("iris"), 0.9),
            (constant("digits", PREDICTS_3), 0.1),
        ):
            make_run_of_network(db, network, accuracy=accuracy, folder=folder)
        make_learning_run(db, folder)
    running = Server("dashboard.py", folder, MLPCORE_WORKERS="0")
    yield running
    running.stop()


def make_learning_run(db: Database, folder: Path) -> None:
    """A run that knew nothing before its training, then said 7, and in the end says 3."""
    run = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.1, epochs=9, folder=folder)
    for epoch, answered in ((0, [0.1] * 10), (1, PREDICTS_7), (9, PREDICTS_3)):
        file = f"models/run-{run}/after-{epoch}.safetensors"
        save_network(folder / file, replace(constant("digits", answered), epoch=epoch))
        db.execute("REPLACE INTO snapshots (run, member, epoch, file) VALUES (?, 0, ?, ?)", [run, epoch, file])
    db.execute("UPDATE runs SET kept_epoch = 9 WHERE id = ?", [run])
    db.execute("UPDATE members SET kept_epoch = 9 WHERE run = ?", [run])
    db.conn.commit()


@pytest.fixture
def trial(visit: Open, server: Server) -> Iterator[Open]:
    """Open the page: `trial("?run=2", phone=True)`."""
    windows: list[Visit] = []

    def opened_at(query: str = "", **window: object) -> Visit:
        windows.append(visit(server, f"predict{query}", **window))
        return windows[-1]

    yield opened_at
    for window in windows:
        # A page below the app's root first looks for the server beside itself, and then finds it.
        window.problems[:] = [problem for problem in window.problems if "/predict/_stcore/" not in problem]


def at(window: Visit, point: Sequence[float]) -> tuple[float, float]:
    box = window.page.locator(".mlp-board").bounding_box()
    assert box
    return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]


def draw(window: Visit, strokes: Sequence[Sequence[Sequence[float]]]) -> None:
    for stroke in strokes:
        window.page.mouse.move(*at(window, stroke[0]))
        window.page.mouse.down()
        for point in stroke[1:]:
            window.page.mouse.move(*at(window, point))
        window.page.mouse.up()


def draw_with_a_finger(window: Visit, strokes: Sequence[Sequence[Sequence[float]]]) -> None:
    session = window.context.new_cdp_session(window.page)
    for stroke in strokes:
        for kind, point in [("touchStart", stroke[0]), *(("touchMove", point) for point in stroke[1:])]:
            x, y = at(window, point)
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def clear(window: Visit) -> None:
    window.page.locator(".mlp-board").press("Escape")
    expect(window.page.locator(".mlp-predictions.mlp-waiting")).to_be_visible()
    window.idle()


def headline(window: Visit) -> Locator:
    return window.page.get_by_role("status").filter(has=window.page.locator("xpath=self::p"))


def show(window: Visit, way: str) -> None:
    window.page.locator(".st-key-predict_input").get_by_text(way, exact=True).click()
    window.idle()


def read_aright(window: Visit, digits: Sequence[dict[str, Any]], hand: Callable[..., None]) -> float:
    """The share of the digits that the network reads as their label when this hand draws them."""
    right = 0
    for digit in digits:
        hand(window, digit["strokes"])
        expect(window.page.locator(f'.mlp-draw[data-strokes="{len(digit["strokes"])}"]')).to_be_visible()
        expect(window.page.locator('.mlp-draw[data-confirmed="true"]')).to_be_visible()
        window.idle()
        expect(window.page.locator(".mlp-top")).to_have_count(1)
        right += window.page.locator(".mlp-top .mlp-name").inner_text() == str(digit["label"])
        clear(window)
    return right / len(digits)


def expected_share(digits: Sequence[dict[str, Any]]) -> float:
    """The share that the same network reads aright when the strokes come to it directly."""
    network = class_means("digits", sharpness=3)
    prepared = [prepare(parse_strokes(digit["strokes"]), (8, 8)).inputs[None] for digit in digits]
    tops = [network.probabilities(inputs)[0].argmax() for inputs in prepared]
    return sum(top == digit["label"] for top, digit in zip(tops, digits, strict=True)) / len(digits)


def test_handwritten_digits_are_predicted_when_the_mouse_draws_them(trial: Open) -> None:
    digits = real_digits()[::10]
    assert read_aright(trial(), digits, draw) == pytest.approx(expected_share(digits), abs=0.11)


def test_handwritten_digits_are_predicted_when_a_finger_draws_them(trial: Open) -> None:
    digits = real_digits()[5::10]
    window = trial(phone=True)
    assert read_aright(window, digits, draw_with_a_finger) == pytest.approx(expected_share(digits), abs=0.11)
    assert not window.scrolls_sideways()


def test_a_stroke_fills_the_bars_and_clearing_empties_them(trial: Open) -> None:
    window = trial()
    window.see("Draw a digit from 0 to 9")
    expect(window.page.locator(".mlp-input rect")).to_have_count(0)
    draw(window, ONE)
    expect(headline(window)).to_contain_text("The network")
    shares = window.page.locator(".mlp-share").evaluate_all(
        "bars => bars.map(bar => new DOMMatrix(getComputedStyle(bar).transform).a)"
    )
    assert len(shares) == 10
    assert sum(shares) == pytest.approx(1, abs=0.01)
    names = window.page.locator(".mlp-name").all_inner_texts()
    assert names == [str(digit) for digit in range(10)]
    assert int(window.page.locator(".mlp-top .mlp-name").inner_text()) == max(range(10), key=shares.__getitem__)
    assert window.page.locator(".mlp-input rect").count() > 5
    window.click("Clear")
    window.see("Draw a digit from 0 to 9")
    expect(window.page.locator(".mlp-input rect")).to_have_count(0)


def test_the_picture_that_the_network_receives_is_the_one_that_was_prepared(trial: Open) -> None:
    window = trial()
    draw(window, [[[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]]])
    expect(headline(window)).to_contain_text("The network")
    opacities = window.page.locator(".mlp-input rect").evaluate_all(
        "squares => squares.map(s => [+s.getAttribute('x'), +s.getAttribute('y'), +s.getAttribute('fill-opacity')])"
    )
    prepared = prepare(parse_strokes([[[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]]]), (8, 8)).inputs
    shown = {(x, y): value for x, y, value in opacities}
    assert len(shown) > 10
    assert sum(abs(shown.get((x, y), 0) - prepared[y, x]) for x in range(8) for y in range(8)) < 64 * 0.03


def test_another_run_predicts_the_same_drawing_and_is_in_the_address(trial: Open) -> None:
    window = trial()
    draw(window, ONE)
    expect(headline(window)).to_contain_text("The network")
    window.page.get_by_role("combobox", name="Trained network").click()
    window.page.get_by_role("option").filter(has_text=f"#{CONSTANT_RUN} ").click()
    expect(headline(window)).to_have_text("The network predicts 3 (82.0 %).")
    expect(window.page).to_have_url(re.compile(rf"[?&]run={CONSTANT_RUN}$"))
    window.page.reload()
    expect(headline(window)).to_have_text("The network predicts 3 (82.0 %).")
    expect(window.page.get_by_role("combobox", name="Trained network")).to_have_value(re.compile(f"#{CONSTANT_RUN} "))


def test_the_language_switch_keeps_the_drawing_and_its_prediction(trial: Open) -> None:
    window = trial(f"?run={CONSTANT_RUN}")
    draw(window, ONE)
    expect(headline(window)).to_have_text("The network predicts 3 (82.0 %).")
    window.page.get_by_text("日本語").click()
    expect(headline(window)).to_have_text("ネットワークの予測は「3」（82.0 %）です。")
    expect(window.page.locator('.mlp-draw[data-strokes="1"]')).to_be_visible()
    for english in ("Draw", "Upload", "Camera", "Test image"):
        expect(window.page.get_by_text(english, exact=True)).to_have_count(0)


def picture(kind: str = "PNG", mode: str = "L", **options: Any) -> bytes:
    image = Image.new("L", (80, 80), 255)
    ImageDraw.Draw(image).line([(40, 15), (40, 65)], fill=0, width=8)
    file = io.BytesIO()
    image.convert(mode).save(file, kind, **options)
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    Image.new("1", (10_000, 10_000), 1).save(file, "PNG")
    return file.getvalue()


def transparent() -> bytes:
    image = Image.new("RGBA", (80, 80), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(40, 15), (40, 65)], fill=(20, 20, 160, 255), width=8)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def choose(window: Visit, name: str, data: bytes) -> None:
    """Put a file into the upload field, in the place of the one before."""
    window.page.locator('.st-key-predict_upload input[type="file"]').set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": data}
    )
    expect(window.page.locator('[data-testid="stFileChipName"]')).to_have_text(name)
    window.idle()


def test_every_file_gets_a_prediction_or_an_error_message(trial: Open) -> None:
    window = trial(f"?run={CONSTANT_RUN}")
    show(window, "Upload")
    moving = picture("GIF", save_all=True, append_images=[Image.new("L", (80, 80), 0)])
    answered = {
        "plain.png": picture(),
        "photo.jpg": picture("JPEG"),
        "cmyk.jpg": picture("JPEG", "CMYK"),
        "moving.gif": moving,
        "sixteen.png": picture("PNG", "I;16"),
        "transparent.png": transparent(),
        "modern.webp": picture("WEBP", "RGB"),
        "old.bmp": picture("BMP", "RGB"),
    }
    refused = {
        "empty.png": (b"", "This file is empty"),
        "text.png": (b"no picture at all\n" * 100, "This file is not a picture"),
        "bomb.png": (bomb(), "million pixels"),
        "cut.png": (picture()[:70], "This picture is damaged"),
    }
    error = window.page.get_by_role("alert")
    for name, data in answered.items():
        choose(window, name, data)
        expect(headline(window)).to_have_text("The network predicts 3 (82.0 %).")
        expect(error).to_have_count(0)
        remove(window, name)
    for name, (data, sentence) in refused.items():
        choose(window, name, data)
        expect(error).to_contain_text(sentence)
        expect(window.page.locator(".mlp-predictions.mlp-waiting")).to_be_visible()
        remove(window, name)


def remove(window: Visit, name: str) -> None:
    window.page.get_by_role("button", name=f"Remove {name}").click()
    window.see("Choose a picture: the bars show")
    expect(window.page.get_by_role("alert")).to_have_count(0)
    window.idle()


def test_the_upload_field_is_shown_in_the_users_language(trial: Open) -> None:
    window = trial(locale="ja-JP")
    show(window, "アップロード")
    button = window.page.locator('[data-testid="stFileUploaderDropzone"] button')
    assert "ファイルを選ぶ" in shown_by_style(button.locator('[data-testid="stMarkdownContainer"]'))
    expect(button.get_by_text("Upload", exact=True)).to_be_hidden()
    expect(window.page.get_by_text("20MB per file")).to_be_hidden()


def shown_by_style(element: Locator) -> str:
    return str(element.evaluate("element => getComputedStyle(element, '::after').content"))


def test_the_camera_is_requested_only_when_it_is_chosen_and_its_picture_is_predicted(
    server: Server, browser: Browser
) -> None:
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with browser.browser_type.launch(executable_path=chromium_path(), args=flags) as filming:
        window = Visit(filming, server.url)
        window.page.add_init_script(
            "const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
            "window.asked = 0;"
            "navigator.mediaDevices.getUserMedia = (wanted) => (window.asked++, ask(wanted));"
        )
        window.goto(f"predict?run={CONSTANT_RUN}")
        show(window, "Upload")
        assert window.page.evaluate("window.asked") == 0
        show(window, "Camera")
        taking = window.page.locator('[data-testid="stCameraInputButton"]')
        expect(taking).to_be_enabled()
        assert "Take a photograph" in shown_by_style(taking)
        window.page.wait_for_function("document.querySelector('video').videoWidth > 0")
        taking.click()
        # The fake camera shows a green field with a moving clock: a digit to some, nothing to others.
        expect(window.page.get_by_role("alert").or_(window.page.locator(".mlp-top")).first).to_be_visible()
        assert "Take another photograph" in shown_by_style(taking)
        window.close()


def test_the_buttons_go_through_the_test_images(trial: Open) -> None:
    window = trial()
    show(window, "Test image")
    labels = datasets.load_test("digits").labels
    verdict = window.page.locator(".mlp-verdict")
    for button, expected in (("Next", 1), ("Next", 2), ("Previous", 1), ("Previous", 0), ("Previous", -1)):
        window.click(button)
        expect(verdict).to_contain_text(f"the label is {labels[expected]}.")
    window.click("Next mistake")
    expect(verdict).to_have_attribute("data-right", "false")
    expect(window.page.locator(".mlp-true")).to_have_count(1)


def test_a_network_for_clothes_offers_other_inputs_than_the_canvas(trial: Open) -> None:
    window = trial(f"?run={CLOTHES}", locale="ja-JP")
    expect(window.page.locator(".mlp-board")).to_have_count(0)
    window.see("Fashion-MNIST")
    window.click("自分の画像")
    choose(window, "plain.png", picture())
    expect(headline(window)).to_contain_text("ワンピース")


def test_a_network_for_measurements_shows_rows(trial: Open) -> None:
    window = trial(f"?run={IRIS}")
    window.see("its inputs are measurements, not pictures")
    expect(window.page.get_by_role("row")).to_have_count(5)
    before = window.page.get_by_role("row").nth(1).inner_text()
    window.click("Next")
    expect(window.page.get_by_role("row").nth(1)).not_to_have_text(before)
    expect(window.page.locator(".mlp-class")).to_have_count(3)


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
@pytest.mark.parametrize("run", [DIGITS, CLOTHES, IRIS])
def test_nothing_is_wider_than_a_phone(trial: Open, run: int, locale: str) -> None:
    window = trial(f"?run={run}", phone=True, locale=locale)
    tabs = window.page.locator(".st-key-predict_input button")
    for index in range(max(1, tabs.count())):
        if tabs.count():
            tabs.nth(index).click()
            window.idle()
        assert not window.scrolls_sideways()
        rights = window.page.locator(".mlp-predictions").evaluate_all(
            "all => all.map(a => a.getBoundingClientRect().right)"
        )
        assert all(right <= 390 for right in rights)


def test_a_screen_reader_gets_the_prediction_and_the_bars(trial: Open) -> None:
    window = trial(f"?run={CONSTANT_RUN}")
    draw(window, ONE)
    expect(headline(window)).to_have_text("The network predicts 3 (82.0 %).")
    bars = window.page.get_by_role("list", name="Probability of each class").get_by_role("listitem")
    expect(bars).to_have_count(10)
    expect(bars.nth(3)).to_contain_text("82.0 %")
    expect(window.page.get_by_role("img", name="The network receives 8 × 8 pixels")).to_be_visible()


def test_the_keyboard_reaches_every_kind_of_input(trial: Open) -> None:
    window = trial()
    window.page.get_by_role("combobox", name="Trained network").focus()
    window.page.keyboard.press("Escape")
    for _step in range(3):
        window.page.keyboard.press("Tab")
        if window.page.evaluate("document.activeElement.closest('.st-key-predict_input') !== null"):
            break
    window.page.keyboard.press("ArrowRight")
    window.page.keyboard.press("Space")
    expect(window.page.locator(".st-key-predict_upload")).to_be_visible()


def test_a_stroke_costs_a_few_kilobytes(trial: Open) -> None:
    window = trial()
    sent: list[int] = []
    received: list[int] = []
    window.page.on(
        "websocket",
        lambda socket: (
            socket.on("framesent", lambda frame: sent.append(len(frame))),
            socket.on("framereceived", lambda frame: received.append(len(frame))),
        ),
    )
    window.page.reload()
    window.see("Draw a digit from 0 to 9")
    window.idle()
    before = sum(sent), sum(received)
    draw(window, ONE)
    expect(headline(window)).to_contain_text("The network")
    window.idle()
    assert 0 < sum(sent) - before[0] < 2_000
    assert 0 < sum(received) - before[1] < 8_000


def shares(window: Visit, bars: str = ".mlp-share") -> list[float]:
    """How long the bars are, by their places; a bar that stands is as long as it is high."""
    return list(
        window.page.locator(bars).evaluate_all(
            "all => all.map((bar) => new DOMMatrix(getComputedStyle(bar).transform))"
            f".map(({{ a, d }}) => {'d' if 'up' in bars else 'a'})"
        )
    )


def test_the_slider_moves_the_bars_to_each_saved_epoch_without_a_request(trial: Open) -> None:
    window = trial(f"?run={LEARNED}")
    draw(window, ONE)
    expect(headline(window)).to_have_text("The network predicts 3 (82.0 %).")
    slider = window.page.get_by_role("slider", name="Epoch")
    expect(slider).to_have_attribute("aria-valuetext", "Epoch 9: the kept network")
    window.context.set_offline(True)
    slider.press("Home")
    expect(headline(window)).to_contain_text("The network is not sure")
    assert shares(window) == pytest.approx([0.1] * 10)
    expect(slider).to_have_attribute("aria-valuetext", "Epoch 0: before any training")
    slider.press("ArrowRight")
    expect(headline(window)).to_have_text("The network predicts 7 (82.0 %).")
    window.context.set_offline(False)
    draw(window, ONE)
    expect(window.page.locator('.mlp-draw[data-strokes="2"]')).to_be_visible()
    window.idle()
    expect(headline(window)).to_have_text("The network predicts 7 (82.0 %).")


def test_the_training_plays_from_the_untrained_network_to_the_last_and_can_be_stopped(trial: Open) -> None:
    window = trial(f"?run={LEARNED}")
    draw(window, ONE)
    expect(headline(window)).to_have_text("The network predicts 3 (82.0 %).")
    window.page.evaluate(
        "window.headlines = [];"
        "const headline = document.querySelector('.mlp-headline');"
        "new MutationObserver(() => headlines.push([headline.textContent, headline.ariaLive]))"
        ".observe(headline, { childList: true })"
    )
    play = window.page.get_by_role("button", name="Play the training")
    play.click()
    expect(window.page.get_by_test_id("stMain").get_by_role("button", name="Stop")).to_be_visible()
    expect(play).to_be_visible()
    headlines = [text for text, _live in window.page.evaluate("window.headlines")]
    assert [text[:23] for text in headlines] == [
        "The network is not sure",
        "The network predicts 7 ",
        "The network predicts 3 ",
    ]
    assert next(live for _text, live in window.page.evaluate("window.headlines")) == "off"
    play.click()
    window.page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    expect(headline(window)).to_contain_text("The network is not sure")
    expect(headline(window)).to_have_attribute("aria-live", "polite")


def test_several_networks_are_compared_and_those_that_disagree_are_marked(trial: Open) -> None:
    window = trial(f"?run={LEARNED}&with={CONSTANT_RUN},{ALSO_3}", phone=True)
    draw(window, ONE)
    expect(headline(window)).to_have_text("All 3 agree: 3.")
    expect(window.page.locator(".mlp-differs")).to_have_count(0)
    window.page.get_by_role("slider").press("Home")
    window.page.get_by_role("slider").press("ArrowRight")
    expect(headline(window)).to_have_text("They disagree: 3 (2 of 3), 7 (1 of 3).")
    rows = window.page.get_by_role("list", name="Prediction of each network").get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text(re.compile(rf"#{LEARNED}.*7.*82.0"))
    expect(rows.nth(1)).to_contain_text(re.compile(rf"#{CONSTANT_RUN}.*3.*82.0"))
    assert shares(window, ".mlp-share-up") == pytest.approx([*PREDICTS_7, *PREDICTS_3, *PREDICTS_3])
    expect(window.page.locator(".mlp-differs")).to_have_count(1)
    assert not window.scrolls_sideways()
    window.page.get_by_text("日本語").click()
    expect(headline(window)).to_contain_text("予測が分かれました")
    assert not window.scrolls_sideways()


def test_the_input_of_a_naive_demo_is_shown_beside_the_prepared_input(trial: Open) -> None:
    window = trial(phone=True)
    draw(window, [[[0.15, 0.1], [0.15, 0.3]]])
    expect(headline(window)).to_contain_text("The network")
    window.page.get_by_text("Compare: the picture only scaled down").click()
    window.see("Only scaled down")
    expect(window.page.locator(".mlp-column")).to_have_count(2)
    expect(window.page.get_by_role("status").filter(has=window.page.locator("xpath=self::p"))).to_have_count(1)
    window.see("pixels off the middle. Prepared, it is 8 pixels large")
    squares = window.page.locator(".mlp-column").evaluate_all(
        "columns => columns.map((column) => column.querySelectorAll('rect').length)"
    )
    assert 0 < squares[0] < squares[1]
    assert not window.scrolls_sideways()
    rights = window.page.locator(".mlp-column").evaluate_all("all => all.map(a => a.getBoundingClientRect().right)")
    assert max(rights) <= 390


def test_the_drawing_is_kept_on_the_page_look_inside(trial: Open) -> None:
    window = trial(f"?run={DIGITS}")
    draw(window, ONE)
    window.page.get_by_text("Why? Look inside the network with this drawing").click()
    window.page.wait_for_url("**/inspect?*")
    expect(window.page.locator("[data-strokes='1'] .mlp-board")).to_be_visible()
    expect(window.page.get_by_text(re.compile(r"The network predicts 1 \("))).to_be_visible()
    window.page.go_back()
    expect(window.page.locator(".mlp-top .mlp-name")).to_have_text("1")
    window.problems[:] = [problem for problem in window.problems if "/inspect/_stcore/" not in problem]
