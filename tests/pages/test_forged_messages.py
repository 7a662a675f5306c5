"""Messages that no browser of ours sends, to every part of a page that takes some: at most a sentence answers them.

The messages are large, deep, or of other types than expected; the work that they cause is limited before it is done.
"""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from sqlite_utils import Database

from mlpcore.paths import PROJECT
from mlpcore.spec.choices import MAX_LAYERS
from mlpcore.ui.components import pickable as pickable_component
from mlpcore.ui.inspect.arithmetic import layer_calculation
from mlpcore.ui.inspect.views import VIEWS
from mlpcore.ui.leaderboard import run_table
from mlpcore.ui.predict import kept_digits
from mlpcore.ui.train.form import layers_table, values
from tests.app_pages import ended, open_page
from tests.factory.networks import class_means, make_run_of_network, make_run_with_networks
from tests.factory.runs import make_run, spec_of

ROW = {"units": 32, "activation": "relu", "dropout": 0.1}
INFINITE = json.loads("1e999")


def deep(levels: int = 300) -> Any:
    """A list within a list, and so on."""
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


VALUES: dict[str, Any] = {
    "nothing": None,
    "infinity": INFINITE,
    "not a number": float("nan"),
    "huge number": 10**400,
    "negative": -1,
    "true": True,
    "long text": "x" * 1_000_000,
    "list": [1, 2],
    "many": [0] * 20_000,
    "deep": deep(),
    "object": {"a": {"b": {}}},
}


def edits(**changes: Any) -> dict[str, Any]:
    """What a browser sends of a table in which nothing is edited but this."""
    return {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **changes}


TABLES: dict[str, Any] = {
    "20,000 rows": edits(added_rows=[ROW] * 20_000),
    "20,000 deleted": edits(deleted_rows=list(range(20_000))),
    "one row deleted often": edits(deleted_rows=[0] * 20_000),
    "another row": edits(edited_rows={10**9: {"units": 3}}),
    "a negative row": edits(deleted_rows=[-1]),
    "another column": edits(edited_rows={0: {"password": 3}}),
    "rows that are none": edits(added_rows=["x", None, 5]),
    "a list": edits(edited_rows=[1]),
    "no object": [1],
    "no part": {},
    **{f"units: {name}": edits(edited_rows={0: {"units": value}}) for name, value in VALUES.items()},
    **{f"activation: {name}": edits(added_rows=[ROW | {"activation": value}]) for name, value in VALUES.items()},
}
LIKE_A_USERS = {"units: nothing", "units: negative", "units: true"} | {
    f"activation: {name}" for name in ("nothing", "negative", "true")
}
"""What a user can enter as well: the form says which field is wrong."""


