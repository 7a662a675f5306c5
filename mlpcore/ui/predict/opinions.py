"""What several networks make of the same example: their mean, their spread, and how they vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Opinion:
    """The answer of the networks of one run to one example.

    `shares` are the probabilities of the classes, means over the networks; `spreads` their sample standard deviations,
    None for a single network. `top` and `second` are the indices of the most probable classes; of `count` networks,
    `votes` have the top class as their own most probable one.
    """

    shares: tuple[float, ...]
    spreads: tuple[float, ...] | None
    top: int
    second: int
    votes: int
    count: int


def opinion(probabilities: NDArray[Any]) -> Opinion:
    """The opinion of networks whose softmax outputs are the rows of `probabilities`, (networks, classes).

    Of equally probable classes the first is the top one, as for `argmax`.
    """
    given = np.asarray(probabilities, np.float64)
    means = given.mean(axis=0)
    spreads = tuple(map(float, given.std(axis=0, ddof=1))) if len(given) > 1 else None
    top, second = (int(place) for place in np.argsort(-means, kind="stable")[:2])
    votes = int((given.argmax(axis=1) == top).sum())
    return Opinion(tuple(map(float, means)), spreads, top, second, votes, len(given))


def parties(tops: Sequence[int]) -> list[tuple[int, int]]:
    """The classes that networks name and how many name each, the most named first, of equals the smaller class."""
    return sorted(Counter(tops).items(), key=lambda item: (-item[1], item[0]))


def majority(tops: Sequence[int]) -> int | None:
    """The class that more networks name than any other; None where two are named equally often."""
    first, *others = parties(tops)
    return None if others and others[0][1] == first[1] else first[0]
