"""What all tests share: each has a data folder of its own, and the real datasets where they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from mlpcore.store.connection import opened


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
