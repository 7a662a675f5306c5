"""Networks that were not trained, alone or saved as the snapshots of a run in the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlite_utils import Database

from mlpcore import datasets, paths
from mlpcore.datasets import DatasetInfo
from mlpcore.events import Ended, EpochEnd, Finished, Metrics, Result, Snapshot, Started
from mlpcore.i18n.messages import Message
from mlpcore.inference import Layer, Network, save_network
from mlpcore.spec import RunSpec
from mlpcore.spec.parameters import count_parameters
from mlpcore.store import metrics, queue
from tests.factory.runs import make_run, members_of, spec_of


def class_means(name: str, sharpness: float = 1.0) -> Network:
    """A network without hidden layers that predicts the class with the nearest mean: right for most digits."""
    data = datasets.load(name)
    inputs = data.train_inputs.reshape(len(data.train_inputs), -1) / np.float32(data.info.scale)
    means = np.stack([inputs[data.train_labels == label].mean(axis=0) for label in range(data.info.classes)])
    kernel, bias = 2 * sharpness * means.T, -sharpness * (means**2).sum(axis=1)
    return _network(data.info, kernel, bias)


def constant(name: str, probabilities: list[float]) -> Network:
    """A network that predicts these probabilities for every input."""
    info = datasets.REGISTRY[name]
    return _network(info, np.zeros((info.inputs, info.classes)), np.log(probabilities))


def _network(info: DatasetInfo, kernel: Any, bias: Any) -> Network:
    layer = Layer(kernel.astype(np.float32), bias.astype(np.float32), "softmax")
    return Network((layer,), info.name, info.input_shape, info.scale, 1)


def make_run_of_network(
    db: Database,
    network: Network,
    *,
    status: str = "finished",
    accuracy: float = 0.9,
    folder: Path | None = None,
    **spec: Any,
) -> int:
    """A run of one epoch whose snapshot is this network: finished, stopped, or still running; its id.

    `folder` is the data folder, where it is not the one that this process uses.
    """
    claim = queue.enqueue_and_claim(
        db, spec_of(**{"dataset": network.dataset, "hidden": [], "epochs": 1, **spec}), "worker-1"
    )
    snapshot = Snapshot(1, f"models/run-{claim.run}/epoch-0001.safetensors")
    write_network(snapshot.file, network, folder)
    means = Metrics(0.3, accuracy, 0.3, accuracy)
    metrics.record(
        db, claim, Started("CPU", "tensorflow", {}, count_parameters(claim.spec), 10, members_of(claim.spec))
    )
    metrics.record(db, claim, EpochEnd(1, (means,), 0.7, 0.001, snapshots=(snapshot,)))
    if status == "finished":
        metrics.record(db, claim, Finished((Result(0.3, accuracy, 1, snapshot.file, snapshot),)))
    elif status != "running":
        metrics.record(db, claim, Ended(status, Message("Stopped by hand.")))
    return claim.run


def make_run_saved_after(
    db: Database,
    *saved: Collection[int],
    accuracies: Sequence[float],
    status: str = "running",
    kept: Sequence[int] = (),
    diverged: int | None = None,
    network_after: Callable[[int], Network] | None = None,
    **spec: Any,
) -> int:
    """A run with one member for each of `saved`, the epochs after which the member was saved; its id.

    `accuracies` are those of its epochs, the same for all members. A finished run has the epoch that each member keeps
    in `kept`; a member `diverged` does so in the second epoch. The files are written where `network_after` gives the
    network after an epoch.
    """
    claim = queue.enqueue_and_claim(
        db, spec_of(**{"repeats": len(saved), "epochs": len(accuracies), **spec}), "worker-1"
    )

    def snapshot(epoch: int, member: int) -> Snapshot:
        file = snapshot_file(claim.run, epoch, member)
        if network_after is not None:
            write_network(file, network_after(epoch))
        return Snapshot(epoch, file, member)

    def snapshots(epoch: int) -> tuple[Snapshot, ...]:
        return tuple(snapshot(epoch, member) for member, epochs in enumerate(saved) if epoch in epochs)

    parameters = count_parameters(claim.spec)
    networks = members_of(claim.spec)
    metrics.record(db, claim, Started("CPU", "tensorflow", {}, parameters, 10, networks, snapshots=snapshots(0)))
    for epoch, accuracy in enumerate(accuracies, start=1):
        means = Metrics(0.3, accuracy, 0.3, accuracy)
        members = tuple(None if member == diverged and epoch > 1 else means for member in range(len(saved)))
        metrics.record(db, claim, EpochEnd(epoch, members, 0.7, 0.001, snapshots=snapshots(epoch)))
    if status == "finished":
        results = [
            None if member == diverged else Result(0.3, 0.8, epoch, "", snapshot(epoch, member))
            for member, epoch in enumerate(kept)
        ]
        metrics.record(db, claim, Finished(tuple(results)))
    elif status != "running":
        metrics.record(db, claim, Ended(status, Message("Stopped by hand.")))
    return claim.run


def snapshot_file(run_id: int, epoch: int, member: int = 0) -> str:
    """The file of a snapshot, relative to the data folder."""
    return f"models/run-{run_id}/epoch-{epoch:04}-{member + 1:03}.safetensors"


def write_network(file: str, network: Network, folder: Path | None = None) -> None:
    """Write a network into a file of the data folder (of `folder`, where that is another)."""
    path = (folder or paths.data_folder()) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    save_network(path, network)


def random_network(spec: RunSpec, epoch: int, member: int = 0) -> Network:
    """A network of the shape of a spec with random weights, which change a little with each epoch."""
    rng = np.random.default_rng([spec.seed, member])
    layers = []
    units = spec.info.inputs
    hidden = [(layer.units, layer.activation) for layer in spec.hidden]
    for outputs, activation in [*hidden, (spec.info.classes, "softmax")]:
        start, direction = rng.normal(0, np.sqrt(2 / units), (2, units, outputs))
        bias = 0.05 * epoch * rng.normal(size=outputs)
        alpha = np.full(outputs, 0.2, np.float32) if activation == "prelu" else None
        kernel = (start + 0.1 * epoch * direction).astype(np.float32)
        layers.append(Layer(kernel, bias.astype(np.float32), activation, alpha))
        units = outputs
    return Network(tuple(layers), spec.dataset, spec.info.input_shape, spec.info.scale, epoch, spec.prepare)


def make_run_with_networks(
    db: Database, *, kept: Sequence[int] = (0, 1, 2), status: str = "finished", folder: Path | None = None, **spec: Any
) -> int:
    """A run that keeps the networks of these epochs, of each of its members; its id. They are random, not trained.

    `folder` is the data folder, where it is not the one that this process uses.
    """
    complete = spec_of(**{"dataset": "digits", "epochs": 2, **spec})
    run_id = make_run(db, complete, status=status)
    for member in range(complete.members):
        for epoch in kept:
            file = snapshot_file(run_id, epoch, member)
            write_network(file, random_network(complete, epoch, member), folder)
            row = {"run": run_id, "member": member, "epoch": epoch, "file": file}
            db["snapshots"].insert(row, replace=True)
    return run_id
