"""What the pages of a copy of the project show of its added parts, as JSON; run in the folder of the copy.

`test_added_parts` makes the copy and trains a run there.
"""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from mlpcore.paths import PROJECT
from mlpcore.store import runs
from mlpcore.store.connection import opened
from mlpcore.ui.leaderboard.columns import cells
from mlpcore.ui.leaderboard.export import as_csv
from tests.waiting import DEADLINE_SECONDS

VIEWS = ("examples", "mistakes", "network", "neurons", "saliency", "arithmetic", "greeting")


def visit(script: str, **parameters: str) -> AppTest:
    """A page, opened with these parameters in its address."""
    at = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS).switch_page(script)
    for name, text in parameters.items():
        at.query_params[name] = text
    at.run()
    assert not at.exception, at.exception[0].value
    return at


def report() -> dict[str, Any]:
    """All that the tests look at."""
    train = visit("dashboard.py", dataset="iris_again", optimizer="ftrl")
    boxes = {box.key: list(box.options) for box in train.selectbox}
    with opened() as db:
        run = runs.newest(db)[0]
    visit("pages/leaderboard.py")
    return {
        "datasets": boxes["form.dataset"],
        "optimizers": boxes["form.optimizer"],
        "cells": {name: cells(name, [run], "best") for name in ("dataset", "activation", "optimizer", "tag")},
        "csv": as_csv([run]).splitlines()[0].split(","),
        "views": {name: [text.value for text in visit("pages/inspect.py", view=name).markdown] for name in VIEWS},
        "page": [title.value for title in visit("pages/greeting.py").title],
        "menu": [link.proto.label for link in visit("dashboard.py").get("page_link")],
        "translated": [link.proto.label for link in visit("dashboard.py", lang="eo").get("page_link")],
    }


if __name__ == "__main__":
    print(json.dumps(report()))
