"""What code is written from: a run's settings, and the figures that it reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mlpcore.events import deviation
from mlpcore.serving.kept_networks import kept_metrics
from mlpcore.spec import RunSpec
from mlpcore.store import members
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run

_MEASURED = ("loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy")
_ENGINES = ("tensorflow", "jax")


@dataclass(frozen=True)
class Figure:
    """A mean over a run's networks and its sample standard deviation, None where there is but one."""

    mean: float
    deviation: float | None = None


@dataclass(frozen=True)
class Origin:
    """A run as its code tells it. `spec` is validated, `engine` is a name of Keras's backends.

    `figures` are those of the networks that were kept, by Keras's names and in its order; there are none before the run
    has finished. `diverged` says that some of several networks came to nothing and are not among them.
    """

    run: int
    spec: RunSpec
    engine: str = "tensorflow"
    figures: Mapping[str, Figure] = field(default_factory=dict)
    diverged: bool = False


def of_run(db: Database, run: Run) -> Origin:
    """What code for a run is written from. Raises `UnusableRunError` where its settings cannot be used."""
    spec = replace(run.spec, name=run.name, note=run.note)
    engine = run.engine if run.engine in _ENGINES else _ENGINES[0]
    if run.status != "finished":
        return Origin(run.id, spec, engine)
    kept = _kept(db, run)
    found = {name: [row[name] for row in kept if row.get(name) is not None] for name in _MEASURED}
    figures = {name: Figure(sum(v) / len(v), deviation(v)) for name, v in found.items() if v}
    return Origin(run.id, spec, engine, figures, diverged=len(kept) < spec.members)


def _kept(db: Database, run: Run) -> list[dict[str, Any]]:
    """The figures of each network that was kept, in the epoch from which it was."""
    tested = {row.member: row for row in members.members(db, run.id)}
    return [
        {
            **epoch,
            "test_loss": tested[epoch["member"]].test_loss,
            "test_accuracy": tested[epoch["member"]].test_accuracy,
        }
        for epoch in kept_metrics(db, run)
    ]


def file_name(run: int, ending: str) -> str:
    """A name for a file of a run that is safe everywhere: nothing of it comes from a user."""
    return f"mlplab-run-{run}.{ending}"
