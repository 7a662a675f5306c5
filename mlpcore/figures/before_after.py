"""A softmax output before and after a change, as HTML: two bars for each class, and both numbers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mlpcore import formatting

_BLUE = "#3d8ed0"
_GREY = "color-mix(in srgb,currentColor 38%,transparent)"
_FAINT = "color-mix(in srgb,currentColor 8%,transparent)"


def before_after(
    before: Sequence[float], after: Sequence[float], names: Sequence[str], words: tuple[str, str], marked: int
) -> str:
    """A row for each class: its grey bar before, its blue bar after; `words` name the two, one class is `marked`."""
    rows = "".join(
        f'<span style="text-align:right;{_weight(index == marked)}">{escape(name)}</span>'
        f'<span style="background:{_FAINT};border-radius:3px;overflow:hidden">{_bar(first, _GREY)}{_bar(second, _BLUE)}'
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


def _bar(share: float, color: str) -> str:
    return f'<i style="display:block;height:7px;width:{100 * share:.2f}%;background:{color}"></i>'


def _swatch(color: str) -> str:
    return f'<i style="display:inline-block;width:10px;height:7px;margin-right:5px;background:{color}"></i>'


def _weight(marked: bool) -> str:
    return "font-weight:700" if marked else ""
