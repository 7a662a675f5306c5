"""What all lists of runs follow: the workers, the queue, and the runs that wait, train or have just ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from mlpcore.i18n.catalogues import translations
from mlpcore.live.curve_rows import plain
from mlpcore.live.topics import Reading, Topic
from mlpcore.live.workers_line import workers_text
from mlpcore.spec.choices import STATUSES
from mlpcore.store import leaderboard, queue, runs
from mlpcore.store.liveness import Worker
from mlpcore.store.queue_order import Wait
from mlpcore.store.runs import Run

SHORTEST_PAUSE = 0.5
SECONDS_PER_FOLLOWER = 0.004
ENDED_SECONDS = 60.0
"""How long a run is listed after its end."""
MAX_WAITING = 50
"""How many of the runs that wait are listed."""
_METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")


@dataclass(frozen=True)
class Overview:
    """The workers, the queue and the runs under way at a moment; `waits` are the places of the runs that wait."""

    workers: list[Worker]
    waiting: int
    training: int
    runs: list[Run]
    waits: dict[int, Wait]
    token: str
    encoded: dict[str, bytes] = field(default_factory=dict, compare=False)
    """The message in each language."""


class OverviewTopic(Topic[Overview]):
    """The overview; a run that has ended stays in it for a minute."""

    def __init__(self, key: Hashable, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(key, loop)
        self._last: Overview | None = None

    def pause(self) -> float:
        """More followers, longer pauses."""
        return max(SHORTEST_PAUSE, self.followers * SECONDS_PER_FOLLOWER)

    @property
    def longest_pause(self) -> float:
        """A worker that is gone writes nothing."""
        return 3.0

    def read(self, reading: Reading) -> Overview | None:
        """The overview, where it has changed."""
        db, (workers, waits) = reading.db, reading.queue
        waiting, training = queue.open_counts(db)
        under_way = runs.under_way(db, MAX_WAITING)
        listed = {run.id: run for run in under_way}
        before = self._last.runs if self._last is not None else []
        left = [run.id for run in before if run.id not in listed]
        ended = [run for run in runs.get_many(db, left) if reading.now - (run.ended_at or 0) < ENDED_SECONDS]
        overview = Overview(
            workers,
            waiting,
            training,
            [*under_way, *ended],
            {run_id: wait for run_id, wait in waits.items() if run_id in listed},
            leaderboard.list_token(db),
        )
        if overview == self._last:
            return None
        self._last = overview
        return overview


def overview_message(overview: Overview, language: str) -> bytes:
    """The message for followers in this language, made once for all of them."""
    if language not in overview.encoded:
        texts = translations(language)
        data = {
            "workers": workers_text(overview.workers, texts) or "",
            "waiting": overview.waiting,
            "training": overview.training,
            "runs": [_run_item(run, overview.waits.get(run.id), language) for run in overview.runs],
            "token": overview.token,
        }
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        overview.encoded[language] = text.encode()
    return overview.encoded[language]


def _run_item(run: Run, wait: Wait | None, language: str) -> dict[str, Any]:
    return {
        "id": run.id,
        "status": run.status,
        "status_text": translations(language).gettext(STATUSES[run.status]),
        "epoch": run.epoch,
        "epochs": run.epochs,
        "step": run.step,
        "steps": run.steps,
        **{name: plain(getattr(run, name)) for name in _METRICS},
        "best_epoch": run.best_epoch,
        "position_in_queue": wait.before + 1 if wait else None,
        "starts_in_seconds": round(wait.starts_in) if wait and wait.starts_in is not None else None,
    }
