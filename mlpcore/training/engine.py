"""TensorFlow and Keras, loaded once a process, and what they run on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Engine:
    """What trains here: `name` is Keras's backend, `device` is `CPU` or the GPU's name.

    `versions` also holds what may change the last digits of a result: the processor and oneDNN.
    """

    name: str
    device: str
    versions: dict[str, str]


@cache
def tensorflow() -> Any:
    """The TensorFlow module, set up for one worker: one thread on the CPU, GPU memory taken as needed.

    One thread is the fastest for networks this small, leaves the other cores to other workers, and adds up in
    the same order each time. `MLPCORE_THREADS` sets another number.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import tensorflow as tf  # noqa: PLC0415

    threads = int(os.environ.get("MLPCORE_THREADS") or 1)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)
    return tf


@cache
def keras() -> Any:
    """The Keras module on top of `tensorflow()`."""
    tensorflow()
    import keras  # noqa: PLC0415

    return keras


@cache
def engine() -> Engine:
    """The engine of this process; loads it, which takes seconds."""
    tf = tensorflow()
    gpus = tf.config.list_physical_devices("GPU")
    details = tf.config.experimental.get_device_details(gpus[0]) if gpus else {}
    return Engine(
        name="tensorflow",
        device=details.get("device_name", "GPU") if gpus else "CPU",
        versions={
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras().__version__,
            "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default"),
            "processor": _processor(),
        },
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
