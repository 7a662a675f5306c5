"""What a page follows without running its script: the line about the workers, and whether runs have changed.

All followers on a page share one stream. Where none passes, they ask for snapshots; where these fail, they let the
script run now and then.
"""

from __future__ import annotations

import streamlit as st

from mlpcore.store.runs import Run
from mlpcore.ui.components.loader import component
from mlpcore.ui.shell.language import language
from mlpcore.ui.shell.tick_budget import BUDGET, note_tick

_follower = component("overview_stream")
_CHANGED = "overview_stream.changed"

_MIN_SECONDS = 2.0


def workers_line(key: str, text: str) -> None:
    """Show a line about the workers, `text` until the stream says another."""
    _follow(key, "workers", text, None)


def follow_run(key: str, run: Run) -> None:
    """Run the fragment that draws this again when the run has another epoch or has ended.

    That is at most every two seconds, and less often where many sessions do so: the fragment draws in a block of
    `measured_tick` with the same key.
    """
    _follow(key, "run", f"{run.status[0]}{run.epoch}", run.id)


def follow_runs(key: str, token: str) -> None:
    """Run the page that draws this again when `leaderboard.progress_token` is no longer `token`; see `follow_run`."""
    _follow(key, "runs", token, None)


def caused_this_run() -> bool:
    """Whether the stream, and no visitor, caused this run of the page; true once."""
    return bool(st.session_state.pop(_CHANGED, False))


def _follow(key: str, what: str, drawn: str, run: int | None) -> None:
    seconds = BUDGET.seconds(_MIN_SECONDS)
    data = {"what": what, "lang": language(), "drawn": drawn, "run": run, "seconds": seconds}

    def changed() -> None:
        st.session_state[_CHANGED] = True
        note_tick(key)

    _follower(key=key, data=data, on_changed_change=changed)
