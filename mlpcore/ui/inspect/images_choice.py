"""Which examples of the test set are shown: all, the mistakes, or those of a class, an answer, a confidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.answers import Indices
from mlpcore.analysis.calibration import BINS, places
from mlpcore.i18n.messages import N_
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect import images_asked as asked
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _

KINDS = {
    "all": N_("All {count}"),
    "wrong": N_("Wrong {count}"),
    "confident": N_("Most confident mistakes"),
    "class": N_("One class"),
    "cell": N_("One kind of answer"),
    "sure": N_("By confidence"),
}
"""Each kind's name in the address, and its label."""

_SHOW, _CLASS, _TRUTH, _ANSWER = "inspect_show", "inspect_class", "inspect_truth", "inspect_answer"
_BIN = "inspect_bin"


def choose(subject: Subject) -> tuple[str, Indices]:
    """Draw the choice; the kind that is chosen, and the places of its examples."""
    kind = address.get("show")
    kind = kind if kind in KINDS else next(iter(KINDS))
    _control(subject, kind)
    if kind == "class":
        _choose_class(subject)
    elif kind == "cell":
        _choose_cell(subject)
    elif kind == "sure":
        _choose_confidence(subject)
    return kind, _examples(subject, kind)


def _examples(subject: Subject, kind: str) -> Indices:
    answers = subject.answers
    match kind:
        case "wrong":
            return answers.wrong()
        case "confident":
            return answers.confident_mistakes()
        case "class":
            return answers.of_class(asked.label(subject))
        case "cell":
            return answers.of_cell(*asked.cell(subject))
        case "sure":
            return np.flatnonzero(places(answers) == asked.confidence(subject))
    return answers.everything()


def _control(subject: Subject, kind: str) -> None:
    st.session_state[_SHOW] = kind
    counts = {"all": len(subject.answers.labels), "wrong": len(subject.answers.wrong())}
    labels = {name: _(label).format(count=formatting.count(counts.get(name, 0))) for name, label in KINDS.items()}
    st.segmented_control(
        _("Which examples"),
        list(KINDS),
        format_func=labels.__getitem__,
        key=_SHOW,
        on_change=lambda: address.put(show=st.session_state[_SHOW], first=None),
        label_visibility="collapsed",
        required=True,
    )


def _choose_class(subject: Subject) -> None:
    answers = subject.answers
    counts = []
    for place in range(subject.info.classes):
        own = answers.of_class(place)
        wrong = int((~answers.right[own]).sum())
        counts.append(_("{count} wrong of {all}").format(count=formatting.count(wrong), all=formatting.count(len(own))))
    st.session_state[_CLASS] = asked.label(subject)

    def changed() -> None:
        address.put(**{"class": _state(_CLASS), "first": None})

    _select(_("True class"), _names(subject), counts, _CLASS, changed)


def _choose_cell(subject: Subject) -> None:
    label, answer = asked.cell(subject)
    answers, names = subject.answers, _names(subject)
    st.session_state[_TRUTH], st.session_state[_ANSWER] = label, answer
    every = [formatting.count(len(answers.of_class(place))) for place in range(len(names))]
    each = [formatting.count(len(answers.of_cell(label, place))) for place in range(len(names))]

    def changed() -> None:
        address.put(cell=f"{_state(_TRUTH)}-{_state(_ANSWER)}", first=None)

    with st.container(horizontal=True, gap="small"):
        _select(_("True class"), names, every, _TRUTH, changed)
        _select(_("Answer of the network"), names, each, _ANSWER, changed)


def _choose_confidence(subject: Subject) -> None:
    counts = [formatting.count(count) for count in np.bincount(places(subject.answers), minlength=BINS)]
    ranges = [asked.percents(place) for place in range(BINS)]
    st.session_state[_BIN] = asked.confidence(subject)
    _select(_("Confidence"), ranges, counts, _BIN, lambda: address.put(bin=_state(_BIN), first=None))


def _select(label: str, names: Sequence[str], counts: Sequence[str], key: str, changed: Callable[[], None]) -> None:
    st.selectbox(
        label,
        range(len(names)),
        format_func=lambda place: f"{names[place]} ({counts[place]})",
        key=key,
        on_change=changed,
        width=260,
    )


def _names(subject: Subject) -> list[str]:
    return [_(name) for name in subject.info.class_names]


def _state(key: str) -> int:
    return int(st.session_state[key])
