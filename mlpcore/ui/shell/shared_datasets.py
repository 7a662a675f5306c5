"""The datasets that all sessions share: test sets in memory, and downloads in the background with their progress."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import datasets
from mlpcore.datasets import TestSet
from mlpcore.errors import DatasetError
from mlpcore.i18n.messages import N_


@st.cache_resource(max_entries=2, show_spinner=False)
def shared_test_set(name: str) -> TestSet:
    """A dataset's test part; DatasetError where it is not on this machine."""
    return datasets.load_test(name)


@st.cache_data(max_entries=6, show_spinner=False)
def measured_values(name: str) -> NDArray[np.float64]:
    """The rows of a tabular dataset's test part as they were measured, (n, features)."""
    data = datasets.load(name)
    return np.asarray(data.test_inputs * data.feature_deviations + data.feature_means)


@dataclass
class Download:
    """A download under way or ended; `error` says why it failed."""

    name: str
    done_bytes: int = 0
    total_bytes: int = 0
    running: bool = True
    error: DatasetError | None = None

    @property
    def fraction(self) -> float:
        """The downloaded fraction, 0 to 1."""
        return min(1.0, self.done_bytes / self.total_bytes) if self.total_bytes else 0.0


class Downloads:
    """The downloads of this server; all methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._downloads: dict[str, Download] = {}

    def start(self, name: str) -> None:
        """Fetch a dataset in a thread, unless that is under way."""
        with self._lock:
            current = self._downloads.get(name)
            if current is not None and current.running:
                return
            download = self._downloads[name] = Download(name)
        threading.Thread(target=_fetch, args=[download], name=f"download-{name}", daemon=True).start()

    def find(self, name: str) -> Download | None:
        """The latest download of a dataset, if there was one."""
        with self._lock:
            return self._downloads.get(name)


@st.cache_resource(show_spinner=False)
def downloads() -> Downloads:
    """The downloads of this server."""
    return Downloads()


def _fetch(download: Download) -> None:
    def progress(done: int, total: int) -> None:
        download.done_bytes, download.total_bytes = done, total

    try:
        datasets.download(download.name, progress)
    except DatasetError as error:
        download.error = error
    except Exception as error:
        logging.getLogger(__name__).exception("The download of %s failed", download.name)
        download.error = DatasetError(
            N_("{name} could not be downloaded ({reason}). Try again later."), name=download.name, reason=str(error)
        )
    finally:
        download.running = False
