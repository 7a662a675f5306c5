"""Networks in memory: those used last stay, as many as there is room for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from mlpcore import inference
from mlpcore.inference import Network


class Shelf:
    """Networks by their files, for all users of the process; `room` is in bytes of their files.

    The one that is asked for stays even where it alone is larger than the room.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self._kept: OrderedDict[tuple[Path, int], tuple[Network, int]] = OrderedDict()
        self._used = 0
        self._lock = threading.Lock()

    def network(self, path: Path, changed: int, size: int) -> Network:
        """The network in the file at `path` of `size` bytes, read again where `changed`, its time, is another.

        SnapshotError where it cannot be used.
        """
        key = path, changed
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        found = inference.load_network(path)
        with self._lock:
            self._used += size - (self._kept.pop(key)[1] if key in self._kept else 0)
            self._kept[key] = found, size
            while self._used > self.room and len(self._kept) > 1:
                self._used -= self._kept.popitem(last=False)[1][1]
        return found

    def __len__(self) -> int:
        return len(self._kept)
