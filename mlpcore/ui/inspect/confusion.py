"""The view Confusion: which class is taken for which, how good each class is, and whether confidence can be trusted."""

from __future__ import annotations

import re

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.confusion import Confusion, confusion
from mlpcore.figures.confusion_matrix import ConfusionCell, confusion_matrix_svg
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.confusion_calibration import show_calibration
from mlpcore.ui.inspect.confusion_scores import show_scores
from mlpcore.ui.inspect.subject import Subject, answered
from mlpcore.ui.inspect.switch import switch
from mlpcore.ui.shell.language import _, escaped, ngettext
from mlpcore.ui.shell.phone import on_phone


def show(subject: Subject) -> None:
    """The matrix with the pairs that are confused most, the measures of each class, and the calibration."""
    answers = answered(subject)
    found = confusion(answers)
    st.subheader(_("Which class is taken for which"), anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _matrix(subject, found)
    with right:
        _worst(subject, found)
    show_scores(subject, found)
    show_calibration(answers)


def _matrix(subject: Subject, found: Confusion) -> None:
    labels = {"count": _("Numbers"), "share": _("% of the row")}
    shares = switch(_("What stands in the cells"), "as", labels, key="inspect_confusion_in") == "share"
    names = [_(name) for name in subject.info.class_names]
    markup = confusion_matrix_svg(
        _cells(found, names, shares),
        names,
        (_("True class"), _("Answer of the network")),
        _("Confusion matrix: a row for each true class, a column for each answer."),
        narrow=on_phone(),
    )
    pickable("inspect_matrix", markup, lambda text: _open(subject, text))
    st.caption(
        _(
            "Each row holds the test examples of one class; the column is what the network answered. On the diagonal"
            " (blue, framed) both agree; every number beside it (red) counts mistakes. Press on a cell to see its"
            " examples."
        )
    )


def _cells(found: Confusion, names: list[str], shares: bool) -> list[list[ConfusionCell]]:
    right = _("{count} of {all} examples of the class {label} are right ({share})")
    wrong = _("{count} of {all} examples of the class {label} get the answer {answer} ({share})")
    rows = []
    for i, label in enumerate(names):
        row = []
        for j, answer in enumerate(names):
            count, share = int(found.counts[i, j]), float(found.shares[i, j])
            says = (right if i == j else wrong).format(
                count=formatting.count(count),
                all=formatting.count(int(found.examples[i])),
                label=label,
                answer=answer,
                share=formatting.percent(share),
            )
            row.append(ConfusionCell(_text(count, share, shares), share, says))
        rows.append(row)
    return rows


def _text(count: int, share: float, shares: bool) -> str:
    if count == 0:
        return "·"
    if not shares:
        return formatting.count(count)
    return formatting.percent_number(share)


def _open(subject: Subject, text: str) -> None:
    """Show the examples of a cell; `text` comes from a browser."""
    found = re.fullmatch("([0-9]{1,4})-([0-9]{1,4})", text)
    if found and max(int(found[1]), int(found[2])) < subject.info.classes:
        _to_images(int(found[1]), int(found[2]))


def _to_images(label: int, answer: int) -> None:
    address.put(view="images", show="cell", cell=f"{label}-{answer}", first=None, open=None)


def _worst(subject: Subject, found: Confusion) -> None:
    """The pairs that are confused most, each a sentence and a way to its examples."""
    pairs = found.most_confused(3)
    if not pairs:
        st.success(_("This network gets every example of the test set right."), icon=":material/check:")
        return
    st.markdown(_("**Confused most**"))
    names = [escaped(_(name)) for name in subject.info.class_names]
    for pair in pairs:
        text = ngettext(
            "**Once** the class **{label}** is taken for **{answer}**: {share} of its examples.",
            "**{count} times** the class **{label}** is taken for **{answer}**: {share} of its examples.",
            pair.count,
        )
        share = formatting.percent(pair.share)
        with st.container(gap=None):
            st.markdown(
                text.format(
                    label=names[pair.label], answer=names[pair.answer], count=formatting.count(pair.count), share=share
                )
            )
            st.button(
                ngettext("See this example", "See these {count} examples", pair.count).format(
                    count=formatting.count(pair.count)
                ),
                icon=":material/grid_view:",
                type="tertiary",
                key=f"inspect_pair_{pair.label}_{pair.answer}",
                on_click=_to_images,
                args=(pair.label, pair.answer),
            )
