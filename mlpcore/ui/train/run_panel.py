"""A run during and after its training: progress, learning curves, the result, and the buttons for it.

A run of several networks is shown as their mean and spread, or one of them alone.
"""

from __future__ import annotations

import time
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpcore.live.curve_rows import COLUMNS, DEVIATIONS, best_epoch
from mlpcore.live.run_progress import progress_of, queue_state
from mlpcore.store import members, metrics, runs
from mlpcore.store.connection import Database, opened
from mlpcore.store.members import MemberRow
from mlpcore.store.runs import Run
from mlpcore.ui.components.learning_curves import Stream, live_chart
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, escaped, ngettext, paragraph, rendered, texts
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.tick_budget import BUDGET, measured_tick, note_tick
from mlpcore.ui.train import current_run, member_results, reference_run, run_actions, run_details, run_result

_TICK_SECONDS = 0.5
"""The shortest time between two ticks, where the browser cannot follow the run's stream."""
_CURVES = "run_panel.curves"
_CHART = "live"

Columns = dict[str, list[float | None]]
"""The epochs of a run: a list for each of `COLUMNS`, and of `DEVIATIONS` where they are means of several networks."""


def draw_run_panel(run: Run) -> None:
    """Draw the panel of a run."""
    run_actions.draw_run_buttons(run)
    if run.trashed_at is not None:
        st.info(_("This run is in the trash. You can restore it on the leaderboard."), icon=":material/delete:")
    if run.problem is not None:
        st.error(escaped(rendered(run.problem)), icon=":material/error:")
    member = current_run.draw_network_picker(run) if run.problem is None else None
    has_result = run.ended and (run.problem is None or run.failure not in (None, run.problem))
    above_curves = st.container()
    st.fragment(_live)(run.id, member, following=not run.ended)
    if run.problem is None and member is None:
        with opened() as db:
            reference_run.draw_reference_picker(db, run)
    if has_result:
        # On a phone, the curves fill the screen: below them, nobody would see how the run ended.
        _draw_result(run, member, above_curves if on_phone() else st.container())
    if run.members > 1 and run.epoch and run.problem is None:
        member_results.draw_member_table(run, member)
    run_details.draw_details(run, member)


@sentences()
def _live(run_id: int, member: int | None, following: bool) -> None:
    """Draw the run as it is now; the browser follows it from here on, and causes another run of this where it must."""
    with measured_tick(_CHART):
        ended = _draw_live(run_id, member)
    if following and ended:
        st.rerun()


def _draw_live(run_id: int, member: int | None) -> bool:
    """Draw progress and curves; whether the run has ended."""
    with opened() as db:
        run = runs.find(db, run_id)
        if run is None:  # deleted permanently in the meantime
            st.rerun()
        columns = curves_of(db, run, member)
        reference = reference_run.reference_curve(db, run, member)
        networks = members.members(db, run.id)
        progress = progress_of(run, texts(), time.time(), queue_state(db, run))
    best = run.best_epoch if member is None else best_epoch(columns)
    stream = Stream(run.ended, BUDGET.seconds(_TICK_SECONDS), lambda: note_tick(_CHART), redraw=run.members > 1)
    live_chart(
        _CHART,
        str(run.id),
        columns,
        member=member,
        best_epoch=best,
        reference=reference,
        progress=progress,
        stream=stream,
        height=340,
    )
    if len(networks) > 1 and member is None and run.epoch:
        st.caption(band_text(networks))
    elif networks and member is not None and not run.ended:
        member_results.draw_member_sentence(run, networks[member])
    return run.ended


def _draw_result(run: Run, member: int | None, sentence: DeltaGenerator) -> None:
    """Draw how the run ended, or the network `member` of it: the sentence in its container, then the figures."""
    with opened() as db:
        networks = members.members(db, run.id)
    if member is not None and networks:
        with sentence:
            member_results.draw_member_sentence(run, networks[member])
        member_results.draw_member_figures(run, networks[member])
    else:
        with sentence:
            run_result.draw_run_sentence(run, networks)
        run_result.draw_run_figures(run)


def curves_of(db: Database, run: Run, member: int | None = None) -> Columns:
    """All epochs of a run (its means), or of one of its networks; only those not yet seen in this session are read."""
    known_key, known = st.session_state.get(_CURVES, (None, None))
    if known_key != (run.id, member):
        names = (*COLUMNS, *DEVIATIONS) if run.members > 1 and member is None else COLUMNS
        known = {name: [] for name in names}
        st.session_state[_CURVES] = (run.id, member), known
    last = int(known["epoch"][-1]) if known["epoch"] else 0
    for row in metrics.epochs_after(db, run.id, after=last, member=member):
        for name, values in known.items():
            values.append(row[name])
    return cast(Columns, known)


def band_text(networks: list[MemberRow]) -> str:
    """What the lines and bands of several networks mean."""
    lost = sum(network.status == "diverged" for network in networks)
    text = _(
        "Lines: the mean of {count} networks. Bands: one standard deviation above and below, about as far as a single"
        " network lies from the mean."
    ).format(count=len(networks) - lost)
    if lost:
        more = ngettext(
            "{count} network that diverged is left out.", "{count} networks that diverged are left out.", lost
        )
        text = paragraph(text, more.format(count=lost))
    return text
