"""Small tables of numbers as HTML: names on the left, numbers right-aligned below each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

_RULE = "color-mix(in srgb,currentColor 40%,transparent)"


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], strong: Collection[int] = (), ruled: Collection[int] = ()
) -> str:
    """A table of HTML parts; of its rows, counted from 0, some are `strong` and some have a rule above them.

    It scrolls by itself where it is too wide.
    """
    head = _row("th", heads, "font-weight:400;opacity:.75;")
    body = "".join(
        _row(
            "td",
            row,
            ("font-weight:700;" if index in strong else "")
            + (f"border-top:1px solid {_RULE};" if index in ruled else ""),
        )
        for index, row in enumerate(rows)
    )
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:14px;line-height:1.5;'
        f'font-variant-numeric:tabular-nums"><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    )


def _row(tag: str, cells: Sequence[str], style: str) -> str:
    parts = "".join(
        f'<{tag} style="text-align:{"right" if place else "left"};padding:1px 14px 1px 0;border-left:0;border-right:0;'
        f'white-space:nowrap;{style}">{cell}</{tag}>'
        for place, cell in enumerate(cells)
    )
    return f"<tr>{parts}</tr>"
