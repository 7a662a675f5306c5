"""The canvas on which a user draws a digit with mouse, finger or pen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mlpcore.ui.components import component
from mlpcore.ui.language import _

PEN = 0.065
"""Width of the pen as it is seen, in units of the canvas."""

_canvas = component("canvas")


def canvas(key: str, *, clear_token: str = "") -> Any:
    """A square canvas. Returns what is drawn as it came from the browser, or None while it is empty.

    What comes is a list of strokes, each a list of [x, y] in units of the canvas (x right, y down), and may be
    anything: `mlpcore.digits.parse_strokes` validates it. The script, or the fragment in which the canvas stands,
    runs at the end of each stroke. A new `clear_token` empties the canvas.
    """
    seen = _drawing(st.session_state.get(key)).get("id")
    data = {
        "key": key,
        "labels": canvas_labels(),
        "pen": PEN,
        "clear": clear_token,
        "seen": seen if isinstance(seen, int) else 0,
    }
    drawing = _drawing(_canvas(key=key, data=data, on_drawing_change=lambda: None))
    return (drawing.get("strokes") or None) if drawing.get("clear") == clear_token else None


def canvas_labels() -> dict[str, str]:
    """The words on and beside the canvas, in the user's language."""
    return {
        "board": _("Canvas for drawing a digit."),
        "hint": _("Draw a digit here"),
        "undo": _("Undo"),
        "clear": _("Clear"),
        "keys": _("Ctrl+Z takes back a stroke, Esc clears."),
    }


def _drawing(state: Any) -> dict[str, Any]:
    """The drawing in the component's state; empty for whatever else a browser sends."""
    drawing = state.get("drawing") if isinstance(state, dict) else None
    return drawing if isinstance(drawing, dict) else {}
