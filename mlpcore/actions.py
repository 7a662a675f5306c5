"""What a visitor may do with runs: every change that a page makes goes through one of these functions.

Each takes the visitor who requests it and raises the errors that a visitor can meet. Whatever a browser sends is
checked here: texts, and numbers of runs that were deleted or moved to the trash in the meantime.

Everybody sees all runs. A visitor changes only its own, unless it sits at the server's machine or the server is open
to all (`settings.open_to_all`). An action on several runs is refused as a whole where one of them may not be changed.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mlpcore import formatting, settings
from mlpcore.errors import LimitError, NotOwnerError, RunInTrashError, RunNotFoundError
from mlpcore.i18n.messages import N_
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import MAX_NAME, MAX_NOTE
from mlpcore.spec.validation import Problems
from mlpcore.store import queue, queue_order, runs
from mlpcore.store.connection import Database, transaction
from mlpcore.store.runs import Run

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_HIGHEST_RUN = 2**53
_MAX_NAMED = 5
"""How many runs a sentence names."""


@dataclass(frozen=True)
class Visitor:
    """A browser, identified by 32 random hexadecimal digits that it keeps, and whether it is on the server's machine.

    Who knows the id may change the runs of this visitor: it is a secret between the server and this browser, and is
    never shown, logged, exported or sent to another browser.
    """

    id: str = field(repr=False)
    local: bool = False

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError("the id of a visitor has 32 hexadecimal digits")

    @classmethod
    def new(cls) -> Visitor:
        """A visitor with a new id that nobody can guess."""
        return cls(secrets.token_hex(16))

    @classmethod
    def from_text(cls, text: object) -> Visitor | None:
        """The visitor whose id a browser sent; None for anything that is no such id."""
        return cls(text) if isinstance(text, str) and _ID.fullmatch(text) else None

    @property
    def may_change_all(self) -> bool:
        """Whether this visitor may change the runs of all visitors."""
        return self.local or settings.open_to_all()


def owns(visitor: Visitor, run: Run) -> bool:
    """Whether the visitor has submitted this run."""
    return run.owner == visitor.id


def may_change(visitor: Visitor, run: Run) -> bool:
    """Whether the visitor may stop, rename, annotate, star, trash, restore and purge this run."""
    return visitor.may_change_all or owns(visitor, run)


def not_owner(visitor: Visitor, runs_to_change: Iterable[Run]) -> NotOwnerError | None:
    """The error with which an action on these runs would be refused; None where the visitor may change all of them."""
    return _not_owner(visitor, {run.id: run.owner for run in runs_to_change})


def _not_owner(visitor: Visitor, owners: Mapping[int, str]) -> NotOwnerError | None:
    foreign = [run_id for run_id, owner in owners.items() if owner != visitor.id]
    if visitor.may_change_all or not foreign:
        return None
    if len(owners) == 1:
        return NotOwnerError(
            N_(
                "Run {run} is not yours: only the browser that started it, or one on the server's own machine, can"
                " change it."
            ),
            run=foreign[0],
        )
    named = ", ".join(f"#{run_id}" for run_id in foreign[:_MAX_NAMED])
    return NotOwnerError(
        N_("Nothing was changed, because the selection has runs that are not yours ({runs}): remove them from it."),
        runs=f"{named}, …" if len(foreign) > _MAX_NAMED else named,
    )


def submit(db: Database, visitor: Visitor, spec: RunSpec) -> int:
    """Queue a run that belongs to the visitor; return its number.

    Raises `SpecError` for settings that are not allowed (any more), `LimitError` for a run that takes too long or where
    too many of the visitor's runs wait, and `QueueFullError`.
    """
    spec = RunSpec.from_dict(spec.to_dict())
    with transaction(db):
        if not visitor.local:
            _check_limits(db, visitor, spec)
        return queue.enqueue(db, spec, owner=visitor.id)


def _check_limits(db: Database, visitor: Visitor, spec: RunSpec) -> None:
    seconds, longest = queue_order.estimated_seconds(db, spec), settings.max_run_seconds()
    if seconds > longest:
        raise LimitError(
            N_(
                "This run would take about {estimate} on this machine, and a run may take {limit} here: train fewer"
                " epochs or repeats, fewer training examples, or a smaller network."
            ),
            estimate=formatting.rough_duration(seconds),
            limit=formatting.rough_duration(longest),
        )
    waiting, most = queue.waiting_of(db, visitor.id), settings.max_waiting_runs()
    if waiting >= most:
        raise LimitError(
            N_(
                "{count} of your runs are waiting already, and at most {limit} may wait here: stop some of them, or try"
                " again when they are done."
            ),
            count=waiting,
            limit=most,
        )


def cancel(db: Database, visitor: Visitor, run_id: int) -> None:
    """Stop a run: at once where it waits, soon where it trains. One that has ended stays as it is.

    Raises `RunNotFoundError` and `NotOwnerError`.
    """
    for existing in _existing(db, visitor, [run_id]):
        queue.cancel(db, existing)


def rename(db: Database, visitor: Visitor, run_id: int, name: str) -> None:
    """Give a run another name, or with the empty one its description.

    Raises `SpecError` for a name that is too long, `RunNotFoundError`, `NotOwnerError` and `RunInTrashError`.
    """
    name = _text("name", name, MAX_NAME)
    with transaction(db):
        for editable in _editable(db, visitor, [run_id]):
            runs.rename(db, editable, name)


def annotate(db: Database, visitor: Visitor, run_ids: Iterable[int], note: str) -> list[int]:
    """Replace the notes of runs; return the numbers of those that exist outside the trash.

    Raises `SpecError` for a note that is too long, `NotOwnerError`, and `RunNotFoundError` or `RunInTrashError` where
    no run is left.
    """
    note = _text("note", note, MAX_NOTE, lines=True)
    with transaction(db):
        editable = _editable(db, visitor, run_ids)
        for run_id in editable:
            runs.annotate(db, run_id, note)
    return editable


def star(db: Database, visitor: Visitor, run_ids: Iterable[int], starred: bool) -> list[int]:
    """Star runs, or remove their stars; return the numbers of those that exist outside the trash.

    Raises `NotOwnerError`, and `RunNotFoundError` or `RunInTrashError` where no run is left.
    """
    with transaction(db):
        editable = _editable(db, visitor, run_ids)
        for run_id in editable:
            runs.star(db, run_id, bool(starred))
    return editable


def trash(db: Database, visitor: Visitor, run_ids: Iterable[int]) -> list[int]:
    """Move runs to the trash, which stops those that wait or train; return the numbers of those that are there now.

    Raises `NotOwnerError`, and `RunNotFoundError` where no run is left.
    """
    existing = _existing(db, visitor, run_ids)
    runs.trash(db, existing)
    return existing


def restore(db: Database, visitor: Visitor, run_ids: Iterable[int]) -> list[int]:
    """Take runs out of the trash; return the numbers of those that are outside now.

    Raises `NotOwnerError`, and `RunNotFoundError` where no run is left.
    """
    existing = _existing(db, visitor, run_ids)
    runs.restore(db, existing)
    return existing


def purge(db: Database, visitor: Visitor, run_ids: Iterable[int]) -> list[int]:
    """Delete runs of the trash permanently, with their epochs and their files; return the numbers of the deleted ones.

    A run that still trains, or that was restored in the meantime, is left alone. Raises `NotOwnerError`, and
    `RunNotFoundError` where no run is left.
    """
    deleted = runs.purge(db, _existing(db, visitor, run_ids))
    runs.remove_networks(deleted)
    return deleted


def _text(field: str, text: str, longest: int, lines: bool = False) -> str:
    problems = Problems()
    text = problems.text(field, text, longest, lines=lines)
    problems.raise_any()
    return text


def _existing(db: Database, visitor: Visitor, run_ids: Iterable[int]) -> list[int]:
    """Those of the runs that exist, in their order; raises where there is none, or one may not be changed."""
    return list(_in_trash(db, visitor, list(run_ids)))


def _editable(db: Database, visitor: Visitor, run_ids: Iterable[int]) -> list[int]:
    """Those of the runs that exist outside the trash, in their order.

    Raises where there is none, or one may not be changed.
    """
    in_trash = _in_trash(db, visitor, list(run_ids))
    editable = [run_id for run_id, trashed in in_trash.items() if not trashed]
    if not editable:
        raise RunInTrashError(N_("Run {run} is in the trash: restore it first."), run=next(iter(in_trash)))
    return editable


def _in_trash(db: Database, visitor: Visitor, run_ids: Sequence[object]) -> dict[int, bool]:
    """The runs that exist, and whether each is in the trash; raises where there is none, or one may not be changed."""
    numbers = [run_id for run_id in run_ids if type(run_id) is int and 0 < run_id < _HIGHEST_RUN]
    trashed = runs.in_trash(db, numbers)
    if not trashed:
        requested = str(run_ids[0])[:20] if run_ids else formatting.UNKNOWN
        raise RunNotFoundError(N_("There is no run {run}: it may have been deleted permanently."), run=requested)
    if (error := _not_owner(visitor, runs.owners(db, trashed))) is not None:
        raise error
    return trashed
