from dataclasses import replace

import numpy as np
import pytest
from sqlite_utils import Database

from mlpcore import datasets, paths
from mlpcore.errors import SnapshotError
from mlpcore.events import Snapshot
from mlpcore.inference import save_network
from mlpcore.serving.ensemble_prediction import (
    ensemble_prediction,
    majority_class,
    next_disagreement,
    next_mistake,
    predict,
    vote_counts,
)
from mlpcore.serving.ensembles import Ensemble, EnsembleSnapshot, load_ensemble
from mlpcore.serving.kept_networks import KeptNetwork
from mlpcore.store import runs
from tests.factory.networks import constant, make_run_of_network

FLAT, SURE, OTHER = [0.4, 0.3, 0.3], [0.9, 0.05, 0.05], [0.1, 0.8, 0.1]
FLOWER = np.zeros(4, np.float32)


def test_a_single_network_predicts_by_itself_and_has_no_spread():
    prediction = ensemble_prediction(np.array([[0.1, 0.7, 0.2]], np.float32))

    assert prediction.probabilities == pytest.approx((0.1, 0.7, 0.2))
    assert (prediction.deviations, prediction.top, prediction.second, prediction.votes, prediction.count) == (
        None,
        1,
        2,
        1,
        1,
    )


def test_several_networks_predict_by_their_mean_with_its_sample_deviation():
    several = ensemble_prediction(np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]]))

    assert several.probabilities == pytest.approx((0.5, 0.5))
    assert several.deviations == pytest.approx((0.4, 0.4))


def test_votes_count_the_networks_that_put_the_top_class_of_the_mean_first():
    torn = ensemble_prediction(np.array([[0.0, 0.9, 0.1], [0.55, 0.45, 0.0], [0.55, 0.45, 0.0]]))

    assert torn.top == 1
    assert (torn.votes, torn.count) == (1, 3)


def test_of_equally_probable_classes_the_first_is_the_top_one():
    even = ensemble_prediction(np.full((2, 4), 0.25))

    assert (even.top, even.second, even.votes) == (0, 1, 2)


def test_votes_are_ordered_by_their_number_and_then_by_class():
    assert vote_counts([3, 3, 3]) == [(3, 3)]
    assert vote_counts([8, 3, 5, 3]) == [(3, 2), (5, 1), (8, 1)]
    assert vote_counts([]) == []


def test_the_majority_class_has_most_votes_and_a_tie_has_none():
    assert majority_class([3]) == 3
    assert majority_class([8, 3, 5, 3]) == 3
    assert majority_class([8, 3, 3, 8, 1]) is None


@pytest.fixture
def run(db: Database) -> int:
    return make_run_of_network(db, constant("iris", SURE), epochs=9)


def saved(name: str, probabilities: list[float], epoch: int, dataset: str = "iris") -> str:
    save_network(paths.data_folder() / name, replace(constant(dataset, probabilities), epoch=epoch))
    return name


def ensemble(db: Database, run: int, *members: dict[int, str]) -> Ensemble:
    """An ensemble whose members keep their last epoch."""
    networks = [KeptNetwork(index, max(files), files) for index, files in enumerate(members)]
    return Ensemble(runs.get(db, run), tuple(networks))


def test_networks_predict_after_each_of_their_epochs_and_for_each_variant(db: Database, run: int):
    networks = ensemble(db, run, {0: saved("a", FLAT, 0), 1: saved("b", SURE, 1)})
    predicted = predict(load_ensemble(networks, history=True), [FLOWER, FLOWER + 1])

    assert [snapshot.epoch for snapshot in predicted.snapshots] == [0, 1]
    assert predicted.start == 1
    assert [[prediction.probabilities for prediction in variant] for variant in predicted.predictions] == [
        [pytest.approx(FLAT), pytest.approx(SURE)],
        [pytest.approx(FLAT), pytest.approx(SURE)],
    ]
    assert [list(received) for received in predicted.inputs] == [[0] * 4, [1] * 4]


def test_only_the_kept_networks_are_loaded_where_the_training_is_not_shown(db: Database, run: int):
    predicted = predict(load_ensemble(ensemble(db, run, {0: "not there", 1: saved("b", SURE, 1)})), [FLOWER])

    assert [snapshot.epoch for snapshot in predicted.snapshots] == [1]
    assert not predicted.problems


