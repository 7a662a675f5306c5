"""Saved networks in memory: loaded once for all users, limited in bytes, never one in place of another."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from mlpcore import datasets, inference, paths
from mlpcore.errors import SnapshotError
from mlpcore.events import Snapshot
from mlpcore.i18n.messages import N_, Message
from mlpcore.inference import Network
from mlpcore.store import runs
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run

SMALL_BYTES = 24_000_000
"""Networks up to this size share a cache; of larger ones, which can reach 500 MB, only the last one stays."""

CACHE_BYTES = 192_000_000
"""Size of the cache for the smaller networks."""

_ATTEMPTS = 3


class FileVersion(NamedTuple):
    """A file with a certain content: every time the file is written it has another version."""

    path: str
    changed: int
    size: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> FileVersion:
        """The current version of the file; OSError where there is none."""
        status = path.stat()
        return cls(str(path), status.st_mtime_ns, status.st_size, status.st_ino)


class NetworkCache:
    """Networks by the versions of their files; the most recently used ones stay, up to `capacity` bytes of files.

    The last requested one stays even if it alone is larger than that. Threads may share the cache.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._networks: OrderedDict[FileVersion, Network] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._networks)

    def network(self, path: Path) -> Network:
        """The network that is in the file now; SnapshotError where it cannot be used.

        A file that is replaced while it is read is read again, and cached only under the version that was read.
        """
        for _attempt in range(_ATTEMPTS):
            try:
                version = FileVersion.of(path)
            except OSError:
                break
            with self._lock:
                if version in self._networks:
                    self._networks.move_to_end(version)
                    return self._networks[version]
            network = inference.load_network(path)
            if _is_current(version, path):
                self._add(version, network)
                return network
        return inference.load_network(path)  # without caching it, or to say what is wrong with the file

    def _add(self, version: FileVersion, network: Network) -> None:
        with self._lock:
            if version not in self._networks:
                self._networks[version] = network
                self._bytes += version.size
            while self._bytes > self.capacity and len(self._networks) > 1:
                oldest, _network = self._networks.popitem(last=False)
                self._bytes -= oldest.size


def _is_current(version: FileVersion, path: Path) -> bool:
    try:
        return FileVersion.of(path) == version
    except OSError:
        return False


_small, _large = NetworkCache(CACHE_BYTES), NetworkCache(0)


def load_network(run: Run, snapshot: Snapshot) -> Network:
    """A saved network of a run, from the cache of this process if possible.

    SnapshotError where its file is missing, damaged, of another dataset, or holds another network: that of another run,
    member or epoch. While the run trains, the error says if a newer network has replaced the requested one.
    """
    try:
        return _load(run, snapshot)
    except SnapshotError as error:
        if run.ended:
            raise
        with opened() as db:
            if snapshot.epoch in runs.snapshots(db, run.id, snapshot.member):
                raise
        text = N_(
            "The network after epoch {epoch} is no longer kept: a newer one has replaced it. Choose the newer one."
        )
        raise SnapshotError(text, epoch=snapshot.epoch) from error


def _load(run: Run, snapshot: Snapshot) -> Network:
    path = paths.data_folder() / snapshot.file
    try:
        small = path.stat().st_size <= SMALL_BYTES
    except OSError:
        small = True
    network = (_small if small else _large).network(path)
    info = datasets.REGISTRY[run.dataset]
    if (network.input_shape, len(network.layers[-1].bias)) != (info.input_shape, info.classes):
        raise SnapshotError(
            N_("The saved network {name} does not fit {label}: train this run again."),
            name=path.name,
            label=Message(info.label),
        )
    if not _belongs_to(network, run, snapshot):
        text = N_("The file of the network after epoch {epoch} holds another network: train this run again.")
        raise SnapshotError(text, epoch=snapshot.epoch)
    return network


def _belongs_to(network: Network, run: Run, snapshot: Snapshot) -> bool:
    """Whether a network is the requested one; earlier versions saved neither its run nor its member."""
    return (
        network.epoch == snapshot.epoch
        and network.run in (None, paths.run_name(run.id))
        and network.member in (None, snapshot.member)
    )


def snapshot_version(file: str) -> FileVersion:
    """The cache key for values computed from a saved network; `file` is relative to the data folder.

    Where there is no file, the version is one that no file has; the computation then raises and nothing is cached.
    """
    path = paths.data_folder() / file
    try:
        return FileVersion.of(path)
    except OSError:
        return FileVersion(str(path), 0, 0, 0)
