"""The time at which something is stored, by two clocks: the wall clock, and one that nobody can set.

A wall clock jumps: it is set by hand, by a time server, or at a start without a battery. What lasts for seconds, a
lease or a sign of life, is therefore also stored by the machine's monotonic clock, which all its processes share and
which stands still while the machine sleeps. It means nothing after another start, or on another machine: there the
wall clock counts, and only for as long as a difference is plausible.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PLAUSIBLE_SECONDS = 300.0
"""How far the wall clocks of two machines, or of two starts of one machine, may differ."""

_DAY_SECONDS = 86_400

LEASE_HOLDS = f"""(
    CASE WHEN lease_boot = :boot THEN lease_monotonic BETWEEN :monotonic AND :monotonic + {_DAY_SECONDS}
    ELSE COALESCE(lease_until, 0) BETWEEN :now AND :now + {PLAUSIBLE_SECONDS} END
)"""
"""The SQL condition that the lease of a run has not expired, and does not end later than a lease can."""


@dataclass(frozen=True)
class Moment:
    """A moment: `wall` in seconds since 1970, `monotonic` in seconds of the clock that `boot` names, if any."""

    wall: float
    monotonic: float = 0.0
    boot: str | None = None

    @classmethod
    def now(cls, wall: float | None = None) -> Moment:
        """This moment; with `wall`, a moment that is known by the wall clock alone."""
        return cls(time.time(), time.monotonic(), _boot()) if wall is None else cls(wall)

    def values(self) -> dict[str, float | str | None]:
        """The parameters of `within` and of statements that store this moment."""
        return {"now": self.wall, "monotonic": self.monotonic, "boot": self.boot}


def within(column: str, seconds: float) -> str:
    """The SQL condition that a stored moment is at most this many seconds before `:now`, `:monotonic` and `:boot`.

    It is stored in the columns `<column>_at`, `<column>_monotonic` and `<column>_boot`.
    """
    return (
        f"(CASE WHEN {column}_boot = :boot THEN {column}_monotonic BETWEEN :monotonic - {seconds} AND :monotonic"
        f" ELSE COALESCE({column}_at, 0) BETWEEN :now - {seconds} AND :now + {PLAUSIBLE_SECONDS} END)"
    )


@cache
def _boot() -> str | None:
    """The start of this machine whose monotonic clock this process has; None where that is not known.

    Linux has one clock since its start, unless a container has a clock of its own (time_namespaces(7)).
    """
    if not sys.platform.startswith("linux"):
        return None
    namespace = Path("/proc/self/ns/time")
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{namespace.stat().st_ino if namespace.exists() else 0}"
    return None
