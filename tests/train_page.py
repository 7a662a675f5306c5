"""The Train page as its tests read it: the widgets of the form, the buttons, the text, and the stored runs."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore.store import runs


def field(at: AppTest, name: str) -> Any:
    """The form's widget for a field."""
    kinds = (at.number_input, at.selectbox, at.text_input, at.text_area, at.toggle, at.checkbox)
    return next(w for kind in kinds for w in kind if w.key == f"form.{name}")


def button(at: AppTest, key: str) -> Any:
    return next(b for b in at.button if b.key == key)


def keys(at: AppTest) -> set[str | None]:
    return {b.key for b in at.button}


def texts(at: AppTest) -> str:
    """All text on the page."""
    elements = [*at.markdown, *at.caption, *at.warning, *at.error, *at.info, *at.success, *at.code]
    return "\n".join(str(element.value) for element in elements).replace("\\", "")


def workers_line(at: AppTest) -> str:
    """The line about the workers, as the script sends it."""
    data = [json.loads(element.proto.json) for element in at.get("bidi_component") if element.proto.json]
    return next(str(item["drawn"]) for item in data if isinstance(item, dict) and item.get("what") == "workers")


def all_runs(db: Database) -> list[runs.Run]:
    return runs.newest(db)