def test_several_networks_predict_by_their_mean(db: Database, run: int):
    networks = ensemble(db, run, {1: saved("a", SURE, 1)}, {1: saved("b", OTHER, 1)})
    prediction = predict(load_ensemble(networks), [FLOWER]).predictions[0][0]

    assert prediction.probabilities == pytest.approx((0.5, 0.425, 0.075))
    assert (prediction.top, prediction.votes, prediction.count) == (0, 1, 2)


def test_a_damaged_network_is_left_out_and_named_and_the_others_predict(db: Database, run: int):
    damaged = paths.data_folder() / "a"
    damaged.parent.mkdir(exist_ok=True)
    damaged.write_bytes(b"no network")
    predicted = predict(load_ensemble(ensemble(db, run, {1: "a"}, {1: saved("b", OTHER, 1)})), [FLOWER])

    assert predicted.predictions[0][0].probabilities == pytest.approx(OTHER)
    assert predicted.predictions[0][0].count == 1
    assert "train this run again" in str(predicted.problems[0])


def test_an_epoch_whose_file_is_gone_is_left_out(db: Database, run: int):
    networks = ensemble(db, run, {0: "gone", 1: saved("b", SURE, 1)})
    predicted = predict(load_ensemble(networks, history=True), [FLOWER])

    assert (predicted.snapshots, predicted.start) == ((networks.kept,), 0)
    assert "no longer there" in str(predicted.problems[0])


def test_an_epoch_whose_file_holds_another_epoch_is_left_out(db: Database, run: int):
    networks = ensemble(db, run, {0: saved("a", FLAT, 7), 1: saved("b", SURE, 1)})
    predicted = predict(load_ensemble(networks, history=True), [FLOWER])

    assert [snapshot.epoch for snapshot in predicted.snapshots] == [1]
    assert "after epoch 0 holds another network" in str(predicted.problems[0])


def test_a_run_none_of_whose_kept_networks_can_be_used_cannot_predict(db: Database, run: int):
    networks = ensemble(db, run, {0: saved("a", SURE, 0), 1: saved("b", SURE, 1, dataset="wine")})
    with pytest.raises(SnapshotError, match="does not fit"):
        load_ensemble(networks, history=True)


def test_without_an_example_the_networks_are_loaded_and_nothing_is_predicted(db: Database, run: int):
    predicted = predict(load_ensemble(ensemble(db, run, {1: saved("a", SURE, 1)})), [])

    assert (predicted.predictions, predicted.inputs) == ((), ())
    assert [snapshot.epoch for snapshot in predicted.snapshots] == [1]


def test_a_run_that_still_trains_predicts_with_its_newest_networks(db: Database):
    run = make_run_of_network(db, constant("iris", SURE), status="running", epochs=9)
    before = Ensemble(runs.get(db, run), (KeptNetwork(0, 1, {1: "replaced"}),))
    file = saved("b", OTHER, 2)
    db.execute("UPDATE snapshots SET epoch = 2, file = ? WHERE run = ?", [file, run])
    db.execute("UPDATE runs SET best_epoch = 2 WHERE id = ?", [run])
    db.conn.commit()
    predicted = predict(load_ensemble(before, history=True), [FLOWER])

    assert predicted.snapshots == (EnsembleSnapshot(2, (Snapshot(2, file),)),)
    assert predicted.predictions[0][0].top == 1


def test_the_search_for_a_mistake_goes_on_from_the_last_one_and_around():
    test = datasets.load_test("iris")
    first_class = [constant("iris", SURE)]
    wrong = [int(index) for index in np.flatnonzero(test.labels != 0)]

    assert next_mistake(first_class, test, -1) == wrong[0]
    assert next_mistake(first_class, test, wrong[0]) == wrong[1]
    assert next_mistake(first_class, test, wrong[-1]) == wrong[0]
    assert next_disagreement([first_class, [constant("iris", OTHER)]], test, 3) == 4
    assert next_disagreement([first_class, first_class], test, 3) is None
