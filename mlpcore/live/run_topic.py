"""A run as its watchers follow it: what was read of it so far, and what it is at a moment."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlpcore.errors import MLPLabError, RunNotFoundError
from mlpcore.i18n.catalogues import translations
from mlpcore.i18n.messages import N_
from mlpcore.live.curve_rows import COLUMNS, DEVIATIONS, best_epoch, plain
from mlpcore.live.run_progress import QueueState, progress_of, state_in_queue
from mlpcore.live.topics import Reading, Topic
from mlpcore.store import metrics, running_losses, runs
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run

PROGRESS_PAUSE = 0.12
"""The shortest time from any message to one with progress alone."""
EPOCH_PAUSE = 0.1
"""The shortest time from one message with epochs to the next; such a message waits for nothing else."""
WAITING_PAUSE = 0.3
SECONDS_PER_FOLLOWER = 0.001
"""What a message costs per follower, with some reserve: with many followers, progress is sent less often."""

_ENGLISH = translations("en")


class Rows:
    """The epochs of a run (their means) or of one of its networks: lists that only grow, so that views share them."""

    def __init__(self, deviations: bool) -> None:
        self.exact: dict[str, list[Any]] = {name: [] for name in (*COLUMNS, *(DEVIATIONS if deviations else ()))}
        self.sent: dict[str, list[Any]] = {name: [] for name in self.exact}
        """The same values as messages hold them."""

    @property
    def last(self) -> int:
        """The last epoch, 0 without any."""
        epochs = self.exact["epoch"]
        return int(epochs[-1]) if epochs else 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Add an epoch. The column of epochs, by which others count, grows last."""
        for name in reversed(self.exact):
            self.exact[name].append(row[name])
            self.sent[name].append(plain(row[name]))

    def ends_with(self, row: Mapping[str, Any]) -> bool:
        """Whether this is the last epoch."""
        return all(values[-1] == row[name] for name, values in self.exact.items())

    def starts_with(self, other: Rows) -> bool:
        """Whether all epochs of `other` are the first ones of these."""
        return all(values[: len(other.exact[name])] == other.exact[name] for name, values in self.exact.items())


@dataclass(frozen=True)
class RowsView:
    """The first `count` epochs of some rows, and the best among them."""

    rows: Rows
    count: int
    best: int | None


