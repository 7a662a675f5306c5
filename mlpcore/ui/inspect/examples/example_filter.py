"""Which test examples are listed: all, the mistakes, or those of a class, a cell of the confusion matrix, a confidence.

In the address it is `filter`, with `true` and `predicted` (classes from 0) and `bin` (of confidence).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.calibration import BINS, bin_numbers
from mlpcore.analysis.predictions import Predictions
from mlpcore.analysis.sampling import Indices
from mlpcore.i18n.messages import N_
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.shell.language import _, escaped, ngettext

FILTERS = {
    "all": N_("All {count}"),
    "wrong": N_("Wrong {count}"),
    "confident": N_("Most confident mistakes"),
    "class": N_("By class"),
    "cell": N_("By true and predicted class"),
    "confidence": N_("By confidence"),
}
"""Each filter's name in the address, and its label."""

_FILTER, _TRUE, _PREDICTED, _BIN = "inspect_filter", "inspect_true", "inspect_predicted", "inspect_bin"


@dataclass(frozen=True, eq=False)
class Selection:
    """The filter, a key of `FILTERS`, with the values that it uses, and the indices of the examples that it leaves."""

    kind: str
    true: int
    predicted: int
    bin: int
    examples: Indices


def select_filter(inspected: InspectedNetwork) -> Selection:
    """Draw the filter and return what it selects."""
    kind = page_address.get("filter")
    kind = kind if kind in FILTERS else next(iter(FILTERS))
    _select_kind(inspected.predictions, kind)
    true, predicted = _requested_classes(inspected, kind)
    selection = _selection(inspected.predictions, kind, true, predicted)
    if kind == "class":
        _select_class(inspected, selection)
    elif kind == "cell":
        _select_cell(inspected, selection)
    elif kind == "confidence":
        _select_confidence(inspected.predictions, selection)
    return selection


def summary(inspected: InspectedNetwork, selection: Selection) -> str:
    """A sentence about the selected examples, or why there are none."""
    if len(selection.examples) == 0:
        return _why_none(inspected, selection)
    predictions, examples = inspected.predictions, selection.examples
    right = predictions.correct[examples]
    count = len(examples)
    values = {
        "count": formatting.count(count),
        "all": formatting.count(len(predictions.labels)),
        "wrong": formatting.count(int((~right).sum())),
        "share": formatting.percent(float(right.mean())),
        "range": _percent_range(selection.bin),
        "label": escaped(inspected.class_names[selection.true]),
        "predicted": escaped(inspected.class_names[selection.predicted]),
    }
    match selection.kind:
        case "wrong":
            text = ngettext(
                "**{count} of {all}** test examples is wrong. In the order of the test set:",
                "**{count} of {all}** test examples are wrong. In the order of the test set:",
                count,
            )
        case "confident":
            text = ngettext(
                "The only mistake.",
                "All {count} mistakes, the most confident ones first. Some of these examples would fool a person too;"
                " some show what the network has not learned.",
                count,
            )
        case "class":
            text = ngettext(
                "**{count}** example of the test set is of the class **{label}**; the network gets {wrong} wrong.",
                "**{count}** examples of the test set are of the class **{label}**; the network gets {wrong} wrong.",
                count,
            )
        case "cell":
            text = ngettext(
                "**{count}** example of the class **{label}** is predicted as **{predicted}**.",
                "**{count}** examples of the class **{label}** are predicted as **{predicted}**.",
                count,
            )
        case "confidence":
            text = ngettext(
                "**{count}** prediction has a confidence of {range}; its accuracy is **{share}**.",
                "**{count}** predictions have a confidence of {range}; their accuracy is **{share}**.",
                count,
            )
        case _:
            text = _("The network gets **{share}** of the {all} test examples right, and {wrong} wrong.")
    return text.format(**values)


def _why_none(inspected: InspectedNetwork, selection: Selection) -> str:
    match selection.kind:
        case "confidence":
            return _("No prediction has this confidence.")
        case "class":
            return _("The test set has no example of this class.")
        case "cell":
            names = [escaped(inspected.class_names[index]) for index in (selection.true, selection.predicted)]
            text = _("No example of the class {label} is predicted as {predicted}.")
            return text.format(label=names[0], predicted=names[1])
    return _("This network gets every example of the test set right.")


