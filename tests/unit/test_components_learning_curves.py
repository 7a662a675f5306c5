"""The colours of overlaid runs stay with the runs."""

from __future__ import annotations

import pytest
import streamlit as st

from mlpcore.ui.components.learning_curves import color_numbers, continued_colors


def test_the_first_runs_have_the_first_colours_in_their_order() -> None:
    assert continued_colors({}, ["12", "7", "9"]) == {"12": 0, "7": 1, "9": 2}


def test_a_run_keeps_its_colour_where_the_order_changes() -> None:
    colors = continued_colors({}, ["12", "7", "9"])

    assert continued_colors(colors, ["9", "12", "7"]) == colors


def test_a_run_that_comes_has_the_colour_of_the_one_that_went() -> None:
    colors = continued_colors({"12": 0, "7": 1, "9": 2}, ["20", "9", "12"])

    assert colors == {"20": 1, "9": 2, "12": 0}


def test_no_two_runs_share_a_colour_whatever_comes_and_goes() -> None:
    colors: dict[str, int] = {}
    for first in range(0, 40, 3):
        runs = [str(number) for number in range(first, first + 20)]
        colors = continued_colors(colors, runs)
        assert sorted(colors.values()) == list(range(20))
        assert set(colors) == set(runs)


def test_each_chart_has_its_own_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})

    assert color_numbers("list", ["1", "2"]) == [0, 1]
    assert color_numbers("study", ["2", "1"]) == [0, 1]
    assert color_numbers("list", ["2", "1"]) == [1, 0]
