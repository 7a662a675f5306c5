"""A run to take elsewhere: its Keras script, the same as a notebook, and its trained network."""

from __future__ import annotations

import streamlit as st

from mlpcore import keras_export
from mlpcore.paths import data_folder
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences


def show(run: Run) -> None:
    """The downloads of a run, and its script to read."""
    with sentences():
        with opened() as db:
            origin = keras_export.of_run(db, run)
        script = keras_export.script(origin, _)
        st.markdown(_("This run as plain Keras code: the same data, network and seed. It runs without MLP Lab."))
        with st.container(horizontal=True, gap="small", key="takeaway"):
            _download(_("Keras script"), script, run, "py", "text/x-python", _("A Python file that needs Keras only."))
            _download(
                _("Notebook"),
                keras_export.notebook(origin, _),
                run,
                "ipynb",
                "application/x-ipynb+json",
                _("For Jupyter, or for Google Colab: File, Upload notebook."),
            )
            _network(run)
        st.code(script, language="python", height=420)


def _download(label: str, data: str, run: Run, ending: str, mime: str, help_text: str) -> None:
    st.download_button(
        label,
        data=data.encode(),
        file_name=keras_export.file_name(run.id, ending),
        mime=mime,
        key=f"takeaway.{ending}",
        icon=":material/download:",
        help=help_text,
        on_click="ignore",
    )


def _network(run: Run) -> None:
    path = data_folder() / run.model if run.model else None
    if path is None or not path.is_file():
        return
    if run.members > 1:
        help_text = _("The first of its networks as it was kept: keras.models.load_model reads it.")
    else:
        help_text = _("The network as it was kept: keras.models.load_model reads it.")
    st.download_button(
        _("Trained network"),
        data=path.read_bytes,
        file_name=keras_export.file_name(run.id, "keras"),
        mime="application/octet-stream",
        key="takeaway.keras",
        icon=":material/download:",
        help=help_text,
        on_click="ignore",
    )
