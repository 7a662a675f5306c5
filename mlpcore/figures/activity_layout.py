"""Where the parts of the picture of a network's activity lie: columns of neurons, and an input picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlpcore.figures.axes import text_width

RADIUS = 11.0
"""Of a neuron."""
MIN_PITCH = 24.0
"""The least distance between the centres of two neurons of a column."""

_TOP, _BOTTOM = 44.0, 26.0
_FULL, _FULL_ON_PHONES = 1100.0, 520.0  # a page's width; on a phone that at which the picture need not scroll
_BOLD = 15.0  # the size of text for the room beside neurons: bold letters are wider than others


class Layout:
    """Columns of neurons, and an input picture in place of the first column where there is one.

    `counts` are the drawn neurons of each column, `picture` is its height and width in pixels, `left` and `right`
    are the texts beside the first and the last column.
    """

    def __init__(
        self,
        counts: Sequence[int],
        picture: tuple[int, int] | None,
        left: Iterable[str],
        right: Iterable[str],
        narrow: bool,
    ) -> None:
        tallest = max(counts)
        pitch = 29.0 if tallest <= 12 else 26.0 if tallest <= 20 else MIN_PITCH
        self._counts, self._pitch, self._picture = counts, pitch, picture
        side = 0.0 if picture is None else 140.0 if narrow else 236.0
        first = side / 2 + 6 if picture else text_width(left) + 2 * RADIUS + 10
        end = text_width(right, _BOLD) + RADIUS + 14
        gaps = len(counts) - 1
        beside = side / 2 if picture else 0.0
        room = ((_FULL_ON_PHONES if narrow else _FULL) - first - beside - end) / gaps
        width = max(74.0 if narrow else 84.0, min(120.0 if narrow else 270.0, room))
        self._xs = [first, *(first + beside + width * (index + 1) for index in range(gaps))]
        self.width = self._xs[-1] + end
        inner = max(tallest * pitch, side + 14)
        self._middle = _TOP + inner / 2
        self.height = _TOP + inner + _BOTTOM
        self.picture = (6.0, self._middle - side / 2, side, side)
        """Left, top, width and height of the input picture."""
        self.pixel = side / picture[1] if picture else 0.0
        """The width of a pixel."""

    def x(self, column: int) -> float:
        """The middle of a column."""
        return self._xs[column]

    def y(self, column: int, row: int) -> float:
        """The middle of a neuron."""
        return self._middle + (row - (self._counts[column] - 1) / 2) * self._pitch

    def below(self, column: int) -> float:
        """The base line of a text below a column's neurons."""
        return self.y(column, self._counts[column] - 1) + RADIUS + 18

    def start(self, column: int, source: int) -> tuple[float, float]:
        """Where a line leaves a neuron, or a pixel."""
        if column == 0 and self._picture:
            return self.pixel_at(source)
        return self.x(column) + RADIUS, self.y(column, source)

    def end(self, column: int, target: int) -> tuple[float, float]:
        """Where a line enters a neuron."""
        return self.x(column) - RADIUS, self.y(column, target)

    def pixel_at(self, pixel: int) -> tuple[float, float]:
        """The middle of a pixel, counted row by row."""
        height, width = self._picture or (1, 1)
        row, column = divmod(pixel, width)
        left, top, full_width, full_height = self.picture
        return left + (column + 0.5) * full_width / width, top + (row + 0.5) * full_height / height
