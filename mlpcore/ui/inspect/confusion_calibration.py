"""Whether the network is right as often as it is sure: the reliability diagram, and what it says in words."""

from __future__ import annotations

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.answers import Answers
from mlpcore.analysis.calibration import Bin, Calibration, calibration
from mlpcore.figures.reliability_diagram import FEW, ReliabilityLabels, reliability_svg
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import address
from mlpcore.ui.shell.language import _, ngettext
from mlpcore.ui.shell.phone import on_phone


def show_calibration(answers: Answers) -> None:
    """The diagram beside its sentences."""
    found = calibration(answers)
    st.subheader(_("Can its confidence be trusted?"), anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        words = ReliabilityLabels(
            _("Confidence: the probability of the answer (%)"),
            _("Right (%)"),
            _("Examples"),
            _("as often right as sure"),
            _("Reliability diagram: how often the network is right, by how sure it is."),
        )
        markup = reliability_svg(found.bins, [_title(one) for one in found.bins], words, on_phone())
        pickable("inspect_reliability", markup, lambda text: _open(found, text))
        st.caption(_how_to_read())
    with right:
        st.markdown(_verdict(found))
        st.markdown(_error(found))


def _open(found: Calibration, text: str) -> None:
    """Show the examples of a bar; `text` comes from a browser."""
    if text.isascii() and text.isdecimal() and int(text) < len(found.bins):
        address.put(view="images", show="sure", bin=int(text), first=None, open=None)


def _title(one: Bin) -> str:
    text = ngettext(
        "{low}–{high} % sure: {count} example, {confidence} sure on average, {accuracy} right",
        "{low}–{high} % sure: {count} examples, {confidence} sure on average, {accuracy} right",
        one.count,
    )
    return text.format(
        low=formatting.percent_number(one.low),
        high=formatting.percent_number(one.high),
        count=formatting.count(one.count),
        confidence=formatting.percent(one.confidence),
        accuracy=formatting.percent(one.accuracy),
    )


def _how_to_read() -> str:
    return _(
        "Each bar gathers the test examples of whose answer the network was about equally sure; below is how many they"
        " are. A blue bar that ends at the dashed line can be trusted: of the examples with 70 % confidence, 70 % are"
        " right. The dashed red frame is the difference: above the blue bar the network was surer than right, within it"
        " less sure. Pale bars have fewer than {few} examples, so chance decides them. Press on a bar to"
        " see its examples."
    ).format(few=FEW)


def _verdict(found: Calibration) -> str:
    verdicts = {
        "over": _(
            "**Overconfident:** on average it is {confidence} sure, but only {accuracy} of its answers are right."
        ),
        "under": _(
            "**Underconfident:** on average it is only {confidence} sure, but {accuracy} of its answers are right."
        ),
        "even": _(
            "**About as sure as right:** on average it is {confidence} sure, and {accuracy} of its answers are right."
            " On so many examples, chance alone brings about a difference like that."
        ),
    }
    return verdicts[found.verdict].format(
        confidence=formatting.percent(found.confidence), accuracy=formatting.percent(found.accuracy)
    )


def _error(found: Calibration) -> str:
    return _(
        "**Expected calibration error (ECE): {error}.** So far apart, on average over all examples, are the confidence"
        " and the share of right answers in a bar; 0 would be perfect. It is measured here in {bins} bars of equal"
        " width ([Guo et al. 2017]({source}))."
    ).format(error=formatting.percent(found.error), bins=len(found.bins), source="https://arxiv.org/abs/1706.04599")
