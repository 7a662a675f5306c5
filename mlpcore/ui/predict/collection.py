"""My digits: what a user drew and keeps, who reads it best, and what a chosen run misreads."""

from __future__ import annotations

import streamlit as st

from mlpcore import formatting
from mlpcore.figures.example_cards import MisreadDigit, misread_digits
from mlpcore.pictures.digit_collection import DrawnDigit
from mlpcore.serving.ensembles import Comparison
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.predict.collection_readers import Reading, read_by_all, show_ranking, title
from mlpcore.ui.predict.collection_shelf import PICTURE, import_field, kept_digits, prepared, shelf
from mlpcore.ui.predict.page_layout import choose_tab
from mlpcore.ui.shell.language import _, escaped, ngettext
from mlpcore.ui.shell.page_shell import sentences, show_error

MOST_MISREAD = 60
"""So many misread digits are shown, those first of whose answer the network is most sure."""


@st.fragment
def my_digits(comparison: Comparison) -> None:
    """The kept digits, and below them the ranking of the runs beside the mistakes of the chosen one."""
    with sentences():
        kept, place = kept_digits(), st.container()
        with st.container():  # stands there also when empty, so that what follows stays the same field
            if kept.revision and not kept.count:
                _invite()
        import_field(kept)
        with place:
            shelf(kept)
        if kept.digits:
            _read(comparison, kept.digits)


def _invite() -> None:
    st.write(_("Draw digits and keep them: then you see which network reads your own handwriting best."))
    if st.button(_("Draw digits"), icon=":material/draw:", on_click=choose_tab, args=("draw",)):
        st.rerun()


def _read(comparison: Comparison, digits: tuple[DrawnDigit, ...]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Who reads your digits best?"), anchor=False)
        readings, problems = read_by_all(comparison, digits)
        if not readings and not problems:
            st.info(_("No trained network reads digits yet: train one on MNIST or on the small digits."))
        chosen = show_ranking(comparison, readings) if readings else None
        for problem in problems:
            show_error(problem)
    if chosen is not None:
        with right:
            _mistakes(chosen, digits)


def _mistakes(reading: Reading, digits: tuple[DrawnDigit, ...]) -> None:
    answers = reading.answers
    wrong = answers.confident_mistakes()
    st.subheader(_("What it misreads"), anchor=False)
    if len(wrong) == 0:
        text = _("{run} reads all of your digits.").format(run=escaped(title(reading.ensemble)))
        st.success(text, icon=":material/check_circle:")
        return
    text = ngettext(
        "{run} misreads {count} digit: what you meant → what it says, with its probability.",
        "{run} misreads {count} digits: what you meant → what it says, with its probability.",
        len(wrong),
    )
    st.caption(text.format(run=escaped(title(reading.ensemble)), count=len(wrong)))
    tiles = []
    for place in wrong[:MOST_MISREAD]:
        meant, said = int(answers.labels[place]), int(answers.predicted[place])
        share = formatting.probability(float(answers.confidence[place]))
        description = _("A {label}, read as a {answer} ({percent})").format(label=meant, answer=said, percent=share)
        tiles.append(MisreadDigit(prepared(digits[place], PICTURE), f"{meant} → {said}", share, description))
    picture("predict_collection_misread", misread_digits(tiles))
    if more := len(wrong) - len(tiles):
        st.caption(ngettext("{count} more like this.", "{count} more like these.", more).format(count=more))
