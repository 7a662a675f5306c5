"""A run during and after its training: progress, learning curves, the result, and the buttons for it.

A run of several networks is shown as their mean and spread, or one of them alone.
"""

from __future__ import annotations

import time
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpcore import formatting
from mlpcore.spec.choices import STATUSES
from mlpcore.store import liveness, members, metrics, queue, runs
from mlpcore.store.connection import Database, opened
from mlpcore.store.members import MemberRow
from mlpcore.store.runs import Run
from mlpcore.ui.components.learning_curves import Curve, Progress, live_chart
from mlpcore.ui.components.learning_curves.row_updates import COLUMNS, DEVIATIONS
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, escaped, language, ngettext, paragraph, rendered
from mlpcore.ui.shell.page_shell import rerun_page, sentences
from mlpcore.ui.train import current_run, member_results, run_actions, run_details, run_result

TICK_SECONDS = 0.4
"""How often the state of a run is read until it has ended."""
_CURVES, _REFERENCE = "run_panel.curves", "run_panel.reference"
_SILENT_SECONDS = 10.0
_NO_WORKER_SECONDS = 30.0

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
    st.fragment(_live, run_every=None if run.ended else TICK_SECONDS)(run.id, member, ticking=not run.ended)
    if has_result:
        # On a phone, the curves fill the screen: below them, nobody would see how the run ended.
        _draw_result(run, member, above_curves if on_phone() else st.container())
    if run.members > 1 and run.epoch and run.problem is None:
        member_results.draw_member_table(run, member)
    run_details.draw_details(run, member)


@sentences()
def _live(run_id: int, member: int | None, ticking: bool) -> None:
    with opened() as db:
        run = runs.find(db, run_id)
        if run is None:  # deleted permanently in the meantime
            rerun_page()
        columns = curves_of(db, run, member)
        reference = reference_curve(db, run, member)
        networks = members.members(db, run.id)
        progress = progress_of(run, time.time(), *_queue(db, run))
    best = run.best_epoch if member is None else best_epoch(columns)
    live_chart(
        "live", str(run.id), columns, member=member, best_epoch=best, reference=reference, progress=progress, height=340
    )
    if len(networks) > 1 and member is None and run.epoch:
        st.caption(band_text(networks))
    elif networks and member is not None and not run.ended:
        member_results.draw_member_sentence(run, networks[member])
    if ticking and run.ended:
        rerun_page()


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


def best_epoch(columns: Columns) -> int | None:
    """The epoch with the highest validation accuracy (training accuracy where nothing validates).

    Of equals it is the one with the lower loss, then the earliest, as in the store.
    """
    prefix = "val_" if any(value is not None for value in columns["val_accuracy"]) else ""
    rows = zip(columns[f"{prefix}accuracy"], columns[f"{prefix}loss"], columns["epoch"], strict=True)
    ranked = [
        (-accuracy, float("inf") if loss is None else loss, epoch)
        for accuracy, loss, epoch in rows
        if accuracy is not None and epoch is not None
    ]
    return int(min(ranked)[2]) if ranked else None


def reference_curve(db: Database, run: Run, member: int | None = None) -> Curve | None:
    """The curve that is drawn faintly for comparison; it is read once in a session.

    For a run that is the run before it on the same dataset, to see whether the change helped. For one network of an
    ended run it is the mean of all; while the run goes on, when the mean still grows, there is none.
    """
    key = (run.id,) if member is None else (run.id, member, run.ended, language())
    known_key, known = st.session_state.get(_REFERENCE, (None, None))
    if known_key != key:
        known = _previous_curve(db, run) if member is None else _mean(db, run)
        st.session_state[_REFERENCE] = key, known
    return cast("Curve | None", known)


def _previous_curve(db: Database, run: Run) -> Curve | None:
    before = runs.previous(db, run)
    return None if before is None else _curve(db, before, before.title)


def _mean(db: Database, run: Run) -> Curve | None:
    return _curve(db, run, _("Mean of all networks")) if run.ended else None


def _curve(db: Database, run: Run, name: str) -> Curve:
    rows = metrics.epochs_after(db, run.id)
    return Curve(str(run.id), name, {name: [row[name] for row in rows] for name in COLUMNS})


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


def _queue(db: Database, run: Run) -> tuple[int, list[liveness.Worker]]:
    if run.status != "queued":
        return 0, []
    return queue.waiting_before(db, run.id), liveness.workers(db)


def progress_of(run: Run, now: float, before: int = 0, workers: list[liveness.Worker] | None = None) -> Progress:
    """What the strip above the curves says; `before` runs wait before a queued one, for these workers."""
    if run.status == "queued":
        return Progress("queued", waiting_text(run, now, before, workers or []))
    if run.ended:
        return Progress(run.status, _(STATUSES[run.status]), run.epoch, run.epochs)
    if run.epoch >= run.epochs:
        return Progress("running", _("Testing …"), run.epochs, run.epochs, run.steps, run.steps)
    status, left = _running_text(run, now), time_left(run, now)
    return Progress("running", status, run.epoch + 1, run.epochs, run.step, run.steps, run.running_loss, left)


def waiting_text(run: Run, now: float, before: int, workers: list[liveness.Worker]) -> str:
    """Why a queued run does not train yet."""
    if not workers:
        if now - run.created_at < _NO_WORKER_SECONDS:
            return _("A worker is starting …")
        return _("There is no worker: start one with python -m mlpcore worker")
    if all(worker.status == "starting" for worker in workers):
        return _("A worker is starting, which takes a few seconds …")
    if before:
        return ngettext("Waiting: {count} run comes first", "Waiting: {count} runs come first", before).format(
            count=before
        )
    return _("Waiting for a free worker …")


def _running_text(run: Run, now: float) -> str:
    if run.cancel_requested:
        return _("Stopping …")
    if run.progress_at is not None and now - run.progress_at > _SILENT_SECONDS:
        seconds = formatting.count(round(now - run.progress_at))
        return _(
            "No progress for {seconds} s: the machine is busy, or the worker has ended and another one will continue"
        ).format(seconds=seconds)
    if run.step == 0 and run.epoch == 0:
        return _("Preparing …")
    return _(STATUSES[run.status])


def time_left(run: Run, now: float) -> float | None:
    """About how many seconds the training still takes; None before anything is known."""
    within = run.step / run.steps if run.steps else 0.0
    if run.epoch:
        each = run.seconds / run.epoch
    elif within > 0.05 and run.started_at is not None:
        each = (now - run.started_at) / within
    else:
        return None
    return max(0.0, (run.epochs - run.epoch - within) * each)
