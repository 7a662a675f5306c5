"""How a run ended, for the last line of a training in the foreground."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mlpcore.events import deviation
from mlpcore.paths import data_folder
from mlpcore.store import members, runs
from mlpcore.store.connection import opened
from mlpcore.store.members import MemberRow
from mlpcore.store.runs import Run

_KEPT = {
    "train_accuracy": "accuracy",
    "validation_accuracy": "val_accuracy",
    "train_loss": "loss",
    "validation_loss": "val_loss",
}


def final(run_id: int) -> dict[str, Any]:
    """The last line of a run, from the store.

    Its figures belong to the network that was kept: accuracies 0 to 1, seconds of training with validation. They
    are the means over the networks that have not diverged, `*_sd` their sample standard deviations (None for fewer than
    two), and `members` has the result of each.
    """
    with opened() as db:
        run = runs.get(db, run_id)
        kept = members.kept_epochs(db, run_id)
        networks = members.members(db, run_id)
    if not run.ended:
        lost = f"Run {run_id} goes on in another worker, which took it over."
        return {"event": "lost", "run": run_id, "status": run.status, "message": lost}
    end = {"event": run.status, "run": run_id, "status": run.status, "epochs": run.epoch, "seconds": run.seconds}
    if run.status != "finished":
        return end | {"message": str(run.failure or "")}
    return end | _figures(run, kept) | _spread(run, networks, kept)


def _figures(run: Run, kept: list[dict[str, Any]]) -> dict[str, Any]:
    means = {name: _mean([row[column] for row in kept]) for name, column in _KEPT.items()}
    return {
        **means,
        "test_accuracy": run.test_accuracy,
        "test_loss": run.test_loss,
        "kept_epoch": run.kept_epoch,
        "best_epoch": run.best_epoch,
        "best_validation_accuracy": run.best_val_accuracy,
        "stopped_early": run.stopped_early,
        "parameters": run.parameters,
        "device": run.device,
        "model": _path(run.model),
    }


def _spread(run: Run, networks: list[MemberRow], kept: list[dict[str, Any]]) -> dict[str, Any]:
    spread = {f"{name}_sd": deviation([row[column] for row in kept]) for name, column in _KEPT.items()}
    each = [asdict(network) | {"model": _path(network.model)} for network in networks]
    return {
        **spread,
        "test_accuracy_sd": run.test_accuracy_sd,
        "test_loss_sd": deviation([network.test_loss for network in networks]),
        "best_validation_accuracy_sd": run.best_val_accuracy_sd,
        "members": each,
    }


def _mean(values: list[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return sum(numbers) / len(numbers) if numbers else None


def _path(model: str | None) -> str | None:
    return str(data_folder() / model) if model else None
