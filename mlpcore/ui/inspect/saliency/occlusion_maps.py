"""Occlusion: a patch slides over the image, and colours show what that does to the probability of a class.

Of measurements, one after the other is replaced by its mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import streamlit as st
from markupsafe import Markup
from numpy.typing import NDArray

from mlpcore import formatting
from mlpcore.analysis import occlusion
from mlpcore.analysis.occlusion import FILLS, Occlusion
from mlpcore.figures import images, palette
from mlpcore.figures.images import TitledPicture
from mlpcore.figures.markup import together
from mlpcore.figures.probability_bars import before_after_bars
from mlpcore.figures.signed_bars import SignedBar, signed_bars
from mlpcore.inference import Network
from mlpcore.ui.components.pickable import pickable, picture
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_context import ExampleContext
from mlpcore.ui.shell.language import _, paragraph

_MAX_CELLS = 10
"""In a row and in a column at most this many positions can be picked: more would be too small for a finger."""

_SIZE = "inspect_patch"


@dataclass(frozen=True)
class _Patch:
    """A square of `size` x `size` pixels, an odd number; `fill` is a key of `occlusion.FILLS`."""

    size: int
    fill: str


def show_occlusion_maps(context: ExampleContext) -> None:
    """The map of all positions, the image with the patch at one of them, and the prediction for that."""
    st.subheader(_("Occlusion: what changes when a part is covered"), anchor=False)
    image = context.received
    with st.container(horizontal=True, gap="medium"):
        patch = _Patch(_select_size(min(image.shape)), _select_fill())
    sensitivity = _slide(*context.inspected.cache_key(), context.network, image, patch.size, patch.fill)
    middle = _requested_middle(image.shape) or sensitivity.middle(*sensitivity.largest_drop(context.explained))
    covered = occlusion.covered(image, *middle, patch.size, FILLS[patch.fill])
    probabilities = occlusion.predict_received(context.network, covered)
    left, right = st.columns([4, 3], gap="large")
    with left:
        pickable("inspect_occlusion", images.titled_pictures(_panels(context, sensitivity, middle, covered)), _pick)
    with right:
        titles, names = (_("whole"), _("covered")), context.class_names
        markup = before_after_bars(
            sensitivity.uncovered.tolist(), probabilities.tolist(), names, titles, context.explained
        )
        picture("inspect_covered", markup)
    _how_to_read(context, sensitivity, middle, float(probabilities[context.explained]))


def show_occlusion_bars(context: ExampleContext) -> None:
    """What replacing each measurement by its mean does to the probability of a class."""
    st.subheader(_("Occlusion: what changes without a measurement"), anchor=False)
    before = float(context.probabilities[context.explained])
    after = occlusion.without_each(context.network, context.received)[:, context.explained]
    bars = [
        SignedBar(
            name, before - float(share), f"{formatting.probability(before)} → {formatting.probability(float(share))}"
        )
        for name, share in zip(context.inspected.feature_names, after, strict=True)
    ]
    picture("inspect_covered", signed_bars(bars))
    text = _(
        "How to read it: one measurement after the other is replaced by its mean in the training set, and the network"
        " predicts again each time. The numbers are the probability of {name} before and after. Blue: it falls without"
        " this measurement, so the network relies on it. Amber: it rises. No bar: the measurement does not matter here."
    )
    st.caption(text.format(name=context.explained_name))


def _select_size(side: int) -> int:
    """The choice of a size for images whose shorter side has `side` pixels."""
    sizes = [size for size in (1, 3, 5, 7, 9, 11) if size <= max(3, side // 2 - 1)]
    default = 3 if side < 16 else 5
    requested = page_address.number("patch", 1, sizes[-1])
    st.session_state[_SIZE] = requested if requested in sizes else default
    chosen = st.segmented_control(
        _("Size of the patch in pixels"),
        sizes,
        format_func=lambda size: f"{size}×{size}",
        key=_SIZE,
        on_change=lambda: page_address.put(patch=st.session_state[_SIZE]),
        required=True,
        wrap=True,
    )
    return default if chosen is None else int(chosen)


def _select_fill() -> str:
    labels = {"empty": _("Black (empty)"), "grey": _("Grey")}
    return page_address.choice(_("Colour of the patch"), "fill", labels, key="inspect_fill", labelled=True)


@st.cache_data(max_entries=16, show_spinner=False)
def _slide(path: str, changed: int, _network: Network, image: NDArray[np.float32], size: int, fill: str) -> Occlusion:
    return occlusion.slide(_network, image, size, FILLS[fill])


def _panels(
    context: ExampleContext, sensitivity: Occlusion, middle: tuple[int, int], covered: NDArray[np.float32]
) -> list[TitledPicture]:
    drops = sensitivity.drops(context.explained)
    largest = float(np.abs(drops).max())
    title = _("Where covering matters")
    below = (
        images.color_scale(
            _("{number} points").format(number=formatting.number(100 * largest)),
            _("rises when covered"),
            _("falls when covered"),
        )
        if largest
        else images.all_zero(_("0 everywhere"))
    )
    top, left = (pixel - sensitivity.size // 2 for pixel in middle)
    frame = images.square_mark(top, left, sensitivity.size, fill="none", stroke=palette.FRAME, stroke_width=3)
    marks = frame + _cells(context, sensitivity, drops)
    patched = _("The image with the patch")
    return [
        TitledPicture(title, images.heat_map(context.received, drops, title, marks=marks), below),
        TitledPicture(patched, images.input_picture(covered, patched, frame)),
    ]


def _cells(context: ExampleContext, sensitivity: Occlusion, drops: NDArray[np.float32]) -> Markup:
    """The positions that can be picked, each with the probability when it is covered."""
    height, width = context.received.shape
    size = max(1, -(-max(height, width) // _MAX_CELLS))
    cells = []
    for row in range(0, height, size):
        for column in range(0, width, size):
            middle = [min(start + size // 2, length - 1) for start, length in ((row, height), (column, width))]
            at = [min(pixel // sensitivity.step, count - 1) for pixel, count in zip(middle, drops.shape, strict=True)]
            after = formatting.probability(float(sensitivity.probabilities[at[0], at[1], context.explained]))
            y, x = (pixel + 1 for pixel in middle)
            name = f"{y}, {x}: {after}"
            cells.append(
                images.square_mark(row, column, size, data_pick=f"{y}-{x}", fill="transparent", aria_label=name)
            )
    return together(cells)


def _pick(text: str) -> None:
    """Put the patch where it was picked; `text` comes from a browser."""
    page_address.put(patch_at=text if re.fullmatch("[0-9]{1,4}-[0-9]{1,4}", text) else None)


def _requested_middle(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """The pixel in the middle of the patch that the address names, None unless the image has it."""
    match = re.fullmatch("([0-9]{1,4})-([0-9]{1,4})", page_address.get("patch_at"))
    if match is None:
        return None
    row, column = (int(number) - 1 for number in match.groups())
    return (row, column) if 0 <= row < shape[0] and 0 <= column < shape[1] else None


def _how_to_read(context: ExampleContext, sensitivity: Occlusion, middle: tuple[int, int], after: float) -> None:
    before = float(sensitivity.uncovered[context.explained])
    effect = _effect(context.explained_name, middle, formatting.probability(before), formatting.probability(after))
    invitation = _("Click or tap the image 'Where covering matters' to put the patch elsewhere.")
    st.markdown(paragraph(effect, invitation))
    if page_address.get("patch_at"):
        st.button(
            _("Move to where it matters most"),
            icon=":material/center_focus_strong:",
            key="inspect_patch_back",
            on_click=lambda: page_address.put(patch_at=None),
        )
    st.caption(
        _(
            "How to read it: a patch covers a part of the image, with its middle on each pixel in turn, and the"
            " network predicts again each time. Blue: covering this place makes {name} less probable, so the network"
            " relies on what is there. Amber: covering it makes {name} more probable. No colour: what is there does not"
            " matter."
        ).format(name=context.explained_name)
    )
    if sensitivity.step > 1:
        st.caption(
            _(
                "This network is large: to save time, the patch is placed only on one of {step} pixels in each"
                " direction."
            ).format(step=sensitivity.step)
        )


def _effect(name: str, middle: tuple[int, int], before: str, after: str) -> str:
    """What covering a place does to the probability of a class, whose numbers are given as they are written."""
    if before == after:
        text = _("With the patch at row {row}, column {column}, the probability of {name} does not change: {before}.")
    else:
        text = _(
            "With the patch at row {row}, column {column}, the probability of {name} goes from {before} to {after}."
        )
    return text.format(row=middle[0] + 1, column=middle[1] + 1, name=name, before=before, after=after)
