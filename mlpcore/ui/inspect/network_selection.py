"""Which network is inspected: a run, one of its networks, and one of the epochs after which it was saved."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mlpcore.serving.kept_networks import KeptNetwork, kept_network
from mlpcore.store.connection import opened
from mlpcore.store.runs import Run
from mlpcore.ui.inspect import page_address
from mlpcore.ui.inspect.inspected_network import InspectedNetwork
from mlpcore.ui.shell import run_picker
from mlpcore.ui.shell.language import _

_RUN, _MEMBER, _EPOCH, _SEARCH = "inspect_run", "inspect_member", "inspect_epoch", "inspect_search"


def select_network() -> InspectedNetwork | None:
    """Offer the trained networks; the chosen one, or None where there is none, which the page says itself."""
    page_address.restore()
    with opened() as db:
        requested, problem = run_picker.requested_run(db, page_address.get("run") or None)
        text = run_picker.search_field(db, _SEARCH)
        offered = {run.id: run for run in [*run_picker.offered_runs(db, text), *([requested] if requested else [])]}
        if not offered:
            run_picker.explain_missing_runs(text)
            return None
        if problem:
            st.warning(problem, icon=":material/info:")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            run = _select_run(offered, requested)
            network = kept_network(db, run, _select_member(run))
            epoch = None if network is None else _select_epoch(run, network)
    if network is None or epoch is None:
        st.error(_("This run has no saved network: choose another one."), icon=":material/error:")
        return None
    return InspectedNetwork(run, network.member, epoch, network.files)


def _select_run(offered: Mapping[int, Run], requested: Run | None) -> Run:
    """The selection box; what is picked goes into the address, so that it can be shared and survives a reload."""
    shown: list[Run] = []

    def changed() -> None:
        picked = st.session_state[_RUN]
        page_address.forget_network()
        if offered[picked].dataset != shown[0].dataset:
            page_address.forget(page_address.ABOUT_DATASET)
        page_address.put(run=picked, member=None, epoch=None)

    run = run_picker.choose_run(offered, requested, _RUN, changed, width=460)
    shown.append(run)
    return run


def _select_member(run: Run) -> int:
    """The index of the network, for a run of several."""
    if run.members == 1:
        return 0
    st.session_state[_MEMBER] = (page_address.number("member", 1, run.members) or 1) - 1

    def changed() -> None:
        page_address.forget_network()
        page_address.put(member=st.session_state[_MEMBER] + 1, epoch=None)

    return st.selectbox(
        _("Networks"),
        range(run.members),
        format_func=lambda index: run_picker.member_name(index, run.spec),
        key=_MEMBER,
        on_change=changed,
        width=260,
    )


def _select_epoch(run: Run, network: KeptNetwork) -> int:
    """The epoch, of those after which the network was saved; at first the one whose network predicts."""
    snapshots, kept = network.files, network.epoch
    requested = page_address.number("epoch", 0, run.epochs)
    st.session_state[_EPOCH] = requested if requested in snapshots else kept
    return st.selectbox(
        _("Epoch"),
        list(snapshots),
        format_func=lambda epoch: _epoch_label(epoch, kept, max(snapshots)),
        key=_EPOCH,
        on_change=lambda: page_address.put(epoch=st.session_state[_EPOCH]),
        help=_(
            "Saved after these epochs: the untrained network, some evenly spread epochs, the best and the last one."
        ),
        width=210,
    )


def _epoch_label(epoch: int, kept: int, last: int) -> str:
    text = _("untrained") if epoch == 0 else _("Epoch {epoch}").format(epoch=epoch)
    if epoch == kept:
        return _("{epoch} (the result)").format(epoch=text)
    return _("{epoch} (the last)").format(epoch=text) if epoch == last else text
