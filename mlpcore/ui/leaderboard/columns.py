"""The leaderboard's columns: what each shows of a run, how it is formatted, and what it sorts by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mlpcore.choices import STATUSES
from mlpcore.messages import N_
from mlpcore.store.runs import Run
from mlpcore.ui.language import _
from mlpcore.ui.leaderboard import words

Format = Callable[..., Any]


@dataclass(frozen=True)
class Column:
    """One column. `cell` gives the value of a run, by default its attribute of the column's name.

    `sort` names the store's order, None where nothing sorts by it. Where there is a figure of the best and of the
    last epoch, `epochs` is true. `descending` is the direction in which one looks first.
    """

    label: str
    format: Format
    cell: Callable[[Run], Any] | None = None
    sort: str | None = None
    help: str | None = None
    descending: bool = True
    epochs: bool = False


def _text(label: str, help: str | None, **more: Any) -> Any:
    return st.column_config.TextColumn(label, help=help, **more)


def _name(label: str, help: str | None) -> Any:
    return _text(label, help, pinned=not _phone(), width=140 if _phone() else 200)


def _rank(label: str, help: str | None) -> Any:
    return st.column_config.NumberColumn(label, help=help, format="%d", pinned=not _phone(), width=55)


def _phone() -> bool:
    """Whether pinned columns would fill the screen."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def _status(label: str, help: str | None) -> Any:
    return st.column_config.MultiselectColumn(
        label,
        help=help,
        width=110,
        options=list(STATUSES),
        color=words.status_colors(st.context.theme.type == "dark"),
        format_func=words.status,
    )


def _number(format: str, **more: Any) -> Format:
    return lambda label, help: st.column_config.NumberColumn(label, help=help, format=format, **more)


def _curve(label: str, help: str | None) -> Any:
    return st.column_config.LineChartColumn(label, help=help, width=120)


def _time(label: str, help: str | None) -> Any:
    zone = st.context.timezone
    return st.column_config.DatetimeColumn(label, help=help, format="YYYY-MM-DD HH:mm", timezone=zone, width=135)


_PERCENT = _number("%.2f %%")
_LOSS = _number("%.4f")
_COUNT = _number("localized")


def _percent_of(name: str) -> Callable[[Run], float | None]:
    def cell(run: Run) -> float | None:
        share = getattr(run, name)
        return None if share is None else 100 * share

    return cell


COLUMNS: dict[str, Column] = {
    "rank": Column(N_("Rank"), _rank),
    "name": Column(
        N_("Run"), _name, lambda run: f"★ {run.title}" if run.starred else run.title, "name", descending=False
    ),
    "val_accuracy": Column(
        N_("Validation accuracy"),
        _PERCENT,
        sort="val_accuracy",
        help=N_("The share of the validation images that the network classifies correctly. It decides the rank."),
        epochs=True,
    ),
    "curve": Column(
        N_("Course"),
        _curve,
        help=N_("The validation accuracy from the first epoch to the last, each on its own scale."),
    ),
    "status": Column(N_("Status"), _status, lambda run: [run.status], "status", descending=False),
    "accuracy": Column(
        N_("Training accuracy"),
        _PERCENT,
        sort="accuracy",
        help=N_("Measured while training. Much higher than the validation accuracy: the network overfits."),
        epochs=True,
    ),
    "test_accuracy": Column(
        N_("Test accuracy"),
        _PERCENT,
        _percent_of("test_accuracy"),
        "test_accuracy",
        N_("Measured once, after the training, on images that no decision was based on."),
    ),
    "dataset": Column(N_("Dataset"), _text, lambda run: words.dataset(run.dataset), "dataset", descending=False),
    "layers": Column(
        N_("Hidden layers"),
        _text,
        lambda run: words.layers(run.layers),
        "layers",
        N_("The units of each hidden layer."),
    ),
    "activation": Column(
        N_("Activation"), _text, lambda run: words.activations(run.activation), "activation", descending=False
    ),
    "optimizer": Column(
        N_("Optimizer"), _text, lambda run: words.optimizer(run.optimizer), "optimizer", descending=False
    ),
    "learning_rate": Column(N_("Learning rate"), _number("%g"), sort="learning_rate"),
    "dropout": Column(
        N_("Dropout rate"), _text, lambda run: run.dropout or "0", "dropout", N_("Behind each hidden layer.")
    ),
    "batch_size": Column(N_("Batch size"), _COUNT, sort="batch_size"),
    "epochs": Column(
        N_("Epochs"),
        _text,
        words.epochs,
        "epochs",
        N_("Epochs trained, of those that were asked for."),
    ),
    "parameters": Column(
        N_("Parameters"), _COUNT, sort="parameters", help=N_("The weights and biases that the training adjusts.")
    ),
    "val_loss": Column(N_("Validation loss"), _LOSS, sort="val_loss", descending=False, epochs=True),
    "loss": Column(N_("Training loss"), _LOSS, sort="loss", descending=False, epochs=True),
    "test_loss": Column(N_("Test loss"), _LOSS, sort="test_loss", descending=False),
    "seconds": Column(
        N_("Seconds"), _number("%.1f"), sort="seconds", help=N_("Time spent in epochs."), descending=False
    ),
    "device": Column(N_("Device"), _text, lambda run: run.device or "", "device", descending=False),
    "created_at": Column(N_("Started"), _time, sort="created_at", help=N_("In your time zone.")),
    "note": Column(N_("Note"), lambda label, help: _text(label, help, width=220), lambda run: run.note),
    "id": Column(N_("Number"), _number("%d"), sort="id"),
}
"""In the order of the table."""

SORTABLE = tuple(key for key, column in COLUMNS.items() if column.sort)


def cell(key: str, run: Run, figures: str) -> Any:
    """What a column shows of a run; `figures` says whether of its `best` or its `last` epoch."""
    column = COLUMNS[key]
    if column.cell is not None:
        return column.cell(run)
    name = f"best_{key}" if column.epochs and figures == "best" else key
    return _percent_of(name)(run) if key.endswith("accuracy") else getattr(run, name)


def configuration(keys: Sequence[str], sort: str, descending: bool) -> Mapping[str, Any]:
    """How `st.dataframe` draws the columns; the one that gives the order carries an arrow."""
    drawn = {}
    for key in keys:
        column = COLUMNS[key]
        arrow = (" ↓" if descending else " ↑") if key == sort else ""
        drawn[key] = column.format(_(column.label) + arrow, _(column.help) if column.help else None)
    return drawn
