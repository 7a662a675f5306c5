"""Whether the network's confidence agrees with its accuracy: the reliability diagram, and what it says in words."""

from __future__ import annotations

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.calibration import Bin, Calibration, calibration
from mlpcore.analysis.predictions import Predictions
from mlpcore.figures.reliability_diagram import FEW, ReliabilityLabels, reliability_svg
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import page_address
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, ngettext


def show_calibration(predictions: Predictions) -> None:
    """The diagram beside its sentences."""
    measured = calibration(predictions)
    st.subheader(_("Calibration: can the confidence be trusted?"), anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        labels = ReliabilityLabels(
            _("Confidence: the probability of the predicted class (%)"),
            _("Accuracy (%)"),
            _("Examples"),
            _("perfect calibration"),
            _("Reliability diagram: the accuracy of the network by its confidence."),
        )
        markup = reliability_svg(measured.bins, [_title(item) for item in measured.bins], labels, on_phone())
        pickable("inspect_reliability", markup, lambda text: _open_bin(measured, text))
        st.caption(_how_to_read())
    with right:
        st.markdown(_verdict(measured))
        st.markdown(_error(measured))


def _open_bin(measured: Calibration, text: str) -> None:
    """Show the examples of a bar; `text` comes from a browser."""
    if text.isascii() and text.isdecimal() and int(text) < len(measured.bins):
        page_address.put(view="examples", filter="confidence", bin=int(text), first=None, open=None)


def _title(item: Bin) -> str:
    text = ngettext(
        "Confidence {low}–{high} %: {count} example, mean confidence {confidence}, accuracy {accuracy}",
        "Confidence {low}–{high} %: {count} examples, mean confidence {confidence}, accuracy {accuracy}",
        item.count,
    )
    return text.format(
        low=formatting.percent_number(item.low),
        high=formatting.percent_number(item.high),
        count=formatting.count(item.count),
        confidence=formatting.percent(item.confidence),
        accuracy=formatting.percent(item.accuracy),
    )


def _how_to_read() -> str:
    return _(
        "Each bar holds the test examples with about the same confidence; the small bars below show how many there"
        " are. A blue bar that ends at the dashed line can be trusted: with a confidence of 70 %, 70 % of the"
        " predictions are right. The dashed red frame is the difference: above the blue bar the network is"
        " overconfident, within it underconfident. Pale bars have fewer than {few} examples, so they are largely"
        " due to chance. Click or tap a bar to see its examples."
    ).format(few=FEW)


def _verdict(measured: Calibration) -> str:
    verdicts = {
        "over": _("**Overconfident:** the mean confidence is {confidence}, but the accuracy is only {accuracy}."),
        "under": _("**Underconfident:** the mean confidence is only {confidence}, but the accuracy is {accuracy}."),
        "calibrated": _(
            "**Well calibrated on average:** the mean confidence is {confidence}, and the accuracy is {accuracy}. With"
            " this number of examples, chance alone explains a difference of this size."
        ),
    }
    return verdicts[measured.verdict].format(
        confidence=formatting.percent(measured.confidence), accuracy=formatting.percent(measured.accuracy)
    )


def _error(measured: Calibration) -> str:
    return _(
        "**Expected calibration error (ECE): {error}.** The difference between confidence and accuracy in a bar,"
        " averaged over all examples; 0 would be perfect. It is measured here in {bins} bars of equal width"
        " ([Guo et al. 2017]({source}))."
    ).format(
        error=formatting.percent(measured.error), bins=len(measured.bins), source="https://arxiv.org/abs/1706.04599"
    )
