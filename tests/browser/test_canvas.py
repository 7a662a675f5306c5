"""The drawing canvas in a real browser: what is drawn arrives, and stays until somebody clears it."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Sequence

import pytest
from harness import Server, Visit
from playwright.sync_api import CDPSession, expect

from mlpcore.pictures import parse_strokes
from tests.sample_data import real_digits

APP = "canvas_app.py"
Stroke = Sequence[Sequence[float]]

SEVEN = [[[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]]]
BAR = [[0.35, 0.5], [0.65, 0.5]]

SHOWN = "JSON.parse(document.querySelector('[data-testid=\"stCode\"] code')?.textContent ?? '{}')"
"""What the app shows, in the browser."""


@pytest.fixture
def server(shared_server: Callable[..., Server]) -> Server:
    return shared_server(APP)


def at(window: Visit, point: Sequence[float]) -> tuple[float, float]:
    box = window.page.locator(".mlp-board").bounding_box()
    assert box
    return box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"]


def draw(window: Visit, strokes: Sequence[Stroke]) -> None:
    """Draw with the mouse, in a few steps between two points."""
    mouse = window.page.mouse
    for stroke in strokes:
        mouse.move(*at(window, stroke[0]))
        mouse.down()
        for point in stroke[1:]:
            mouse.move(*at(window, point), steps=8)
        mouse.up()


def received(window: Visit, strokes: int) -> list[list[list[float]]]:
    """What Python has, as soon as it has this many strokes."""
    code = window.page.locator('[data-testid="stCode"] code')
    if strokes:
        window.page.wait_for_function(f"(count) => {SHOWN}.strokes?.length === count", arg=strokes)
    else:
        expect(code).to_contain_text('"strokes": null')
    return json.loads(code.inner_text())["strokes"]


def pen(window: Visit) -> float:
    return json.loads(window.page.locator('[data-testid="stCode"] code').inner_text())["pen"]


def runs(window: Visit) -> int:
    return json.loads(window.page.locator('[data-testid="stCode"] code').inner_text())["runs"]


def ink(window: Visit) -> int:
    """How many pixels of the canvas are drawn on."""
    return window.page.evaluate(
        "() => { const c = document.querySelector('.mlp-ink');"
        "const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);"
        "return data.filter((value, index) => index % 4 === 3 && value).length }"
    )


def inked(window: Visit) -> None:
    window.page.wait_for_function(
        "() => { const c = document.querySelector('.mlp-ink');"
        "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean) }"
    )


def test_a_stroke_arrives_when_it_ends(server, visit):
    window = visit(server)
    received(window, 0)
    before = runs(window)
    draw(window, SEVEN)
    (stroke,) = received(window, 1)
    assert runs(window) == before + 1
    assert stroke[0] == pytest.approx(SEVEN[0][0], abs=0.01)
    assert stroke[-1] == pytest.approx(SEVEN[0][-1], abs=0.01)
    assert len(stroke) <= 5  # two straight lines need few points
    assert all(round(value, 4) == value for point in stroke for value in point)
    assert ink(window) > 1000


def test_strokes_come_in_the_order_in_which_they_were_drawn(server, visit):
    window = visit(server)
    draw(window, [*SEVEN, BAR])
    first, second = received(window, 2)
    assert first[0] == pytest.approx(SEVEN[0][0], abs=0.01)
    assert second[0] == pytest.approx(BAR[0], abs=0.01)


def test_a_touch_without_movement_is_a_dot(server, visit):
    window = visit(server)
    window.page.mouse.click(*at(window, (0.5, 0.5)))
    (dot,) = received(window, 1)
    assert dot[0] == pytest.approx([0.5, 0.5], abs=0.01)
    assert parse_strokes([dot])


def test_a_line_that_leaves_the_canvas_ends_at_its_edge(server, visit):
    window = visit(server)
    draw(window, [[[0.5, 0.5], [1.4, 0.5], [1.4, -0.3]]])
    (stroke,) = received(window, 1)
    assert all(0 <= value <= 1 for point in stroke for value in point)
    assert max(x for x, _ in stroke) == 1


def test_undo_takes_back_one_stroke_and_clear_all(server, visit):
    window = visit(server)
    draw(window, [*SEVEN, BAR])
    received(window, 2)
    window.button("Undo").click()
    received(window, 1)
    draw(window, [BAR])
    received(window, 2)
    window.button("Clear").click()
    received(window, 0)
    window.see("Draw a digit here")
    assert ink(window) == 0
    expect(window.button("Clear")).to_be_disabled()
    window.button("Undo").click()
    received(window, 2)
    window.button("Redo").click()
    received(window, 0)
    expect(window.button("Redo")).to_be_disabled()


def test_the_keyboard_undoes_and_clears(server, visit):
    window = visit(server)
    draw(window, [*SEVEN, BAR])
    received(window, 2)
    board = window.page.get_by_role("application", name="Canvas for drawing a digit.")
    board.press("Control+z")
    received(window, 1)
    board.press("Control+Shift+z")
    received(window, 2)
    board.press("Escape")
    received(window, 0)


def test_the_keyboard_draws(server, visit):
    window = visit(server)
    board = window.page.get_by_role("application", name="Canvas for drawing a digit.")
    cursor, status = window.page.locator(".mlp-board-cursor"), window.page.locator(".mlp-board-status")
    expect(cursor).to_be_hidden()
    board.press("ArrowUp")
    expect(cursor).to_be_visible()
    expect(status).to_have_text("The pen is up. 50 % from the left, 47 % from the top.")
    for _time in range(4):
        board.press("Shift+ArrowRight")
    assert received(window, 4)[0] == [[0.5, 0.47], [0.53, 0.47]]  # a stroke for each time that Shift is held
    window.page.keyboard.press("Escape")
    received(window, 0)
    window.page.keyboard.press("ArrowDown")
    window.page.keyboard.down("Shift")
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown"):
        window.page.keyboard.press(key)
    expect(cursor).to_have_class("mlp-board-cursor mlp-down")
    window.page.keyboard.up("Shift")
    assert received(window, 1) == [[[0.62, 0.5], [0.56, 0.5], [0.56, 0.53]]]
    window.page.keyboard.press("Space")
    expect(status).to_have_text("The pen draws. 56 % from the left, 53 % from the top.")
    for _time in range(30):
        window.page.keyboard.press("ArrowDown")
    window.page.keyboard.press("Space")
    assert received(window, 2)[1] == [[0.56, 0.53], [0.56, 1]]
    window.page.mouse.click(*at(window, (0.2, 0.2)))
    expect(cursor).to_be_hidden()
    assert received(window, 3)[2] == [pytest.approx([0.2, 0.2], abs=0.01)]


def test_the_pen_is_sent_with_the_strokes_and_stays(server, visit):
    window = visit(server)
    draw(window, SEVEN)
    received(window, 1)
    assert pen(window) == 0.065
    before = ink(window)
    window.page.get_by_role("radio", name="Thick pen").click()
    window.page.wait_for_function(f"{SHOWN}.pen === 0.11")
    assert ink(window) > before
    window.button("Clear").click()
    received(window, 0)
    window.page.get_by_role("radio", name="Thick pen").press("ArrowLeft")
    window.page.keyboard.press("ArrowLeft")
    expect(window.page.get_by_role("radio", name="Thin pen")).to_be_checked()
    draw(window, SEVEN)
    received(window, 1)
    assert pen(window) == 0.03
    assert ink(window) < before


def test_the_drawing_survives_reruns_the_theme_the_language_and_leaving_the_page(server, visit):
    window = visit(server)
    draw(window, [*SEVEN, BAR])
    drawn = received(window, 2)
    window.click("Run all")
    assert received(window, 2) == drawn
    window.page.emulate_media(color_scheme="dark")
    window.page.get_by_text("日本語").click()
    expect(window.button("元に戻す")).to_be_visible()
    assert received(window, 2) == drawn
    inked(window)
    away = window.page.get_by_text("Another page")
    away.click()
    expect(window.page.locator(".mlp-board")).to_have_count(0)
    away.click()
    assert received(window, 2) == drawn
    inked(window)


def test_the_drawing_outlives_a_reload_in_its_tab(server, visit):
    window = visit(server)
    draw(window, [*SEVEN, BAR])
    strokes = received(window, 2)
    window.page.reload()
    assert received(window, 2) == strokes
    inked(window)
    draw(window, [BAR])
    received(window, 3)
    window.button("Clear").click()
    received(window, 0)
    window.page.reload()
    window.see("Draw a digit here")
    received(window, 0)
    received(visit(server), 0)


@pytest.mark.parametrize(
    "stored", ["", "{", "7", "null", '{"strokes": [[[0.5, "<b>"]]]}', '{"strokes": [[]], "pen": 3}']
)
def test_what_others_write_into_the_storage_of_the_tab_does_no_harm(server, visit, stored):
    window = visit(server)
    window.page.evaluate("(text) => sessionStorage.setItem('mlplab.drawing.drawing', text)", stored)
    window.page.reload()
    received(window, 0)
    draw(window, SEVEN)
    received(window, 1)


def test_the_page_can_empty_the_canvas(server, visit):
    window = visit(server)
    draw(window, SEVEN)
    received(window, 1)
    window.click("Empty it")
    received(window, 0)
    window.see("Draw a digit here")
    draw(window, [BAR])
    (stroke,) = received(window, 1)
    assert stroke[0] == pytest.approx(BAR[0], abs=0.01)


def test_ink_changes_with_the_theme(server, visit):
    shades = []
    for scheme in ("light", "dark"):
        window = visit(server, scheme=scheme)
        draw(window, SEVEN)
        received(window, 1)
        drawn = window.page.wait_for_function(
            "() => { const c = document.querySelector('.mlp-ink');"
            "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            "const opaque = d.findIndex((v, i) => i % 4 === 3 && v === 255);"
            "return opaque >= 0 && { shade: d[opaque - 3] } }"
        )
        shades.append(drawn.json_value()["shade"])
    dark, light = shades
    assert dark < 100
    assert light > 200


def test_a_scribble_is_simplified_and_limited(server, visit):
    window = visit(server)
    spiral = [
        [0.5 + 0.45 * t * math.cos(70 * t), 0.5 + 0.45 * t * math.sin(70 * t)] for t in (i / 900 for i in range(900))
    ]
    box = window.page.locator(".mlp-board")
    box.evaluate(
        """(board, points) => {
          const box = board.getBoundingClientRect();
          const send = (kind, [x, y]) => board.dispatchEvent(new PointerEvent(kind, {
            pointerId: 1, button: 0, isPrimary: true, bubbles: true,
            clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
          board.setPointerCapture = () => undefined;
          for (let stroke = 0; stroke < 100; stroke++) {
            send("pointerdown", points[0]);
            points.forEach((point) => send("pointermove", point));
            send("pointerup", points.at(-1));
          }
        }""",
        spiral,
    )
    root = window.page.locator('.mlp-draw:not([data-strokes="0"])')
    drawn = received(window, int(root.get_attribute("data-strokes") or 0))
    assert all(len(stroke) <= 300 for stroke in drawn)
    assert 2000 <= sum(map(len, drawn)) <= 2300
    window.see("The canvas is full: clear it and draw one digit.")
    assert parse_strokes(drawn)


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    session.send(
        "Input.dispatchTouchEvent",
        {"type": kind, "touchPoints": [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]},
    )


def test_a_finger_draws_and_the_page_stays_where_it_is(server, visit):
    window = visit(server, phone=True, locale="ja-JP")
    session = window.context.new_cdp_session(window.page)
    window.page.evaluate("document.querySelector('.stMain').style.paddingBottom = '900px'")
    (stroke,) = real_digits()[0]["strokes"][:1]
    scrolled = "document.querySelector('.stMain').scrollTop"
    before = window.page.evaluate(scrolled)
    touch(session, "touchStart", at(window, stroke[0]))
    for point in stroke[1:]:
        touch(session, "touchMove", at(window, point))
    touch(session, "touchEnd")
    (arrived,) = received(window, 1)
    assert arrived[0] == pytest.approx(stroke[0], abs=0.02)
    assert arrived[-1] == pytest.approx(stroke[-1], abs=0.02)
    assert window.page.evaluate(scrolled) == before
    assert not window.scrolls_sideways()


def test_a_palm_beside_the_pen_draws_nothing(server, visit):
    window = visit(server, phone=True)
    session = window.context.new_cdp_session(window.page)
    first, second = at(window, (0.3, 0.3)), at(window, (0.8, 0.8))
    touch(session, "touchStart", first)
    touch(session, "touchStart", first, second)
    touch(session, "touchMove", at(window, (0.3, 0.6)), at(window, (0.8, 0.6)))
    touch(session, "touchEnd")
    (stroke,) = received(window, 1)
    assert all(x < 0.4 for x, _ in stroke)


def test_the_canvas_is_square_and_fits_a_small_phone(server, visit):
    window = visit(server, phone=True)
    window.page.set_viewport_size({"width": 360, "height": 640})
    window.page.wait_for_function("document.querySelector('.mlp-board')?.clientWidth < 345")
    box = window.page.locator(".mlp-board").bounding_box()
    assert box
    assert box["width"] == pytest.approx(box["height"], abs=1)
    assert not window.scrolls_sideways()
    wide = visit(server)
    box = wide.page.locator(".mlp-board").bounding_box()
    assert box
    assert box["width"] == 360


def test_real_digits_keep_their_shape(server, visit):
    window = visit(server)
    for digit in real_digits()[::33][:3]:
        draw(window, digit["strokes"])
        arrived = received(window, len(digit["strokes"]))
        for sent, came in zip(digit["strokes"], arrived, strict=True):
            assert max(distance(point, came) for point in sent) < 0.01
        assert len(json.dumps(arrived)) < 3000
        window.button("Clear").click()
        received(window, 0)


def distance(point: Sequence[float], line: Stroke) -> float:
    """From a point to the nearest point of a line."""
    if len(line) == 1:
        return math.dist(point, line[0])
    return min(_to_segment(point, a, b) for a, b in itertools.pairwise(line))


def _to_segment(point: Sequence[float], a: Sequence[float], b: Sequence[float]) -> float:
    length = math.dist(a, b) ** 2 or 1.0
    share = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length
    share = min(1.0, max(0.0, share))
    return math.dist(point, (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
