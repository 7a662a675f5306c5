"""Which examples of the test set are shown: all, the mistakes, a class, or a cell of the confusion matrix."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from mlpcore.figures.shares import percent
from mlpcore.insight.answers import Indices
from mlpcore.messages import N_
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.language import _, escaped, ngettext

CHOICES = {
    "all": N_("All {count}"),
    "wrong": N_("Wrong {count}"),
    "confident": N_("Most confident mistakes"),
    "class": N_("One class"),
    "cell": N_("One kind of answer"),
}
"""Each choice's name in the address, and its label."""

_SHOW, _CLASS, _TRUTH, _ANSWER = "inspect_show", "inspect_class", "inspect_truth", "inspect_answer"


def choose(subject: Subject) -> Indices:
    """Draw the choice, and say in a sentence what it is; the places of the chosen examples."""
    name = _asked()
    _control(subject, name)
    if name == "class":
        _choose_class(subject)
    elif name == "cell":
        _choose_cell(subject)
    found = _examples(subject, name)
    if len(found):
        st.markdown(_sentence(subject, name, len(found)))
    return found


def nothing(subject: Subject) -> str:
    """Why there is no example of this kind."""
    if _asked() != "cell":
        return _("This network gets every example of the test set right.")
    label, answer = _cell(subject)
    names = [_(name) for name in subject.info.class_names]
    text = _("No example of the class {label} gets the answer {answer}.")
    return text.format(label=escaped(names[label]), answer=escaped(names[answer]))


def _asked() -> str:
    asked = address.get("show")
    return asked if asked in CHOICES else next(iter(CHOICES))


def _class(subject: Subject) -> int:
    return address.number("class", 0, subject.info.classes - 1) or 0


def _cell(subject: Subject) -> tuple[int, int]:
    """The true class and the answer that the address names; without them the pair that is confused most."""
    found = re.fullmatch("([0-9]{1,4})-([0-9]{1,4})", address.get("cell"))
    if found and max(cell := (int(found[1]), int(found[2]))) < subject.info.classes:
        return cell
    answers = subject.answers
    wrong = answers.wrong()
    if len(wrong) == 0:
        return 0, 0
    pairs = answers.labels[wrong] * subject.info.classes + answers.predicted[wrong]
    most = int(np.bincount(pairs).argmax())
    return most // subject.info.classes, most % subject.info.classes


def _examples(subject: Subject, name: str) -> Indices:
    answers = subject.answers
    match name:
        case "wrong":
            return answers.wrong()
        case "confident":
            return answers.confident_mistakes()
        case "class":
            return answers.of_class(_class(subject))
        case "cell":
            return answers.of_cell(*_cell(subject))
    return answers.everything()


def _control(subject: Subject, name: str) -> None:
    st.session_state[_SHOW] = name
    counts = {"all": len(subject.answers.labels), "wrong": len(subject.answers.wrong())}
    labels = {key: _(label).format(count=f"{counts.get(key, 0):,}") for key, label in CHOICES.items()}
    st.segmented_control(
        _("Which examples"),
        list(CHOICES),
        format_func=labels.__getitem__,
        key=_SHOW,
        on_change=lambda: address.put(show=st.session_state[_SHOW], first=None),
        label_visibility="collapsed",
        required=True,
    )


def _choose_class(subject: Subject) -> None:
    answers = subject.answers
    names, counts = [], []
    for place, name in enumerate(subject.info.class_names):
        own = answers.of_class(place)
        names.append(_(name))
        counts.append(_("{count} wrong of {all}").format(count=int((~answers.right[own]).sum()), all=len(own)))
    st.session_state[_CLASS] = _class(subject)
    _select(_("True class"), names, counts, _CLASS, lambda: address.put(**{"class": _state(_CLASS), "first": None}))


def _choose_cell(subject: Subject) -> None:
    label, answer = _cell(subject)
    names = [_(name) for name in subject.info.class_names]
    answers = subject.answers
    st.session_state[_TRUTH], st.session_state[_ANSWER] = label, answer
    every = [f"{len(answers.of_class(place)):,}" for place in range(len(names))]
    each = [f"{len(answers.of_cell(label, place)):,}" for place in range(len(names))]

    def changed() -> None:
        address.put(cell=f"{_state(_TRUTH)}-{_state(_ANSWER)}", first=None)

    with st.container(horizontal=True, gap="small"):
        _select(_("True class"), names, every, _TRUTH, changed)
        _select(_("Answer of the network"), names, each, _ANSWER, changed)


def _select(label: str, names: Sequence[str], counts: Sequence[str], key: str, changed: Callable[[], None]) -> None:
    st.selectbox(
        label,
        range(len(names)),
        format_func=lambda place: f"{names[place]} ({counts[place]})",
        key=key,
        on_change=changed,
        width=260,
    )


def _state(key: str) -> int:
    return int(st.session_state[key])


def _sentence(subject: Subject, name: str, count: int) -> str:
    names = [escaped(_(name)) for name in subject.info.class_names]
    wrong, everything = len(subject.answers.wrong()), len(subject.answers.labels)
    share = percent(subject.answers.accuracy)
    match name:
        case "wrong":
            text = ngettext(
                "**{count} of {all}** test examples is wrong. In the order of the test set:",
                "**{count} of {all}** test examples are wrong. In the order of the test set:",
                count,
            )
        case "confident":
            text = _(
                "Of {count} mistakes, those first of which the network was most sure. Some of these examples would fool"
                " a person too; some show what the network has not understood."
            )
        case "class":
            own = subject.answers.of_class(_class(subject))
            wrong = int((~subject.answers.right[own]).sum())
            text = ngettext(
                "**{count}** example of the test set is of the class **{label}**; the network gets {wrong} wrong.",
                "**{count}** examples of the test set are of the class **{label}**; the network gets {wrong} wrong.",
                count,
            )
        case "cell":
            text = ngettext(
                "**{count}** example of the class **{label}** gets the answer **{answer}**.",
                "**{count}** examples of the class **{label}** get the answer **{answer}**.",
                count,
            )
        case _:
            text = _("The network gets **{share}** of the {all} test examples right, and {wrong} wrong.")
    label, answer = _cell(subject) if name == "cell" else (_class(subject), 0)
    return text.format(
        count=f"{count:,}",
        all=f"{everything:,}",
        wrong=f"{wrong:,}",
        share=share,
        label=names[label],
        answer=names[answer],
    )
