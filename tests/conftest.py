"""Fixtures of all tests: datasets made of small samples, and an empty data folder for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from mlpcore.store.connection import opened
from tests.sample_data import write_datasets
from tests.session_folder import SessionFolder

_FOLDER = pytest.StashKey[SessionFolder]()


def pytest_configure(config: pytest.Config) -> None:
    """Let this session and every process it starts find the sample datasets, and none that are on this machine.

    The processes of pytest-xdist inherit the environment of the one that starts them.
    """
    if hasattr(config, "workerinput"):
        return
    folder = config.stash[_FOLDER] = SessionFolder()
    write_datasets(folder.path)
    os.environ["MLPCORE_DATASETS"] = str(folder.path)
    os.environ["KERAS_HOME"] = str(folder.path / "keras")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the sample datasets again."""
    if folder := config.stash.get(_FOLDER, None):
        folder.remove()


@pytest.fixture(autouse=True)
def no_workers_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page under test starts no workers; tests that want some set their number."""
    monkeypatch.setenv("MLPCORE_WORKERS", "0")


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that the app uses during the test."""
    folder = tmp_path / "data"
    monkeypatch.setenv("MLPCORE_DATA", str(folder))
    return folder


@pytest.fixture
def db(data_folder: Path) -> Iterator[Database]:
    """A connection to the empty database of this test's data folder."""
    with opened() as database:
        yield database
