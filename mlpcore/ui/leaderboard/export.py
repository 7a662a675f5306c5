"""The list as CSV files with plain numbers: one with a line per run, one with a line per epoch of each curve."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from gettext import NullTranslations
from typing import Any

import streamlit as st

from mlpcore import formatting
from mlpcore.spec import RunSpec
from mlpcore.spec.automatic_name import automatic_name
from mlpcore.spec.fields import SETTINGS, every_setting
from mlpcore.spec.setting import Setting, own_settings
from mlpcore.spec.setting_text import ENGLISH
from mlpcore.store import leaderboard, metrics, runs
from mlpcore.store.connection import Database, opened
from mlpcore.store.leaderboard import Query
from mlpcore.store.run_names import run_name
from mlpcore.store.runs import Run
from mlpcore.ui.leaderboard.view import View
from mlpcore.ui.shell.language import _, texts

_RUN = ("id", "name", "automatic_name", "note", "starred", "status")
_SETTINGS = tuple(name for name, row in every_setting().items() if row.kind != "text")
_METRICS = (
    "accuracy", "accuracy_sd", "val_accuracy", "val_accuracy_sd", "loss", "val_loss",
)  # fmt: skip
_RESULTS = (
    "epoch", "parameters", "members", "kept_epoch", *(f"kept_{name}" for name in _METRICS),
    "best_epoch", *(f"best_{name}" for name in _METRICS), *(f"last_{name}" for name in _METRICS),
    "test_accuracy", "test_accuracy_sd", "test_loss", "seconds", "device", "created_at", "started_at", "ended_at",
)  # fmt: skip

FIELDS = (*_RUN, *_SETTINGS, *_RESULTS)
"""The columns of the list of runs: all settings by the names that a spec uses, and the results.

