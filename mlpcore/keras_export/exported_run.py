"""A run's settings and results, from which exported code is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mlpcore.events import deviation, mean
from mlpcore.serving.kept_networks import kept_metrics
from mlpcore.spec import RunSpec
from mlpcore.spec.automatic_name import safe_file_name
from mlpcore.store import members
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run

_METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy")
_ENGINES = ("tensorflow", "jax")


@dataclass(frozen=True)
class MeanMetric:
    """A mean over a run's networks, and the sample standard deviation, None for a single network."""

    mean: float
    deviation: float | None = None


@dataclass(frozen=True)
class ExportedRun:
    """A run as exported code shows it. `spec` is validated, `engine` is the name of a Keras backend.

    `figures` are the metrics of the kept networks, by Keras's names and in Keras's order; empty before the run has
    finished. `diverged` means that some of its networks have diverged; they are left out of the figures.
    """

    run: int
    spec: RunSpec
    engine: str = "tensorflow"
    figures: Mapping[str, MeanMetric] = field(default_factory=dict)
    diverged: bool = False


def from_store(db: Database, run: Run) -> ExportedRun:
    """A run from the store. Raises `UnusableRunError` where its settings cannot be used."""
    spec = replace(run.spec, name=run.name, note=run.note)
    engine = run.engine if run.engine in _ENGINES else _ENGINES[0]
    if run.status != "finished":
        return ExportedRun(run.id, spec, engine)
    kept = _kept(db, run)
    values = {name: [row[name] for row in kept if row.get(name) is not None] for name in _METRICS}
    figures = {name: MeanMetric(mean(v), deviation(v)) for name, v in values.items() if v}
    return ExportedRun(run.id, spec, engine, figures, diverged=len(kept) < spec.members)


def _kept(db: Database, run: Run) -> list[dict[str, Any]]:
    """The metrics of each kept network after the epoch from which it was kept, with its test results."""
    tested = {row.member: row for row in members.members(db, run.id)}
    return [
        {
            **epoch,
            "test_loss": tested[epoch["member"]].test_loss,
            "test_accuracy": tested[epoch["member"]].test_accuracy,
        }
        for epoch in kept_metrics(db, run)
    ]


def file_name(run: Run, ending: str, member: int | None = None) -> str:
    """The name of an exported file: the run's number, what its automatic name says of it, and the network's number.

    It is safe on every system, because nothing in it comes from a user.
    """
    parts = ["mlplab-run", str(run.id)]
    if run.problem is None:
        parts.append(safe_file_name(run.spec))
    if member is not None:
        parts += ["network", str(member + 1)]
    return f"{'-'.join(parts)}.{ending}"
