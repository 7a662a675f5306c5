"""One claimed run while it trains: whether it must stop, why, and what the store is told then."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum

from mlpcore.events import Ended
from mlpcore.store import metrics, queue
from mlpcore.store.link import StoreLink
from mlpcore.store.queue import Claim


class Reason(StrEnum):
    """Why a training must stop."""

    CANCELLED = "cancelled"
    LEASE_LOST = "lease lost"
    WORKER_ENDS = "worker ends"


@dataclass
class Watch:
    """A claimed run that trains; `over` is set when it has stopped."""

    claim: Claim
    reason: Reason | None = None
    asked_at: float = 0.0
    over: bool = False

    def ask(self, reason: Reason) -> None:
        """Ask the training to stop; the first reason stays. Takes no lock, so signal handlers may call it."""
        if self.reason is None:
            self.asked_at = time.monotonic()
            self.reason = reason

    def must_stop(self) -> bool:
        """Whether the training should stop."""
        return self.reason is not None


def settle(link: StoreLink, watch: Watch) -> None:
    """Tell the store how a run ends that was asked to stop; raises `LeaseLostError` where it is another's by now."""
    if watch.reason is Reason.WORKER_ENDS:
        link(lambda db: queue.give_back(db, watch.claim))
    elif watch.reason is Reason.CANCELLED:
        link(lambda db: metrics.record(db, watch.claim, Ended("stopped", queue.STOPPED_BY_USER)))
