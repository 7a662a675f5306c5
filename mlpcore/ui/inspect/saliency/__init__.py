"""The view Saliency: which parts of an example support a class, by the gradient and by occlusion."""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.inspect.example_selection import introduce_example, select_class
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.inspect.saliency.gradient_maps import show_gradient_bars, show_gradient_maps
from mlpcore.ui.inspect.saliency.occlusion_maps import show_occlusion_bars, show_occlusion_maps
from mlpcore.ui.shell.language import _, paragraph
from mlpcore.ui.shell.page_shell import sentences


@st.fragment
def saliency_view(inspected: InspectedNetwork) -> None:
    """The evidence for a class in an example, by its gradient and by covering parts of it."""
    with sentences():
        context = introduce_example(inspected, _("Draw a digit to see which of its parts matter to the network."))
        if context is None:
            return
        st.caption(_about(inspected))
        label = select_class(
            _("Evidence for class"),
            "explain",
            context,
            _("The class that the colours refer to; at first the predicted one."),
        )
        context = context.explaining(label)
        if inspected.has_images:
            show_gradient_maps(context)
            show_occlusion_maps(context)
        else:
            show_gradient_bars(context)
            show_occlusion_bars(context)


def _about(inspected: InspectedNetwork) -> str:
    text = _("Saliency shows which parts of an example matter to the prediction, and in which direction.")
    if inspected.network.prepare != "deskew":
        return text
    straightened = _(
        "This network straightens each image before its first layer. All images below show the straightened one, which"
        " is what it receives, and the colours refer to it."
    )
    return paragraph(text, straightened)
