"""Who answers: for each chosen run its networks, one or several that answer together, and their kept epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mlpcore import datasets
from mlpcore.datasets import DatasetInfo
from mlpcore.store import members, runs
from mlpcore.store.answering import chosen_epoch
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run
from mlpcore.ui.predict.networks import Choice

FRAMES_BYTES = 64_000_000
"""Weights of one run that a page looks at to show its training; of larger networks it shows fewer epochs."""


@dataclass(frozen=True)
class Member:
    """A network of a run: its index, its snapshots (epoch to file), and the epoch whose network answers."""

    index: int
    snapshots: Mapping[int, str]
    kept: int


@dataclass(frozen=True)
class Frame:
    """Networks that answer together: those behind `epoch`, or, where it is None, each behind its own kept one.

    `files` are their snapshots by the index of the network.
    """

    epoch: int | None
    files: Mapping[int, str]


@dataclass(frozen=True)
class Team:
    """A run whose networks answer together; `alone` is the index of the one that was chosen by itself."""

    run: Run
    members: tuple[Member, ...]
    alone: int | None = None

    @property
    def info(self) -> DatasetInfo:
        """The dataset that they were trained on."""
        return datasets.REGISTRY[self.run.dataset]

    @cached_property
    def kept(self) -> Frame:
        """The networks that answer: those that the run keeps as its result."""
        epochs = {member.kept for member in self.members}
        files = {member.index: member.snapshots[member.kept] for member in self.members}
        return Frame(epochs.pop() if len(epochs) == 1 else None, files)

    @cached_property
    def epochs(self) -> tuple[int, ...]:
        """The epochs behind which every one of the networks was saved."""
        return tuple(sorted(set.intersection(*(set(member.snapshots) for member in self.members))))

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """The networks behind the epochs that can be shown, in order, among them the kept ones."""
        room = FRAMES_BYTES // (4 * self.run.parameters * len(self.members))
        kept = self.kept
        of_epochs = thinned(self.epochs, room if kept.epoch is not None else room - 1, kept.epoch)
        frames = [
            Frame(epoch, {member.index: member.snapshots[epoch] for member in self.members}) for epoch in of_epochs
        ]
        return (*frames, kept) if kept.epoch is None else tuple(frames)

    @property
    def choice(self) -> Choice:
        """The first of the networks that answer, where a single one is needed."""
        first = self.members[0]
        return Choice(self.run, first.kept, first.snapshots[first.kept])


@dataclass(frozen=True)
class Panel:
    """The runs that answer side by side: the first, which the page is about, and those it is compared with."""

    first: Team
    others: tuple[Team, ...] = ()

    @property
    def teams(self) -> tuple[Team, ...]:
        """All of them."""
        return (self.first, *self.others)

    @property
    def info(self) -> DatasetInfo:
        """The dataset of the first run."""
        return self.first.info


def thinned(epochs: Sequence[int], room: int, wanted: int | None) -> tuple[int, ...]:
    """At most `room` of the epochs, evenly spread from the first to the last, and `wanted` in any case."""
    if len(epochs) <= room:
        return tuple(epochs)
    kept = {wanted} if wanted is not None else set()
    places = room - len(kept)
    if places > 1:
        kept |= {epochs[round(place * (len(epochs) - 1) / (places - 1))] for place in range(places)}
    elif places == 1:
        kept.add(epochs[0])
    return tuple(sorted(kept))


def team(db: Database, run: Run, alone: int | None = None) -> Team | None:
    """The networks of a run that can answer, or the one with the index `alone`; None where none was saved.

    Networks that diverged are left out, as they are from the run's figures, unless all have.
    """
    rows = {row.member: row for row in members.members(db, run.id)}
    found = []
    for index in range(run.members) if alone is None else [alone]:
        snapshots = runs.snapshots(db, run.id, index)
        own = (rows[index].kept_epoch if index in rows else None, run.best_epoch if run.members == 1 else None)
        kept = chosen_epoch(snapshots, *own)
        if kept is not None:
            found.append(Member(index, snapshots, kept))
    sound = [one for one in found if one.index not in rows or rows[one.index].status != "diverged"]
    return Team(run, tuple(sound or found), alone) if found else None
