"""The form and the shown run in the page's address: read when it comes from outside, written when they change."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mlpcore import datasets
from mlpcore.spec import RunSpec
from mlpcore.ui.shell import page_shell
from mlpcore.ui.shell.language import _, escaped, language, rendered
from mlpcore.ui.train.form import address, values

RUN, MEMBER = "run", "member"
_WRITTEN, _SENTENCES, _OURS = "mirror.written", "mirror.sentences", (*address.KEYS, RUN, MEMBER)


def read(shown: Mapping[str, str], pressed: bool) -> bool:
    """Fill the form from the address where that is due; whether the address came from outside.

    That is so at the first run of a session, behind a link from another page, and after the browser's Back. A
    browser that changed the form, or in which a button was `pressed`, may also report an older address, because it
    has not received the new one yet: it does not count. `shown` is what the address says of the run that is shown.
    """
    params = _ours(st.query_params.to_dict())
    if not values.filled():
        _fill(params)
        return True
    if page_shell.arrived():
        if has_settings():
            _fill(params)
        return RUN in params
    written, state = st.session_state.get(_WRITTEN, (params, None))
    if params == written or pressed or state != _state(shown):
        return False
    _fill(params)
    return True


def run_text() -> str | None:
    """What the address gives as the run to show."""
    return st.query_params.get(RUN)


def member_text() -> str | None:
    """What the address gives as the network of that run."""
    return st.query_params.get(MEMBER)


def has_settings() -> bool:
    """Whether the address gives any setting."""
    return any(name in address.KEYS for name in st.query_params)


def write(spec: RunSpec | None, shown: Mapping[str, str]) -> None:
    """Let the address say what the form holds and the panel shows; a form with an error leaves its part as it was."""
    present = st.query_params.to_dict()
    if spec is None:
        settings = {name: text for name, text in present.items() if name in address.KEYS}
    else:
        settings = address.to_params(spec, datasets.default())
        if st.session_state.get(_SENTENCES, (spec, ()))[0] != spec:
            del st.session_state[_SENTENCES]
    ours = {**settings, **shown}
    others = {name: text for name, text in present.items() if name not in _OURS}
    if present != others | ours:
        st.query_params.from_dict(others | ours)
    st.session_state[_WRITTEN] = ours, _state(shown)


def show_sentences() -> None:
    """What was wrong in the address, until the form is changed."""
    _spec, sentences = st.session_state.get(_SENTENCES, (None, ()))
    if sentences:
        lines = "\n".join(f"- {escaped(rendered(sentence))}" for sentence in sentences)
        intro = _("The link asked for something that is not possible; defaults stand instead:")
        st.warning(f"{intro}\n\n{lines}")


def _state(shown: Mapping[str, str]) -> tuple[object, ...]:
    return values.snapshot(), dict(shown), language()


def _fill(params: Mapping[str, str]) -> None:
    spec, sentences = address.to_spec(params, datasets.default())
    values.fill(spec)
    st.session_state[_SENTENCES] = spec, tuple(sentences)


def _ours(params: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in params.items() if name in _OURS}