Of the results, `kept_*` and the test belong to the network that was kept, `best_*` and `last_*` to the best and the
last epoch. Accuracies are shares from 0 to 1. Of several `members`, the networks of a run, figures are means and `*_sd`
their sample standard deviations.
"""

CURVE_FIELDS = (
    "run", "name", "member", "epoch", "loss", "accuracy", "val_loss", "val_accuracy",
    "loss_sd", "accuracy_sd", "val_loss_sd", "val_accuracy_sd", "seconds", "learning_rate",
)  # fmt: skip
"""The columns of the curves. `member` is the number of the network, or "mean" for the mean over all of a run."""

MAX_CURVE_LINES = 500_000
"""How many lines of curves a file has at most: half of what a spreadsheet holds."""

_TIMES = ("created_at", "started_at", "ended_at")
_COLUMNS_OF_SETTINGS = {"hidden": "layers"}
"""The columns of the store that have another name than the setting that they repeat."""


def draw_downloads(view: View, ticked: Sequence[int]) -> None:
    """Draw the buttons; a file is made when its button is pressed, in a thread that knows no session."""
    query, language = view.query, texts()
    _download(
        _("CSV"),
        lambda: _file(lambda db: _written(_run_lines(leaderboard.all_runs(db, query), language))),
        "mlplab-runs.csv",
        _("All runs of this list, also those on its other pages, as a table for a spreadsheet."),
    )
    _download(
        _("Curves as CSV"),
        lambda: _file(lambda db: _written(_curve_lines(db, _chosen(db, query, ticked), language, MAX_CURVE_LINES))),
        "mlplab-curves.csv",
        _(
            "Every epoch of the selected runs, or without a selection of all runs of this list, in at most {count}"
            " lines."
        ).format(count=formatting.count(MAX_CURVE_LINES)),
    )


def _download(label: str, data: Callable[[], bytes], name: str, help_text: str) -> None:
    st.download_button(
        label, data, file_name=name, mime="text/csv", icon=":material/download:", help=help_text, on_click="ignore"
    )


def _chosen(db: Database, query: Query, ticked: Sequence[int]) -> Iterable[Run]:
    return runs.get_many(db, ticked) if ticked else leaderboard.all_runs(db, query)


def _file(made: Callable[[Database], bytes]) -> bytes:
    with opened() as db:
        return made(db)


def as_csv(listed: Iterable[Run], language: NullTranslations = ENGLISH) -> str:
    """The runs as CSV with a line of `FIELDS`; what is not known is empty, times are UTC."""
    return _written(_run_lines(listed, language)).decode("utf-8-sig")


def curves_as_csv(
    db: Database, listed: Iterable[Run], language: NullTranslations = ENGLISH, most: int = MAX_CURVE_LINES
) -> str:
    """The epochs of the runs as CSV with a line of `CURVE_FIELDS`: at most `most` epochs, and none of half a run.

    Of several networks the mean comes first, then each of them.
    """
    return _written(_curve_lines(db, listed, language, most)).decode("utf-8-sig")


def _written(lines: Iterable[Sequence[Any]]) -> bytes:
    """CSV in UTF-8; the mark at its beginning lets Excel see that it is UTF-8."""
    file = io.BytesIO()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    text.flush()
    text.detach()
    return file.getvalue()


def _run_lines(listed: Iterable[Run], language: NullTranslations) -> Iterator[Sequence[Any]]:
    yield FIELDS
    for run in listed:
        name = run.description if run.problem is not None else automatic_name(run.spec, language)
        values = {**_settings(run), "automatic_name": name}
        yield [_plain(field, values[field] if field in values else _result(run, field)) for field in FIELDS]


def _curve_lines(db: Database, listed: Iterable[Run], language: NullTranslations, most: int) -> Iterator[Sequence[Any]]:
    yield CURVE_FIELDS
    left = most
    for run in listed:
        left -= run.epoch * (1 if run.members == 1 else 1 + run.members)
        if left < 0:
            return
        name = formatting.spreadsheet_text(run_name(run, language))
        members: list[int | None] = [0] if run.members == 1 else [None, *range(run.members)]
        for member in members:
            label = "mean" if member is None else member + 1
            for epoch in metrics.epochs_after(db, run.id, member=member):
                yield [run.id, name, label, *(epoch[field] for field in CURVE_FIELDS[3:])]


def _settings(run: Run) -> dict[str, Any]:
    """All settings by their names; of a run whose settings cannot be used those that the store repeats."""
    if run.problem is None:
        return setting_values(run.spec)
    stored = {name: _COLUMNS_OF_SETTINGS.get(name, name) for name in _SETTINGS}
    return {name: getattr(run, column, None) for name, column in stored.items()}


def setting_values(spec: RunSpec) -> dict[str, Any]:
    """The value of every setting by its name; None where a run does not have it, or has switched it off.

    Those of the hidden layers are texts, "128-64" and "relu, tanh".
    """
    values: dict[str, Any] = dict.fromkeys(_SETTINGS)
    for name, row in SETTINGS.items():
        value = getattr(spec, name)
        if row.kind == "layers":
            values[name] = "-".join(str(layer.units) for layer in value) or "0"
            values |= {part: ", ".join(_text(getattr(layer, part)) for layer in value) for part in row.parts}
        elif row.kind == "variant":
            values[name] = value.name
            values |= {part: getattr(value, part) for part in row.parts} | dict(value.parameters)
        elif row.kind == "group":
            values[name] = value is not None
            values |= {part.name: getattr(value, part.name, None) for part in own_settings(row)}
        elif row.kind != "text":
            values[name] = _switched_on(row, value)
    return values


def _switched_on(row: Setting, value: Any) -> Any:
    return None if row.is_off(value) else value


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _result(run: Run, field: str) -> Any:
    return getattr(run, field.removeprefix("last_"))


def _plain(field: str, value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if field in _TIMES and value is not None:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    return formatting.spreadsheet_text(value) if isinstance(value, str) else value
