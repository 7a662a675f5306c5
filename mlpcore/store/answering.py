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


def chosen_epoch(snapshots: Collection[int], *wanted: int | None) -> int | None:
    """The first of the wanted epochs that has a snapshot, else the newest; None without one.

    A network that answers is wanted as it was kept at the end, and before there is an end as it was in its best epoch.
    """
    order = (*wanted, *sorted(snapshots, reverse=True))
    return next((epoch for epoch in order if epoch is not None and epoch in snapshots), None)


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
        wanted = (run.kept_epoch, run.best_epoch) if run.members == 1 else (of_member["kept_epoch"],)
        epoch = chosen_epoch(snapshots, *wanted)
        if epoch is not None:
            network = KeptNetwork(member, epoch, snapshots[epoch]["file"])
            (diverged if of_member["status"] == "diverged" else alive).append(network)
    return alive or diverged
