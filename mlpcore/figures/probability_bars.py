"""Softmax outputs as HTML bars: of a prediction beside the true class, and before and after a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from mlpcore import formatting
from mlpcore.figures import palette
from mlpcore.figures.markup import tag

_OTHER, _TRACK = palette.text_shade(38), palette.text_shade(10)
_FEW = 3  # with at most this many bars there is room for longer names below them
_WRAPPED = "overflow-wrap:anywhere;text-wrap:balance"


def vertical_bars(probabilities: Sequence[float], names: Sequence[str], label: int, predicted: int) -> Markup:
    """Small upright bars, one for each class: the true one blue, a wrong prediction red, in the order of the classes.

    Names stand below where there is room, otherwise marks at the true and at the predicted class.
    """
    roomy = len(names) <= _FEW or all(len(name) <= 2 for name in names)
    bars, labels = [], []
    for index, (share, name) in enumerate(zip(probabilities, names, strict=True)):
        color, _text = _colors(index, label, predicted)
        bar = f"width:100%;max-width:28px;height:{100 * share:.1f}%;min-height:1px;background:{color}"
        bars.append(
            tag(
                "span",
                tag("i", style=bar),
                title=f"{name}: {formatting.probability(share)}",
                style="height:100%;display:flex;align-items:end;justify-content:center",
            )
        )
        labels.append(_label(name if roomy else "", index, label, predicted))
    columns = f"display:grid;grid-template-columns:repeat({len(names)},minmax(0,1fr));column-gap:1px"
    return tag(
        "div",
        tag("div", *bars, style=f"{columns};flex:1;min-height:40px;border-bottom:1px solid {_OTHER}"),
        tag("div", *labels, style=f"{columns};font-size:10px;line-height:14px;min-height:14px;text-align:center"),
        style="display:flex;flex-direction:column;min-width:0;height:100%",
    )


def horizontal_bars(probabilities: Sequence[float], names: Sequence[str], label: int, predicted: int) -> Markup:
    """A row for each class with its name, its bar and its probability, in the same colours."""
    cells = [
        cell
        for index, (share, name) in enumerate(zip(probabilities, names, strict=True))
        for cell in _row(share, name, index, label, predicted)
    ]
    columns = "display:grid;grid-template-columns:max-content minmax(60px,1fr) max-content;gap:3px 10px"
    text = "align-items:center;font-variant-numeric:tabular-nums;font-size:14px;line-height:1.35"
    return tag("div", *cells, style=f"{columns};{text}")


def before_after_bars(
    before: Sequence[float], after: Sequence[float], names: Sequence[str], titles: tuple[str, str], marked: int
) -> Markup:
    """A row for each class: its grey bar before, its blue bar after, and both numbers.

    `titles` name the two; the class with the index `marked` is written in bold.
    """
    cells = [tag("span"), tag("span"), _legend(titles[0], _OTHER), _legend(titles[1], palette.VALUE)]
    for index, (first, second, name) in enumerate(zip(before, after, names, strict=True)):
        weight = ";font-weight:700" if index == marked else ""
        cells += [
            tag("span", name, style=f"text-align:right{weight}"),
            tag(
                "span",
                _half_bar(first, _OTHER),
                _half_bar(second, palette.VALUE),
                style=f"background:{palette.text_shade(8)};border-radius:3px;overflow:hidden",
            ),
            tag("span", formatting.probability(first), style="text-align:right;opacity:.8"),
            tag("span", formatting.probability(second), style=f"text-align:right{weight}"),
        ]
    columns = "grid-template-columns:minmax(0,max-content) minmax(50px,1fr) max-content max-content"
    text = "align-items:center;font-size:13px;line-height:1.3;font-variant-numeric:tabular-nums"
    return tag("div", *cells, style=f"display:grid;{columns};gap:3px 10px;{text};max-width:560px")


def _row(share: float, name: str, index: int, label: int, predicted: int) -> Iterator[Markup]:
    color, text = _colors(index, label, predicted)
    marked = index in (label, predicted)
    style = f"color:{text};font-weight:700;text-align:right" if marked else "opacity:.85;text-align:right"
    yield tag("span", f"{_mark(index, label) if marked else ''} {name}", style=style)
    yield tag(
        "span",
        tag("i", style=f"display:block;height:100%;width:{100 * share:.2f}%;background:{color}"),
        style=f"height:14px;border-radius:3px;background:{_TRACK};overflow:hidden",
    )
    yield tag("span", formatting.probability(share), style=style)


def _label(name: str, index: int, label: int, predicted: int) -> Markup:
    if index not in (label, predicted):
        return tag("span", name, style=f"opacity:.6;{_WRAPPED}")
    _bar, color = _colors(index, label, predicted)
    return tag("span", name or _mark(index, label), style=f"color:{color};font-weight:700;{_WRAPPED}")


def _colors(index: int, label: int, predicted: int) -> tuple[str, str]:
    """The colours of a class's bar and of its text."""
    if index == label:
        return palette.CORRECT, palette.CORRECT_TEXT
    return (palette.WRONG, palette.WRONG_TEXT) if index == predicted else (_OTHER, "inherit")


def _mark(index: int, label: int) -> str:
    return palette.CORRECT_MARK if index == label else palette.WRONG_MARK


def _legend(text: str, color: str) -> Markup:
    swatch = f"display:inline-block;width:10px;height:7px;margin-right:5px;background:{color}"
    return tag("span", tag("i", style=swatch), text, style="text-align:right")


def _half_bar(share: float, color: str) -> Markup:
    return tag("i", style=f"display:block;height:7px;width:{100 * share:.2f}%;background:{color}")
