"""Which network predicts for a run: the one rule that all pages, the command line and the exports follow.

A run trains one network or several members, and saves each of them after some epochs. Of each member, the network
that predicts is the one saved after

1. the epoch that the run kept as the member's result (`kept_epoch`): the last epoch, or with early stopping the
   member's own best one;
2. where there is no result, because the run still trains, was stopped, failed or diverged: the run's best epoch
   (`best_epoch`: best validation accuracy, of several members that of their mean). The accuracy that lists and pages
   show for such a run is the one after this epoch. A member that had been stopped early before counts in that mean with
   the network that it keeps (`kept_epoch`), and predicts with the same;
3. where the member was not saved after that epoch: its kept epoch, or without one its newest saved epoch.

Members that have diverged do not predict, as they are left out of the run's figures, unless all have diverged; a page
that shows one member by itself shows a diverged one, too.

Only the database decides. A file that is missing or damaged is an error of that network (`SnapshotError`), and another
epoch's network never takes its place without saying so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlpcore.events import Snapshot
from mlpcore.store import members, runs
from mlpcore.store.connection import Database
from mlpcore.store.members import MemberRow
from mlpcore.store.runs import Run


@dataclass(frozen=True)
class KeptNetwork:
    """A member of a run (counted from 0), the `epoch` whose network predicts, and all epochs that are saved.

    `files` maps each saved epoch to its file, relative to the data folder, in the order of the epochs.
    """

    member: int
    epoch: int
    files: Mapping[int, str]

    @property
    def file(self) -> str:
        """The file of the network that predicts, relative to the data folder."""
        return self.files[self.epoch]

    def snapshot(self, epoch: int | None = None) -> Snapshot:
        """The network that was saved after `epoch`, by default the one that predicts; KeyError where none was."""
        epoch = self.epoch if epoch is None else epoch
        return Snapshot(epoch, self.files[epoch], self.member)


def kept_networks(db: Database, run: Run) -> tuple[KeptNetwork, ...]:
    """The networks of a run that predict together, one per member, in order; empty where none is saved."""
    saved, rows = runs.snapshots_by_member(db, run.id), {row.member: row for row in members.members(db, run.id)}
    networks = [_kept(run, member, files, rows.get(member)) for member, files in saved.items()]
    diverged = {row.member for row in rows.values() if row.status == "diverged"}
    return tuple([network for network in networks if network.member not in diverged] or networks)


def kept_network(db: Database, run: Run, member: int) -> KeptNetwork | None:
    """One member of a run alone, also a diverged one; None where none of its networks is saved."""
    files = runs.snapshots(db, run.id, member)
    if not files:
        return None
    row = next((row for row in members.members(db, run.id) if row.member == member), None)
    return _kept(run, member, files, row)


def kept_metrics(db: Database, run: Run, networks: Sequence[KeptNetwork] | None = None) -> list[dict[str, Any]]:
    """The metrics of networks of a run, by default of those that predict together, each after its kept epoch.

    Each has member, epoch, loss, accuracy, val_loss and val_accuracy, in the order of members; untrained networks are
    left out.
    """
    networks = kept_networks(db, run) if networks is None else networks
    return members.metrics_after(db, run.id, {network.member: network.epoch for network in networks})


def predicting_epoch(saved: Collection[int], *preferred: int | None) -> int:
    """The first of the `preferred` epochs that is saved, else the newest saved one; `saved` is not empty."""
    return next((epoch for epoch in preferred if epoch is not None and epoch in saved), max(saved))


def _kept(run: Run, member: int, files: Mapping[int, str], row: MemberRow | None) -> KeptNetwork:
    kept_epoch = None if row is None else row.kept_epoch
    preferred = [kept_epoch, run.best_epoch]
    if row is not None and run.status != "finished" and run.best_epoch is not None and run.best_epoch <= row.epoch:
        preferred.reverse()  # after the best epoch, the member had not been stopped early yet
    return KeptNetwork(member, predicting_epoch(files, *preferred), files)
