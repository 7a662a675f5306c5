"""Saved networks in memory: limited in bytes, and never one in place of another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import inference, paths
from mlpcore.errors import SnapshotError
from mlpcore.events import Snapshot
from mlpcore.inference import Network, save_network
from mlpcore.serving.ensembles import ensemble_of, load_ensemble
from mlpcore.serving.network_cache import NetworkCache, load_network, snapshot_version
from mlpcore.store import runs
from mlpcore.store.runs import Run
from tests.factory.networks import constant, make_run_of_network, make_run_saved_after, write_network

FIRST, SECOND, THIRD = ([0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8])


def network_after(epoch: int, probabilities: list[float] = FIRST) -> Network:
    return replace(constant("iris", probabilities), epoch=epoch)


def top(network: Network) -> int:
    return int(network.probabilities(np.zeros((1, 4))).argmax())


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.safetensors" for number in range(3)]
    for path in paths:
        save_network(path, network_after(1))
    return paths


def size_of(path: Path) -> int:
    return path.stat().st_size


def test_a_network_is_read_once_and_again_when_its_file_has_changed(files: list[Path]) -> None:
    cache = NetworkCache(10**6)
    first = cache.network(files[0])
    assert cache.network(files[0]) is first

    save_network(files[0], network_after(2, SECOND))
    assert top(cache.network(files[0])) == 1


def test_the_least_recently_used_network_is_dropped(files: list[Path]) -> None:
    cache = NetworkCache(2 * size_of(files[0]))
    first, second = (cache.network(path) for path in files[:2])
    cache.network(files[0])
    cache.network(files[2])

    assert len(cache) == 2
    assert cache.network(files[0]) is first
    assert cache.network(files[1]) is not second


def test_a_network_larger_than_the_capacity_stays_alone(files: list[Path]) -> None:
    cache = NetworkCache(0)
    cache.network(files[0])
    second = cache.network(files[1])

    assert len(cache) == 1
    assert cache.network(files[1]) is second


def test_a_file_that_cannot_be_used_takes_no_room(files: list[Path], tmp_path: Path) -> None:
    cache = NetworkCache(size_of(files[0]))
    kept = cache.network(files[0])
    with pytest.raises(SnapshotError):
        cache.network(tmp_path / "gone.safetensors")

    assert cache.network(files[0]) is kept


def test_a_file_that_is_replaced_while_it_is_read_is_read_again(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read, cache = inference.load_network, NetworkCache(10**6)
    newer = iter((network_after(2, SECOND), network_after(3, THIRD)))

    def read_then_replace(path: str | Path) -> Network:
        network = read(path)
        if (replacement := next(newer, None)) is not None:
            save_network(path, replacement)
        return network

    monkeypatch.setattr(inference, "load_network", read_then_replace)

    assert top(cache.network(files[0])) == 2
    assert len(cache) == 1


def test_a_file_that_is_replaced_all_the_time_is_given_out_but_not_cached(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read, cache = inference.load_network, NetworkCache(10**6)

    def replace_then_read(path: str | Path) -> Network:
        save_network(path, network_after(1))
        return read(path)

    monkeypatch.setattr(inference, "load_network", replace_then_read)

    assert top(cache.network(files[0])) == 0
    assert len(cache) == 0


def test_threads_share_a_cache_that_is_filled_and_emptied(files: list[Path]) -> None:
    cache, wrong = NetworkCache(size_of(files[0])), []
    for number, path in enumerate(files):
        save_network(path, network_after(number, (FIRST, SECOND, THIRD)[number]))

    def ask(offset: int) -> None:
        for step in range(60):
            number = (step + offset) % 3
            if top(cache.network(files[number])) != number:
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong
    assert len(cache) == 1


def test_a_network_of_another_dataset_is_refused(db: Database) -> None:
    run = runs.get(db, make_run_of_network(db, constant("iris", FIRST)))
    (snapshot,) = saved_networks(db, run)
    write_network(snapshot.file, constant("wine", FIRST))

    with pytest.raises(SnapshotError, match="does not fit Iris"):
        load_network(run, snapshot)


ANOTHER = "The file of the network after epoch 1 holds another network: train this run again."


def saved_networks(db: Database, run: Run) -> list[Snapshot]:
    """The saved networks of a run, member by member."""
    by_member = runs.snapshots_by_member(db, run.id).items()
    return [Snapshot(epoch, file, member) for member, files in by_member for epoch, file in files.items()]


def make_pair(db: Database, status: str) -> Run:
    """A run of two members, each saved after its first epoch, in a file that says whose network it holds."""
    run_id = make_run_saved_after(db, [1], [1], accuracies=[0.5], status=status, dataset="iris", hidden=[])
    run = runs.get(db, run_id)
    for snapshot in saved_networks(db, run):
        write_network(snapshot.file, owned(network_after(1), run_id, snapshot.member))
    return run


def owned(network: Network, run: int, member: int) -> Network:
    return replace(network, run=paths.run_name(run), member=member)


@pytest.mark.parametrize("status", ["running", "stopped"])
def test_each_member_is_loaded_from_its_own_file(db: Database, status: str) -> None:
    run = make_pair(db, status)

    for snapshot in saved_networks(db, run):
        assert load_network(run, snapshot).member == snapshot.member


@pytest.mark.parametrize("status", ["running", "stopped"])
def test_files_of_members_that_were_swapped_are_refused(db: Database, status: str) -> None:
    run = make_pair(db, status)
    first, second = saved_networks(db, run)
    write_network(first.file, owned(network_after(1), run.id, 1))
    write_network(second.file, owned(network_after(1), run.id, 0))

    for snapshot in (first, second):
        with pytest.raises(SnapshotError) as caught:
            load_network(run, snapshot)
        assert str(caught.value) == ANOTHER


@pytest.mark.parametrize("status", ["running", "stopped"])
def test_the_file_of_another_run_copied_over_is_refused(db: Database, status: str) -> None:
    run, other = make_pair(db, status), make_pair(db, "stopped")
    (snapshot, _second), (copied, _other_second) = saved_networks(db, run), saved_networks(db, other)
    folder = paths.data_folder()
    (folder / snapshot.file).write_bytes((folder / copied.file).read_bytes())

    with pytest.raises(SnapshotError) as caught:
        load_network(run, snapshot)
    assert str(caught.value) == ANOTHER
    assert load_network(other, copied).run == paths.run_name(other.id)


@pytest.mark.parametrize("status", ["running", "stopped"])
def test_a_file_that_holds_the_network_of_another_epoch_is_refused(db: Database, status: str) -> None:
    run = make_pair(db, status)
    snapshot, _second = saved_networks(db, run)
    assert load_network(run, snapshot).epoch == 1, "this fills the cache"
    write_network(snapshot.file, owned(network_after(5, SECOND), run.id, 0))

    with pytest.raises(SnapshotError) as caught:
        load_network(run, snapshot)
    assert str(caught.value) == ANOTHER


def test_a_file_of_an_earlier_version_which_names_neither_run_nor_member_is_loaded(db: Database) -> None:
    run = make_pair(db, "stopped")
    snapshot, _second = saved_networks(db, run)
    write_network(snapshot.file, network_after(1, THIRD))

    network = load_network(run, snapshot)
    assert (network.run, network.member, top(network)) == (None, None, 2)


def test_the_version_of_a_file_changes_with_every_replacement(db: Database) -> None:
    missing = snapshot_version("a")
    versions = [missing]
    for _time in range(3):
        save_network(paths.data_folder() / "a", network_after(3))
        versions.append(snapshot_version("a"))
    (paths.data_folder() / "a").unlink()

    assert len(set(versions)) == 4
    assert snapshot_version("a") == missing


@pytest.fixture
def replace_best(db: Database) -> Callable[[int, int, Network], Snapshot]:
    """Let a run that trains save a better network: the former one is dropped, first in the record, then on the disk."""

    def replace_snapshot(run: int, epoch: int, network: Network) -> Snapshot:
        ((_epoch, former),) = runs.snapshots(db, run).items()
        file = f"models/run-{run}/epoch-{epoch:04}.safetensors"
        save_network(paths.data_folder() / file, network)
        with db.atomic():
            db.execute("UPDATE snapshots SET epoch = ?, file = ? WHERE run = ?", [epoch, file, run])
            db.execute("UPDATE runs SET epoch = ?, best_epoch = ? WHERE id = ?", [epoch, epoch, run])
        (paths.data_folder() / former).unlink()
        return Snapshot(epoch, file)

    return replace_snapshot


def test_a_network_that_a_training_replaced_between_listing_and_loading_is_no_longer_kept(
    db: Database, replace_best: Callable[[int, int, Network], Snapshot]
) -> None:
    run = make_run_of_network(db, network_after(1), status="running", epochs=9)
    listed = ensemble_of(db, runs.get(db, run))
    assert listed is not None
    newer = replace_best(run, 2, network_after(2, SECOND))

    with pytest.raises(SnapshotError, match="after epoch 1 is no longer kept"):
        load_network(listed.run, listed.networks[0].snapshot())
    assert top(load_network(listed.run, newer)) == 1
    loaded = load_ensemble(listed)
    assert (loaded.ensemble.kept.epoch, top(loaded.kept[0])) == (2, 1)


def test_a_network_that_a_training_replaced_after_it_was_cached_is_no_longer_kept(
    db: Database, replace_best: Callable[[int, int, Network], Snapshot]
) -> None:
    run = make_run_of_network(db, network_after(1), status="running", epochs=9)
    listed = ensemble_of(db, runs.get(db, run))
    assert listed is not None
    assert top(load_ensemble(listed, history=True).kept[0]) == 0, "this fills the cache"
    replace_best(run, 2, network_after(2, SECOND))

    with pytest.raises(SnapshotError, match="after epoch 1 is no longer kept"):
        load_network(listed.run, listed.networks[0].snapshot())
    loaded = load_ensemble(listed, history=True)
    assert [snapshot.epoch for snapshot in loaded.snapshots] == [2]
    assert top(loaded.kept[0]) == 1
    assert not loaded.problems


def test_a_file_that_is_missing_though_its_run_has_ended_is_lost(db: Database) -> None:
    run = runs.get(db, make_run_of_network(db, network_after(1)))
    snapshot = Snapshot(1, runs.snapshots(db, run.id)[1])
    (paths.data_folder() / snapshot.file).unlink()

    with pytest.raises(SnapshotError, match="no longer there: train this run again"):
        load_network(run, snapshot)
