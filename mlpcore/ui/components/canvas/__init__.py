"""The canvas on which a user draws a digit with mouse, finger or pen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from mlpcore.ui.components.loader import component
from mlpcore.ui.shell.language import _, paragraph

PENS: dict[str, float] = {"thin": 0.03, "medium": 0.065, "thick": 0.11}
"""The pens of the canvas: how wide each draws, in units of the canvas."""

_PEN = "medium"

SHARED = "digit_canvas"
"""The key of the canvas that several pages show: what is drawn on one is there on the other."""

_canvas = component("canvas")


@dataclass(frozen=True)
class CanvasContent:
    """The content of a canvas.

    `strokes` is what came from the browser, None while the canvas is empty: a list of strokes, each a list of [x, y]
    in units of the canvas (x right, y down), or anything else; `mlpcore.pictures.parse_strokes` validates it. `pen` is
    the width of the pen in the same units.
    """

    strokes: Any
    pen: float


def canvas(key: str, *, clear_token: str = "") -> CanvasContent:
    """A square canvas, and what is drawn on it.

    The script, or the fragment that contains the canvas, runs at the end of each stroke. A new `clear_token`
    empties the canvas.
    """
    seen = _drawing(st.session_state.get(key)).get("id")
    data = {
        "key": key,
        "labels": canvas_labels(),
        "pens": PENS,
        "pen": _PEN,
        "clear": clear_token,
        "seen": seen if isinstance(seen, int) else 0,
    }
    drawing = _drawing(_canvas(key=key, data=data, on_drawing_change=lambda: None))
    pen = drawing.get("pen")
    strokes = (drawing.get("strokes") or None) if drawing.get("clear") == clear_token else None
    return CanvasContent(strokes, PENS.get(pen if isinstance(pen, str) else _PEN, PENS[_PEN]))


def canvas_labels() -> dict[str, Any]:
    """The texts on and beside the canvas, in the user's language."""
    keys = _(
        "Keyboard: the arrow keys move a pen, which draws while Shift is held or after the space bar."
        " Ctrl+Z undoes, Esc clears."
    )
    return {
        "board": paragraph(_("Canvas for drawing a digit."), keys),
        "hint": _("Draw a digit here"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "clear": _("Clear"),
        "full": _("The canvas is full: clear it and draw one digit."),
        "pen": _("Width of the pen"),
        "pens": {"thin": _("Thin pen"), "medium": _("Medium pen"), "thick": _("Thick pen")},
        "keys": keys,
        "cursor": {
            "down": _("The pen draws."),
            "up": _("The pen is up."),
            "position": _("{right} % from the left, {down} % from the top."),
        },
    }


def _drawing(state: Any) -> dict[str, Any]:
    """The drawing in the component's state; empty for whatever else a browser sends."""
    drawing = state.get("drawing") if isinstance(state, dict) else None
    return drawing if isinstance(drawing, dict) else {}
