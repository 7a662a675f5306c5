"""Connections to the database, for one block or kept open by a thread; it is migrated once per process."""

from __future__ import annotations

import contextlib
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from sqlite_utils import Database

from mlpcore import disk
from mlpcore.errors import DiskFullError, StoreError
from mlpcore.i18n.messages import N_
from mlpcore.paths import database_path
from mlpcore.store.schema import migrations, unknown_migrations

__all__ = ["Database", "StoreLink", "finite_or_none", "opened", "transaction", "version"]

BUSY_SECONDS = 15
REOPEN_SECONDS = 5.0
"""How long a `StoreLink` keeps a connection: a database that was moved away or deleted must not be held for longer."""

_FULL_CODES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
"""SQLite's error codes for a disk without room, where the write-ahead log or the shared memory cannot grow."""

T = TypeVar("T")
_migrated: set[tuple[str, int]] = set()
_migrating = threading.Lock()


@contextlib.contextmanager
def opened(path: Path | None = None) -> Iterator[Database]:
    """A connection for this block and thread; the database is created or migrated first where necessary.

    Where the disk is full, everything can still be read. Raises `StoreError` where the file cannot be opened, is
    damaged, or its folder is not writable, and `DiskFullError` where there is no room to write.
    """
    path = path or database_path()
    try:
        _migrate_once(path)
        db, writable = _connect(path)
    except (OSError, sqlite3.DatabaseError, Timeout) as error:
        raise _unusable(path, error) from error
    try:
        yield db
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise (_unusable(path, error) if writable else _disk_full(path)) from error
    finally:
        db.close()


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[None]:
    """A write transaction; it takes the write lock at once, so that what it reads stays true.

    Within another transaction it is part of that one: what it writes is committed or rolled back with it.
    """
    if db.conn.in_transaction:
        yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.commit()


def version(db: Database) -> int:
    """A number that changes when another connection writes; cheap enough to be read many times a second."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def finite_or_none(value: float | None) -> float | None:
    """The value as it is stored: None where it is not a finite number."""
    return value if value is not None and math.isfinite(value) else None


class StoreLink:
    """Calls the functions of the store on one connection, which is opened again after an error and every few seconds.

    It belongs to one thread.
    """

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._db: Database | None = None
        self._opened_at = 0.0

    def __call__(self, work: Callable[[Database], T]) -> T:
        """The result of `work(db)`; raises what it raises, and `StoreError` where the database cannot be used."""
        if time.monotonic() - self._opened_at > REOPEN_SECONDS:
            self.close()
        try:
            return work(self._connected())
        except BaseException as error:
            self._db = None
            self._stack.__exit__(type(error), error, error.__traceback__)  # turns it into StoreError
            raise

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._db = None
        self._stack.close()

    def _connected(self) -> Database:
        if self._db is None:
            self._db = self._stack.enter_context(opened())
            self._opened_at = time.monotonic()
        return self._db


def _connect(path: Path) -> tuple[Database, bool]:
    """A connection, and whether one can write with it.

    On a full disk SQLite cannot make the file that the connections to a database share. Where no other process uses
    the database, all of it is in its one file, which is then read as if nobody could change it.
    """
    try:
        return _database(sqlite3.connect(path, timeout=BUSY_SECONDS)), True
    except sqlite3.OperationalError as error:
        log = path.with_name(f"{path.name}-wal")
        if _is_full(error) and path.stat().st_size and not (log.exists() and log.stat().st_size):
            uri = f"{path.as_uri()}?mode=ro&immutable=1"
            return _database(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)), False
        raise


def _database(connection: sqlite3.Connection) -> Database:
    # A damaged text would otherwise be an error of the whole query, and so of every list.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    try:
        db = Database(connection, recursive_triggers=False, execute_plugins=False)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # opens the file
    except BaseException:
        connection.close()
        raise
    return db


def _migrate_once(path: Path) -> None:
    with _migrating:
        if path.exists() and (str(path), path.stat().st_ino) in _migrated:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=60):
            db, writable = _connect(path)
            try:
                if unknown := unknown_migrations(db):
                    raise _newer_version_error(path, unknown)
                if not writable:
                    if migrations.pending(db):
                        raise _disk_full(path)
                    return
                if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    db.enable_wal()
                if migrations.pending(db):
                    migrations.apply(db)
            finally:
                db.close()
        _migrated.add((str(path), path.stat().st_ino))


def _newer_version_error(path: Path, unknown: Sequence[str]) -> StoreError:
    return StoreError(
        N_(
            "The database {path} was written by a newer version of MLP Lab ({migrations}) and stays as it is. Update"
            " MLP Lab, or set MLPCORE_DATA to another data folder."
        ),
        path=str(path),
        migrations=", ".join(unknown),
    )


def _is_full(error: Exception) -> bool:
    return disk.is_full(error) or getattr(error, "sqlite_errorcode", None) in _FULL_CODES


def _disk_full(path: Path) -> DiskFullError:
    return DiskFullError(
        N_(
            "There is no room on the disk for the database {path}: nothing can be changed until files are deleted"
            " there. What is stored is not lost."
        ),
        path=str(path),
    )


def _unusable(path: Path, error: Exception) -> StoreError:
    if _is_full(error):
        return _disk_full(path)
    return StoreError(
        N_(
            "The database {path} cannot be used: {reason}. Check that its folder is writable and the disk not"
            " full, or move the whole data folder away to start with an empty one."
        ),
        path=str(path),
        reason=str(error),
    )
