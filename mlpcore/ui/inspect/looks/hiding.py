"""Occlusion: a patch slides over the picture, and colours tell what that does to a class's probability."""

from __future__ import annotations

import re
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import formatting
from mlpcore.analysis import occlusion
from mlpcore.analysis.occlusion import FILLS, Occlusion
from mlpcore.figures import saliency_maps
from mlpcore.figures.probability_bars import before_after_bars
from mlpcore.figures.saliency_maps import TitledPicture
from mlpcore.inference import Network
from mlpcore.ui.components.pickable import pickable, picture
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.looks.patch import Patch
from mlpcore.ui.inspect.looks.patch import choose as choose_patch
from mlpcore.ui.inspect.looks.seen import Seen
from mlpcore.ui.shell.language import _

_FRAME = "#d64545"  # red is neither ink nor one of the scale's colours
_MOST_CELLS = 10
"""So many places in a row and in a column can be chosen: more would be too small for a finger."""


def show(seen: Seen) -> None:
    """The map of all places, the picture with the patch at one of them, and the answer to that."""
    st.subheader(_("What changes when a part is covered"), anchor=False)
    patch = choose_patch(min(seen.received.shape))
    found = _slide(*seen.subject.version(seen.subject.epoch), seen.network, seen.received, patch.size, patch.fill)
    place = _chosen(seen.received.shape) or found.place(*found.strongest(seen.label))
    hidden = occlusion.covered(seen.received, *place, patch.size, FILLS[patch.fill])
    answer = occlusion.answer(seen.network, hidden)
    left, right = st.columns([4, 3], gap="large")
    with left:
        pickable("inspect_hiding", saliency_maps.titled_pictures(_panels(seen, found, patch, place, hidden)), _pick)
    with right:
        words = (_("whole"), _("covered"))
        picture(
            "inspect_hidden", before_after_bars(found.whole.tolist(), answer.tolist(), seen.names, words, seen.label)
        )
    _how_to_read(seen, found, place, float(answer[seen.label]))


@st.cache_data(max_entries=16, show_spinner=False)
def _slide(path: str, changed: int, _network: Network, image: NDArray[np.float32], size: int, fill: str) -> Occlusion:
    return occlusion.slide(_network, image, size, FILLS[fill])


def _panels(
    seen: Seen, found: Occlusion, patch: Patch, place: tuple[int, int], hidden: NDArray[np.float32]
) -> list[TitledPicture]:
    drops = found.drops(seen.label)
    largest = float(np.abs(drops).max())
    title = _("Where the patch matters")
    below = (
        saliency_maps.color_scale(
            _("{number} points").format(number=formatting.number(100 * largest)),
            _("rises when covered"),
            _("falls when covered"),
        )
        if largest
        else saliency_maps.all_zero(_("0 everywhere"))
    )
    top, left = (middle - patch.size // 2 for middle in place)
    frame = saliency_maps.square_mark(top, left, patch.size, f'fill="none" stroke="{_FRAME}" stroke-width="3"')
    return [
        TitledPicture(
            title, saliency_maps.heat_map(seen.received, drops, title, marks=frame + _cells(seen, found, drops)), below
        ),
        TitledPicture(
            _("The picture with the patch"), saliency_maps.ink_picture(hidden, _("The picture with the patch"), frame)
        ),
    ]


def _cells(seen: Seen, found: Occlusion, drops: NDArray[np.float32]) -> str:
    """The places to choose from, each with what hiding there does."""
    height, width = seen.received.shape
    size = max(1, -(-max(height, width) // _MOST_CELLS))
    cells = []
    for row in range(0, height, size):
        for column in range(0, width, size):
            middle = [min(start + size // 2, length - 1) for start, length in ((row, height), (column, width))]
            at = [min(pixel // found.step, count - 1) for pixel, count in zip(middle, drops.shape, strict=True)]
            after = formatting.probability(float(found.probabilities[at[0], at[1], seen.label]))
            pick = f'data-pick="{middle[0] + 1}-{middle[1] + 1}"'
            label = escape(f"{middle[0] + 1}, {middle[1] + 1}: {after}")
            attributes = f'{pick} fill="transparent" aria-label="{label}"'
            cells.append(saliency_maps.square_mark(row, column, size, attributes))
    return "".join(cells)


def _pick(text: str) -> None:
    address.put(hide=text if re.fullmatch("[0-9]{1,4}-[0-9]{1,4}", text) else None)


def _chosen(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """The pixel in the middle of the patch that the address names, None unless the picture has it."""
    found = re.fullmatch("([0-9]{1,4})-([0-9]{1,4})", address.get("hide"))
    if found is None:
        return None
    row, column = (int(number) - 1 for number in found.groups())
    return (row, column) if 0 <= row < shape[0] and 0 <= column < shape[1] else None


def _how_to_read(seen: Seen, found: Occlusion, place: tuple[int, int], after: float) -> None:
    before = float(found.whole[seen.label])
    text = _(
        "With the patch at row {row}, column {column}, the probability of {name} goes from {before} to {after}. Click"
        " or tap the left picture to put the patch elsewhere."
    )
    st.markdown(
        text.format(
            row=place[0] + 1,
            column=place[1] + 1,
            name=seen.name,
            before=formatting.probability(before),
            after=formatting.probability(after),
        )
    )
    if address.get("hide"):
        st.button(
            _("To where it matters most"),
            icon=":material/center_focus_strong:",
            on_click=lambda: address.put(hide=None),
        )
    st.caption(
        _(
            "How to read it: a patch is laid over the picture, with its middle on each pixel in turn, and the network"
            " answers each time. Blue: covering this place makes {name} less probable, so the network goes by what is"
            " there. Amber: covering it makes {name} more probable. No colour: what is there does not matter."
        ).format(name=seen.name)
    )
    if found.step > 1:
        st.caption(
            _(
                "This network is large: to be quick, the patch was laid on every {step}th pixel in each direction only."
            ).format(step=found.step)
        )
