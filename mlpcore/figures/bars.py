"""A network's softmax output as bars: one for each class, in the order of the classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

CERTAIN = 0.5
"""From this probability on the network is said to have decided: no other class can then be as probable."""

_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Bar:
    """A class's name, its probability in 0..1, and the same as text."""

    name: str
    share: float
    percent: str


@dataclass(frozen=True)
class Bars:
    """The bars of all classes; `top` and `second` are the indices of the two most probable ones."""

    bars: tuple[Bar, ...]
    top: int
    second: int

    @property
    def certain(self) -> bool:
        """Whether the most probable class has at least half of all probability."""
        return self.bars[self.top].share >= CERTAIN


def softmax_bars(probabilities: NDArray[Any], names: Sequence[str]) -> Bars:
    """The bars for one row of a softmax output, (classes,), with a name for each class.

    Of equally probable classes the first is the top one, as for `argmax`.
    """
    shares = [float(share) for share in probabilities]
    bars = tuple(Bar(name, share, percent(share)) for name, share in zip(names, shares, strict=True))
    top, second = sorted(range(len(shares)), key=lambda index: -shares[index])[:2]
    return Bars(bars, top, second)


def percent(share: float) -> str:
    """A probability in percent with one decimal.

    A softmax never reaches 0 or 1, so what would be rounded to them is written as a bound.
    """
    if share < 0.0005:
        return f"<{_SPACE}0.1{_SPACE}%"
    if share >= 0.9995:
        return f">{_SPACE}99.9{_SPACE}%"
    return f"{100 * share:.1f}{_SPACE}%"
