"""Whether a saved network fits the dataset whose examples it is to be shown."""

from __future__ import annotations

from pathlib import Path

from mlpcore.datasets import DatasetInfo
from mlpcore.errors import SnapshotError
from mlpcore.i18n.messages import N_, Message
from mlpcore.inference.network import Network
from mlpcore.inference.snapshots import load_network


def load_fitting(path: Path, info: DatasetInfo) -> Network:
    """The network in a snapshot; SnapshotError where it is missing, damaged, or of a dataset of another shape."""
    return fitting(load_network(path), path, info)


def fitting(network: Network, path: Path, info: DatasetInfo) -> Network:
    """The network itself, read from `path`; SnapshotError where it takes other inputs or knows other classes."""
    if (network.input_shape, len(network.layers[-1].bias)) != (info.input_shape, info.classes):
        raise SnapshotError(
            N_("The saved network {name} does not fit {label}: train this run again."),
            name=path.name,
            label=Message(info.label),
        )
    return network
