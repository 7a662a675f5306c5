"""Softmax outputs as HTML bars: beside the true class, and before and after a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from mlpcore import formatting

RIGHT, WRONG = "#3d8ed0", "#d64545"
RIGHT_TEXT, WRONG_TEXT = f"var(--st-blue-text-color,{RIGHT})", f"var(--st-red-text-color,{WRONG})"
RIGHT_MARK, WRONG_MARK = "✓", "✗"

_OTHER = "color-mix(in srgb,currentColor 38%,transparent)"
_FAINT = "color-mix(in srgb,currentColor 10%,transparent)"
_FEW = 3  # so many bars leave room for a longer name under each


def vertical_bars(probabilities: Sequence[float], names: Sequence[str], truth: int, answer: int) -> str:
    """Small upright bars, one a class. Names stand below where there is room, else marks where truth and answer are."""
    roomy = len(names) <= _FEW or all(len(name) <= 2 for name in names)
    bars, labels = [], []
    for index, (share, name) in enumerate(zip(probabilities, names, strict=True)):
        color, _text = _colors(index, truth, answer)
        bar = f"width:100%;max-width:28px;height:{100 * share:.1f}%;min-height:1px;background:{color}"
        bars.append(
            f'<span title="{escape(name)}: {escape(formatting.probability(share))}" '
            f'style="height:100%;display:flex;align-items:end;justify-content:center"><i style="{bar}"></i></span>'
        )
        labels.append(_label(name if roomy else "", index, truth, answer))
    columns = f"display:grid;grid-template-columns:repeat({len(names)},minmax(0,1fr));column-gap:1px"
    return (
        '<div style="display:flex;flex-direction:column;min-width:0;height:100%">'
        f'<div style="{columns};flex:1;min-height:40px;border-bottom:1px solid {_OTHER}">{"".join(bars)}</div>'
        f'<div style="{columns};font-size:10px;line-height:14px;height:14px;text-align:center">{"".join(labels)}</div>'
        "</div>"
    )


def horizontal_bars(probabilities: Sequence[float], names: Sequence[str], truth: int, answer: int) -> str:
    """A row for each class with its name, its bar and its probability."""
    rows = "".join(_rows(probabilities, names, truth, answer))
    return (
        '<div style="display:grid;grid-template-columns:max-content minmax(60px,1fr) max-content;gap:3px 10px;'
        f'align-items:center;font-variant-numeric:tabular-nums;font-size:14px;line-height:1.35">{rows}</div>'
    )


def _rows(probabilities: Sequence[float], names: Sequence[str], truth: int, answer: int) -> Iterator[str]:
    for index, (share, name) in enumerate(zip(probabilities, names, strict=True)):
        color, text = _colors(index, truth, answer)
        marked = index in (truth, answer)
        style = f"color:{text};font-weight:700" if marked else "opacity:.85"
        mark = (RIGHT_MARK if index == truth else WRONG_MARK) if marked else ""
        yield (
            f'<span style="{style};text-align:right">{mark} {escape(name)}</span>'
            f'<span style="height:14px;border-radius:3px;background:{_FAINT};overflow:hidden">'
            f'<i style="display:block;height:100%;width:{100 * share:.2f}%;background:{color}"></i></span>'
            f'<span style="{style};text-align:right">{escape(formatting.probability(share))}</span>'
        )


def _colors(index: int, truth: int, answer: int) -> tuple[str, str]:
    """The colours of a class's bar and of its text."""
    if index == truth:
        return RIGHT, RIGHT_TEXT
    return (WRONG, WRONG_TEXT) if index == answer else (_OTHER, "inherit")


def _label(name: str, index: int, truth: int, answer: int) -> str:
    _bar, color = _colors(index, truth, answer)
    if index in (truth, answer):
        text = name or (RIGHT_MARK if index == truth else WRONG_MARK)
        return (
            f'<span style="color:{color};font-weight:700;overflow:hidden;text-overflow:ellipsis">{escape(text)}</span>'
        )
    return f'<span style="opacity:.6;overflow:hidden;text-overflow:ellipsis">{escape(name)}</span>'


_BLUE = "#3d8ed0"
_GREY = "color-mix(in srgb,currentColor 38%,transparent)"
_BEFORE_AFTER_FAINT = "color-mix(in srgb,currentColor 8%,transparent)"


def before_after_bars(
    before: Sequence[float], after: Sequence[float], names: Sequence[str], words: tuple[str, str], marked: int
) -> str:
    """A row for each class: its grey bar before, its blue bar after; `words` name the two, one class is `marked`."""
    rows = "".join(
        f'<span style="text-align:right;{_weight(index == marked)}">{escape(name)}</span>'
        f'<span style="background:{_BEFORE_AFTER_FAINT};border-radius:3px;overflow:hidden">'
        f"{_before_after_bar(first, _GREY)}{_before_after_bar(second, _BLUE)}"
        f'</span><span style="text-align:right;opacity:.8">{escape(formatting.probability(first))}</span>'
        f'<span style="text-align:right;{_weight(index == marked)}">{escape(formatting.probability(second))}</span>'
        for index, (first, second, name) in enumerate(zip(before, after, names, strict=True))
    )
    head = (
        f'<span></span><span></span><span style="text-align:right">{_swatch(_GREY)}{escape(words[0])}</span>'
        f'<span style="text-align:right">{_swatch(_BLUE)}{escape(words[1])}</span>'
    )
    return (
        '<div style="display:grid;grid-template-columns:minmax(0,max-content) minmax(50px,1fr) max-content max-content;'
        "gap:3px 10px;align-items:center;font-size:13px;line-height:1.3;font-variant-numeric:tabular-nums;"
        f'max-width:560px">{head}{rows}</div>'
    )


def _before_after_bar(share: float, color: str) -> str:
    return f'<i style="display:block;height:7px;width:{100 * share:.2f}%;background:{color}"></i>'


def _swatch(color: str) -> str:
    return f'<i style="display:inline-block;width:10px;height:7px;margin-right:5px;background:{color}"></i>'


def _weight(marked: bool) -> str:
    return "font-weight:700" if marked else ""
