"""Why runs ended without a result, and the end of their logs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _, escaped, rendered

_ICONS = {"failed": ":material/error:", "diverged": ":material/trending_up:", "stopped": ":material/stop_circle:"}


def reasons(runs: Sequence[Run]) -> None:
    """For each run that stopped, diverged or failed: the reason, and the log where one was kept."""
    for run in runs:
        if run.status not in _ICONS or run.failure is None:
            continue
        text = f"**{escaped(run.title)}** · {escaped(rendered(run.failure))}"
        show = st.warning if run.status == "stopped" else st.error
        show(text, icon=_ICONS[run.status])
        if run.log:
            with st.expander(_("The log's end"), icon=":material/terminal:"):
                st.code(run.log, language=None, wrap_lines=True, height=240)
