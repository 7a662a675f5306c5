"""What lies behind a run, folded away: its epochs as a table and file, its settings, and its network."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore.store import metrics
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.components.learning_curves.row_updates import COLUMNS, DEVIATIONS
from mlpcore.ui.shell.language import _, escaped
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.settings_text import label_text, settings_text
from mlpcore.ui.train import keras_code, network_sketch

FIGURES = (*COLUMNS, "seconds", "learning_rate")
"""The columns of the epochs, by the store's names."""
_TABLE_TICK_SECONDS = 2.0


def show(run: Run, member: int | None = None) -> None:
    """Draw the folded sections; what is inside is made when one opens them.

    The epochs are those of one network where `member` gives one, else of the run: the means of its networks. A run
    whose settings cannot be used has nothing else.
    """
    _section("epochs", _("Epochs as a table"), ":material/table:", lambda run: _epochs(run, member), run)
    if run.problem is not None:
        return
    _section("settings", _("Settings of this run"), ":material/tune:", _settings, run)
    _section("network", _("Network and parameters"), ":material/account_tree:", _network, run)
    _section("takeaway", _("Take it elsewhere"), ":material/code:", keras_code.show, run)


def _section(key: str, label: str, icon: str, draw: Callable[[Run], None], run: Run) -> None:
    with st.expander(label, icon=icon, key=f"details.{key}", on_change="rerun") as section:
        if section.open:
            draw(run)


def _epochs(run: Run, member: int | None) -> None:
    spread = run.members > 1 and member is None
    st.fragment(_epoch_table, run_every=None if run.ended else _TABLE_TICK_SECONDS)(run.id, member, spread)
    st.download_button(
        _("CSV"),
        data=lambda: as_csv(_rows(run.id, member), figures(spread)),
        file_name=f"run-{run.id}.csv" if member is None else f"run-{run.id}-network-{member + 1}.csv",
        mime="text/csv",
        icon=":material/download:",
        help=_("The epochs as a table for a spreadsheet."),
        on_click="ignore",
    )


def figures(spread: bool) -> tuple[str, ...]:
    """The columns; of means with `spread`, their standard deviations stand beside them."""
    return (*COLUMNS, *DEVIATIONS, *FIGURES[len(COLUMNS) :]) if spread else FIGURES


@sentences()
def _epoch_table(run_id: int, member: int | None, spread: bool) -> None:
    accuracy = st.column_config.NumberColumn(format="percent")
    loss = st.column_config.NumberColumn(format="%.4g")
    formats = {
        "epoch": st.column_config.NumberColumn(width="small"),
        "seconds": st.column_config.NumberColumn(format="%.2f"),
        "learning_rate": st.column_config.NumberColumn(format="%g"),
    }
    columns = figures(spread)
    st.dataframe(
        pd.DataFrame(_rows(run_id, member), columns=columns).iloc[::-1],
        hide_index=True,
        column_config={
            name: {**formats.get(name, accuracy if "accuracy" in name else loss), "label": label}
            for name, label in _names().items()
            if name in columns
        },
        placeholder="–",
    )


def _names() -> dict[str, str]:
    means = {
        "loss": _("Training loss"),
        "accuracy": _("Training accuracy"),
        "val_loss": _("Validation loss"),
        "val_accuracy": _("Validation accuracy"),
    }
    return {
        "epoch": _("Epoch"),
        **means,
        **{f"{name}_sd": f"± {label}" for name, label in means.items()},
        "seconds": _("Seconds"),
        "learning_rate": _("Learning rate"),
    }


def _rows(run_id: int, member: int | None) -> list[dict[str, Any]]:
    with opened() as db:
        return metrics.epochs_after(db, run_id, member=member)


def as_csv(rows: list[dict[str, Any]], columns: Sequence[str] = FIGURES) -> str:
    """The epochs as CSV with the store's own column names; empty where there is no value."""
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _settings(run: Run) -> None:
    cells = [(escaped(label_text(name)), escaped(text)) for name, text in settings_text(run.spec).items()]
    st.table(
        pd.DataFrame(cells, columns=[_("Setting"), _("Value")]), border="horizontal", hide_index=True, width="content"
    )
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    if run.device:
        st.caption(escaped(f"{run.device} · {versions}"))
    if run.note:
        st.text(run.note)


def _network(run: Run) -> None:
    network_sketch.show(run.spec, "run_network")
