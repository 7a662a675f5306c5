"""The overlay of several runs in a real browser."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from harness import Server, Visit
from playwright.sync_api import expect

APP = "overlay_chart_app.py"


@pytest.fixture
def server(shared_server: Callable[..., Server]) -> Server:
    return shared_server(APP)


def overlaid(visit: Callable[..., Visit], server: Server, runs: int, **options: Any) -> Visit:
    window = visit(server, f"?runs={runs}", **options)
    window.click("Overlay")
    expect(window.page.locator('.mlp-curves[data-epochs="30"]')).to_be_visible()
    return window


def lines(window: Visit) -> dict[str, dict[str, Any]]:
    drawn = window.page.evaluate(
        "document.querySelector('.mlp-chart').data.map(({uid, line, marker, mode}) =>"
        " ({uid, color: line.color, dash: line.dash, symbol: marker.symbol, mode}))"
    )
    return {line["uid"]: line for line in drawn}


def test_each_run_has_one_colour_training_solid_and_validation_dashed(server, visit):
    drawn = lines(overlaid(visit, server, 10))
    assert len({line["color"] for line in drawn.values()}) == 10
    for number in range(10):
        own = [line for uid, line in drawn.items() if uid.startswith(f"{number} ")]
        assert len({line["color"] for line in own}) == 1
        assert {line["dash"] for line in own} == ({"solid"} if number % 4 == 3 else {"solid", "6px,4px"})


def test_the_second_ten_runs_differ_from_the_first_by_their_symbols(server, visit):
    drawn = lines(overlaid(visit, server, 20, scheme="dark")).values()
    looks = {(line["color"], line["symbol"].removesuffix("-open"), line["mode"]) for line in drawn}
    assert len(looks) == 20


def test_a_run_and_a_kind_of_curve_can_be_hidden(server, visit):
    window = overlaid(visit, server, 4)
    window.page.get_by_role("button", name="Run 2").click()
    window.page.wait_for_function("!document.querySelector('.mlp-chart').data.some(({uid}) => uid.startsWith('2 '))")
    window.button("Training").click()
    window.page.wait_for_function(
        "document.querySelector('.mlp-chart').data.every(({uid}) => uid.includes('validation'))"
    )
    window.page.get_by_role("button", name="Run 2").click()
    window.page.wait_for_function("document.querySelector('.mlp-chart').data.some(({uid}) => uid.startsWith('2 '))")


def test_a_label_names_the_run_and_markup_in_names_is_only_text(server, visit):
    window = overlaid(visit, server, 8)
    window.see("Run 0 · 32 ReLU <0>")
    box = window.page.locator(".mlp-chart .nsewdrag").nth(1).bounding_box()
    assert box
    label = window.page.locator(".mlp-chart .hoverlayer .hovertext")
    heights = itertools.cycle((0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5))

    def move() -> None:
        window.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * next(heights))

    window.until(label.count, move)
    expect(label).to_contain_text("Epoch")
    expect(label).to_contain_text("ReLU <")


def test_ten_runs_fit_a_phone(server, visit):
    window = overlaid(visit, server, 10, phone=True, locale="ja-JP")
    window.see("正解率")
    assert not window.scrolls_sideways()
