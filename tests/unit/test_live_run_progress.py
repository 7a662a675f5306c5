"""What the strip above the curves says of a run that waits or trains."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.events import Progress
from mlpcore.i18n.catalogues import translations
from mlpcore.live.run_progress import QueueState, time_left, waiting_text
from mlpcore.store import liveness, metrics, queue, runs
from tests.factory.runs import make_run, spec_of


def test_a_waiting_run_shows_how_many_runs_come_first(db: Database) -> None:
    run = runs.get(db, make_run(db, status="queued", now=1000.0))
    starting, busy = (liveness.Worker("w", 1, status, None, None) for status in ("starting", "busy"))

    def text(now: float, before: int, workers: list[liveness.Worker], starts_in: float | None = None) -> str:
        return waiting_text(run, translations("en"), now, QueueState(before, workers, starts_in))

    assert text(1001.0, 0, []) == "A worker is starting …"
    assert text(1040.0, 0, []).startswith("There is no worker")
    assert text(1001.0, 3, [starting]) == "A worker is starting, which takes a few seconds …"
    assert text(1001.0, 3, [starting, busy]) == "Waiting: 3 runs come first"
    assert text(1001.0, 3, [busy], 170) == "Waiting: 3 runs come first (starts in about 3 min)"
    assert text(1001.0, 0, [busy], 12) == "Waiting for a free worker … (starts in about 10 s)"
    assert text(1001.0, 0, [busy], 0) == "Waiting for a free worker …"


def test_the_time_left_is_known_from_the_first_epoch_on(db: Database) -> None:
    claimed = make_run(db, spec_of(epochs=10), status="running", done=0, now=1000.0)
    claim = queue.Claim(claimed, 1, spec_of(epochs=10), None)

    assert time_left(runs.get(db, claimed), 1001.0) is None
    metrics.record(db, claim, Progress(1, 10, 40, 2.0), now=1002.0)
    assert time_left(runs.get(db, claimed), 1002.0) == pytest.approx((10 - 0.25) * 2 / 0.25)

    half = runs.get(db, make_run(db, spec_of(epochs=10), status="running", done=5, seconds=2.0))
    assert time_left(half, 0.0) == pytest.approx(10.0)
