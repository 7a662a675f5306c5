from pathlib import Path

import pytest
from sqlite_utils import Database

from mlpcore.serving import ensembles
from mlpcore.serving.ensembles import Ensemble, ensemble_of, thinned
from mlpcore.store import runs
from tests.factory.networks import constant, make_run_of_network

EVEN = [1 / 3] * 3


@pytest.fixture
def run(db: Database) -> int:
    return make_run_of_network(db, constant("iris", EVEN), epochs=9)


def save(db: Database, run: int, *epochs: int, member: int = 0) -> None:
    for epoch in epochs:
        db.execute("INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?)", [run, member, epoch, f"{member}-{epoch}"])
    db.conn.commit()


def repeated(db: Database, *kept: int | None, status: str = "finished") -> int:
    """A run of as many networks, each with the epochs 0, 2, 4 and the one that it keeps; None for a diverged one."""
    run = make_run_of_network(db, constant("iris", EVEN), epochs=9, repeats=len(kept))
    db.execute("DELETE FROM snapshots WHERE run = ?", [run])
    db.execute("DELETE FROM members WHERE run = ?", [run])
    for member, epoch in enumerate(kept):
        save(db, run, 0, 2, 4, *([] if epoch is None else [epoch]), member=member)
        state = "diverged" if epoch is None else status
        db.execute(
            "INSERT INTO members (run, member, seed, status, kept_epoch) VALUES (?, ?, ?, ?, ?)",
            [run, member, member, state, epoch],
        )
    db.conn.commit()
    return run


def of(db: Database, run: int, alone: int | None = None) -> Ensemble:
    ensemble = ensemble_of(db, runs.get(db, run), alone)
    assert ensemble is not None
    return ensemble


def epochs(ensemble: Ensemble) -> list[int | None]:
    return [snapshot.epoch for snapshot in ensemble.snapshots]


def files(ensemble: Ensemble) -> dict[int, str]:
    return {snapshot.member: snapshot.file for snapshot in ensemble.kept.networks}


def test_a_single_network_predicts_as_it_was_kept_and_is_shown_after_each_saved_epoch(db: Database, run: int):
    save(db, run, 0, 5, 9)

    assert epochs(of(db, run)) == [0, 1, 5, 9]
    assert of(db, run).kept.epoch == 1
    assert of(db, run).networks[0].epoch == 1


def test_several_networks_that_keep_the_same_epoch_predict_after_it(db: Database):
    ensemble = of(db, repeated(db, 4, 4))

    assert ensemble.kept.epoch == 4
    assert files(ensemble) == {0: "0-4", 1: "1-4"}
    assert epochs(ensemble) == [0, 2, 4]


def test_networks_that_keep_different_epochs_predict_in_a_snapshot_of_their_own_after_the_common_ones(db: Database):
    ensemble = of(db, repeated(db, 7, 9))

    assert epochs(ensemble) == [0, 2, 4, None]
    assert files(ensemble) == {0: "0-7", 1: "1-9"}


def test_a_network_that_diverged_is_left_out_unless_all_have(db: Database):
    assert list(files(of(db, repeated(db, 4, None)))) == [0]
    assert list(files(of(db, repeated(db, None, None)))) == [0, 1]


def test_one_of_several_networks_can_predict_alone(db: Database):
    ensemble = of(db, repeated(db, 7, 9), alone=1)

    assert epochs(ensemble) == [0, 2, 4, 9]
    assert files(ensemble) == {1: "1-9"}


def test_a_run_without_any_saved_network_has_no_ensemble(db: Database, run: int):
    db.execute("DELETE FROM snapshots")
    db.conn.commit()

    assert ensemble_of(db, runs.get(db, run)) is None


def test_of_large_networks_only_as_many_epochs_are_shown_as_there_is_room_for(
    db: Database, run: int, monkeypatch: pytest.MonkeyPatch
):
    save(db, run, 0, 2, 3, 4, 5, 6, 7, 8, 9)
    size = 4 * runs.get(db, run).parameters
    monkeypatch.setattr(ensembles, "HISTORY_BYTES", 3 * size)
    assert epochs(of(db, run)) == [0, 1, 9]
    monkeypatch.setattr(ensembles, "HISTORY_BYTES", size // 2)
    assert epochs(of(db, run)) == [1]


@pytest.mark.parametrize(
    ("limit", "required", "expected"),
    [
        (5, 20, (0, 10, 20, 30, 40)),
        (3, 20, (0, 20, 40)),
        (2, 20, (0, 20)),
        (1, 20, (20,)),
        (0, 20, (20,)),
        (-3, None, ()),
        (2, None, (0, 40)),
    ],
)
def test_epochs_are_thinned_evenly_and_the_required_one_stays(
    limit: int, required: int | None, expected: tuple[int, ...]
) -> None:
    assert thinned((0, 10, 20, 30, 40), limit, required) == expected


def test_a_running_run_predicts_by_its_best_network_or_its_newest(db: Database, data_folder: Path):
    run = make_run_of_network(db, constant("iris", EVEN), status="running", epochs=9)
    save(db, run, 0, 3)
    assert of(db, run).kept.epoch == 1

    db.execute("UPDATE runs SET best_epoch = NULL WHERE id = ?", [run])
    db.conn.commit()
    assert of(db, run).kept.epoch == 3
