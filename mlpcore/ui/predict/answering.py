"""The networks of a run asked for their answers: to one thing in several ways, behind all their kept epochs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets import DatasetInfo
from mlpcore.errors import MLPLabError, SnapshotError
from mlpcore.inference import Network
from mlpcore.store import runs
from mlpcore.store.connection import opened
from mlpcore.ui.predict.networks import loaded
from mlpcore.ui.predict.opinions import Opinion, opinion
from mlpcore.ui.predict.teams import Frame, Team, team


@dataclass(frozen=True)
class Answers:
    """What the networks of a run, the `team`, answer.

    `frames` are the epochs that they answer behind, `start` the place of the kept ones among them. Of each way that a
    thing was shown in, `opinions` has an opinion a frame, and `received` what entered the first network, (*shape).
    `problems` are those of networks that could not be asked, by their sentences.
    """

    team: Team
    frames: tuple[Frame, ...]
    start: int
    opinions: tuple[tuple[Opinion, ...], ...]
    received: tuple[NDArray[np.float32], ...]
    problems: tuple[MLPLabError, ...] = ()


@dataclass(frozen=True)
class Networks(Sequence[Network]):
    """Networks by their files, each loaded when it is asked for: many large ones are never in memory together."""

    files: tuple[str, ...]
    info: DatasetInfo

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, place: Any) -> Any:
        return loaded(self.files[place], self.info)


@dataclass
class Ready:
    """The networks of a run: for each frame those that can be loaded, at least one of the kept frame."""

    team: Team
    frames: list[Frame] = field(default_factory=list)
    networks: list[Sequence[Network]] = field(default_factory=list)
    problems: list[MLPLabError] = field(default_factory=list)


def ready(asked: Team, *, all_frames: bool = False) -> Ready:
    """The networks that answer, with `all_frames` those of all its frames; SnapshotError where none can be loaded.

    A run that still trains is looked up again, because its snapshots make way for better ones.
    """
    current = asked if asked.run.ended else _newest(asked)
    found = Ready(current)
    for frame in current.frames if all_frames else (current.kept,):
        sound = []
        for file in frame.files.values():
            try:
                loaded(file, current.info)
                sound.append(file)
            except SnapshotError as problem:
                found.problems.append(problem)
        if sound:
            found.frames.append(frame)
            found.networks.append(Networks(tuple(sound), current.info))
    if current.kept not in found.frames:
        raise found.problems[-1]
    return found


def answers(asked: Ready, ways: Sequence[NDArray[Any]]) -> Answers:
    """What the networks answer to the same thing, shown in any number of ways: each (*input_shape)."""
    start = asked.frames.index(asked.team.kept)
    if not ways:
        return Answers(asked.team, tuple(asked.frames), start, (), (), tuple(asked.problems))
    inputs = np.stack(ways)
    told = [np.stack([network.probabilities(inputs) for network in networks]) for networks in asked.networks]
    return Answers(
        asked.team,
        tuple(asked.frames),
        start,
        tuple(tuple(opinion(of_frame[:, way]) for of_frame in told) for way in range(len(inputs))),
        tuple(asked.networks[start][0].received(inputs)),
        tuple(asked.problems),
    )


def _newest(asked: Team) -> Team:
    with opened() as db:
        run = runs.find(db, asked.run.id)
        return (team(db, run, asked.alone) if run is not None else None) or asked
