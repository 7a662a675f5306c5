"""Softmax outputs as HTML bars: of a prediction beside the true class, and before and after a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from mlpcore import formatting
from mlpcore.figures import palette
from mlpcore.figures.markup import tag

_OTHER = palette.text_shade(38)
_FEW = 3  # with at most this many bars there is room for longer names below them


def vertical_bars(probabilities: Sequence[float], names: Sequence[str], label: int, predicted: int) -> Markup:
    """Small upright bars, one for each class: the true one blue, a wrong prediction red, in the order of the classes.

    Names stand below where there is room, otherwise marks at the true and at the predicted class.
    """
    roomy = len(names) <= _FEW or all(len(name) <= 2 for name in names)
    bars, labels = [], []
    for index, (share, name) in enumerate(zip(probabilities, names, strict=True)):
        color, _text = _colors(index, label, predicted)
        bar = tag("i", style=f"height:{100 * share:.1f}%;background:{color}")
        bars.append(tag("span", bar, title=f"{name}: {formatting.probability(share)}"))
        labels.append(_label(name if roomy else "", index, label, predicted))
    columns = f"grid-template-columns:repeat({len(names)},minmax(0,1fr))"
    return tag(
        "div",
        tag("div", *bars, class_="fig-columns-bars", style=columns),
        tag("div", *labels, class_="fig-columns-names", style=columns),
        class_="fig-columns",
    )


def horizontal_bars(probabilities: Sequence[float], names: Sequence[str], label: int, predicted: int) -> Markup:
    """A row for each class with its name, its bar and its probability, in the same colours."""
    cells = [
        cell
        for index, (share, name) in enumerate(zip(probabilities, names, strict=True))
        for cell in _row(share, name, index, label, predicted)
    ]
    return tag("div", *cells, class_="fig-rows")


def before_after_bars(
    before: Sequence[float], after: Sequence[float], names: Sequence[str], titles: tuple[str, str], marked: int
) -> Markup:
    """A row for each class: its grey bar before, its blue bar after, and both numbers.

    `titles` name the two; the class with the index `marked` is written in bold.
    """
    cells = [tag("span"), tag("span"), _legend(titles[0], _OTHER), _legend(titles[1], palette.VALUE)]
    for index, (first, second, name) in enumerate(zip(before, after, names, strict=True)):
        strong = "fig-number" + " fig-strong" * (index == marked)
        cells += [
            tag("span", name, class_=strong),
            tag("span", _half_bar(first, _OTHER), _half_bar(second, palette.VALUE), class_="fig-track"),
            tag("span", formatting.probability(first), class_="fig-number fig-dim"),
            tag("span", formatting.probability(second), class_=strong),
        ]
    return tag("div", *cells, class_="fig-before-after")


def _row(share: float, name: str, index: int, label: int, predicted: int) -> Iterator[Markup]:
    color, text = _colors(index, label, predicted)
    marked = index in (label, predicted)
    kind, style = ("fig-number fig-strong", f"color:{text}") if marked else ("fig-number fig-dim", None)
    yield tag("span", f"{_mark(index, label) if marked else ''} {name}", class_=kind, style=style)
    yield tag("span", tag("i", style=f"width:{100 * share:.2f}%;background:{color}"), class_="fig-track")
    yield tag("span", formatting.probability(share), class_=kind, style=style)


def _label(name: str, index: int, label: int, predicted: int) -> Markup:
    if index not in (label, predicted):
        return tag("span", name, class_="fig-dim")
    _bar, color = _colors(index, label, predicted)
    return tag("span", name or _mark(index, label), class_="fig-strong", style=f"color:{color}")


def _colors(index: int, label: int, predicted: int) -> tuple[str, str]:
    """The colours of a class's bar and of its text."""
    if index == label:
        return palette.CORRECT, palette.CORRECT_TEXT
    return (palette.WRONG, palette.WRONG_TEXT) if index == predicted else (_OTHER, "inherit")


def _mark(index: int, label: int) -> str:
    return palette.CORRECT_MARK if index == label else palette.WRONG_MARK


def _legend(text: str, color: str) -> Markup:
    return tag("span", tag("i", class_="fig-swatch", style=f"background:{color}"), text, class_="fig-number")


def _half_bar(share: float, color: str) -> Markup:
    return tag("i", style=f"width:{100 * share:.2f}%;background:{color}")
