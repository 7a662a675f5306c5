"""My digits in a real browser: kept, shown, read, deleted, exported, imported; and what a browser may refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, Locator, expect

from mlpcore.pictures.digit_collection import read_collection
from mlpcore.store.connection import opened
from tests.factory.networks import class_means, constant, make_run_of_network

PREDICTS_3 = [0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02]
ONE = [[[0.5, 0.2], [0.49, 0.4], [0.48, 0.6], [0.47, 0.8]]]
SEVEN = [[[0.3, 0.25], [0.7, 0.25], [0.45, 0.8]]]
THREE = [[[0.3, 0.2], [0.7, 0.2], [0.5, 0.45], [0.7, 0.6], [0.6, 0.8], [0.3, 0.75]]]
FILE = {"digits": [{"label": 1, "strokes": ONE}, {"label": 7, "strokes": SEVEN}, {"label": 3, "strokes": THREE}]}

Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with a network that reads digits, and one that predicts 3 for every input."""
    folder = tmp_path_factory.mktemp("networks")
    with opened(folder / "mlplab.db") as db:
        make_run_of_network(db, class_means("digits", sharpness=3), accuracy=0.9, folder=folder, name="reads")
        make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.2, folder=folder, name="always 3")
    running = Server("dashboard.py", folder, MLPCORE_WORKERS="0")
    yield running
    running.stop()


@pytest.fixture
def trial(visit: Open, server: Server) -> Iterator[Open]:
    windows: list[Visit] = []

    def opened_at(query: str = "", **window: object) -> Visit:
        windows.append(visit(server, f"predict{query}", **window))
        return windows[-1]

    yield opened_at
    for window in windows:
        # A page below the app's root first looks for the server beside itself, and then finds it.
        window.problems[:] = [problem for problem in window.problems if "/predict/_stcore/" not in problem]


def draw(window: Visit, strokes: Sequence[Sequence[Sequence[float]]]) -> None:
    box = window.page.locator(".mlp-board").bounding_box()
    assert box
    for stroke in strokes:
        positions = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        window.page.mouse.move(*positions[0])
        window.page.mouse.down()
        for position in positions[1:]:
            window.page.mouse.move(*position)
        window.page.mouse.up()


def keep(window: Visit, strokes: Sequence[Sequence[Sequence[float]]], label: int) -> None:
    draw(window, strokes)
    window.page.locator(".mlp-keep-label").nth(label).click()
    expect(window.page.locator('.mlp-draw[data-strokes="0"]')).to_be_visible()


def show(window: Visit, way: str) -> None:
    window.page.locator(".st-key-predict_input").get_by_text(way, exact=True).click()
    window.idle()


def kept(window: Visit) -> Locator:
    """The small pictures that have arrived."""
    return window.page.locator(".mlp-kept-picture[src]")


def ranking(window: Visit) -> Locator:
    return window.page.locator(".mlp-pickable [data-pick]")


def choose(window: Visit, content: Any) -> None:
    data = json.dumps(content).encode()
    window.page.locator('input[type="file"]').set_input_files(
        {"name": "digits.json", "mimeType": "application/json", "buffer": data}
    )


def test_a_saved_drawing_survives_a_reload_and_a_restart_of_the_server(trial: Open, server: Server) -> None:
    window = trial()
    first = window.page.locator(".mlp-keep-label").first
    expect(first).to_be_disabled()
    expect(first).to_have_attribute("title", "Save as 0. While you draw, the key 0 does the same.")
    keep(window, ONE, 1)
    window.see("Saved as 1. My digits: 1")
    window.page.locator(".mlp-keep").get_by_role("button", name="Undo").click()
    expect(window.page.locator('.mlp-draw[data-strokes="1"]')).to_be_visible()
    expect(window.page.locator(".mlp-keep")).not_to_contain_text("My digits: 1")
    window.page.locator(".mlp-keep-label").nth(1).click()
    keep(window, SEVEN, 7)
    draw(window, THREE)
    window.page.keyboard.press("3")
    window.see("Saved as 3. My digits: 3")
    show(window, "My digits")
    expect(kept(window)).to_have_count(3)
    assert [label.strip() for label in window.page.locator(".mlp-kept-label").all_inner_texts()] == ["3", "7", "1"]
    assert kept(window).first.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]") == [28, 28]
    expect(ranking(window)).to_have_count(2)
    server.kill()
    server.start()
    window.page.reload()
    window.idle()
    window.problems.clear()
    show(window, "My digits")
    expect(kept(window)).to_have_count(3)
    ranking(window).filter(has_text="always 3").click()
    expect(window.page.locator(".mlp-picture figure")).to_have_count(2)
    window.see("misreads 2 digits")
    expect(ranking(window).filter(has_text="always 3")).to_contain_text("1 of 3 right (33.3 %)")


