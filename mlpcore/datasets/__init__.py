"""The datasets: `REGISTRY` describes them, `load` reads their arrays.

To add one, describe it in the module of its source and name it in `_SOURCES`.
"""

from __future__ import annotations

from mlpcore.datasets.archives import Archive
from mlpcore.datasets.info import Dataset, DatasetInfo, Progress, TestSet
from mlpcore.datasets.keras_datasets import FASHION_MNIST, MNIST
from mlpcore.datasets.sklearn_datasets import BREAST_CANCER, DIGITS, IRIS, WINE
from mlpcore.datasets.sklearn_tables import SklearnTable
from mlpcore.errors import DatasetError
from mlpcore.i18n.messages import N_

__all__ = [
    "REGISTRY",
    "Dataset",
    "DatasetInfo",
    "Progress",
    "TestSet",
    "available",
    "default",
    "download",
    "is_available",
    "load",
    "load_test",
]

_SOURCES: dict[str, Archive | SklearnTable] = {
    source.info.name: source for source in (DIGITS, MNIST, FASHION_MNIST, IRIS, WINE, BREAST_CANCER)
}

REGISTRY: dict[str, DatasetInfo] = {name: source.info for name, source in _SOURCES.items()}


def load(name: str) -> Dataset:
    """The dataset with all arrays checked; downloads nothing. Raises DatasetError."""
    return _source(name).load()


def load_test(name: str) -> TestSet:
    """The test part alone, which costs a fraction of `load`; downloads nothing. Raises DatasetError."""
    return _source(name).load_test()


def is_available(name: str) -> bool:
    """Whether the dataset seems to be on this machine: looks at sizes, in well under a millisecond."""
    return _source(name).is_available()


def available() -> dict[str, bool]:
    """For each dataset whether it is on this machine."""
    return {name: is_available(name) for name in REGISTRY}


def default() -> str:
    """The dataset to propose: MNIST when it is on this machine, the small digits otherwise."""
    return "mnist" if is_available("mnist") else "digits"


def download(name: str, progress: Progress | None = None, base_url: str | None = None) -> None:
    """Download the dataset unless it is on this machine, and check it; raises DatasetError.

    `progress(done_bytes, total_bytes)` is called as bytes arrive, and an exception from it ends the download;
    `base_url` replaces the publisher's address.
    """
    source = _source(name)
    if isinstance(source, Archive):
        from mlpcore.datasets import downloads  # noqa: PLC0415 - loads an HTTP client, which is seldom needed

        downloads.download(source, progress, base_url)


def _source(name: str) -> Archive | SklearnTable:
    try:
        return _SOURCES[name]
    except KeyError:
        raise DatasetError(
            N_("There is no dataset {name}: choose one of {names}."),
            name=repr(name),
            names=", ".join(_SOURCES),
        ) from None
