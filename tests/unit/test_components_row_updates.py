"""What a chart is sent arrives whole, whichever messages get lost on the way."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import numpy as np
import pytest

from mlpcore.live.curve_rows import COLUMNS, DEVIATIONS, rows
from mlpcore.ui.components.learning_curves.row_updates import REPEATS, Sent, next_message


def columns(count: int, scale: float = 1.0) -> dict[str, list[float | None]]:
    values = [scale / epoch for epoch in range(1, count + 1)]
    return {
        "epoch": list(range(1, count + 1)),
        "loss": values,
        "accuracy": [1 - value / 2 for value in values],
        "val_loss": [None] * count,
        "val_accuracy": [None] * count,
    }


class Browser:
    """What `row_updates.js` does with the messages."""

    def __init__(self) -> None:
        self.base: str | None = None
        self.columns: dict[str, list[float | None]] = {}

    def receive(self, message: dict[str, Any]) -> bool:
        """Whether the curve is complete; otherwise the browser requests everything."""
        message = json.loads(json.dumps(message, allow_nan=False))
        if "whole" in message:
            self.base, self.columns = message["base"], message["whole"]["columns"]
        if self.base != message["base"] or len(self.columns["epoch"]) < message["from"]:
            return False
        for name, newer in message["rows"].items():
            self.columns[name] = self.columns[name][: message["from"]] + newer
        return True


def send(
    sent: Sent | None, values: dict[str, list[float | None]], fixed: object = "run"
) -> tuple[Sent, dict[str, Any]]:
    return next_message(sent, values, fixed, {"run": "run"})


def test_the_first_message_holds_everything_and_the_next_only_what_is_new():
    sent, first = send(None, columns(100))
    assert first["whole"]["columns"]["epoch"] == list(range(1, 101))
    assert first["whole"]["run"] == "run"
    sent, second = send(sent, columns(101))
    assert "whole" not in second
    assert second["from"] == 100
    assert second["rows"]["epoch"] == [101]


def test_a_message_without_news_stays_the_same():
    sent, _ = send(None, columns(5))
    for _ in range(REPEATS):
        sent, message = send(sent, columns(5))
    assert send(sent, columns(5))[1] == message
    assert message["rows"]["epoch"] == []


def test_each_row_is_sent_a_few_times_in_case_a_message_is_overtaken():
    sent, _ = send(None, columns(5))
    times = 0
    for count in range(6, 20):
        sent, message = send(sent, columns(count))
        times += 6 in message["rows"]["epoch"]
    assert times == REPEATS


@pytest.mark.parametrize("seed", range(20))
def test_a_browser_that_misses_messages_ends_with_the_whole_curve(seed):
    chance = random.Random(seed)
    sent, browser, count, scale = None, Browser(), 0, 1.0
    for _ in range(60):
        if chance.random() < 0.05:
            count, scale = chance.randrange(count + 1), scale + 1  # the run begins anew
        count += chance.randrange(3)
        sent, message = send(sent, columns(count, scale))
        if chance.random() < 0.5:
            continue  # lost
        if not browser.receive(message):
            sent, message = send(None, columns(count, scale))
            assert browser.receive(message)
        assert browser.columns == rows(columns(count, scale))


@pytest.mark.parametrize(
    "later",
    [(columns(9), "run"), (columns(10, 2.0), "run"), (columns(12, 2.0), "run"), (columns(10), "another meaning")],
    ids=["fewer rows", "other values", "more and other values", "other labels"],
)
def test_curves_that_do_not_continue_are_sent_completely(later):
    sent, _ = send(None, columns(10))
    _, message = send(sent, *later)
    assert message["whole"]["columns"] == rows(later[0])
    assert message["base"] != sent.base


def test_deviations_are_sent_where_there_are_some():
    values = columns(9) | {name: [0.1] * 9 for name in DEVIATIONS}
    sent, first = send(None, values)
    assert first["whole"]["columns"]["val_loss_sd"] == [0.1] * 9
    sent, message = send(sent, {name: [*column, 0.5] for name, column in values.items()})
    assert message["rows"]["accuracy_sd"] == [0.5]
    assert "accuracy_sd" not in send(None, columns(9))[1]["whole"]["columns"]


def test_means_that_lose_their_deviations_are_sent_completely():
    sent, _ = send(None, columns(9) | {name: [0.1] * 9 for name in DEVIATIONS})
    assert "whole" in send(sent, columns(9))[1]


def test_values_that_json_cannot_hold_are_missing_and_numbers_are_short():
    values = {name: [math.nan, math.inf, None, 1 / 3] for name in COLUMNS}
    assert rows(values)["loss"] == [None, None, None, 0.333333]


def test_arrays_are_sent_like_lists():
    values = {name: np.array([1.0, np.nan, 0.25], np.float32) for name in COLUMNS}
    values["epoch"] = np.arange(1, 4)
    sent, message = send(None, values)
    assert json.loads(json.dumps(message["whole"]["columns"]))["epoch"] == [1, 2, 3]
    assert message["whole"]["columns"]["loss"] == [1.0, None, 0.25]
    assert "whole" not in send(sent, values)[1]
