"""What a follower of a run is sent: the rows after its cursor, the progress, and whether the run has ended."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import asdict, dataclass
from typing import Any

from mlpcore.i18n.catalogues import translations
from mlpcore.live.curve_rows import plain
from mlpcore.live.run_progress import progress_of
from mlpcore.live.run_topic import RunView

_ID = re.compile(r"([0-9]{1,9}):([0-9]{1,9}):([0-9]{1,9}(?:\.[0-9]{1,6})?)")


@dataclass(frozen=True)
class Cursor:
    """What a follower has: the epochs up to `epoch` and the points of the running loss up to `position`.

    They are of this `attempt`, None where that is not known. `generation` is that of the view from which it has them;
    None before it has been sent anything.
    """

    epoch: int = 0
    position: float = 0.0
    attempt: int | None = None
    generation: int | None = None

    @classmethod
    def from_text(cls, text: str) -> Cursor | None:
        """The cursor that the id of a message holds, `ATTEMPT:EPOCH:POSITION`; None for any other text."""
        match = _ID.fullmatch(text)
        return cls(int(match[2]), float(match[3]), int(match[1])) if match else None

    def to_text(self) -> str:
        """The id of the message after which a follower has this cursor."""
        return f"{self.attempt or 0}:{self.epoch}:{self.position:.9g}"


@dataclass(frozen=True)
class RunMessage:
    """A message as it is sent, the cursor of its receiver after it, and whether it is the last one."""

    data: bytes
    cursor: Cursor
    ended: bool


def run_message(view: RunView, cursor: Cursor, member: int | None, language: str) -> RunMessage:
    """The message that brings a follower with this cursor up to date. It is made once for all with the same cursor."""
    key = cursor, member, language
    if key not in view.encoded:
        view.encoded[key] = _message(view, cursor, member, language)
    message: RunMessage = view.encoded[key]
    return message


def _message(view: RunView, cursor: Cursor, member: int | None, language: str) -> RunMessage:
    rows, (positions, losses) = view.rows[member], view.points
    epochs = rows.rows.sent["epoch"]
    restarted = not _continues(view, cursor, member)
    start = 0 if restarted else bisect_right(epochs, cursor.epoch, hi=rows.count)
    first = 0 if restarted else bisect_right(positions, cursor.position, hi=view.point_count)
    points = _has_running_loss(view, member)
    progress = asdict(progress_of(view.run, translations(language), view.now, view.waits_for))
    data = {
        "run": view.run.id,
        "attempt": view.run.attempt,
        "restarted": restarted,
        "rows": {name: values[start : rows.count] for name, values in rows.rows.sent.items()},
        "running_loss": {
            "position": positions[first : view.point_count] if points else [],
            "loss": losses[first : view.point_count] if points else [],
        },
        "best": rows.best,
        "progress": progress | {"loss": plain(progress["loss"]), "seconds": plain(progress["seconds"])},
        "ended": view.ended,
    }
    after = Cursor(
        epoch=max(epochs[rows.count - 1] if rows.count else 0, 0 if restarted else cursor.epoch),
        position=max(
            positions[view.point_count - 1] if view.point_count else 0.0, 0.0 if restarted else cursor.position
        ),
        attempt=view.run.attempt,
        generation=view.generation,
    )
    return RunMessage(_encoded(data), after, view.ended)


def _continues(view: RunView, cursor: Cursor, member: int | None) -> bool:
    """Whether what a follower has is the beginning of what there is now.

    After a restart of the server the epochs of an earlier attempt cannot be compared: they are sent again.
    """
    if not cursor.epoch and not cursor.position:
        return True
    if cursor.generation is not None:
        return cursor.generation == view.generation
    rows = view.rows[member]
    last = rows.rows.sent["epoch"][rows.count - 1] if rows.count else 0
    return cursor.attempt in (None, view.run.attempt) and cursor.epoch <= last


def _has_running_loss(view: RunView, member: int | None) -> bool:
    """The running loss is that of the run, so it belongs to a network only where there is one."""
    return member is None or view.run.members == 1


def _encoded(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
