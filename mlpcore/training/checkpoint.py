"""Everything that resuming a run needs, in one safetensors file that is whole or absent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from mlpcore.tensor_files import save_tensors


@dataclass(frozen=True)
class State:
    """A run behind an epoch: weights, optimizer variables, and the state of early stopping and of the snapshots.

    `best_weights`, `best_loss` and `best_epoch` belong to the lowest loss that early stopping has seen (empty where
    it is off), `top_epoch` and `top_score` (accuracy, minus loss) to the best snapshot.
    """

    epoch: int
    weights: list[np.ndarray]
    optimizer: list[np.ndarray]
    best_weights: list[np.ndarray]
    best_loss: float | None = None
    best_epoch: int = 0
    top_epoch: int = 0
    top_score: tuple[float, float] | None = None


_FACTS = ("epoch", "best_loss", "best_epoch", "top_epoch", "top_score")


def save(path: Path, state: State) -> None:
    """Write the state: the file is complete and synced to the disk when it bears its name. OSError if that fails."""
    groups = {"weights": state.weights, "optimizer": state.optimizer, "best": state.best_weights}
    tensors = {f"{name}.{i}": np.asarray(a, order="C") for name, arrays in groups.items() for i, a in enumerate(arrays)}
    facts = {name: getattr(state, name) for name in _FACTS}
    save_tensors(path, tensors, {"state": json.dumps(facts)})


def load(path: Path) -> State | None:
    """The state in `path`, or None where the file is missing or damaged: the run then starts afresh."""
    try:
        with safe_open(path, framework="numpy") as stored:
            facts = json.loads(stored.metadata()["state"])
            facts["top_score"] = facts["top_score"] and tuple(facts["top_score"])
            groups: dict[str, list[tuple[int, np.ndarray]]] = {"weights": [], "optimizer": [], "best": []}
            for key in stored.keys():  # noqa: SIM118 - no mapping
                name, index = key.split(".")
                groups[name].append((int(index), stored.get_tensor(key)))
    except (OSError, SafetensorError, ValueError, KeyError, TypeError):
        return None
    arrays = {name: [array for _, array in sorted(found, key=lambda pair: pair[0])] for name, found in groups.items()}
    return State(weights=arrays["weights"], optimizer=arrays["optimizer"], best_weights=arrays["best"], **facts)