@dataclass(frozen=True)
class RunView:
    """A run at a moment.

    `generation` changes when its epochs no longer begin with those of the view before: it was started anew. `points`
    are the positions and the values of its running loss. `gone` says that it was deleted permanently.
    """

    run: Run
    waits_for: QueueState
    now: float
    generation: int
    rows: Mapping[int | None, RowsView]
    points: tuple[list[float], list[float]]
    point_count: int
    gone: bool = False
    encoded: dict[Hashable, Any] = field(default_factory=dict)
    """Messages for followers with the same cursor, member and language."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.gone or self.run.ended

    def has_other_epochs(self, other: RunView) -> bool:
        """Whether the run has other epochs than in `other`, or another state."""
        return _epochs_of(self.run) != _epochs_of(other.run)

    def means_the_same(self, other: RunView) -> bool:
        """Whether followers of `other` would learn nothing from this one."""
        return (
            progress_of(self.run, _ENGLISH, self.now, self.waits_for)
            == progress_of(other.run, _ENGLISH, other.now, other.waits_for)
            and (self.generation, self.run.attempt, self.run.best_epoch, self.point_count)
            == (other.generation, other.run.attempt, other.run.best_epoch, other.point_count)
            and {member: view.count for member, view in self.rows.items()}
            == {member: view.count for member, view in other.rows.items()}
        )


class RunTopic(Topic[RunView]):
    """A run and its epochs; only epochs that are new are read."""

    def __init__(self, key: Hashable, loop: asyncio.AbstractEventLoop, run_id: int) -> None:
        super().__init__(key, loop)
        self.members: set[int | None] = set()
        """The networks whose epochs are followed, None for the means. Changed by the event loop."""
        self._run_id = run_id
        self._generation = 0
        self._rows: dict[int | None, Rows] = {}
        self._points: tuple[list[float], list[float]] = ([], [])
        self._known: Run | None = None
        """The run whose epochs were read."""
        self._view: RunView | None = None
        self._viewed_at = self._epoch_viewed_at = 0.0

    def pause(self) -> float:
        """A run that waits is read less often."""
        return WAITING_PAUSE if self._view is not None and self._view.run.status == "queued" else 0.0

    def read(self, reading: Reading) -> RunView | None:
        """The run as it is now; progress within an epoch is passed on less often where many follow."""
        db, now, before = reading.db, reading.now, self._view
        run, members = runs.find(db, self._run_id), set(self.members)
        if run is None:
            return self._gone(now)
        generation, known = self._generation, self._known
        if known is None or _epochs_of(known) != _epochs_of(run) or not members <= set(self._rows):
            self._read_epochs(db, run, members, anew=known is not None and known.created_at != run.created_at)
        other_training = known is None or _training_of(known) != _training_of(run)
        self._read_points(db, run, anew=other_training or generation != self._generation)
        self._known = run
        view = RunView(
            run,
            state_in_queue(run, *reading.queue) if run.status == "queued" else QueueState(),
            now,
            self._generation,
            {
                member: RowsView(rows, len(rows.exact["epoch"]), self._best(run, member))
                for member, rows in self._rows.items()
            },
            self._points,
            len(self._points[0]),
        )
        if before is not None and not before.gone:
            if view.means_the_same(before):
                return None
            if self._too_early(view, before):
                self.outdated = True
                return None
        self._view, self._viewed_at = view, time.monotonic()
        if before is None or view.has_other_epochs(before):
            self._epoch_viewed_at = self._viewed_at
        return view

    def _too_early(self, view: RunView, before: RunView) -> bool:
        """Whether this view can wait a little for what comes next."""
        now = time.monotonic()
        if view.ended or set(view.rows) != set(before.rows):
            return False
        if view.has_other_epochs(before):
            return now - self._epoch_viewed_at < EPOCH_PAUSE
        return now - self._viewed_at < max(PROGRESS_PAUSE, self.followers * SECONDS_PER_FOLLOWER)

    def _gone(self, now: float) -> RunView | None:
        """Deleted in the meantime, or never there: then the topic fails."""
        if self._view is None:
            self.fail_soon(not_found(self._run_id))
            return None
        if self._view.gone:
            return None
        self._view = dataclasses.replace(self._view, now=now, gone=True, encoded={})
        return self._view

    def _read_epochs(self, db: Database, run: Run, members: set[int | None], anew: bool) -> None:
        """Read the new epochs; all of them where those that were read before are no longer there."""
        known = self._rows
        self._rows = {
            member: known.get(member) or Rows(_has_deviations(run, member)) for member in members | set(known)
        }
        if anew or not all(_continue(db, run.id, member, rows) for member, rows in self._rows.items()):
            self._rows = {member: Rows(_has_deviations(run, member)) for member in self._rows}
            for member, rows in self._rows.items():
                _continue(db, run.id, member, rows)
            if not all(rows.starts_with(known[member]) for member, rows in self._rows.items() if member in known):
                self._generation += 1

    def _read_points(self, db: Database, run: Run, anew: bool) -> None:
        """Read the new points of the running loss; all of them where others may be there or they became too many."""
        positions, losses = self._points
        if anew or len(positions) > 2 * running_losses.MAX_POINTS:
            positions, losses = self._points = ([], [])
        for position, loss in running_losses.points_after(db, run.id, positions[-1] if positions else 0.0):
            losses.append(plain(loss) or 0.0)
            positions.append(position)

    def _best(self, run: Run, member: int | None) -> int | None:
        return run.best_epoch if member is None else best_epoch(self._rows[member].exact)


def not_found(run_id: int) -> MLPLabError:
    """The error for a run that is not there."""
    return RunNotFoundError(N_("There is no run {run}: it may have been deleted permanently."), run=run_id)


def _epochs_of(run: Run) -> tuple[object, ...]:
    """What changes when a run has other epochs, or another state than within an epoch."""
    return run.created_at, run.status, run.attempt, run.epoch, run.cancel_requested


def _training_of(run: Run) -> tuple[object, ...]:
    """What changes when a run is trained by another worker, perhaps from an earlier epoch on."""
    return run.created_at, run.attempt, run.device is None


def _has_deviations(run: Run, member: int | None) -> bool:
    return run.members > 1 and member is None


def _continue(db: Database, run_id: int, member: int | None, rows: Rows) -> bool:
    """Add the epochs that are new; whether the last one that was known is still there as it was."""
    last = rows.last
    stored = metrics.epochs_after(db, run_id, after=max(0, last - 1), member=member)
    if last and (not stored or not rows.ends_with(stored[0])):
        return False
    for row in stored[1:] if last else stored:
        rows.add(row)
    return True
