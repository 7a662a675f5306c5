"""The view Mistakes: the confusion matrix, the scores of each class, and whether the confidence can be trusted."""

from __future__ import annotations

import re

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.confusion import ConfusionMatrix, confusion_matrix
from mlpcore.figures.bar_tables import ScoreCell, ScoreRow, scores_table
from mlpcore.figures.confusion_matrix import ConfusionCell, confusion_matrix_svg
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.inspected_network import InspectedNetwork, predict_with_spinner
from mlpcore.ui.inspect.mistakes.calibration_diagram import show_calibration
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, escaped, ngettext, paragraph
from mlpcore.ui.shell.page_shell import sentences


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
    _class_scores(inspected, matrix)
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
        _to_cell(int(match[1]), int(match[2]))


def _to_cell(true: int, predicted: int) -> None:
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
                on_click=_to_cell,
                args=(pair.label, pair.predicted),
            )


@st.fragment
def _class_scores(inspected: InspectedNetwork, matrix: ConfusionMatrix) -> None:
    """The table, and the chosen class explained; at first that is the one with the lowest F1."""
    with sentences():
        st.subheader(_("Precision and recall by class"), anchor=False)
        requested = page_address.number("scores", 0, matrix.classes - 1)
        label = int(np.argmin(matrix.f1)) if requested is None else requested
        left, right = st.columns([3, 2], gap="large")
        with left:
            heads = [_("Class"), _("Precision"), _("Recall"), "F1"]
            rows = [
                *(_score_row(matrix, index, name) for index, name in enumerate(inspected.class_names)),
                _mean_row(matrix),
            ]
            pickable("inspect_scores", scores_table(heads, rows, str(label)), lambda text: _choose_class(matrix, text))
            st.caption(
                _(
                    "The longer a bar, the better. Precision falls when other classes are predicted as this one, recall"
                    " when this class is predicted as another. Click or tap a class to see how its numbers come about."
                )
            )
        with right:
            _explain_scores(matrix, label, escaped(inspected.class_names[label]))
            text = _("See the examples of this class")
            if st.button(text, icon=":material/grid_view:", type="tertiary", on_click=_to_class, args=(label,)):
                st.rerun()


def _score_row(matrix: ConfusionMatrix, index: int, name: str) -> ScoreRow:
    precision = ScoreCell(None, _("never predicted"))
    if matrix.predicted[index]:
        precision = _score_cell(float(matrix.precision[index]))
    recall = _score_cell(float(matrix.recall[index])) if matrix.examples[index] else ScoreCell(None, _("no examples"))
    description = _("Precision, recall and F1 of the class {name}").format(name=name)
    return ScoreRow(name, (precision, recall, _score_cell(float(matrix.f1[index]))), str(index), description)


def _mean_row(matrix: ConfusionMatrix) -> ScoreRow:
    means = (matrix.precision, matrix.recall, matrix.f1)
    return ScoreRow(_("Mean"), tuple(_score_cell(float(measure.mean())) for measure in means))


def _score_cell(share: float) -> ScoreCell:
    return ScoreCell(share, formatting.percent(share))


def _choose_class(matrix: ConfusionMatrix, text: str) -> None:
    """Explain the class that was picked; `text` comes from a browser."""
    if text.isascii() and text.isdecimal() and int(text) < matrix.classes:
        page_address.put(scores=int(text))


def _to_class(label: int) -> None:
    page_address.put(view="examples", filter="class", true=label, first=None, open=None)


def _explain_scores(matrix: ConfusionMatrix, label: int, name: str) -> None:
    """The three measures of one class, with its own numbers."""
    hits, predicted, examples = (int(each[label]) for each in (matrix.correct, matrix.predicted, matrix.examples))
    precision, recall, f1 = (float(each[label]) for each in (matrix.precision, matrix.recall, matrix.f1))
    values = {
        "name": name,
        "hits": formatting.count(hits),
        "predicted": formatting.count(predicted),
        "examples": formatting.count(examples),
        "precision": formatting.percent(precision),
        "recall": formatting.percent(recall),
        "f1": formatting.percent(f1),
    }
    never = _("The network never predicts {name}. Precision would be 0 divided by 0; it counts as 0.")
    some = _("Of the {predicted} examples predicted as {name}, {hits} are {name}: {precision}.")
    st.markdown(paragraph(_("**Precision.**"), (some if predicted else never).format(**values)))
    none = _("The test set has no example of {name}. Recall would be 0 divided by 0; it counts as 0.")
    recalled = _("Of the {examples} examples that are {name}, {hits} are predicted as {name}: {recall}.")
    st.markdown(paragraph(_("**Recall.**"), (recalled if examples else none).format(**values)))
    harmonic = _("The harmonic mean of both, which is high only where both are: {f1}.")
    nothing = _("No example of {name} is right, so F1 is 0.")
    st.markdown(paragraph(_("**F1.**"), (harmonic if hits else nothing).format(**values)))
    if hits:
        formula = r"F_1 = \frac{2 \cdot P \cdot R}{P + R}"
        numbers = rf"\frac{{2 \cdot {precision:.3f} \cdot {recall:.3f}}}{{{precision:.3f} + {recall:.3f}}} = {f1:.3f}"
        st.latex(f"{formula} = {numbers}")
    st.markdown(
        _(
            "**Mean.** The last row is the macro average: every class has the same weight, however many examples it"
            " has. The accuracy over all examples is {accuracy}."
        ).format(accuracy=formatting.percent(float(matrix.correct.sum() / matrix.counts.sum())))
    )
