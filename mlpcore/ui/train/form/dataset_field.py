"""The choice of a dataset, which of them are on this machine, and the download of those that are not."""

from __future__ import annotations

import streamlit as st

from mlpcore import datasets, formatting
from mlpcore.datasets import DatasetInfo
from mlpcore.spec.fields import SETTINGS
from mlpcore.ui.shell.language import _, escaped, paragraph, rendered
from mlpcore.ui.shell.shared_datasets import downloads
from mlpcore.ui.train.form import values
from mlpcore.ui.train.form.widgets import Problems, draw_choice, show_problems

_TICK_SECONDS = 0.5


def draw_dataset(problems: Problems) -> bool:
    """Draw the field; whether the chosen dataset is on this machine."""
    available = datasets.available()
    draw_choice(
        SETTINGS["dataset"], lambda name: _label(datasets.REGISTRY[name], available[name]), list(datasets.REGISTRY)
    )
    show_problems(problems, "dataset")
    info = datasets.REGISTRY[values.value("dataset")]
    st.caption(_facts(info))
    if not available[info.name]:
        _offer(info)
    return available[info.name]


def _label(info: DatasetInfo, available: bool) -> str:
    return _(info.label) if available else _("{label} (not downloaded yet)").format(label=_(info.label))


def _facts(info: DatasetInfo) -> str:
    counts = _("{train} training and {test} test examples, {classes} classes.").format(
        train=formatting.count(info.train_count), test=formatting.count(info.test_count), classes=info.classes
    )
    return paragraph(_(info.description), counts)


def _offer(info: DatasetInfo) -> None:
    if info.download_bytes is None:
        sentence = _("{label} is missing: install the packages in requirements.txt again.")
        st.error(sentence.format(label=escaped(_(info.label))), icon=":material/error:")
        return
    download = downloads().find(info.name)
    if download is not None and download.running:
        st.fragment(_progress, run_every=_TICK_SECONDS)(info)
        return
    if download is not None and download.error is not None:
        st.error(escaped(rendered(download.error)), icon=":material/cloud_off:")
    else:
        st.warning(
            _("{label} is not on this machine yet.").format(label=escaped(_(info.label))), icon=":material/cloud:"
        )
    st.button(
        _("Download ({megabytes} MB)").format(megabytes=round(info.download_bytes / 1e6)),
        key=values.key("download"),
        icon=":material/download:",
        on_click=downloads().start,
        args=[info.name],
        width="stretch",
    )


def _progress(info: DatasetInfo) -> None:
    download = downloads().find(info.name)
    if download is None or not download.running:
        st.rerun()
    megabytes = _("{done} of {total} MB").format(
        done=formatting.megabytes(download.done_bytes), total=formatting.megabytes(download.total_bytes)
    )
    text = _("Downloading {label}").format(label=escaped(_(info.label)))
    st.progress(download.fraction, text=f"{text} · {megabytes}" if download.total_bytes else text)
