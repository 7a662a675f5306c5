"""A training on a full disk: it waits for room and goes on to the same bits, without what it can do without."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mlpcore.errors import DiskFullError
from mlpcore.events import Ended, EpochEnd, Event, Finished, Started, Waiting
from mlpcore.inference import snapshots
from mlpcore.spec import RunSpec
from mlpcore.store import metrics, queue, runs
from mlpcore.store.connection import StoreLink, opened
from mlpcore.training import train
from mlpcore.training.run_files import Checkpoint, RunFiles
from mlpcore.workers.lease import RunGuard
from mlpcore.workers.run_training import run_training
from tests.factory.trainings import SMALL, bits, ends, epochs, trained
from tests.full_disk import small_disk

pytestmark = pytest.mark.slow

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings try again at once, and save a checkpoint after every epoch."""
    monkeypatch.setattr("mlpcore.training.loop.ROOM_SECONDS", 0)
    monkeypatch.setattr("mlpcore.training.loop.CHECKPOINT_SECONDS", 0)
    monkeypatch.setattr("mlpcore.training.loop.CHECKPOINT_SHARE", 1e9)
    monkeypatch.setattr("mlpcore.workers.run_training.RETRY_SECONDS", 0)


def fails_at_first(write: Callable[..., Any], times: int = 2) -> Callable[..., Any]:
    """`write`, which finds the disk full when it first writes a file, this many times for each file."""
    tried: dict[str, int] = {}

    def written(*arguments: Any, **options: Any) -> Any:
        (path,) = [argument for argument in arguments if isinstance(argument, Path)]
        name = path.name.split(".")[1] if path.name.startswith(".") else path.name
        tried[name] = tried.get(name, 0) + 1
        if tried[name] <= times:
            path.write_bytes(b"the beginning")
            raise FULL
        return write(*arguments, **options)

    return written


@pytest.mark.parametrize("more", [{}, {"repeats": 2}, {"early_stopping": 1, "epochs": 6}], ids=str)
def test_snapshots_and_models_wait_for_room_and_the_result_is_the_same(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, more: dict[str, int]
) -> None:
    undisturbed = trained(SMALL | more, run="undisturbed")
    monkeypatch.setattr(snapshots, "save_file", fails_at_first(snapshots.save_file))
    monkeypatch.setattr("mlpcore.training.final_results.KerasModel.save", fails_at_first(_save_model()))

    disturbed = trained(SMALL | more, run="disturbed")

    assert sum(isinstance(event, Waiting) for event in disturbed) >= 6
    assert epochs(disturbed) == epochs(undisturbed)
    assert bits(disturbed) == bits(undisturbed)
    folders = {run: data_folder / "models" / run for run in ("disturbed", "undisturbed")}
    names = {run: sorted(path.name for path in folder.iterdir()) for run, folder in folders.items()}
    assert names["disturbed"] == names["undisturbed"], "nothing is left of what could not be written"


def _save_model() -> Callable[..., Any]:
    from mlpcore.training.final_results import KerasModel

    return KerasModel.save


def test_a_checkpoint_that_cannot_be_written_is_left_out(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    undisturbed = trained(SMALL, run="undisturbed")

    def save(checkpoint: Checkpoint, path: Path) -> None:
        raise FULL

    monkeypatch.setattr(Checkpoint, "save", save)
    disturbed = trained(SMALL, run="disturbed")

    assert any(end.checkpoint for end in ends(undisturbed))
    assert not any(end.checkpoint for end in ends(disturbed))
    assert bits(disturbed) == bits(undisturbed)


def test_a_training_that_waits_for_room_can_be_stopped(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def save(*_: Any) -> None:
        raise FULL

    monkeypatch.setattr(snapshots, "save_file", save)
    monkeypatch.setattr("mlpcore.training.loop.ROOM_SECONDS", 0.001)
    waited: list[Event] = []
    for event in train(RunSpec.from_dict(SMALL), "1", should_stop=lambda: len(waited) >= 3):
        waited.append(event)
    assert [type(event) for event in waited] == [Waiting, Waiting, Waiting, Ended]


def test_other_errors_of_the_disk_end_a_training(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def save(*_: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(snapshots, "save_file", save)
    with pytest.raises(OSError, match="Input/output error"):
        trained(SMALL)


@pytest.fixture
def on_a_small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with small_disk(tmp_path / "disk", megabytes=4) as disk:
        monkeypatch.setenv("MLPCORE_DATA", str(disk.path / "data"))
        yield disk


def test_a_run_on_a_disk_that_fills_up_says_so_and_goes_on_when_there_is_room(
    on_a_small_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = RunSpec.from_dict(SMALL | {"epochs": 5})
    undisturbed = trained(spec.to_dict(), run="undisturbed")
    refused: list[str] = []
    record = metrics.record

    def link(work: Callable[[Any], Any]) -> Any:
        try:
            return store_link(work)
        except DiskFullError as error:
            refused.append(str(error))
            if len(refused) == 5:
                on_a_small_disk.make_room()
            raise

    monkeypatch.setattr(metrics, "record", lambda *arguments: _record_and_fill(record, on_a_small_disk, *arguments))
    store_link = StoreLink()
    with opened() as db:
        claim = queue.enqueue_and_claim(db, spec, "w")
        events: list[Event] = []
        outcome = run_training(RunGuard(claim), train, link, listen=events.append)  # type: ignore[arg-type]
        store_link.close()
        run = runs.get(db, claim.run)

    assert outcome.end_recorded
    assert len(refused) >= 5
    assert (run.status, run.epoch, run.waiting_for) == ("finished", 5, None)
    assert bits(events) == bits(undisturbed)
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert sorted(path.name for path in RunFiles(f"run-{claim.run:06}", 1).folder.iterdir()) == sorted(
        path.name for path in RunFiles("undisturbed", 1).folder.iterdir()
    )


def _record_and_fill(record: Callable[..., None], disk: Any, *arguments: Any) -> None:
    record(*arguments)
    if isinstance(arguments[2], EpochEnd) and arguments[2].epoch == 2:
        disk.fill()
