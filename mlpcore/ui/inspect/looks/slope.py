"""Whose gradient is shown, the score's or the probability's, and why one that is 0 everywhere is so."""

from __future__ import annotations

import streamlit as st

from mlpcore.analysis import gradients
from mlpcore.inference.activations import Array
from mlpcore.ui.inspect.looks.seen import Seen
from mlpcore.ui.inspect.switch import switch
from mlpcore.ui.shell.language import _


def choose() -> str:
    """The choice of what the gradient is that of: "score" or "probability"."""
    labels = {"score": _("Gradient of the score"), "probability": _("Gradient of the probability")}
    chosen = switch(_("What the gradient is that of"), "of", labels, key="inspect_slope")
    st.caption(
        _(
            "The score is what a class has before the softmax. Why not only the probability? Where the network is sure,"
            " the softmax is flat: the probability's gradient is then almost 0 everywhere, and it mixes in what speaks"
            " for the other classes. The score shows what speaks for this class alone."
        )
    )
    return chosen


def of(seen: Seen, what: str) -> Array:
    """That gradient with respect to each input, in the shape of the dataset's examples."""
    way = gradients.of_probability if what == "probability" else gradients.of_score
    return way(seen.network, seen.passed, seen.label).inputs.reshape(seen.received.shape)


def remarks(seen: Seen, what: str, found: Array) -> None:
    """What one would wonder about: a gradient of 0 everywhere, or one that is the same for every example."""
    hidden = [layer.activation for layer in seen.network.layers[:-1]]
    if not hidden and what == "score":
        text = _(
            "This network has no hidden layer: its gradient is simply the weights of the class {name}, the same for"
            " every example."
        )
        st.info(text.format(name=seen.name), icon=":material/info:")
    if found.any():
        return
    if "step" in hidden:
        text = _(
            "The gradient is 0 everywhere: this network has a layer with the step function, which is flat on both sides"
            " of its jump. A tiny change of the input changes nothing behind it, so nothing flows back through it. This"
            " is also why the layers before it cannot learn. The experiment below, which covers parts of the example,"
            " still works."
        )
    elif what == "probability":
        text = _(
            "The gradient is 0 everywhere: the softmax is so sure here that tiny changes no longer move it. Look at the"
            " gradient of the score."
        )
    else:
        text = _(
            "The gradient is 0 everywhere: for this example no path is open on which a change of the input could reach"
            " the score, such as with ReLU neurons that are all below 0."
        )
    st.info(text, icon=":material/info:")
