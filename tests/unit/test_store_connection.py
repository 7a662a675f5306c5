import multiprocessing
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from mlpcore.errors import StoreError
from mlpcore.spec import RunSpec
from mlpcore.store import queue, runs
from mlpcore.store.connection import opened, transaction
from mlpcore.store.schema import migrations


def test_a_new_database_has_write_ahead_log_foreign_keys_and_all_migrations(db):
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert migrations.pending(db) == []


def test_a_failed_transaction_leaves_nothing(db):
    with pytest.raises(RuntimeError), transaction(db):
        queue.enqueue(db, RunSpec())
        raise RuntimeError

    assert runs.newest(db) == []
    queue.enqueue(db, RunSpec())
    assert len(runs.newest(db)) == 1


def test_a_transaction_keeps_other_writers_out_from_its_first_moment(db):
    with opened() as other, transaction(db):
        other.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(Exception, match="locked"):
            other.execute("BEGIN IMMEDIATE")


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_database_gets_a_sentence_and_is_left_as_it_was(content: bytes, data_folder: Path):
    path = data_folder / "mlplab.db"
    data_folder.mkdir()
    path.write_bytes(content)

    with pytest.raises(StoreError, match="cannot be used"), opened() as db:
        runs.newest(db)

    assert path.read_bytes() == content


def test_a_data_folder_that_cannot_be_made_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MLPCORE_DATA", str(tmp_path / "file" / "data"))

    with pytest.raises(StoreError, match="cannot be used"), opened():
        pass


def test_a_database_that_was_deleted_meanwhile_is_created_again(data_folder: Path):
    with opened() as db:
        queue.enqueue(db, RunSpec())
    for path in data_folder.glob("mlplab.db*"):
        path.unlink()

    with opened() as db:
        assert runs.newest(db) == []


def _open(folder: str) -> None:
    os.environ["MLPCORE_DATA"] = folder
    with opened() as db:
        queue.enqueue(db, RunSpec())


def test_processes_that_create_the_database_at_once_all_succeed(data_folder: Path):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open, args=(str(data_folder),)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0] * 4
    with opened() as db:
        assert len(runs.newest(db)) == 4


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_was(data_folder: Path):
    with opened() as db:
        queue.enqueue(db, RunSpec())
    path = data_folder / "mlplab.db"
    newer = data_folder / "newer.db"
    shutil.copy(path, newer)
    with sqlite3.connect(newer) as other:
        other.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('mlplab', 'm0999_of_the_future')")
    other.close()
    content = newer.read_bytes()

    for _ in range(2):
        with pytest.raises(StoreError, match=r"newer version of MLP Lab \(m0999_of_the_future\)"), opened(newer):
            pass
    assert newer.read_bytes() == content


def test_migrations_of_other_programs_in_the_same_file_are_ignored(data_folder: Path):
    path = data_folder / "mlplab.db"
    data_folder.mkdir()
    theirs = Migrations("others")
    theirs(name="m0001")(lambda db: None)
    theirs.apply(Database(sqlite3.connect(path)))

    with opened() as db:
        assert runs.newest(db) == []


def test_a_transaction_inside_another_is_a_part_of_it(db):
    with pytest.raises(RuntimeError), transaction(db):
        with transaction(db):
            queue.enqueue(db, RunSpec())
        raise RuntimeError

    assert runs.newest(db) == []