def _selection(predictions: Predictions, kind: str, true: int, predicted: int) -> Selection:
    bins = bin_numbers(predictions)
    requested = page_address.number("bin", 0, BINS - 1)
    number = int(bins.min()) if requested is None else requested
    match kind:
        case "wrong":
            examples = predictions.mistakes()
        case "confident":
            examples = predictions.confident_mistakes()
        case "class":
            examples = predictions.of_class(true)
        case "cell":
            examples = predictions.of_cell(true, predicted)
        case "confidence":
            examples = np.flatnonzero(bins == number)
        case _:
            examples = predictions.all_examples()
    return Selection(kind, true, predicted, number, examples)


def _requested_classes(inspected: InspectedNetwork, kind: str) -> tuple[int, int]:
    """The true and the predicted class of the address.

    Without one the first class, and for the cell of a confusion matrix the largest one off the diagonal.
    """
    predictions, classes = inspected.predictions, inspected.info.classes
    true, predicted = (page_address.number(name, 0, classes - 1) for name in ("true", "predicted"))
    if kind != "cell" or (true is not None and predicted is not None):
        return true or 0, predicted or 0
    wrong = predictions.mistakes()
    pairs = np.zeros((classes, classes), np.intp)
    np.add.at(pairs, (predictions.labels[wrong], predictions.predicted[wrong]), 1)
    for axis, fixed in enumerate((true, predicted)):
        if fixed is not None:
            others = np.arange(classes) != fixed
            pairs[others if axis == 0 else (slice(None), others)] = -1
    row, column = np.unravel_index(int(pairs.argmax()), pairs.shape)
    return int(row), int(column)


def _select_kind(predictions: Predictions, kind: str) -> None:
    st.session_state[_FILTER] = kind
    counts = {"all": len(predictions.labels), "wrong": len(predictions.mistakes())}
    labels = {name: _(label).format(count=formatting.count(counts.get(name, 0))) for name, label in FILTERS.items()}
    st.segmented_control(
        _("Which examples"),
        list(FILTERS),
        format_func=labels.__getitem__,
        key=_FILTER,
        on_change=lambda: page_address.put(filter=st.session_state[_FILTER], first=None),
        label_visibility="collapsed",
        required=True,
    )


def _select_class(inspected: InspectedNetwork, selection: Selection) -> None:
    predictions = inspected.predictions
    counts = []
    for label in range(inspected.info.classes):
        examples = predictions.of_class(label)
        wrong = int((~predictions.correct[examples]).sum())
        counts.append(
            _("{count} wrong of {all}").format(count=formatting.count(wrong), all=formatting.count(len(examples)))
        )
    _select(_("True class"), "true", inspected.class_names, counts, selection.true, _TRUE)


def _select_cell(inspected: InspectedNetwork, selection: Selection) -> None:
    predictions, names = inspected.predictions, inspected.class_names
    of_class = [formatting.count(len(predictions.of_class(label))) for label in range(len(names))]
    of_cell = [formatting.count(len(predictions.of_cell(selection.true, label))) for label in range(len(names))]
    with st.container(horizontal=True, gap="small"):
        _select(_("True class"), "true", names, of_class, selection.true, _TRUE, predicted=selection.predicted)
        _select(_("Predicted class"), "predicted", names, of_cell, selection.predicted, _PREDICTED, true=selection.true)


def _select_confidence(predictions: Predictions, selection: Selection) -> None:
    counts = [formatting.count(count) for count in np.bincount(bin_numbers(predictions), minlength=BINS)]
    ranges = [_percent_range(number) for number in range(BINS)]
    _select(_("Confidence"), "bin", ranges, counts, selection.bin, _BIN)


def _select(
    label: str, parameter: str, names: Sequence[str], counts: Sequence[str], chosen: int, key: str, **others: int
) -> None:
    """A selection box whose choice goes into the address, together with the `others`."""
    st.session_state[key] = chosen

    def write() -> None:
        page_address.put(**{**others, parameter: int(st.session_state[key]), "first": None})

    st.selectbox(
        label,
        range(len(names)),
        format_func=lambda index: f"{names[index]} ({counts[index]})",
        key=key,
        on_change=write,
        width=260,
    )


def _percent_range(number: int) -> str:
    """The range of a bin of confidence."""
    return formatting.percent_range(number / BINS, (number + 1) / BINS)