def test_digits_are_imported_deleted_brought_back_and_exported(trial: Open) -> None:
    window = trial()
    show(window, "My digits")
    window.see("Draw digits and save them")
    window.page.get_by_text("Import digits").click()
    choose(window, FILE)
    window.see("3 digits were added.")
    expect(kept(window)).to_have_count(3)
    choose(window, FILE)
    window.see("0 digits were added. 3 were already there.")
    window.page.get_by_role("button", name="Delete digit 1, label 1").click()
    window.see("A 1 was deleted.")
    expect(kept(window)).to_have_count(2)
    undo = window.page.locator(".mlp-collection").get_by_role("button", name="Undo")
    undo.click()
    expect(kept(window)).to_have_count(3)
    window.click("Delete all")
    window.see("All digits were deleted.")
    window.see("Draw digits and save them")
    expect(kept(window)).to_have_count(0)
    undo.click()
    expect(kept(window)).to_have_count(3)
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="Export").click()
    exported = read_collection(download.value.path().read_bytes())
    assert ([digit.label for digit in exported.digits], exported.problems) == ([1, 7, 3], ())
    assert exported.digits[0].strokes.lines[0].tolist() == ONE[0]


def test_a_browser_without_storage_keeps_the_digits_while_the_page_is_open(trial: Open) -> None:
    window = trial()
    window.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    window.page.reload()
    window.idle()
    keep(window, ONE, 1)
    show(window, "My digits")
    window.see("Your browser saves nothing for this page")
    expect(kept(window)).to_have_count(1)
    show(window, "Draw")
    keep(window, SEVEN, 7)
    show(window, "My digits")
    expect(kept(window)).to_have_count(2)
    expect(ranking(window)).to_have_count(2)


def test_invalid_content_of_the_storage_is_ignored(trial: Open) -> None:
    window = trial()
    entries = [*FILE["digits"], {"label": "<script>alert(1)</script>", "strokes": ONE}, {"label": 1}, None, 7]
    entries += [{"label": 1, "strokes": [[[0.5, None]]]}, {"label": 12, "strokes": ONE}, {"label": 2, "strokes": "x"}]
    for stored, count in (("{broken", 0), ('"text"', 0), ('{"digits": 3}', 0), (json.dumps(entries), 3)):
        window.page.evaluate("text => localStorage.setItem('mlplab.digits', text)", stored)
        window.page.reload()
        window.idle()
        show(window, "My digits")
        expect(window.page.locator(".mlp-kept-count")).to_have_text(f"My digits: {count}")
        expect(kept(window)).to_have_count(count)
    expect(ranking(window)).to_have_count(2)
    many = [{"label": 1, "strokes": [[[0.5, 0.1 + index / 1000], [0.5, 0.9]]]} for index in range(500)]
    window.page.evaluate("text => localStorage.setItem('mlplab.digits', text)", json.dumps(many))
    window.page.reload()
    window.idle()
    draw(window, ONE)
    window.page.locator(".mlp-keep-label").nth(1).click()
    window.see("My digits are full: delete some first. My digits: 500")
    expect(window.page.locator('.mlp-draw[data-strokes="1"]')).to_be_visible()


def test_on_a_phone_nothing_is_too_wide_and_everything_is_japanese(trial: Open) -> None:
    window = trial(phone=True, locale="ja-JP", scheme="dark")
    keep(window, ONE, 1)
    window.see("「1」として保存しました。")
    assert not window.scrolls_sideways()
    for label in window.page.locator(".mlp-keep-label").all():
        box = label.bounding_box()
        assert box
        assert box["width"] >= 24
        assert box["height"] >= 40
    window.page.locator(".st-key-predict_input").get_by_text("自分の数字").click()
    expect(kept(window)).to_have_count(1)
    expect(ranking(window)).to_have_count(2)
    assert not window.scrolls_sideways()
    collection = window.page.locator(".mlp-collection").inner_text()
    assert not re.search("[A-Za-z]{3}", collection)
