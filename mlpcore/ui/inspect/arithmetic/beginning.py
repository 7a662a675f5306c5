"""What every layer computes, in letters, and what enters the first one."""

from __future__ import annotations

import streamlit as st

from mlpcore.figures import saliency_maps
from mlpcore.figures.calculation_table import formula_list, variable
from mlpcore.figures.saliency_maps import TitledPicture
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.arithmetic.sheet import Sheet
from mlpcore.ui.shell.language import _


def show(sheet: Sheet) -> None:
    """The two formulas of a layer; beside them, for a picture, what the network receives."""
    left, right = st.columns([3, 2], gap="large") if sheet.pictures else (st.container(), None)
    with left:
        st.markdown(
            _(
                "A network computes layer by layer. Each neuron multiplies what comes in by its weights, adds up the"
                " products and its bias, and applies its activation function. What comes out goes into the next layer."
            )
        )
        picture("inspect_formulas", formula_list(_formulas()))
        st.caption(
            _(
                "All numbers below are this network's own, rounded so that what is written adds up exactly as written."
                " You can check each line with a calculator."
            )
        )
    if right is not None:
        with right:
            image = sheet.as_picture(sheet.passed.received[0])
            title = (
                _("What the network receives, straightened")
                if sheet.network.prepare == "deskew"
                else _("What the network receives")
            )
            picture(
                "inspect_received",
                saliency_maps.titled_pictures([TitledPicture(title, saliency_maps.ink_picture(image, title))]),
            )


def _formulas() -> list[tuple[str, str]]:
    b, z, a, f = (variable(letter) for letter in "bzaf")
    terms = [f"{variable('x', number)} · {variable('w', number)}" for number in "12"]
    return [
        (_("Weighted sum with bias"), f"{z} = {' + '.join(terms)} + … + {b}"),
        (_("Activation"), f"{a} = {f}({z})"),
    ]
