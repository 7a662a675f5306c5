"""Everything that resuming a run needs, in one safetensors file that is whole or absent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from mlpcore.safetensors_io import save_tensors

Arrays = list[NDArray[Any]]


@dataclass(frozen=True)
class State:
    """A run behind an epoch.

    `groups` names the members of each group that trains as one stack, `states` holds their weights and optimizer
    variables; `members` holds what each member must remember beside them, as JSON types, and `best` the best weights
    that early stopping has seen, by member.
    """

    epoch: int
    groups: list[list[int]]
    states: list[Arrays]
    members: list[dict[str, Any]]
    best: dict[int, Arrays] = field(default_factory=dict)


def save(path: Path, state: State) -> None:
    """Write the state: the file is complete and synced to the disk when it bears its name. OSError if that fails."""
    named = {f"group.{i}": arrays for i, arrays in enumerate(state.states)}
    named |= {f"best.{member}": arrays for member, arrays in state.best.items()}
    tensors = {f"{name}.{i}": np.asarray(a, order="C") for name, arrays in named.items() for i, a in enumerate(arrays)}
    facts = {"epoch": state.epoch, "groups": state.groups, "members": state.members}
    save_tensors(path, tensors, {"state": json.dumps(facts)})


def load(path: Path) -> State | None:
    """The state in `path`, or None where the file is missing or damaged: the run then starts afresh."""
    try:
        with safe_open(path, framework="numpy") as stored:
            facts = json.loads(stored.metadata()["state"])
            found: dict[str, dict[int, dict[int, NDArray[Any]]]] = {"group": {}, "best": {}}
            for key in stored.keys():  # noqa: SIM118 - no mapping
                kind, place, index = key.split(".")
                found[kind].setdefault(int(place), {})[int(index)] = stored.get_tensor(key)
        states = [_ordered(found["group"][place]) for place in range(len(facts["groups"]))]
        best = {member: _ordered(arrays) for member, arrays in found["best"].items()}
        return State(facts["epoch"], facts["groups"], states, facts["members"], best)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError):
        return None


def _ordered(arrays: dict[int, NDArray[Any]]) -> Arrays:
    return [arrays[index] for index in range(len(arrays))]
