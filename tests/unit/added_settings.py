"""What a copy of the project with four more settings says about them, as JSON; run in the folder of the copy.

`test_added_settings` makes the copy: it adds the fields and rows below, and nothing else.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import Any

from tests.waiting import DEADLINE_SECONDS

FIELDS = """
    jitter: float = 0.0
    initializer: str = "glorot"
    shuffle: bool = True
    warmup: int | None = None
"""

ROWS = """
    Setting(
        "jitter",
        "Jitter",
        "Random changes of the inputs.",
        allowed=Range(0, 0.5),
        section="data",
        step=0.01,
        address="noise",
        export="training",
        column=True,
    ),
    Setting(
        "initializer",
        "Initializer",
        "How the weights are drawn.",
        kind="choice",
        options={"glorot": Choice("Glorot"), "he": Choice("He")},
        section="essentials",
        half=True,
        column=True,
    ),
    Setting("shuffle", "Shuffle", "Another order in each epoch.", kind="flag", section="data", compiled=False),
    Setting(
        "warmup",
        "Warm-up",
        "Epochs with a small learning rate.",
        kind="integer",
        allowed=Range(1, 9),
        section="optimizer",
        empty="off",
        export="training",
        compiled=False,
    ),
"""

GIVEN = {"jitter": 0.25, "initializer": "he", "shuffle": False, "warmup": 3}
WRONG = {"jitter": 0.6, "initializer": "zeros", "shuffle": "no", "warmup": 10}


def report() -> dict[str, Any]:
    """All that the tests look at."""
    from streamlit.testing.v1 import AppTest

    from mlpcore.errors import SpecError
    from mlpcore.keras_export.documents import script
    from mlpcore.keras_export.exported_run import ExportedRun
    from mlpcore.paths import PROJECT
    from mlpcore.spec import RunSpec
    from mlpcore.store import queue, runs
    from mlpcore.store.connection import opened
    from mlpcore.ui.leaderboard.columns import COLUMNS, cells
    from mlpcore.ui.leaderboard.export import as_csv
    from mlpcore.ui.leaderboard.selected_runs import differing
    from mlpcore.ui.shell.run_text import settings_text
    from mlpcore.ui.train.form.address import to_params, to_spec

    default, spec = RunSpec(), RunSpec.from_dict(GIVEN)
    try:
        RunSpec.from_dict(WRONG)
        problems = {}
    except SpecError as error:
        problems = {path: str(sentence) for path, sentence in error.problems.items()}
    with opened() as db:
        queue.enqueue(db, spec)
        run = runs.newest(db)[0]
        damaged_id = queue.enqueue(db, spec)
        db.execute("UPDATE runs SET spec = '{' WHERE id = ?", [damaged_id])
        damaged = runs.newest(db)[0]
    params = to_params(spec)
    at = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
    for name, text in params.items():
        at.query_params[name] = text
    at.run()
    widgets = [w for kind in (at.number_input, at.selectbox, at.checkbox) for w in kind]
    drawn = {str(w.key).removeprefix("form."): (w.label, w.value) for w in widgets}
    return {
        "json": RunSpec.from_json(spec.to_json()) == RunSpec.from_stored(spec.to_json()) == spec,
        "hash": hash(spec) != hash(default),
        "problems": problems,
        "address": params,
        "back": to_spec(params, "digits") == (spec, []),
        "exception": str(at.exception[0].value) if at.exception else None,
        "form": {name: drawn.get(name) for name in GIVEN},
        "written": {name: value if isinstance(value, str) else value[-1] for name, value in at.query_params.items()},
        "settings": {name: settings_text(default)[name] for name in GIVEN},
        "differences": differing([default, spec]),
        "columns": {name: cells(name, [run], "best") for name in GIVEN if name in COLUMNS},
        "csv": csv_row(as_csv([run])),
        "damaged": [cells("jitter", [damaged], "best"), csv_row(as_csv([damaged]))["jitter"]],
        "script": script(ExportedRun(1, spec)),
        "script_default": script(ExportedRun(1, default)),
        "same_steps": {
            name: replace(default, **{name: value}).compiled_part() == default.compiled_part()
            for name, value in GIVEN.items()
        },
    }


def csv_row(text: str) -> dict[str, str]:
    """The only row of a CSV file, by the names of its columns."""
    return next(csv.DictReader(text.splitlines()))


if __name__ == "__main__":
    print(json.dumps(report()))
