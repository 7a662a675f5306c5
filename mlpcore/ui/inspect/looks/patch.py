"""The patch that hides a part of a picture: how large it is and what it is filled with."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.switch import switch
from mlpcore.ui.shell.language import _

_SIZE = "inspect_patch"


@dataclass(frozen=True)
class Patch:
    """A square of `size` x `size` pixels, an odd number; `fill` is a key of `occlusion.FILLS`."""

    size: int
    fill: str


def choose(side: int) -> Patch:
    """The choice of a patch for pictures whose shorter side has so many pixels."""
    with st.container(horizontal=True, gap="medium"):
        return Patch(_size(side), _fill())


def _size(side: int) -> int:
    sizes = [size for size in (1, 3, 5, 7, 9, 11) if size <= max(3, side // 2 - 1)]
    usual = 3 if side < 16 else 5
    asked = address.number("patch", 1, sizes[-1])
    st.session_state[_SIZE] = asked if asked in sizes else usual
    chosen = st.segmented_control(
        _("Size of the patch in pixels"),
        sizes,
        format_func=lambda size: f"{size}×{size}",
        key=_SIZE,
        on_change=lambda: address.put(patch=st.session_state[_SIZE]),
        required=True,
        wrap=True,
    )
    return usual if chosen is None else int(chosen)


def _fill() -> str:
    labels = {"empty": _("Black (empty)"), "grey": _("Grey")}
    return switch(_("Colour of the patch"), "fill", labels, key="inspect_fill", labelled=True)
