"""`python -m mlpcore predict RUN FILE...`: what a run's networks predict for pictures and drawn digits."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore import datasets, formatting
from mlpcore.cli import UsageError
from mlpcore.cli.output import Output, in_terminal, printable
from mlpcore.datasets import DatasetInfo
from mlpcore.errors import MLPLabError, PictureError, SnapshotError, UnusableRunError
from mlpcore.inference import Network
from mlpcore.pictures import prepare, read_picture
from mlpcore.pictures.clothing import read_clothing
from mlpcore.pictures.decode import MAX_FILE_BYTES
from mlpcore.pictures.digit_collection import read_collection
from mlpcore.serving.ensemble_prediction import mean_probabilities
from mlpcore.serving.ensembles import ensemble_of, load_ensemble
from mlpcore.store import runs
from mlpcore.store.connection import opened


@dataclass(frozen=True)
class Item:
    """Something to classify: `inputs` of the networks' input_shape, the file it is from, and its label if it has one.

    `number` counts the digits of one file, from 1 on; None for a picture.
    """

    file: str
    number: int | None
    inputs: NDArray[np.float32]
    label: int | None = None


def predict(run_id: int, files: Sequence[str], as_json: bool) -> int:
    """Write a line for each picture and each digit in `files`; the exit status.

    Each picture and each network that cannot be read is reported on standard error, and the others are used; the status
    is 2 then. Raises `RunNotFoundError`, `SnapshotError` where the run has no network, `UsageError` where it reads no
    pictures.
    """
    info, networks, problems = _networks(run_id)
    for problem in problems:
        print(problem, file=sys.stderr)
    out, complete = Output(), not problems
    lines = _JsonLines(out) if as_json else _Lines(out, info.class_names)
    for file in files:
        for item in _items(file, info):
            if isinstance(item, str):
                print(item, file=sys.stderr)
                complete = False
            else:
                lines.write(item, mean_probabilities(networks, item.inputs[None])[0])
    lines.end()
    return (0 if out.complete else 1) if complete else 2


def _networks(run_id: int) -> tuple[DatasetInfo, Sequence[Network], Sequence[MLPLabError]]:
    """The dataset of a run, the networks that predict, and why others of the run cannot."""
    with opened() as db:
        run = runs.get(db, run_id)
        if run.problem is not None:
            raise UnusableRunError(run.problem)
        ensemble = ensemble_of(db, run)
    info = datasets.REGISTRY.get(run.dataset)
    if info is None or info.kind != "image":
        text = "Run {run} was trained on {label}: it reads no pictures. Choose one that was trained on images."
        raise UsageError(text, run=run_id, label=run.dataset if info is None else info.label)
    if ensemble is None:
        raise SnapshotError("Run {run} has no trained network: choose another one.", run=run_id)
    loaded = load_ensemble(ensemble)
    return info, loaded.kept, loaded.problems


def _items(file: str, info: DatasetInfo) -> Iterator[Item | str]:
    """The picture of a file, or its digits one by one; a sentence for each that cannot be read."""
    name = printable(file)
    try:
        data = _bytes(file)
        if not (file.lower().endswith(".json") or data.lstrip()[:1] in (b"{", b"[")):
            yield Item(name, None, _picture(data, info))
            return
        if not info.draws_digits:
            text = "These are drawn digits, but the run was trained on {label}: choose pictures instead."
            raise PictureError(text, label=info.label)
        collection = read_collection(data)
        for digit in collection.digits:
            yield Item(name, digit.number, prepare(digit.strokes, info.input_shape).inputs, digit.label)
        yield from (f"{name}: {problem}" for problem in collection.problems)
    except PictureError as error:
        yield f"{name}: {error}"


def _bytes(file: str) -> bytes:
    """The content of a file, at most one byte more than `MAX_FILE_BYTES`."""
    try:
        with Path(file).open("rb") as opened_file:
            return opened_file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PictureError("The file cannot be read: {reason}.", reason=reason) from error


def _picture(data: bytes, info: DatasetInfo) -> NDArray[np.float32]:
    if info.draws_digits:
        return prepare(read_picture(data), info.input_shape).inputs
    return read_clothing(data, info.input_shape).inputs


class _Lines:
    """Lines for people: file and number, the predicted class, and whether it is right; at the end the accuracy."""

    def __init__(self, out: Output, names: Sequence[str]) -> None:
        self._out, self._names = out, names
        self._correct: list[bool] = []

    def write(self, item: Item, probabilities: NDArray[np.float32]) -> None:
        predicted = int(probabilities.argmax())
        source = item.file if item.number is None else f"{item.file} {item.number}"
        probability = in_terminal(formatting.probability(float(probabilities[predicted])))
        line = f"{source}: {self._names[predicted]} ({probability})"
        if item.label is not None:
            self._correct.append(predicted == item.label)
            line += ", right" if self._correct[-1] else f", wrong: the label is {item.label}"
        self._out.line(line)

    def end(self) -> None:
        if self._correct:
            correct, count = sum(self._correct), len(self._correct)
            accuracy = in_terminal(formatting.percent(correct / count))
            self._out.line(f"{correct} of {count} labelled digits right ({accuracy})")


class _JsonLines:
    """One JSON object per line for scripts: class, probabilities, and the label where there is one."""

    def __init__(self, out: Output) -> None:
        self._out = out

    def write(self, item: Item, probabilities: NDArray[np.float32]) -> None:
        value: dict[str, Any] = {"class": int(probabilities.argmax()), "probabilities": probabilities.tolist()}
        self._out.json(value if item.label is None else value | {"label": item.label})

    def end(self) -> None:
        """Write nothing more: standard output holds the objects only."""
