"""A full disk: everything can be read, nothing is changed, and a sentence says why."""

from __future__ import annotations

import errno
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlpcore import disk
from mlpcore.errors import DiskFullError
from mlpcore.store import connection, leaderboard, queue, runs
from mlpcore.store.connection import opened
from mlpcore.ui.components import loader
from tests.app_pages import SCRIPTS, ended, open_page
from tests.factory.runs import make_run, spec_of
from tests.full_disk import SmallDisk, small_disk


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """The disk of the data folder, with a run; it is full, and no process has the database open."""
    with small_disk(tmp_path / "disk", megabytes=3) as disk_of_test:
        monkeypatch.setenv("MLPCORE_DATA", str(disk_of_test.path / "data"))
        with opened() as db:
            make_run(db, spec_of(epochs=3, name="before"))
        disk_of_test.fill()
        connection._migrated.clear()
        yield disk_of_test


def test_all_runs_can_be_read_on_a_full_disk(full: SmallDisk) -> None:
    for _visit in range(2):
        with opened() as db:
            assert [run.name for run in leaderboard.page(db, leaderboard.Query())] == ["before"]
            assert len(leaderboard.curves(db, [1])[1]) == 3
    assert disk.has_no_room()


def test_a_change_is_refused_with_a_sentence_and_works_when_there_is_room(full: SmallDisk) -> None:
    with pytest.raises(DiskFullError, match="no room on the disk"), opened() as db:
        queue.enqueue(db, spec_of(epochs=2))
    full.make_room()
    with opened() as db:
        queue.enqueue(db, spec_of(epochs=2))
        assert [run.status for run in runs.newest(db)] == ["queued", "finished"]
    assert not disk.has_no_room()


def test_a_database_that_is_open_elsewhere_is_read_too(full: SmallDisk) -> None:
    full.make_room()
    with opened() as db:
        make_run(db, spec_of(epochs=2, name="after"))
        full.fill()
        with opened() as other:
            assert [run.name for run in runs.newest(other)] == ["after", "before"]
            with pytest.raises(DiskFullError), opened() as writer:
                for _ in range(1000):  # what was written last may fit into the log as it is
                    queue.enqueue(writer, spec_of(note="x" * 2000))


def test_a_database_that_cannot_be_created_is_reported(full: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPCORE_DATA", str(full.path / "new"))
    with pytest.raises(DiskFullError, match="no room on the disk"), opened():
        pass


def _raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as raised:
        return raised


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OSError("Error while serializing: I/O error: No space left on device (os error 28)"),
        OSError("Unable to synchronously write (errno = 28, error message = 'No space left on device')"),
        _raised(ValueError("the archive is not closed"), OSError(errno.ENOSPC, "")),
    ],
)
def test_errors_of_a_full_disk_are_known_whoever_raises_them(error: Exception) -> None:
    assert disk.is_full(error)


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), OSError(errno.EACCES, ""), ValueError("28")])
def test_other_errors_are_not_those_of_a_full_disk(error: Exception) -> None:
    assert not disk.is_full(error)


def test_charts_appear_on_a_full_disk(full: SmallDisk) -> None:
    loader._temporary_plotly_folder.cache_clear()
    folder = loader.plotly_folder()
    assert not folder.is_relative_to(full.path)
    assert gzip.decompress((folder / loader.PLOTLY_FILE).read_bytes()) == loader._original_plotly().read_bytes()
    assert not list(full.path.rglob("tmp*")), "nothing is left of what could not be written"
    assert loader.plotly_folder() == folder


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_opens_on_a_full_disk(full: SmallDisk, script: str) -> None:
    at = ended(open_page(script))
    assert not [error.value for error in at.error if "network" not in error.value], "the run has no files"


@pytest.mark.parametrize("script", SCRIPTS)
def test_without_room_for_a_database_a_page_says_so_in_one_sentence(
    full: SmallDisk, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLPCORE_DATA", str(full.path / "new"))
    at = ended(open_page(script))
    assert len([error for error in at.error if "no room on the disk" in error.value]) == len(at.error) == 1
