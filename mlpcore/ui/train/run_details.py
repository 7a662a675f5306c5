"""The details of a run, folded away: its epochs as a table, its settings, its network, and its export to Keras."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from mlpcore import formatting, keras_export
from mlpcore.live.curve_rows import COLUMNS, DEVIATIONS
from mlpcore.paths import data_folder
from mlpcore.store import metrics, runs
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.components.overview_stream import follow_run
from mlpcore.ui.shell.language import _, escaped
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.run_text import label_text, settings_text
from mlpcore.ui.shell.tick_budget import measured_tick
from mlpcore.ui.train import network_sketch

EPOCH_COLUMNS = (*COLUMNS, "seconds", "learning_rate")
"""The columns of the epochs, by the store's names."""


def draw_details(run: Run, member: int | None = None) -> None:
    """Draw the folded sections; their content is computed only when they are opened.

    The epochs are those of the network `member`, or for None the means over all networks of the run. A run whose
    settings cannot be used has nothing else.
    """
    _section("epochs", _("Epochs as a table"), ":material/table:", lambda run: _epochs(run, member), run)
    if run.problem is not None:
        return
    _section("settings", _("Settings of this run"), ":material/tune:", _settings, run)
    _section("network", _("Network and parameters"), ":material/account_tree:", _network, run)
    _section("keras_export", _("Export to Keras"), ":material/code:", _keras_export, run)


def _section(key: str, label: str, icon: str, draw: Callable[[Run], None], run: Run) -> None:
    with st.expander(label, icon=icon, key=f"details.{key}", on_change="rerun") as section:
        if section.open:
            draw(run)


def _epochs(run: Run, member: int | None) -> None:
    spread = run.members > 1 and member is None
    st.fragment(_epoch_table)(run.id, member, spread)
    st.download_button(
        _("CSV"),
        data=lambda: as_csv(_epoch_rows(run.id, member), epoch_columns(spread)),
        file_name=keras_export.file_name(run, "csv", member),
        mime="text/csv",
        icon=":material/download:",
        help=_("The epochs as a table for a spreadsheet."),
        on_click="ignore",
    )


def epoch_columns(spread: bool) -> tuple[str, ...]:
    """The columns of the table; with `spread`, means are followed by their standard deviations."""
    return (*COLUMNS, *DEVIATIONS, *EPOCH_COLUMNS[len(COLUMNS) :]) if spread else EPOCH_COLUMNS


@sentences()
def _epoch_table(run_id: int, member: int | None, spread: bool) -> None:
    with opened() as db:
        run = runs.get(db, run_id)
    with measured_tick("epoch_table"):
        _draw_epoch_table(run_id, member, spread)
    if not run.ended:
        follow_run("epoch_table", run)


def _draw_epoch_table(run_id: int, member: int | None, spread: bool) -> None:
    accuracy = st.column_config.NumberColumn(format="percent")
    loss = st.column_config.NumberColumn(format="%.4g")
    formats = {
        "epoch": st.column_config.NumberColumn(width="small"),
        "seconds": st.column_config.NumberColumn(format="%.2f"),
        "learning_rate": st.column_config.NumberColumn(format="%g"),
    }
    columns = epoch_columns(spread)
    st.dataframe(
        pd.DataFrame(_epoch_rows(run_id, member), columns=columns).iloc[::-1],
        hide_index=True,
        column_config={
            name: {**formats.get(name, accuracy if "accuracy" in name else loss), "label": label}
            for name, label in _column_labels().items()
            if name in columns
        },
        placeholder=formatting.UNKNOWN,
    )


def _column_labels() -> dict[str, str]:
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


def _epoch_rows(run_id: int, member: int | None) -> list[dict[str, Any]]:
    with opened() as db:
        return metrics.epochs_after(db, run_id, member=member)


def as_csv(rows: list[dict[str, Any]], columns: Sequence[str] = EPOCH_COLUMNS) -> str:
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
    network_sketch.draw_network_sketch(run.spec, "run_network")


def _keras_export(run: Run) -> None:
    """The downloads of a run, and its script to read."""
    with sentences():
        with opened() as db:
            exported = keras_export.from_store(db, run)
        script = keras_export.script(exported, _)
        st.markdown(_("This run as plain Keras code: the same data, network and seed. It runs without MLP Lab."))
        with st.container(horizontal=True, gap="small", key="keras_export"):
            _text_download(
                _("Keras script"), script, run, "py", "text/x-python", _("A Python file that needs only Keras.")
            )
            _text_download(
                _("Notebook"),
                keras_export.notebook(exported, _),
                run,
                "ipynb",
                "application/x-ipynb+json",
                _("For Jupyter, or for Google Colab: File, Upload notebook."),
            )
            _network_download(run)
        st.code(script, language="python", height=420)


def _text_download(label: str, data: str, run: Run, ending: str, mime: str, help_text: str) -> None:
    st.download_button(
        label,
        data=data.encode(),
        file_name=keras_export.file_name(run, ending),
        mime=mime,
        key=f"keras_export.{ending}",
        icon=":material/download:",
        help=help_text,
        on_click="ignore",
    )


def _network_download(run: Run) -> None:
    path = data_folder() / run.model if run.model else None
    if path is None or not path.is_file():
        return
    if run.members > 1:
        help_text = _("The first of the trained networks; load it with keras.models.load_model(file, compile=False).")
    else:
        help_text = _("The trained network; load it with keras.models.load_model(file, compile=False).")
    st.download_button(
        _("Trained network"),
        data=path.read_bytes,
        file_name=keras_export.file_name(run, "keras"),
        mime="application/octet-stream",
        key="keras_export.keras",
        icon=":material/download:",
        help=help_text,
        on_click="ignore",
    )
