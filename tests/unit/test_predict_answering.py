from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import paths
from mlpcore.errors import SnapshotError
from mlpcore.inference import Network, save_network
from mlpcore.store import runs
from mlpcore.ui.predict.answering import answers, ready
from mlpcore.ui.predict.teams import Frame, Member, Team
from tests.networks import constant, make_answering_run

FLAT, SURE, OTHER = [0.4, 0.3, 0.3], [0.9, 0.05, 0.05], [0.1, 0.8, 0.1]
FLOWER = np.zeros(4, np.float32)


@pytest.fixture
def run(db: Database) -> int:
    return make_answering_run(db, constant("iris", SURE), epochs=9)


def saved(name: str, network: Network) -> str:
    save_network(paths.data_folder() / name, network)
    return name


def team_of(db: Database, run: int, *members: dict[int, str]) -> Team:
    """A team whose members keep their last epoch."""
    made = [Member(index, snapshots, max(snapshots)) for index, snapshots in enumerate(members)]
    return Team(runs.get(db, run), tuple(made))


def test_a_network_answers_behind_each_of_its_epochs_and_each_way_of_showing(db: Database, run: int):
    team = team_of(db, run, {0: saved("a", constant("iris", FLAT)), 1: saved("b", constant("iris", SURE))})
    told = answers(ready(team, all_frames=True), [FLOWER, FLOWER + 1])

    assert [frame.epoch for frame in told.frames] == [0, 1]
    assert told.start == 1
    assert [[one.shares for one in way] for way in told.opinions] == [
        [pytest.approx(FLAT), pytest.approx(SURE)],
        [pytest.approx(FLAT), pytest.approx(SURE)],
    ]
    assert [list(picture) for picture in told.received] == [[0] * 4, [1] * 4]


def test_only_the_kept_networks_are_asked_where_the_training_is_not_shown(db: Database, run: int):
    team = team_of(db, run, {0: "not there", 1: saved("b", constant("iris", SURE))})
    told = answers(ready(team), [FLOWER])

    assert [frame.epoch for frame in told.frames] == [1]
    assert not told.problems


def test_several_networks_answer_by_their_mean(db: Database, run: int):
    team = team_of(db, run, {1: saved("a", constant("iris", SURE))}, {1: saved("b", constant("iris", OTHER))})
    told = answers(ready(team), [FLOWER]).opinions[0][0]

    assert told.shares == pytest.approx((0.5, 0.425, 0.075))
    assert (told.top, told.votes, told.count) == (0, 1, 2)


def test_a_damaged_network_is_left_out_and_named_and_the_others_answer(db: Database, run: int):
    damaged = paths.data_folder() / "a"
    damaged.parent.mkdir(exist_ok=True)
    damaged.write_bytes(b"no network")
    team = team_of(db, run, {1: "a"}, {1: saved("b", constant("iris", OTHER))})
    told = answers(ready(team), [FLOWER])

    assert told.opinions[0][0].shares == pytest.approx(OTHER)
    assert told.opinions[0][0].count == 1
    assert "train this run again" in str(told.problems[0])


def test_an_epoch_whose_file_is_gone_is_left_out(db: Database, run: int):
    team = team_of(db, run, {0: "gone", 1: saved("b", constant("iris", SURE))})
    told = answers(ready(team, all_frames=True), [FLOWER])

    assert (told.frames, told.start) == ((team.kept,), 0)
    assert "no longer there" in str(told.problems[0])


def test_a_run_none_of_whose_kept_networks_can_be_used_cannot_answer(db: Database, run: int):
    team = team_of(db, run, {0: saved("a", constant("iris", SURE)), 1: saved("b", constant("wine", SURE))})
    with pytest.raises(SnapshotError, match="does not fit"):
        ready(team, all_frames=True)


def test_nothing_shown_loads_the_networks_and_answers_nothing(db: Database, run: int):
    told = answers(ready(team_of(db, run, {1: saved("a", constant("iris", SURE))})), [])

    assert (told.opinions, told.received) == ((), ())
    assert [frame.epoch for frame in told.frames] == [1]


def test_a_run_that_still_trains_is_asked_for_its_newest_networks(db: Database, data_folder: Path):
    run = make_answering_run(db, constant("iris", SURE), status="running", epochs=9)
    before = Team(runs.get(db, run), (Member(0, {1: "has made way"}, 1),))
    db.execute("UPDATE snapshots SET epoch = 2, file = ? WHERE run = ?", [saved("b", constant("iris", OTHER)), run])
    db.execute("UPDATE runs SET best_epoch = 2 WHERE id = ?", [run])
    db.conn.commit()
    told = answers(ready(before, all_frames=True), [FLOWER])

    assert told.frames == (Frame(2, {0: "b"}),)
    assert told.opinions[0][0].top == 1
