"""The workers in one line: how many there are, and on which engine and device they train."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from gettext import NullTranslations

from mlpcore.store.liveness import Worker

_ENGINES = {"tensorflow": "TensorFlow", "jax": "JAX"}


def workers_text(workers: Iterable[Worker], texts: NullTranslations) -> str | None:
    """The workers whose engine is loaded: "2 workers: TensorFlow on the CPU"; None where there are none."""
    kinds = Counter((worker.engine, worker.device) for worker in workers if worker.engine and worker.device)
    if not kinds:
        return None
    ngettext, _ = texts.ngettext, texts.gettext
    devices = [_device_text(engine, device, texts) for engine, device in kinds if engine and device]
    count = kinds.total()
    return ngettext("{count} worker: {devices}", "{count} workers: {devices}", count).format(
        count=count, devices=", ".join(devices)
    )


def _device_text(engine: str, device: str, texts: NullTranslations) -> str:
    _ = texts.gettext
    name = _ENGINES.get(engine, engine)
    if device == "CPU":
        return _("{engine} on the CPU").format(engine=name)
    return _("{engine} on the GPU ({device})").format(engine=name, device=device)
