"""Which network is looked at: a run, one of its networks, and one of the epochs that are kept."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mlpcore.serving.kept_networks import KeptNetwork, kept_network
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell import run_picker
from mlpcore.ui.shell.language import _

_RUN, _MEMBER, _EPOCH, _SEARCH = "inspect_run", "inspect_member", "inspect_epoch", "inspect_search"


def pick() -> Subject | None:
    """Offer the trained networks; the chosen one, or None where there is none, which the page says itself."""
    address.restore()
    with opened() as db:
        asked, problem = run_picker.asked_for(db, address.get("run") or None)
        text = run_picker.search(db, _SEARCH)
        offered = {run.id: run for run in [*run_picker.offered(db, text), *([asked] if asked else [])]}
        if not offered:
            run_picker.say_that_there_is_none(text)
            return None
        if problem:
            st.warning(problem, icon=":material/info:")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            run = _run(offered, asked)
            network = kept_network(db, run, _member(run))
            epoch = None if network is None else _epoch(run, network)
    if network is None or epoch is None:
        st.error(_("This run has no saved network: choose another one."), icon=":material/error:")
        return None
    return Subject(run, network.member, epoch, network.files)


def _run(offered: Mapping[int, Run], asked: Run | None) -> Run:
    """The selection box; what is picked goes into the address, so that it can be shared and survives a reload."""
    return run_picker.choose(
        offered,
        asked,
        _RUN,
        lambda: address.put(run=st.session_state[_RUN], member=None, epoch=None, unit=None),
        width=460,
    )


def _member(run: Run) -> int:
    """The index of the network, for a run of several."""
    if run.members == 1:
        return 0
    st.session_state[_MEMBER] = (address.number("member", 1, run.members) or 1) - 1
    return st.selectbox(
        _("Networks"),
        range(run.members),
        format_func=lambda index: run_picker.member_name(index, run.spec),
        key=_MEMBER,
        on_change=lambda: address.put(member=st.session_state[_MEMBER] + 1, epoch=None, unit=None),
        width=260,
    )


def _epoch(run: Run, network: KeptNetwork) -> int:
    """The epoch, of those whose network is kept."""
    files, kept = network.files, network.epoch
    asked = address.number("epoch", 0, run.epochs)
    st.session_state[_EPOCH] = asked if asked in files else kept
    return st.selectbox(
        _("Epoch"),
        list(files),
        format_func=lambda epoch: _epoch_label(epoch, kept, max(files)),
        key=_EPOCH,
        on_change=lambda: address.put(epoch=st.session_state[_EPOCH]),
        help=_(
            "Behind these epochs the network was saved: the untrained one, some evenly spread ones, the best and the"
            " last."
        ),
        width=210,
    )


def _epoch_label(epoch: int, kept: int, last: int) -> str:
    text = _("untrained") if epoch == 0 else _("Epoch {epoch}").format(epoch=epoch)
    if epoch == kept:
        return _("{epoch} (the result)").format(epoch=text)
    return _("{epoch} (the last)").format(epoch=text) if epoch == last else text
