"""Tables with bars: measures of each class, rankings, changes of weights."""

from __future__ import annotations

import re

from mlpcore.figures.bar_tables import (
    RankingRow,
    ScoreCell,
    ScoreRow,
    WeightChange,
    ranking_list,
    scores_table,
    weight_change_table,
)
from tests.unit.parsed_markup import NAUGHTY, parsed, picks


def test_the_measures_are_a_table_whose_rows_can_be_chosen():
    rows = [
        ScoreRow("cat", (ScoreCell(0.25, "25 %"),), "0", "cat in numbers"),
        ScoreRow("Mean", (ScoreCell(None, "never"),)),
    ]
    markup = scores_table(["Class", "Precision"], rows, "0")
    assert picks(markup) == ["0"]
    assert "".join(parsed(markup).itertext()) == "ClassPrecisioncat25 %Meannever"
    assert re.findall(r"width:([\d.]+)%", markup) == ["25.0"]


def test_bars_of_weight_changes_are_relative_to_the_largest() -> None:
    markup = weight_change_table(
        [WeightChange(NAUGHTY, 0.1, "10 %", "0"), WeightChange("b", 0.2, "20 %", "0")], ("a", "b", "c")
    )

    widths = [part.split("%")[0] for part in markup.split("width:")[1:] if "%" in part.split(";")[0]]
    assert widths == ["50.0", "100.0"]
    assert NAUGHTY in "".join(parsed(markup).itertext())


def test_layers_that_did_not_change_are_drawn_too() -> None:
    assert "nan" not in weight_change_table([WeightChange("a", 0, "0 %", "0")], ("a", "b", "c"))


def test_rows_are_in_order_with_a_bar_as_long_as_their_share() -> None:
    rows = [RankingRow("7", "first", 0.9, "9 of 10", ("a", "b")), RankingRow("3", "second", 0, "0 of 10", ())]
    markup = ranking_list(rows, "3")
    assert re.findall('data-pick="([^"]*)" aria-pressed="([^"]*)"', markup) == [("7", "false"), ("3", "true")]
    assert re.findall(r"width:([\d.]+)%", markup) == ["90.0", "0.0"]
    assert re.findall('aria-label="([^"]*)"', markup) == ["1: first, 9 of 10, a, b", "2: second, 0 of 10"]
