"""The view Saliency: which parts of an example support a class, by the gradient and by occlusion."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis import gradients
from mlpcore.figures import images
from mlpcore.figures.images import TitledPicture
from mlpcore.figures.signed_bars import SignedBar, signed_bars
from mlpcore.inference.activations import Array
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.example_context import ExampleContext
from mlpcore.ui.inspect.example_selection import introduce_example, select_class
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
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
            _gradient_maps(context)
            show_occlusion_maps(context)
        else:
            _gradient_bars(context)
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


def _gradient_maps(context: ExampleContext) -> None:
    """The image, the gradient over it, and the gradient times the brightness."""
    st.subheader(_("Gradient: what a slightly brighter pixel would change"), anchor=False)
    target = _select_target()
    gradient = _gradient(context, target)
    _explain_special_cases(context, target, gradient)
    image, title = context.received, _("What the network receives")
    picture(
        "inspect_gradient",
        images.titled_pictures(
            [
                TitledPicture(title, images.input_picture(image, title)),
                _gradient_panel(_("Gradient"), image, gradient),
                _gradient_panel(_("Gradient × brightness"), image, gradient * image),
            ]
        ),
    )
    text = _(
        "How to read it: the colour of a pixel shows what making it a little brighter would do to {target}. Blue raises"
        " it, amber lowers it; the stronger the colour, the larger the effect. The image itself shows through in grey."
        " 'Gradient × brightness' multiplies the two, so only what is drawn remains: blue parts are evidence for"
        " {name}, amber parts against it."
    )
    st.caption(text.format(target=_target_name(context, target), name=context.explained_name))
    st.caption(
        _(
            "The gradient describes tiny changes of single pixels and often looks noisy: nothing in training makes"
            " neighbouring pixels agree."
        )
    )


def _gradient_bars(context: ExampleContext) -> None:
    """The gradient and the gradient times the value, as bars for each measurement."""
    st.subheader(_("Gradient: what a slightly larger value would change"), anchor=False)
    target = _select_target()
    gradient = _gradient(context, target)
    _explain_special_cases(context, target, gradient)
    with st.container():
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("**" + _("Gradient") + "**")
            picture("inspect_gradient", signed_bars(_signed_bars(context, gradient)))
        with right:
            st.markdown("**" + _("Gradient × value") + "**")
            picture("inspect_gradient_value", signed_bars(_signed_bars(context, gradient * context.received)))
    text = _(
        "How to read it: each bar of the gradient shows what a slightly larger value of this measurement would do to"
        " {target}: blue raises it, amber lowers it. 'Gradient × value' multiplies it by the value that the network"
        " receives, in standard deviations from the mean: an ordinary value, near 0, has little effect."
    )
    st.caption(text.format(target=_target_name(context, target)))


def _select_target() -> str:
    """The choice of what the gradient is taken of: "score" or "probability"."""
    labels = {"score": _("Score"), "probability": _("Probability")}
    target = page_address.choice(_("Gradient of"), "gradient", labels, key="inspect_gradient_of", labelled=True)
    st.caption(
        _(
            "The score of a class is its value before the softmax. Why not only the probability? Where the network is"
            " confident, the softmax is flat: the gradient of the probability is then almost 0 everywhere, and it mixes"
            " in the evidence for the other classes. The score shows the evidence for this class alone."
        )
    )
    return target


def _target_name(context: ExampleContext, target: str) -> str:
    text = _("the probability of {name}") if target == "probability" else _("the score of {name}")
    return text.format(name=context.explained_name)


def _gradient(context: ExampleContext, target: str) -> Array:
    """The gradient with respect to what the network receives, in the shape of the examples."""
    of = gradients.of_probability if target == "probability" else gradients.of_score
    return context.as_image(of(context.network, context.forward, context.explained).inputs)


def _explain_special_cases(context: ExampleContext, target: str, gradient: Array) -> None:
    """Say why a gradient is the same for all examples, or 0 everywhere, where it is so."""
    hidden = [layer.activation for layer in context.network.layers[:-1]]
    if not hidden and target == "score":
        text = _(
            "This network has no hidden layer: the gradient is simply the weights of the class {name}, the same for"
            " every example."
        )
        st.info(text.format(name=context.explained_name), icon=":material/info:")
    if gradient.any():
        return
    if "step" in hidden:
        text = _(
            "The gradient is 0 everywhere: this network has a layer with the step function, which is flat on both sides"
            " of its jump. A tiny change of the input changes nothing after it, so no gradient flows back through it."
            " This is also why the layers before it cannot learn. The experiment below, which covers parts of the"
            " example, still works."
        )
    elif target == "probability":
        text = _(
            "The gradient is 0 everywhere: the softmax is so confident here that tiny changes no longer move it. Look"
            " at the gradient of the score."
        )
    else:
        text = _(
            "The gradient is 0 everywhere: for this example no change of the input reaches the score, for instance"
            " because the weighted sums of all ReLU neurons are below 0."
        )
    st.info(text, icon=":material/info:")


def _gradient_panel(title: str, image: Array, values: Array) -> TitledPicture:
    largest = float(np.abs(values).max())
    below = (
        images.color_scale(formatting.number(largest), _("against"), _("for"))
        if largest
        else images.all_zero(_("0 everywhere"))
    )
    return TitledPicture(title, images.heat_map(image, values, title), below)


def _signed_bars(context: ExampleContext, values: Array) -> list[SignedBar]:
    names = context.inspected.feature_names
    return [
        SignedBar(name, float(value), formatting.signed(float(value)))
        for name, value in zip(names, values, strict=True)
    ]
