"""The gradient of a class's score with respect to each pixel, over the picture."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.figures import saliency_maps
from mlpcore.figures.saliency_maps import TitledPicture
from mlpcore.inference.activations import Array
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.looks import slope
from mlpcore.ui.inspect.looks.seen import Seen
from mlpcore.ui.shell.language import _


def show(seen: Seen) -> None:
    """The picture, the gradient over it, and the gradient times the brightness."""
    st.subheader(_("What a slightly brighter pixel would change"), anchor=False)
    what = slope.choose()
    found = slope.of(seen, what)
    slope.remarks(seen, what, found)
    image = seen.received
    picture(
        "inspect_gradient",
        saliency_maps.titled_pictures(
            [
                TitledPicture(
                    _("What the network receives"), saliency_maps.ink_picture(image, _("What the network receives"))
                ),
                _panel(_("Gradient"), image, found),
                _panel(_("Gradient × brightness"), image, found * image),
            ]
        ),
    )
    target = _("the probability of {name}") if what == "probability" else _("the score of {name}")
    text = _(
        "How to read it: the colour of a pixel tells what making it a little brighter would do to {target}. Blue raises"
        " it, amber lowers it; the stronger the colour, the more. The picture itself lies below in grey. On the right"
        " the gradient is multiplied by the brightness, so only what is really there remains: blue parts speak for"
        " {name}, amber ones against it."
    )
    st.caption(text.format(target=target.format(name=seen.name), name=seen.name))
    st.caption(
        _(
            "The gradient holds for tiny changes of single pixels and often looks restless: neighbouring pixels were"
            " never asked to agree."
        )
    )


def _panel(title: str, image: Array, values: Array) -> TitledPicture:
    largest = float(np.abs(values).max())
    below = (
        saliency_maps.color_scale(formatting.number(largest), _("against"), _("for"))
        if largest
        else saliency_maps.all_zero(_("0 everywhere"))
    )
    return TitledPicture(title, saliency_maps.heat_map(image, values, title), below)
