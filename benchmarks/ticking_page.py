"""The way in which watchers followed a training before event streams, for comparison: a fragment that runs again.

The run is in the address. What arrives is as little as possible: the number of the last epoch, and the new rows.
"""

import streamlit as st

from mlpcore.i18n.catalogues import translations
from mlpcore.live.run_progress import progress_of, queue_state
from mlpcore.store import metrics, runs
from mlpcore.store.connection import opened

TICK_SECONDS = 0.4


@st.fragment(run_every=TICK_SECONDS)
def follow() -> None:
    with opened() as db:
        run = runs.get(db, int(st.query_params["run"]))
        after = st.session_state.get("after", 0)
        rows = metrics.epochs_after(db, run.id, after)
        progress = progress_of(run, translations("en"), run.progress_at or 0.0, queue_state(db, run))
    st.session_state["after"] = run.epoch
    st.json({"epoch": run.epoch, "progress": progress.status, "step": progress.step, "rows": rows})


follow()
