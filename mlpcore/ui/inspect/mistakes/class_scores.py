"""Precision, recall and F1 of each class, and what they mean for one of them in plain words."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.confusion import ConfusionMatrix
from mlpcore.figures.bar_tables import ScoreCell, ScoreRow, scores_table
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.shell.language import _, escaped, paragraph
from mlpcore.ui.shell.page_shell import sentences


@st.fragment
def show_class_scores(inspected: InspectedNetwork, matrix: ConfusionMatrix) -> None:
    """The table, and the chosen class explained; at first that is the one with the lowest F1."""
    with sentences():
        st.subheader(_("Precision and recall by class"), anchor=False)
        requested = page_address.number("scores", 0, matrix.classes - 1)
        label = int(np.argmin(matrix.f1)) if requested is None else requested
        left, right = st.columns([3, 2], gap="large")
        with left:
            heads = [_("Class"), _("Precision"), _("Recall"), "F1"]
            rows = [*(_row(matrix, index, name) for index, name in enumerate(inspected.class_names)), _means(matrix)]
            pickable("inspect_scores", scores_table(heads, rows, str(label)), lambda text: _choose(matrix, text))
            st.caption(
                _(
                    "The longer a bar, the better. Precision falls when other classes are predicted as this one, recall"
                    " when this class is predicted as another. Click or tap a class to see how its numbers come about."
                )
            )
        with right:
            _explain(matrix, label, escaped(inspected.class_names[label]))
            text = _("See the examples of this class")
            if st.button(text, icon=":material/grid_view:", type="tertiary", on_click=_to_examples, args=(label,)):
                st.rerun()


def _row(matrix: ConfusionMatrix, index: int, name: str) -> ScoreRow:
    precision = ScoreCell(None, _("never predicted"))
    if matrix.predicted[index]:
        precision = _field(float(matrix.precision[index]))
    recall = _field(float(matrix.recall[index])) if matrix.examples[index] else ScoreCell(None, _("no examples"))
    description = _("Precision, recall and F1 of the class {name}").format(name=name)
    return ScoreRow(name, (precision, recall, _field(float(matrix.f1[index]))), str(index), description)


def _means(matrix: ConfusionMatrix) -> ScoreRow:
    means = (matrix.precision, matrix.recall, matrix.f1)
    return ScoreRow(_("Mean"), tuple(_field(float(measure.mean())) for measure in means))


def _field(share: float) -> ScoreCell:
    return ScoreCell(share, formatting.percent(share))


def _choose(matrix: ConfusionMatrix, text: str) -> None:
    """Explain the class that was picked; `text` comes from a browser."""
    if text.isascii() and text.isdecimal() and int(text) < matrix.classes:
        page_address.put(scores=int(text))


def _to_examples(label: int) -> None:
    page_address.put(view="examples", filter="class", true=label, first=None, open=None)


def _explain(matrix: ConfusionMatrix, label: int, name: str) -> None:
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
