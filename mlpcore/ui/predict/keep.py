"""Below the canvas: say what the drawing is meant to be, and keep it among one's own digits."""

from __future__ import annotations

from mlpcore.ui.components import component
from mlpcore.ui.predict.collection_kept import MOST
from mlpcore.ui.shell.language import _

_keep = component("digit_collection", "label_bar")


def keep_bar(canvas_key: str) -> None:
    """A button for each digit, which keeps what is on the canvas with that label; all of it happens in the browser."""
    words = {
        "question": _("Keep it in My digits. This is a …"),
        "key": _("Keep it as {label}; the key {label} does it, too, while you draw."),
        "kept": _("Kept as {label}."),
        "known": _("This drawing is there already."),
        "full": _("My digits are full: delete some first."),
        "unsaved": _("The storage of your browser is full: delete some digits first."),
        "count": _("My digits: {count}"),
        "undo": _("Undo"),
    }
    _keep(key="predict_keep", data={"canvas": canvas_key, "most": MOST, "words": words})
