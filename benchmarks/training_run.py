"""Train a run in this process, without a database, and return its members' accuracies."""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass

from mlpcore.spec import RunSpec


@dataclass(frozen=True)
class Accuracies:
    """Accuracies of several networks, 0 to 1; as text their mean and sample standard deviation in percent."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Their mean in percent."""
        return 100 * statistics.fmean(self.values)

    @property
    def deviation(self) -> float:
        """Their sample standard deviation in percent; 0 for a single one."""
        return 100 * statistics.stdev(self.values) if len(self.values) > 1 else 0.0

    @property
    def error(self) -> float:
        """The standard error of the mean in percent."""
        return float(self.deviation / len(self.values) ** 0.5)

    def __str__(self) -> str:
        return f"{self.mean:.2f} ± {self.deviation:.2f}"


def accuracies(spec: RunSpec, folder: str) -> tuple[Accuracies, Accuracies]:
    """Train all members, with files in `folder`: training accuracies in the last epoch, and test accuracies."""
    os.environ["MLPCORE_DATA"] = folder
    from mlpcore import training  # noqa: PLC0415 - loads the engine
    from mlpcore.events import EpochEnd, Finished  # noqa: PLC0415

    last, results = [], []
    for event in training.train(spec, "run"):
        if isinstance(event, EpochEnd):
            last = [member.accuracy for member in event.members if member is not None]
        if isinstance(event, Finished):
            results = [result.test_accuracy for result in event.results]
    return Accuracies(tuple(last)), Accuracies(tuple(results))
