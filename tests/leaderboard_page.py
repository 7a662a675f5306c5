"""The leaderboard as its tests use it: its table, its buttons, the runs that are compared, and runs to list."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from tests.app_pages import ended
from tests.factory.runs import make_run, spec_of


def listed(at: AppTest) -> list[str]:
    """The runs of the table, from its top."""
    return [] if not at.dataframe else list(at.dataframe[0].value["name"])


def query_parameters(at: AppTest) -> dict[str, list[str]]:
    """The parameters of the address."""
    return {name: [value] if isinstance(value, str) else list(value) for name, value in at.query_params.items()}


def texts(at: AppTest) -> str:
    """All text on the page."""
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.error, *at.warning, *at.toast]
    return "\n".join(str(part.value) for part in parts)


def unescaped(markdown: str) -> str:
    """Text in which characters with a meaning in Markdown were escaped."""
    return markdown.replace("\\", "")


def click_rows(at: AppTest, *rows: int, columns: tuple[str, ...] = ()) -> AppTest:
    """What the browser sends when these rows are ticked, and a column's head clicked."""
    at.session_state["leaderboard_table"] = {"selection": {"rows": list(rows), "columns": list(columns), "cells": []}}
    return ended(at.run())


def ticked_rows(at: AppTest) -> list[int]:
    return list(at.session_state["leaderboard_table"]["selection"]["rows"])


def button(at: AppTest, label: str) -> Any:
    return next(item for item in [*at.button, *at.get("form_submit_button")] if item.label == label)


def press(at: AppTest, label: str) -> AppTest:
    return ended(button(at, label).click().run())


def overlaid(at: AppTest) -> list[str]:
    """The names of the runs whose curves are drawn."""
    charts = [json.loads(item.proto.json) for item in at.get("bidi_component") if '"lines"' in item.proto.json]
    return [line["name"] for line in charts[0]["lines"]] if charts else []


def colors(at: AppTest) -> dict[str, int]:
    """The numbers of the colours of the runs whose curves are drawn, by their names."""
    charts = [json.loads(item.proto.json) for item in at.get("bidi_component") if '"lines"' in item.proto.json]
    return {line["name"]: line["color"] for line in charts[0]["lines"]}


def differing(at: AppTest) -> dict[str, list[Any]]:
    frame = at.dataframe[1].value
    return {column: list(frame[column]) for column in frame.columns}


def three_runs(db: Database, **settings: Any) -> tuple[int, int, int]:
    """Best, middle and worst."""
    ids = [
        make_run(db, spec_of(name=name, epochs=20, **settings), final=final)
        for name, final in (("middle", 0.8), ("best", 0.95), ("worst", 0.6))
    ]
    return ids[1], ids[0], ids[2]
