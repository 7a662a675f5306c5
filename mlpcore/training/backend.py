"""Keras on the engine of this process, chosen by `KERAS_BACKEND` (TensorFlow unless it says JAX), and set up for it.

Importing this module loads the engine, which takes seconds. One thread per worker is fastest for networks this small,
leaves the other cores to other workers, and adds up in the same order each time; `MLPCORE_THREADS` sets another
number. On a GPU, matrix products keep single precision: shorter formats would blur the differences between runs.
"""

from __future__ import annotations

import importlib.util
import os
from typing import Any

from mlpcore.errors import TrainingError
from mlpcore.i18n.messages import N_
from mlpcore.paths import data_folder

ENGINES = ("tensorflow", "jax")


def _chosen_engine() -> str:
    name = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if name not in ENGINES:
        raise TrainingError(
            N_("KERAS_BACKEND is {name}, but the engines here are {engines}: set one of them, or unset it."),
            name=name,
            engines=", ".join(ENGINES),
        )
    if importlib.util.find_spec(name) is None:
        raise TrainingError(
            N_("The engine {name} is not installed: run pip install -r {file} and start again."),
            name=name,
            file="requirements-jax.txt" if name == "jax" else "requirements.txt",
        )
    return name


def _set_up_tensorflow(threads: int) -> Any:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf  # noqa: PLC0415

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_tensor_float_32_execution(False)
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)
    return tf


_XLA_FLAGS = (
    "--xla_gpu_deterministic_ops=true",
    # Adam's roots and divisions in the processor's widest registers and without their last digit: a quarter faster.
    "--xla_cpu_prefer_vector_width=512",
    "--xla_cpu_enable_fast_math=true",
    "--xla_cpu_fast_math_honor_nans=true",
    "--xla_cpu_fast_math_honor_infs=true",
    "--xla_cpu_fast_math_honor_division=false",
    "--xla_cpu_fast_math_honor_functions=false",
)


def _set_up_jax(threads: int) -> Any:
    os.environ["XLA_FLAGS"] = " ".join([os.environ.get("XLA_FLAGS", ""), *_XLA_FLAGS]).strip()
    os.environ.setdefault("NPROC", str(threads))  # the number of threads that XLA starts on the CPU
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    import jax  # noqa: PLC0415

    config: Any = jax.config
    config.update("jax_default_matmul_precision", "float32")
    config.update("jax_compilation_cache_dir", str(data_folder() / "jax-cache"))
    config.update("jax_persistent_cache_min_compile_time_secs", 0)
    config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    return jax


NAME = _chosen_engine()
os.environ["KERAS_BACKEND"] = NAME
module = {"tensorflow": _set_up_tensorflow, "jax": _set_up_jax}[NAME](int(os.environ.get("MLPCORE_THREADS") or 1))

import keras  # noqa: E402

__all__ = ["NAME", "device", "free_device_bytes", "gather", "keras", "module", "on_device"]


def gather(array: Any, indices: Any) -> Any:
    """The rows of `array` at `indices`, which must be valid: (n, ...) and (...) -> the indices' shape + (...)."""
    if NAME == "jax":
        return array.at[indices].get(mode="promise_in_bounds")
    return module.gather(array, indices)


def on_device(array: Any) -> Any:
    """A NumPy array as an array of the engine, on its device."""
    return module.numpy.asarray(array) if NAME == "jax" else module.constant(array)


def device() -> str:
    """What this process trains on: `CPU`, or the GPU's name."""
    if NAME == "jax":
        first = module.devices()[0]
        return "CPU" if first.platform == "cpu" else str(first.device_kind)
    gpus = module.config.list_physical_devices("GPU")
    return module.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU") if gpus else "CPU"


def free_device_bytes() -> int | None:
    """The free memory of the GPU; None where the device is the CPU or does not report it."""
    if device() == "CPU" or NAME != "jax":
        return None
    stats = module.devices()[0].memory_stats() or {}
    return stats["bytes_limit"] - stats["bytes_in_use"] if "bytes_limit" in stats else None
