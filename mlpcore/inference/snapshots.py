"""The snapshot file: a network's weights with a description, in safetensors.

Tensors, all float32: `layers.{i}.kernel` (inputs, units), `layers.{i}.bias` (units,) and, for PReLU,
`layers.{i}.alpha` (units,). Metadata: format, dataset, input_shape, scale, activations, epoch, prepare, and the run and
member that the network belongs to. Files of earlier versions have no prepare, run or member.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from mlpcore.errors import SnapshotError
from mlpcore.i18n.messages import N_, Message
from mlpcore.inference.network import Layer, Network
from mlpcore.spec.choices import ACTIVATIONS, MAX_LAYERS, PREPARE, UNITS

FORMAT = "mlplab-1"
MAX_HEADER = 64 * 1024  # bytes; nine layers need 2 KB
MAX_INPUTS = 1_000_000


def save_network(path: str | Path, network: Network) -> None:
    """Write `network` to `path`: a reader finds the old file or the new one, never a part of it.

    OSError where it cannot be written; no half-written file is left.
    """
    tensors = {}
    for i, layer in enumerate(network.layers):
        tensors[f"layers.{i}.kernel"] = layer.kernel
        tensors[f"layers.{i}.bias"] = layer.bias
        if layer.alpha is not None:
            tensors[f"layers.{i}.alpha"] = layer.alpha
    metadata = {
        "format": FORMAT,
        "dataset": network.dataset,
        "input_shape": json.dumps(network.input_shape),
        "scale": json.dumps(network.scale),
        "activations": json.dumps([layer.activation for layer in network.layers]),
        "epoch": json.dumps(network.epoch),
        "prepare": network.prepare,
    }
    if network.run is not None:
        metadata["run"] = network.run
    if network.member is not None:
        metadata["member"] = json.dumps(network.member)
    arrays = {name: np.ascontiguousarray(tensor, np.float32) for name, tensor in tensors.items()}
    save_tensors(Path(path), arrays, metadata)


def save_tensors(path: Path, tensors: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> None:
    """Write C-contiguous arrays to `path`, synced to the disk; meanwhile readers find the old file or the new one.

    OSError where it cannot be written; no half-written file is left.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        save_file(dict(tensors), temporary, dict(metadata))
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except SafetensorError as error:
        raise OSError(str(error)) from error
    finally:
        temporary.unlink(missing_ok=True)


def load_network(path: str | Path) -> Network:
    """The network in the snapshot at `path`; SnapshotError unless all of it is there and fits together."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            header = int.from_bytes(file.read(8), "little")
        if not 0 < header <= MAX_HEADER:
            raise _unusable(path, N_("it is not a snapshot"))
        with safe_open(path, framework="numpy", backend="pread") as stored:
            return _read(path, stored)
    except FileNotFoundError as error:
        raise SnapshotError(
            N_("The saved network {name} is no longer there: train this run again."), name=path.name
        ) from error
    except (OSError, SafetensorError) as error:
        raise _unusable(path, N_("the file is incomplete or damaged")) from error


def _unusable(path: Path, problem: str) -> SnapshotError:
    text = N_("The saved network {name} cannot be used ({problem}): train this run again.")
    return SnapshotError(text, name=path.name, problem=Message(problem))


def _read(path: Path, stored: Any) -> Network:
    """The network in an opened file; all shapes are compared before the first weight is read."""
    description = _description(stored.metadata() or {})
    if description is None:
        raise _unusable(path, N_("its description is missing or not valid"))
    slices = {name: stored.get_slice(name) for name in stored.keys()}  # noqa: SIM118 - it is no dict
    shapes = {name: tuple(s.get_shape()) for name, s in slices.items()}
    if shapes != _expected_shapes(shapes, description) or any(s.get_dtype() != "F32" for s in slices.values()):
        raise _unusable(path, N_("its layers do not fit together"))
    weights = {name: stored.get_tensor(name) for name in shapes}
    if not all(np.isfinite(w).all() for w in weights.values()):
        raise _unusable(path, N_("its weights are not finite numbers, so the training had diverged"))
    layers = tuple(
        Layer(
            weights[f"layers.{i}.kernel"],
            weights[f"layers.{i}.bias"],
            activation,
            weights.get(f"layers.{i}.alpha"),
        )
        for i, activation in enumerate(description.activations)
    )
    return Network(
        layers,
        description.dataset,
        description.input_shape,
        description.scale,
        description.epoch,
        description.prepare,
        description.run,
        description.member,
    )


@dataclass(frozen=True)
class _Description:
    activations: tuple[str, ...]
    dataset: str
    input_shape: tuple[int, ...]
    scale: float
    epoch: int
    prepare: str
    run: str | None
    member: int | None


def _description(metadata: Mapping[str, str]) -> _Description | None:
    """The description in the metadata; None where something is missing or not valid."""
    with contextlib.suppress(KeyError, TypeError, ValueError, RecursionError):
        *hidden, last = json.loads(metadata["activations"])
        prepare, member = metadata.get("prepare", "none"), json.loads(metadata.get("member", "null"))
        shape, scale, epoch = (json.loads(metadata[key]) for key in ("input_shape", "scale", "epoch"))
        if (
            metadata["format"] == FORMAT
            and len(hidden) <= MAX_LAYERS
            and all(name in ACTIVATIONS for name in hidden)
            and last == "softmax"
            and _whole_numbers(shape)
            and 1 <= math.prod(shape) <= MAX_INPUTS
            and 0 < scale < math.inf
            and _whole_numbers([epoch, 0 if member is None else member])
            and prepare in PREPARE
            and (prepare == "none" or len(shape) == 2)
        ):
            return _Description(
                activations=(*hidden, last),
                dataset=metadata["dataset"],
                input_shape=tuple(shape),
                scale=float(scale),
                epoch=epoch,
                prepare=prepare,
                run=metadata.get("run"),
                member=member,
            )
    return None


def _whole_numbers(numbers: Sequence[Any]) -> bool:
    """Whether these are at most four whole numbers, none of them negative."""
    return len(numbers) <= 4 and all(type(n) is int and 0 <= n < 2**31 for n in numbers)


def _expected_shapes(
    stored: Mapping[str, tuple[int, ...]], description: _Description
) -> dict[str, tuple[int, ...]] | None:
    """The shapes that the layers must have, if each has as many units as its stored bias."""
    shapes: dict[str, tuple[int, ...]] = {}
    inputs = math.prod(description.input_shape)
    for i, activation in enumerate(description.activations):
        units = math.prod(stored.get(f"layers.{i}.bias", ()))
        if units not in UNITS:
            return None
        shapes[f"layers.{i}.kernel"] = (inputs, units)
        shapes[f"layers.{i}.bias"] = (units,)
        if activation == "prelu":
            shapes[f"layers.{i}.alpha"] = (units,)
        inputs = units
    return shapes
