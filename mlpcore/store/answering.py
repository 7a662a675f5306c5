"""Which networks of a run answer when they are shown something: of each member the one that was kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlite_utils import Database

from mlpcore.store.runs import Run


@dataclass(frozen=True)
class KeptNetwork:
    """The snapshot of a member that answers: taken after `epoch`, in `file` (relative to the data folder)."""

    member: int
    epoch: int
    file: str


def answering_epoch(kept: int | None, best: int | None, epochs: Collection[int]) -> int | None:
    """The epoch of the snapshots at hand whose network answers, None without any snapshot.

    That is the network that was kept at the end; before there is an end, the best epoch's, else the newest.
    """
    wanted = (kept, best, *sorted(epochs, reverse=True))
    return next((epoch for epoch in wanted if epoch is not None and epoch in epochs), None)


def kept_networks(db: Database, run: Run) -> list[KeptNetwork]:
    """The networks of a run that answer, one a member, in order; empty where the run has none yet.

    Members that have diverged answer nothing, unless all of them have.
    """
    rows = db.query(
        "SELECT s.member, s.epoch, s.file, m.kept_epoch, m.status FROM snapshots AS s"
        " LEFT JOIN members AS m ON m.run = s.run AND m.member = s.member WHERE s.run = ? ORDER BY s.member, s.epoch",
        [run.id],
    )
    alive: list[KeptNetwork] = []
    diverged: list[KeptNetwork] = []
    for member, found in groupby(rows, key=itemgetter("member")):
        snapshots = {row["epoch"]: row for row in found}
        of_member = next(iter(snapshots.values()))
        kept = run.kept_epoch if of_member["status"] is None else of_member["kept_epoch"]
        epoch = answering_epoch(kept, run.best_epoch, snapshots)
        if epoch is not None:
            network = KeptNetwork(member, epoch, snapshots[epoch]["file"])
            (diverged if of_member["status"] == "diverged" else alive).append(network)
    return alive or diverged
