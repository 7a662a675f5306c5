from pathlib import Path

import pytest
from sqlite_utils import Database

from mlpcore.store import runs
from mlpcore.ui.predict import teams
from mlpcore.ui.predict.teams import Team, team, thinned
from tests.networks import constant, make_answering_run

EVEN = [1 / 3] * 3


@pytest.fixture
def run(db: Database) -> int:
    return make_answering_run(db, constant("iris", EVEN), epochs=9)


def save(db: Database, run: int, *epochs: int, member: int = 0) -> None:
    for epoch in epochs:
        db.execute("INSERT OR IGNORE INTO snapshots VALUES (?, ?, ?, ?)", [run, member, epoch, f"{member}-{epoch}"])
    db.conn.commit()


def repeated(db: Database, *kept: int | None, status: str = "finished") -> int:
    """A run of as many networks, each with the epochs 0, 2, 4 and the one that it keeps; None for a diverged one."""
    run = make_answering_run(db, constant("iris", EVEN), epochs=9, repeats=len(kept))
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


def of(db: Database, run: int, alone: int | None = None) -> Team:
    found = team(db, runs.get(db, run), alone)
    assert found is not None
    return found


def epochs(found: Team) -> list[int | None]:
    return [frame.epoch for frame in found.frames]


def test_a_single_network_answers_as_it_was_kept_and_has_a_frame_for_each_saved_epoch(db: Database, run: int):
    save(db, run, 0, 5, 9)

    assert epochs(of(db, run)) == [0, 1, 5, 9]
    assert of(db, run).kept.epoch == 1
    assert of(db, run).choice.epoch == 1


def test_several_networks_that_keep_the_same_epoch_answer_behind_it(db: Database):
    found = of(db, repeated(db, 4, 4))

    assert found.kept.epoch == 4
    assert dict(found.kept.files) == {0: "0-4", 1: "1-4"}
    assert epochs(found) == [0, 2, 4]


def test_networks_that_keep_different_epochs_answer_in_a_frame_of_their_own_behind_the_common_ones(db: Database):
    found = of(db, repeated(db, 7, 9))

    assert epochs(found) == [0, 2, 4, None]
    assert dict(found.frames[-1].files) == {0: "0-7", 1: "1-9"}


def test_a_network_that_diverged_is_left_out_unless_all_have(db: Database):
    assert list(of(db, repeated(db, 4, None)).kept.files) == [0]
    assert list(of(db, repeated(db, None, None)).kept.files) == [0, 1]


def test_one_of_several_networks_can_answer_alone(db: Database):
    found = of(db, repeated(db, 7, 9), alone=1)

    assert epochs(found) == [0, 2, 4, 9]
    assert dict(found.kept.files) == {1: "1-9"}


def test_a_run_without_any_saved_network_has_no_team(db: Database, run: int):
    db.execute("DELETE FROM snapshots")
    db.conn.commit()

    assert team(db, runs.get(db, run)) is None


def test_of_large_networks_only_as_many_epochs_are_shown_as_there_is_room_for(
    db: Database, run: int, monkeypatch: pytest.MonkeyPatch
):
    save(db, run, 0, 2, 3, 4, 5, 6, 7, 8, 9)
    size = 4 * runs.get(db, run).parameters
    monkeypatch.setattr(teams, "FRAMES_BYTES", 3 * size)
    assert epochs(of(db, run)) == [0, 1, 9]
    monkeypatch.setattr(teams, "FRAMES_BYTES", size // 2)
    assert epochs(of(db, run)) == [1]


@pytest.mark.parametrize(
    ("room", "wanted", "expected"),
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
def test_epochs_are_thinned_evenly_and_the_wanted_one_stays(room: int, wanted: int | None, expected: tuple[int, ...]):
    assert thinned((0, 10, 20, 30, 40), room, wanted) == expected


def test_a_running_run_answers_by_its_best_network_or_its_newest(db: Database, data_folder: Path):
    run = make_answering_run(db, constant("iris", EVEN), status="running", epochs=9)
    save(db, run, 0, 3)
    assert of(db, run).kept.epoch == 1

    db.execute("UPDATE runs SET best_epoch = NULL WHERE id = ?", [run])
    db.conn.commit()
    assert of(db, run).kept.epoch == 3
