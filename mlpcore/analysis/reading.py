"""How well networks read a handful of examples, and which of several read them best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from mlpcore.analysis.answers import Answers

Reader = TypeVar("Reader")


def trust(answers: Answers) -> float:
    """The mean probability of the true class."""
    return float(answers.probabilities[np.arange(len(answers.labels)), answers.labels].mean())


def best_first(readers: Mapping[Reader, Answers]) -> list[Reader]:
    """Who reads most of the examples aright comes first; of equals, who finds the true classes more probable."""
    return sorted(readers, key=lambda reader: (-readers[reader].right.sum(), -trust(readers[reader])))
