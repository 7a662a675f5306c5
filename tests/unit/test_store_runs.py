"""Single runs in the store: read, rename, note, star, trash, restore and delete permanently."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from mlpcore import paths
from mlpcore.errors import RunNotFoundError
from mlpcore.events import Member, Snapshot, Started
from mlpcore.store import leaderboard, metrics, queue, runs
from mlpcore.store.connection import opened
from mlpcore.store.leaderboard import Query
from tests.factory.runs import make_run, spec_of


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "mlplab.db") as db:
        yield db


def test_a_run_reads_back_with_its_spec(db: Database) -> None:
    spec = spec_of(dataset="iris", hidden=[{"units": 5, "activation": "tanh"}], name="my run", epochs=3)
    run = runs.get(db, make_run(db, spec))
    assert run.spec == spec
    assert (run.status, run.epoch, run.dataset, run.layers) == ("finished", 3, "iris", "5")
    assert run.ended
    assert run.name == "my run"


def test_a_nameless_run_is_called_by_its_number_and_network(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(dataset="mnist", hidden=[{"units": 128}, {"units": 64}]), status="queued"))
    assert run.description == f"#{run.id} mnist 128-64 adam"
    assert not run.ended


def test_a_run_that_is_not_there_is_an_error_with_a_sentence(db: Database) -> None:
    assert runs.find(db, 99) is None
    with pytest.raises(RunNotFoundError, match="There is no run 99"):
        runs.get(db, 99)


def test_a_failed_run_keeps_its_reason_and_the_logs_end(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(epochs=4), status="failed", log="last words\n"))
    assert run.failure is not None
    assert "memory" in str(run.failure)
    assert run.log == "last words\n"


def test_name_note_and_star_are_kept_by_other_connections(db: Database, tmp_path: Path) -> None:
    run_id = make_run(db, spec_of(epochs=2))
    runs.rename(db, run_id, "名前")
    runs.annotate(db, run_id, "two\nlines")
    runs.star(db, run_id, True)
    with opened(tmp_path / "mlplab.db") as other:
        run = runs.get(other, run_id)
    assert (run.name, run.note, run.starred) == ("名前", "two\nlines", True)
    runs.star(db, run_id, False)
    assert not runs.get(db, run_id).starred


def test_comparable_runs_are_those_of_one_owner_on_the_same_dataset_with_epochs(db: Database) -> None:
    earlier = [make_run(db, spec_of(epochs=2), owner="me") for _ in range(2)]
    make_run(db, spec_of(epochs=2, dataset="iris"), owner="me")
    make_run(db, spec_of(epochs=2), status="queued", owner="me")
    make_run(db, spec_of(epochs=2), owner="another")
    trashed = make_run(db, spec_of(epochs=2), owner="me")
    runs.trash(db, [trashed])
    run = runs.get(db, make_run(db, spec_of(epochs=2)))
    later = make_run(db, spec_of(epochs=2), owner="me")

    assert [other.id for other in runs.comparable(db, run, "me", limit=9)] == [*reversed(earlier), later]
    assert [other.id for other in runs.comparable(db, run, "me", limit=1)] == [earlier[1]]


def test_the_newest_runs_come_first(db: Database) -> None:
    made = [make_run(db, spec_of(epochs=2)) for _ in range(4)]
    assert [run.id for run in runs.newest(db, limit=3)] == made[:0:-1]


def test_a_trashed_run_comes_back_as_it_was(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=5, name="kept"))
    before, history = runs.get(db, run_id), metrics.epochs_after(db, run_id)
    runs.trash(db, [run_id])
    assert [run.id for run in runs.trashed(db)] == [run_id]
    assert leaderboard.page(db, Query()) == []
    runs.restore(db, [run_id])
    assert runs.get(db, run_id) == before
    assert metrics.epochs_after(db, run_id) == history
    assert runs.trashed(db) == []


def test_the_trash_shows_the_latest_first_and_counts_all(db: Database) -> None:
    made = [make_run(db, spec_of(epochs=2)) for _ in range(3)]
    for run_id in (made[1], made[0], made[2]):
        runs.trash(db, [run_id], now=1000.0 + run_id if run_id != made[0] else 5000.0)
    assert [run.id for run in runs.trashed(db)] == [made[0], made[2], made[1]]
    assert runs.trashed_count(db) == 3


def test_trashing_a_run_that_waits_or_trains_stops_it(db: Database) -> None:
    training = make_run(db, spec_of(epochs=4), status="running")
    waiting = make_run(db, spec_of(epochs=4), status="queued")
    runs.trash(db, [training, waiting])
    assert runs.get(db, waiting).status == "stopped"
    assert queue.cancel_requested(db, queue.Claim(training, 1, spec_of(), None))
    assert queue.claim(db, "worker-2") is None


def test_trashing_twice_keeps_the_first_time(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=2))
    runs.trash(db, [run_id], now=1000.0)
    runs.trash(db, [run_id], now=2000.0)
    assert runs.get(db, run_id).trashed_at == 1000.0


def test_deleting_permanently_deletes_the_epochs_and_snapshots(db: Database) -> None:
    run_id, other = make_run(db, spec_of(epochs=3)), make_run(db, spec_of(epochs=3))
    runs.trash(db, [run_id])
    assert runs.purge(db, [run_id]) == [run_id]
    assert runs.find(db, run_id) is None
    assert metrics.epochs_after(db, run_id) == []
    assert runs.snapshots(db, run_id) == {}
    assert len(metrics.epochs_after(db, other)) == 3


def test_only_ended_runs_of_the_trash_are_deleted_permanently(db: Database) -> None:
    kept = make_run(db, spec_of(epochs=2))
    training = make_run(db, spec_of(epochs=4), status="running")
    runs.trash(db, [training])
    assert runs.purge(db, [kept, training, 12345]) == []
    assert {run.id for run in runs.newest(db)} == {kept}
    assert [run.id for run in runs.trashed(db)] == [training]


def test_the_number_of_a_deleted_run_is_never_used_again(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=2))
    runs.trash(db, [run_id])
    runs.purge(db, [run_id])
    assert make_run(db, spec_of(epochs=2)) > run_id


def test_snapshots_are_listed_by_epoch(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=4), status="running", done=0)
    kept = tuple(Snapshot(epoch, f"models/{run_id}/{epoch}.safetensors") for epoch in (3, 1))
    started = Started("CPU", "tensorflow", {}, 10, 5, (Member(1),), snapshots=kept)
    metrics.record(db, queue.Claim(run_id, 1, spec_of(), None), started)
    assert list(runs.snapshots(db, run_id)) == [1, 3]


def test_the_files_of_deleted_runs_are_removed_and_no_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MLPCORE_DATA", str(tmp_path))
    for run_id in (1, 2, 12):
        folder = paths.models_folder() / paths.run_name(run_id) / "inner"
        folder.mkdir(parents=True)
        (folder / "network.keras").write_bytes(b"weights")
    runs.remove_networks([1, 99])
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["run-000002", "run-000012"]


def test_the_runs_of_one_owner_are_listed_alone(db: Database) -> None:
    mine, other, later = (make_run(db, spec_of(epochs=2), owner=owner) for owner in ("a", "b", "a"))
    assert [run.id for run in runs.newest(db, owner="a")] == [later, mine]
    assert [run.id for run in runs.newest(db, owner="")] == []
    assert runs.owners(db, [later, 4711, other]) == {later: "a", other: "b"}


def test_what_an_ended_run_needs_no_longer_is_removed_and_its_networks_stay(db: Database) -> None:
    ended, training, empty = (make_run(db, spec_of(epochs=4), status=s) for s in ("failed", "running", "failed"))
    db.execute("UPDATE runs SET checkpoint = 'c'")
    folders = {run_id: paths.models_folder() / paths.run_name(run_id) for run_id in (ended, training, empty)}
    for run_id, folder in folders.items():
        folder.mkdir(parents=True)
        names = ["checkpoint-0002-1.safetensors", ".checkpoint-0003-1.safetensors.0a.tmp", ".network-1.keras"]
        for name in names if run_id == empty else [*names, "epoch-0002.safetensors"]:
            (folder / name).write_bytes(b"weights")

    runs.remove_all_leftovers(db)

    assert [path.name for path in folders[ended].iterdir()] == ["epoch-0002.safetensors"]
    assert len(list(folders[training].iterdir())) == 4
    assert not folders[empty].exists()
    assert [row["id"] for row in db.query("SELECT id FROM runs WHERE checkpoint IS NOT NULL")] == [training]
