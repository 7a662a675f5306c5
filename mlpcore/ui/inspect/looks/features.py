"""What speaks for a class in an example that is no picture: bars for each measurement."""

from __future__ import annotations

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis import occlusion
from mlpcore.figures.feature_bars import SignedBar, signed_bars
from mlpcore.inference.activations import Array
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.looks import slope
from mlpcore.ui.inspect.looks.seen import Seen
from mlpcore.ui.shell.language import _


def show(seen: Seen) -> None:
    """The gradient, the gradient times the values, and what replacing each value by its mean changes."""
    st.subheader(_("What a slightly larger value would change"), anchor=False)
    what = slope.choose()
    found = slope.of(seen, what)
    slope.remarks(seen, what, found)
    with st.container():
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("**" + _("Gradient") + "**")
            picture("inspect_gradient", signed_bars(_bars(seen, found)))
        with right:
            st.markdown("**" + _("Gradient × value") + "**")
            picture("inspect_gradient_value", signed_bars(_bars(seen, found * seen.received)))
    target = _("the probability of {name}") if what == "probability" else _("the score of {name}")
    text = _(
        "How to read it: a bar on the left tells what a slightly larger value of this measurement would do to {target}:"
        " blue raises it, amber lowers it. On the right the gradient is multiplied by the value that the network"
        " receives, in standard deviations from the mean: an ordinary value, near 0, counts for little."
    )
    st.caption(text.format(target=target.format(name=seen.name)))
    _without(seen)


def _without(seen: Seen) -> None:
    st.subheader(_("What changes without a measurement"), anchor=False)
    before = float(seen.passed.activations[-1][0, seen.label])
    after = occlusion.without_each(seen.network, seen.received)[:, seen.label]
    names = [_(name) for name in seen.subject.info.feature_names or ()]
    picture(
        "inspect_hidden",
        signed_bars(
            [
                SignedBar(
                    name,
                    before - float(share),
                    f"{formatting.probability(before)} → {formatting.probability(float(share))}",
                )
                for name, share in zip(names, after, strict=True)
            ]
        ),
    )
    text = _(
        "How to read it: one measurement after the other is replaced by its mean in the training set, and the network"
        " answers each time. The numbers are the probability of {name} before and after. Blue: it falls without this"
        " measurement, so the network goes by it. Amber: it rises. No bar: the measurement does not matter here."
    )
    st.caption(text.format(name=seen.name))


def _bars(seen: Seen, values: Array) -> list[SignedBar]:
    names = [_(name) for name in seen.subject.info.feature_names or ()]
    return [
        SignedBar(name, float(value), formatting.signed(float(value)))
        for name, value in zip(names, values, strict=True)
    ]
