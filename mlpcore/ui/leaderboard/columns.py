"""The leaderboard's columns: what each shows of a run, how it is formatted, and what it sorts by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from mlpcore.figures import palette
from mlpcore.i18n.messages import N_
from mlpcore.spec.choices import STATUSES
from mlpcore.spec.fields import SETTINGS
from mlpcore.spec.fields import label as label_of
from mlpcore.spec.setting import PLAIN, Setting
from mlpcore.store.queue import SPEC_COLUMNS
from mlpcore.store.runs import Run
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.run_text import (
    accuracy_text,
    activations_text,
    choice_text,
    epochs_text,
    layers_text,
    networks_text,
    status_text,
    value_text,
)

Format = Callable[[str], Any]
"""Makes a column's configuration for `st.dataframe` from its label."""


@dataclass(frozen=True)
class Column:
    """One column of the leaderboard.

    label: its title, in English.
    format: makes its configuration for `st.dataframe`.
    cell: gives the value of a run; by default it is the run's attribute of the column's name.
    text_of: translates such a value.
    sort: the store's order that it sorts by; None where nothing does.
    meaning: explains what the label does not say.
    descending: whether its usual direction is descending.
    epochs: whether there is a value of the kept network, one of the best epoch and one of the last.
    """

    label: str
    format: Format
    cell: Callable[[Run], Any] | None = None
    text_of: Callable[[str], str] | None = None
    sort: str | None = None
    meaning: str | None = None
    descending: bool = True
    epochs: bool = False


def _text(label: str) -> Any:
    return st.column_config.TextColumn(label)


def _name(label: str) -> Any:
    return st.column_config.TextColumn(label, pinned=not on_phone(), width=140 if on_phone() else 200)


def _note(label: str) -> Any:
    return st.column_config.TextColumn(label, width=220)


def _rank(label: str) -> Any:
    return st.column_config.NumberColumn(label, format="%d", pinned=not on_phone(), width=55)


def _status(label: str) -> Any:
    return st.column_config.MultiselectColumn(
        label,
        width=110,
        options=list(STATUSES),
        color=_status_colors(st.context.theme.type == "dark"),
        format_func=status_text,
    )


def _status_colors(dark: bool) -> list[str]:
    """The background of each status, in the order of `STATUSES`."""
    return [palette.STATUS[name].dark if dark else palette.STATUS[name].light for name in STATUSES]


def _number(format: str) -> Format:
    return lambda label: st.column_config.NumberColumn(label, format=format)


def _curve(label: str) -> Any:
    return st.column_config.LineChartColumn(label, width=120)


def _time(label: str) -> Any:
    zone = st.context.timezone
    return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", timezone=zone, width=135)


def accuracy(label: str) -> Any:
    """The configuration of a column of accuracies in words, as `accuracy_text` writes them."""
    return st.column_config.TextColumn(label, alignment="right")


_LOSS = _number("%.4f")
_COUNT = _number("localized")


def _setting_column(row: Setting) -> Column:
    def cell(run: Run) -> str | None:
        return value_text(row, getattr(run.spec, row.name)) if run.problem is None else None

    return Column(row.label, _text, cell)


SETTING_COLUMNS: dict[str, Column] = {
    name: _setting_column(row)
    for name, row in SETTINGS.items()
    if row.column and row.kind in PLAIN and name not in SPEC_COLUMNS
}
"""The columns of the settings that want one and have none in the store; nothing sorts by them."""

