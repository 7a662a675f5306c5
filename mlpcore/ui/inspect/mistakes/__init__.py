"""The view Mistakes: the confusion matrix, how good each class is, and whether the confidence can be trusted."""

from __future__ import annotations

import re

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.confusion import ConfusionMatrix, confusion_matrix
from mlpcore.figures.confusion_matrix import ConfusionCell, confusion_matrix_svg
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.inspected_network import InspectedNetwork, predict_with_spinner
from mlpcore.ui.inspect.mistakes.calibration_diagram import show_calibration
from mlpcore.ui.inspect.mistakes.class_scores import show_class_scores
from mlpcore.ui.shell.language import _, escaped, ngettext
from mlpcore.ui.shell.phone import on_phone


def mistakes_view(inspected: InspectedNetwork) -> None:
    """The matrix with the pairs that are confused most, the measures of each class, and the calibration."""
    predictions = predict_with_spinner(inspected)
    matrix = confusion_matrix(predictions)
    st.subheader(_("Confusion matrix: which classes are confused"), anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _matrix(inspected, matrix)
    with right:
        _most_confused(inspected, matrix)
    show_class_scores(inspected, matrix)
    show_calibration(predictions)


def _matrix(inspected: InspectedNetwork, matrix: ConfusionMatrix) -> None:
    labels = {"count": _("Counts"), "share": _("% of the row")}
    as_shares = page_address.choice(_("In the cells"), "cells", labels, key="inspect_cells") == "share"
    names = list(inspected.class_names)
    markup = confusion_matrix_svg(
        _cells(matrix, names, as_shares),
        names,
        (_("True class"), _("Predicted class")),
        _("Confusion matrix: one row per true class, one column per predicted class."),
        narrow=on_phone(),
    )
    pickable("inspect_matrix", markup, lambda text: _open_cell(inspected, text))
    st.caption(
        _(
            "Each row holds the test examples of one class; the column is the class that the network predicted. On the"
            " diagonal (blue, framed) both agree; every other number (red) counts mistakes. Click or tap a cell to see"
            " its examples."
        )
    )


def _cells(matrix: ConfusionMatrix, names: list[str], as_shares: bool) -> list[list[ConfusionCell]]:
    right = _("{count} of {all} examples of the class {label} are right ({share})")
    wrong = _("{count} of {all} examples of the class {label} are predicted as {predicted} ({share})")
    rows = []
    for i, label in enumerate(names):
        row = []
        for j, predicted in enumerate(names):
            count, share = int(matrix.counts[i, j]), float(matrix.shares[i, j])
            description = (right if i == j else wrong).format(
                count=formatting.count(count),
                all=formatting.count(int(matrix.examples[i])),
                label=label,
                predicted=predicted,
                share=formatting.percent(share),
            )
            row.append(ConfusionCell(_cell_text(count, share, as_shares), share, description))
        rows.append(row)
    return rows


def _cell_text(count: int, share: float, as_shares: bool) -> str:
    if count == 0:
        return "·"
    if not as_shares:
        return formatting.count(count)
    return formatting.percent_number(share)


def _open_cell(inspected: InspectedNetwork, text: str) -> None:
    """Show the examples of a cell; `text` comes from a browser."""
    match = re.fullmatch("([0-9]{1,4})-([0-9]{1,4})", text)
    if match and max(int(match[1]), int(match[2])) < inspected.info.classes:
        _to_examples(int(match[1]), int(match[2]))


def _to_examples(true: int, predicted: int) -> None:
    page_address.put(view="examples", filter="cell", true=true, predicted=predicted, first=None, open=None)


def _most_confused(inspected: InspectedNetwork, matrix: ConfusionMatrix) -> None:
    """The pairs that are confused most, each with a sentence and a button to its examples."""
    pairs = matrix.most_confused(3)
    if not pairs:
        st.success(_("This network gets every example of the test set right."), icon=":material/check:")
        return
    st.markdown(_("**Most frequent mistakes**"))
    names = [escaped(name) for name in inspected.class_names]
    for pair in pairs:
        text = ngettext(
            "**Once** the class **{label}** is predicted as **{predicted}**: {share} of its examples.",
            "**{count} times** the class **{label}** is predicted as **{predicted}**: {share} of its examples.",
            pair.count,
        )
        share = formatting.percent(pair.share)
        with st.container(gap=None):
            st.markdown(
                text.format(
                    label=names[pair.label],
                    predicted=names[pair.predicted],
                    count=formatting.count(pair.count),
                    share=share,
                )
            )
            st.button(
                ngettext("See this example", "See these {count} examples", pair.count).format(
                    count=formatting.count(pair.count)
                ),
                icon=":material/grid_view:",
                type="tertiary",
                key=f"inspect_pair_{pair.label}_{pair.predicted}",
                on_click=_to_examples,
                args=(pair.label, pair.predicted),
            )
