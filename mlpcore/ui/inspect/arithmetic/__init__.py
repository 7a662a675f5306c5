"""The view Arithmetic: one prediction calculated layer by layer, its loss, and one step of training on it."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from mlpcore.figures import images
from mlpcore.figures.calculation_table import formula_list, variable
from mlpcore.figures.images import TitledPicture
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.arithmetic.layer_calculation import show_layer_calculation
from mlpcore.ui.inspect.arithmetic.softmax_and_loss import show_loss, show_softmax
from mlpcore.ui.inspect.arithmetic.training_step import show_training_step
from mlpcore.ui.inspect.example_context import ExampleContext
from mlpcore.ui.inspect.example_selection import introduce_example, select_class
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.shell.language import _
from mlpcore.ui.shell.page_shell import sentences


@st.fragment
def arithmetic_view(inspected: InspectedNetwork) -> None:
    """How the numbers of one example become a prediction, and what a step of gradient descent would change."""
    with sentences():
        context = introduce_example(inspected, _("Draw a digit to see its prediction calculated, number by number."))
        if context is None:
            return
        _formulas(context)
        for layer in range(len(context.network.layers)):
            show_layer_calculation(context, layer)
        show_softmax(context)
        label = _true_class(context)
        show_loss(context, label)
        show_training_step(context, label)


def _true_class(context: ExampleContext) -> int:
    """The label of the example; of a drawing the class that is chosen, at first the predicted one."""
    if context.label is not None:
        return context.label
    return select_class(
        _("The class that was drawn"),
        "label",
        context,
        _("The true label is unknown, and the loss depends on it; at first it is the predicted class."),
    )


def _formulas(context: ExampleContext) -> None:
    """The two formulas of a layer; beside them, for an image, what the network receives."""
    left, right = st.columns([3, 2], gap="large") if context.inspected.has_images else (st.container(), None)
    b, z, a, f = (variable(letter) for letter in "bzaf")
    terms = [Markup("{} · {}").format(variable("x", number), variable("w", number)) for number in "12"]
    with left:
        st.markdown(
            _(
                "A network computes layer by layer. Each neuron multiplies its inputs by its weights, adds up the"
                " products and its bias, and applies its activation function. The result goes into the next layer."
            )
        )
        weighted_sum = (_("Weighted sum with bias"), Markup("{} = {} + {} + … + {}").format(z, *terms, b))
        activation = (_("Activation"), Markup("{} = {}({})").format(a, f, z))
        picture("inspect_formulas", formula_list([weighted_sum, activation]))
        st.caption(
            _(
                "All numbers below are the network's own, rounded so that they add up exactly as written: you can check"
                " each line with a calculator."
            )
        )
    if right is not None:
        with right:
            title = _("What the network receives")
            if context.network.prepare == "deskew":
                title = _("What the network receives, straightened")
            picture(
                "inspect_received",
                images.titled_pictures([TitledPicture(title, images.input_picture(context.received, title))]),
            )