@pytest.mark.parametrize("forged", TABLES)
def test_a_forged_table_of_layers_costs_a_sentence(db: Database, forged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[int] = []
    frame = layers_table._frame

    def drawn(given: Any) -> pd.DataFrame:
        rows.append(len(given))
        return frame(given)

    monkeypatch.setattr(layers_table, "_frame", drawn)
    at = open_page("dashboard.py", dataset="digits")
    before = at.session_state[values.key("rows")]
    at.session_state[at.session_state[values.key("table_key")]] = TABLES[forged]

    at = ended(at.run())

    warned = any("cannot be read" in warning.value for warning in at.warning)
    assert warned is (forged not in LIKE_A_USERS)
    assert max(rows) <= MAX_LAYERS
    if warned:
        assert at.session_state[values.key("rows")] == before
        assert not ended(at.run()).warning, "it is said once, and the table can be edited again"


PICKS = ["", "x", "-1", "0", "1e999", "999999999999999999999", "٣", "0,0", "0:0:0", "a" * 64, "<b>", "None", "1 OR 1=1"]


@pytest.mark.parametrize("view", VIEWS)
def test_forged_choices_in_pictures_are_no_choices(db: Database, view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def forge(key: str, data: Any, on_picked_change: Any = None) -> None:
        if on_picked_change is None or key in sent:
            return
        sent.append(key)
        for message in [*({"picked": text} for text in PICKS), *({"picked": value} for value in VALUES.values()), []]:
            st.session_state[key] = message
            on_picked_change()
        del st.session_state[key]

    monkeypatch.setattr(pickable_component, "_pickable", forge)
    run = make_run_with_networks(db, dataset="digits", hidden=[{"units": 8}], epochs=2)
    ended(open_page("pages/inspect.py", run=run, view=view).run())
    assert sent or view == "arithmetic", "which shows tables and no figures to choose from"


@pytest.mark.parametrize("forged", VALUES)
@pytest.mark.parametrize("level", ["state", "drawing", "strokes", "lines", "points"])
def test_a_forged_drawing_is_none(db: Database, level: str, forged: str) -> None:
    make_run_of_network(db, class_means("digits"))
    levels = ["points", "lines", "strokes", "drawing", "state"]
    message: Any = VALUES[forged]
    wrapped = {
        "points": lambda inner: [inner],
        "lines": lambda inner: [inner],
        "strokes": lambda inner: {"id": 1, "clear": "", "strokes": inner},
        "drawing": lambda inner: {"drawing": inner},
    }
    for name in levels[levels.index(level) : -1]:
        message = wrapped[name](message)
    at = ended(open_page("pages/predict.py", {"digit_canvas": message}))
    assert len(at.error) <= 1


@pytest.mark.parametrize("forged", VALUES)
def test_a_forged_collection_of_digits_is_none_or_a_sentence(forged: str) -> None:
    value = VALUES[forged]
    for payload in (
        value,
        {"revision": value, "digits": []},
        {"revision": 1, "digits": value},
        {"revision": 1, "digits": [value]},
        {"revision": 1, "digits": [{"label": value, "strokes": [[[0.1, 0.2]]]}]},
        {"revision": 1, "digits": [{"label": 1, "strokes": value}]},
        {"revision": 1, "digits": [{"label": 1, "strokes": [value]}]},
        {"revision": 1, "digits": [{"label": 1, "strokes": [[value]]}]},
    ):
        kept = kept_digits.parse_kept_digits(payload)
        assert kept is None or (len(kept.digits) <= 1 and len(kept.problems) <= 2)


@pytest.mark.parametrize("forged", VALUES)
def test_a_forged_selection_of_runs_selects_none_but_rows_of_the_table(db: Database, forged: str) -> None:
    make_run(db, spec_of(epochs=2))
    for rows in ([VALUES[forged]], VALUES[forged]):
        state = {"selection": {"rows": rows, "columns": [], "cells": []}}
        assert run_table.ticked_rows(state, 1) in ([], [0] if forged == "many" else [])


@pytest.mark.parametrize("forged", VALUES)
def test_a_forged_selection_of_a_neuron_is_none(forged: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for rows in ([VALUES[forged]], VALUES[forged]):
        state = SimpleNamespace(selection=SimpleNamespace(rows=rows))
        monkeypatch.setattr(st, "session_state", {"table": state})
        row = layer_calculation._selected_row("table")
        assert row is None or type(row) is int


def test_every_part_of_a_page_that_takes_messages_is_tried_here() -> None:
    takes_messages = set()
    for path in sorted((PROJECT / "mlpcore" / "ui").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"on_\w+_change=|data_editor\(|on_select=", text) and "def mount" not in text:
            takes_messages.add(path.relative_to(PROJECT / "mlpcore" / "ui").as_posix())
    assert takes_messages == {
        "components/canvas/__init__.py",
        # Of these two only that a message has come counts, and what it holds is not read.
        "components/learning_curves/__init__.py",
        "components/overview_stream/__init__.py",
        "components/pickable/__init__.py",
        "inspect/arithmetic/layer_calculation.py",
        "leaderboard/run_table.py",
        "leaderboard/trash.py",
        "predict/kept_digits.py",
        "train/form/layers_table.py",
    }