COLUMNS: dict[str, Column] = {
    "rank": Column(
        N_("Rank"),
        _rank,
        meaning=N_("The rank by validation accuracy among the matching runs, regardless of the order of the list."),
    ),
    "name": Column(
        N_("Run"),
        _name,
        sort="name",
        meaning=N_(
            "The run's own name, or one that says which of its settings are not the defaults. ★ is starred; ● was"
            " started in this browser."
        ),
        descending=False,
    ),
    "val_accuracy": Column(
        N_("Validation accuracy"),
        accuracy,
        sort="val_accuracy",
        meaning=N_(
            "The fraction of the validation set that the kept network classifies correctly: the network of the last"
            " epoch, or with early stopping the one that was restored; without a result that of the best epoch. It"
            " decides the rank."
        ),
        epochs=True,
    ),
    "curve": Column(
        N_("Learning curve"),
        _curve,
        meaning=N_("The validation accuracy from the first epoch to the last, each run on its own scale."),
    ),
    "status": Column(N_("Status"), _status, lambda run: [run.status], sort="status", descending=False),
    "accuracy": Column(
        N_("Training accuracy"),
        accuracy,
        sort="accuracy",
        meaning=N_(
            "Measured during training. If it is much higher than the validation accuracy, the network overfits."
        ),
        epochs=True,
    ),
    "test_accuracy": Column(
        N_("Test accuracy"),
        accuracy,
        sort="test_accuracy",
        meaning=N_("Measured once, after training, on examples that no decision was based on."),
    ),
    "dataset": Column(
        label_of("dataset"), _text, text_of=lambda name: choice_text("dataset", name), sort="dataset", descending=False
    ),
    "layers": Column(
        label_of("hidden"), _text, text_of=layers_text, sort="layers", meaning=N_("The units of each hidden layer.")
    ),
    "activation": Column(label_of("activation"), _text, text_of=activations_text, sort="activation", descending=False),
    "optimizer": Column(
        label_of("optimizer"),
        _text,
        text_of=lambda name: choice_text("optimizer", name),
        sort="optimizer",
        descending=False,
    ),
    "learning_rate": Column(label_of("learning_rate"), _number("%g"), sort="learning_rate"),
    "dropout": Column(
        label_of("dropout"),
        _text,
        lambda run: run.dropout or "0",
        sort="dropout",
        meaning=N_("Applied after each hidden layer."),
    ),
    "batch_size": Column(label_of("batch_size"), _COUNT, sort="batch_size"),
    "networks": Column(
        N_("Networks"),
        lambda label: st.column_config.TextColumn(label, alignment="right"),
        networks_text,
        sort="members",
        meaning=N_("How many networks the run trains: repeats with other seeds × folds. Its results are their means."),
    ),
    "epochs": Column(
        label_of("epochs"),
        _text,
        epochs_text,
        sort="epochs",
        meaning=N_("The number of epochs trained so far, and how many were planned if that is more."),
    ),
    "parameters": Column(
        N_("Parameters"), _COUNT, sort="parameters", meaning=N_("The weights and biases that the training adjusts.")
    ),
    **SETTING_COLUMNS,
    "val_loss": Column(N_("Validation loss"), _LOSS, sort="val_loss", descending=False, epochs=True),
    "loss": Column(N_("Training loss"), _LOSS, sort="loss", descending=False, epochs=True),
    "test_loss": Column(N_("Test loss"), _LOSS, sort="test_loss", descending=False),
    "seconds": Column(
        N_("Seconds"), _number("%.1f"), sort="seconds", meaning=N_("The total time of its epochs."), descending=False
    ),
    "device": Column(N_("Device"), _text, lambda run: run.device or "", sort="device", descending=False),
    "created_at": Column(
        N_("Queued at"), _time, sort="created_at", meaning=N_("When the run was queued, in your time zone.")
    ),
    "note": Column(label_of("note"), _note),
    "id": Column(N_("Number"), _number("%d"), sort="id"),
}
"""In the order of the table."""

SORTABLE = tuple(key for key, column in COLUMNS.items() if column.sort)


def metric_name(metric: str, figures: str) -> str:
    """The store's name of a metric of the `kept` network, of the `best` or of the `last` epoch."""
    return metric if figures == "last" else f"{figures}_{metric}"


def cells(key: str, runs: Sequence[Run], figures: str) -> list[Any]:
    """What a column shows of each run; `figures` says of which network: `kept`, that of the `best` or `last` epoch.

    An accuracy of another network than the kept one names its epoch.
    """
    column = COLUMNS[key]
    if column.cell is not None:
        return [column.cell(run) for run in runs]
    name = metric_name(key, figures) if column.epochs else key
    values = [getattr(run, name) for run in runs]
    if column.text_of is not None:
        texts = {value: column.text_of(value) for value in set(values)}
        return [texts[value] for value in values]
    if column.format is accuracy:
        epochs = [_epoch(run, figures) if column.epochs else None for run in runs]
        return [
            _accuracy_cell(value, getattr(run, f"{name}_sd"), epoch)
            for run, value, epoch in zip(runs, values, epochs, strict=True)
        ]
    return values


def _epoch(run: Run, figures: str) -> int | None:
    return {"best": run.best_epoch, "last": run.epoch}.get(figures)


def _accuracy_cell(share: float | None, deviation: float | None, epoch: int | None) -> str | None:
    text = accuracy_text(share, deviation)
    if text is None or epoch is None:
        return text
    return _("{accuracy} (epoch {epoch})").format(accuracy=text, epoch=epoch)


def configuration(sort: str, descending: bool) -> dict[str, Any]:
    """How `st.dataframe` draws the columns; the one that gives the order carries an arrow.

    Their meaning is explained elsewhere: a tooltip would lie over the heads and catch the click that sorts.
    """
    arrow = " ↓" if descending else " ↑"
    return {key: column.format(_(column.label) + arrow * (key == sort)) for key, column in COLUMNS.items()}
