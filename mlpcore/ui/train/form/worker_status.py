"""The workers that train what the form describes, with their engine and device."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from mlpcore.machine import worker_count
from mlpcore.store import liveness
from mlpcore.store.connection import opened
from mlpcore.store.liveness import Worker
from mlpcore.ui.shell.language import _, escaped, ngettext
from mlpcore.ui.shell.page_shell import sentences

_TICK_SECONDS = 2.0
_ENGINES = {"tensorflow": "TensorFlow", "jax": "JAX"}


def draw_worker_status() -> None:
    """A small line about the workers; while the first ones start, it is updated every few seconds."""
    with opened() as db:
        ready = workers_text(liveness.workers(db))
    starting = ready is None and worker_count() > 0
    st.fragment(_line, run_every=_TICK_SECONDS if starting else None)(starting)


@sentences()
def _line(starting: bool) -> None:
    with opened() as db:
        ready = workers_text(liveness.workers(db))
    if ready is not None:
        st.caption(escaped(ready))
    if starting and ready is not None:
        st.rerun()


def workers_text(workers: list[Worker]) -> str | None:
    """The workers whose engine is loaded: "2 workers: TensorFlow on the CPU"; None where there are none."""
    kinds = Counter((worker.engine, worker.device) for worker in workers if worker.engine and worker.device)
    if not kinds:
        return None
    devices = [_device_text(engine, device) for engine, device in kinds if engine and device]
    count = kinds.total()
    return ngettext("{count} worker: {devices}", "{count} workers: {devices}", count).format(
        count=count, devices=", ".join(devices)
    )


def _device_text(engine: str, device: str) -> str:
    name = _ENGINES.get(engine, engine)
    if device == "CPU":
        return _("{engine} on the CPU").format(engine=name)
    return _("{engine} on the GPU ({device})").format(engine=name, device=device)
