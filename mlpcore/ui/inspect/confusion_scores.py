"""Precision, recall and F1 of each class, and what they mean for one of them in plain words."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.confusion import Confusion
from mlpcore.figures.bar_tables import ScoreCell, ScoreRow, scores_table
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _, escaped
from mlpcore.ui.shell.page_shell import sentences


@st.fragment
def show_scores(subject: Subject, found: Confusion) -> None:
    """The table, and the chosen class worked out; at first that is the one with the lowest F1."""
    with sentences():
        st.subheader(_("How good each class is"), anchor=False)
        asked = address.number("class", 0, found.classes - 1)
        label = int(np.argmin(found.f1)) if asked is None else asked
        left, right = st.columns([3, 2], gap="large")
        with left:
            names = [_(name) for name in subject.info.class_names]
            heads = [_("Class"), _("Precision"), _("Recall"), "F1"]
            rows = [*(_row(found, place, name) for place, name in enumerate(names)), _means(found)]
            pickable("inspect_scores", scores_table(heads, rows, str(label)), lambda text: _choose(found, text))
            st.caption(
                _(
                    "The longer a bar, the better. Precision suffers when other classes get this answer, recall when"
                    " this class gets other answers. Press on a class to see its numbers."
                )
            )
        with right:
            _explain(found, label, escaped(_(subject.info.class_names[label])))
            text = _("See the examples of this class")
            if st.button(text, icon=":material/grid_view:", type="tertiary", on_click=_to_images, args=(label,)):
                st.rerun()


def _row(found: Confusion, place: int, name: str) -> ScoreRow:
    precision = ScoreCell(None, _("never predicted"))
    if found.predicted[place]:
        precision = _field(float(found.precision[place]))
    recall = _field(float(found.recall[place])) if found.examples[place] else ScoreCell(None, _("no examples"))
    description = _("Precision, recall and F1 of the class {name}").format(name=name)
    return ScoreRow(name, (precision, recall, _field(float(found.f1[place]))), str(place), description)


def _means(found: Confusion) -> ScoreRow:
    means = (found.precision, found.recall, found.f1)
    return ScoreRow(_("Mean"), tuple(_field(float(measure.mean())) for measure in means))


def _field(share: float) -> ScoreCell:
    return ScoreCell(share, formatting.percent(share))


def _choose(found: Confusion, text: str) -> None:
    """Explain the class that was pressed; `text` comes from a browser."""
    if text.isascii() and text.isdecimal() and int(text) < found.classes:
        address.put(**{"class": int(text)})


def _to_images(label: int) -> None:
    address.put(view="images", show="class", **{"class": label}, first=None, open=None)


def _explain(found: Confusion, label: int, name: str) -> None:
    """The three measures of one class, with its own numbers."""
    hits, predicted, examples = (int(each[label]) for each in (found.hits, found.predicted, found.examples))
    precision, recall, f1 = (float(each[label]) for each in (found.precision, found.recall, found.f1))
    values = {
        "name": name,
        "hits": formatting.count(hits),
        "predicted": formatting.count(predicted),
        "examples": formatting.count(examples),
        "precision": formatting.percent(precision),
        "recall": formatting.percent(recall),
        "f1": formatting.percent(f1),
    }
    never = _("The network never answers {name}. Precision would be 0 divided by 0; it counts as 0.")
    some = _("Of the {predicted} examples that it calls {name}, {hits} are {name}: {precision}.")
    st.markdown(_("**Precision.**") + " " + (some if predicted else never).format(**values))
    none = _("The test set has no example of {name}. Recall would be 0 divided by 0; it counts as 0.")
    found_some = _("Of the {examples} examples that are {name}, it finds {hits}: {recall}.")
    st.markdown(_("**Recall.**") + " " + (found_some if examples else none).format(**values))
    harmonic = _("The harmonic mean of both, which is high only where both are: {f1}.")
    nothing = _("No example of {name} is right, so F1 is 0.")
    st.markdown(_("**F1.**") + " " + (harmonic if hits else nothing).format(**values))
    if hits:
        formula = r"F_1 = \frac{2 \cdot P \cdot R}{P + R}"
        numbers = rf"\frac{{2 \cdot {precision:.3f} \cdot {recall:.3f}}}{{{precision:.3f} + {recall:.3f}}} = {f1:.3f}"
        st.latex(f"{formula} = {numbers}")
    st.markdown(
        _(
            "**Mean.** The last line is the macro average: every class counts alike, however many examples it has. Over"
            " all examples, {accuracy} are right."
        ).format(accuracy=formatting.percent(float(found.hits.sum() / found.counts.sum())))
    )
