"""Download a published dataset into the project's cache: checked and complete, or not at all."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import numpy as np
import requests
from filelock import FileLock
from pooch import HTTPDownloader

from mlpcore import paths
from mlpcore.datasets.archives import Archive, FileSet
from mlpcore.datasets.array_files import BadFileError
from mlpcore.datasets.info import Progress
from mlpcore.errors import DatasetError
from mlpcore.i18n.messages import N_, Message

_CHUNK = 1 << 16
_TIMEOUT = 30  # seconds without a byte
_MEGABYTE = 1_000_000


def download(archive: Archive, progress: Progress | None = None, base_url: str | None = None) -> None:
    """Put `archive` into the project's cache, unless a good copy is on this machine already.

    `progress(done_bytes, total_bytes)` is called as bytes arrive; an exception from it ends the download.
    `base_url` replaces the publisher's address. Two processes that request it at the same time download it once.
    Raises DatasetError, and then nothing half-written is left.
    """
    folder = paths.dataset_cache()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{archive.info.name}.lock"):
            if _is_good(archive):
                return
            with _working_folder(folder / f".{archive.info.name}.partial") as working_folder:
                _fetch(archive, working_folder, progress, base_url or archive.published.url)
                _pack(archive, working_folder).replace(folder / archive.file_name)
    except BadFileError as error:
        raise _failure(
            archive,
            N_("{label} was downloaded, but is not usable: {reason}. Nothing was kept; try again later."),
            reason=error.reason,
        ) from error
    except OSError as error:
        raise _failure(
            archive,
            N_("{label} could not be stored in {folder} ({error}); it needs {megabytes} MB there."),
            folder=str(folder),
            error=error.strerror or str(error),
            megabytes=2 * archive.nbytes // _MEGABYTE,
        ) from error


def _fetch(archive: Archive, folder: Path, progress: Progress | None, base_url: str) -> None:
    """Download the published files into `folder`."""
    total = archive.info.download_bytes or 0
    counter = _Counter(archive.nbytes + _MEGABYTE, lambda done: progress and progress(done, max(done, total)))
    for name in archive.published.files:
        url = f"{base_url.rstrip('/')}/{name}"
        try:
            _fetch_file(url, folder / name, counter)
        except requests.RequestException as error:
            raise _network_failure(archive, url, error) from error


def _fetch_file(url: str, path: Path, counter: _Counter) -> None:
    with contextlib.ExitStack() as opened:

        def close_later(response: requests.Response, **_: Any) -> None:
            opened.callback(response.close)  # pooch leaves the connection of a failed download open

        file = opened.enter_context(path.open("wb"))
        fetch = HTTPDownloader(
            chunk_size=_CHUNK,
            timeout=_TIMEOUT,
            headers={"Accept-Encoding": "identity"},  # so that no proxy or client unpacks a .gz file
            hooks={"response": close_later},
        )
        fetch(url, _CountedFile(file, counter), None)


def _network_failure(archive: Archive, url: str, error: requests.RequestException) -> DatasetError:
    host = urlsplit(url).netloc
    if error.response is not None:
        return _failure(
            archive,
            N_("{label} could not be downloaded: {host} answered {status} for {url}. Try again later."),
            host=host,
            status=error.response.status_code,
            url=url,
        )
    return _failure(
        archive,
        N_(
            "{label} could not be downloaded: {host} cannot be reached or the connection broke off. "
            "Check the network and try again, or put {packed} into the folder that MLPCORE_DATASETS names."
        ),
        host=host,
        packed=archive.file_name,
    )


def _pack(archive: Archive, folder: Path) -> Path:
    """One checked `.npz` file of all arrays, made of the published files in `folder`."""
    files = archive.published.files
    arrays = FileSet(folder, files).read(archive.arrays.values())
    packed = folder / archive.file_name
    if set(files.values()) == {None}:
        return (folder / next(iter(files))).rename(packed)
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    return packed


@contextlib.contextmanager
def _working_folder(folder: Path) -> Iterator[Path]:
    """An empty folder that is gone afterwards; one that a killed process left is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Counter:
    """Counts the bytes of all files of a download, reports them, and refuses too many."""

    def __init__(self, limit: int, report: Callable[[int], object]) -> None:
        self.done, self.limit, self.report = 0, limit, report

    def add(self, count: int) -> None:
        self.done += count
        if self.done > self.limit:
            raise BadFileError(N_("it is larger than the dataset can be"))
        self.report(self.done)


class _CountedFile:
    """The file that pooch writes to: its own progress protocol counts chunks, not bytes."""

    def __init__(self, file: IO[bytes], counter: _Counter) -> None:
        self.file, self.counter = file, counter

    def write(self, chunk: bytes) -> None:
        self.counter.add(len(chunk))
        self.file.write(chunk)

    def flush(self) -> None:
        """Do nothing: pooch calls it after each chunk, and closing the file flushes it."""


def _is_good(archive: Archive) -> bool:
    try:
        archive.load()
    except DatasetError:
        return False
    return True


def _failure(archive: Archive, text: str, **values: Any) -> DatasetError:
    return DatasetError(text, label=Message(archive.info.label), **values)
