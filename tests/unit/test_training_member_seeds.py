"""A member of a stack is the network of its seed, trained alone."""

from __future__ import annotations

import numpy as np
import pytest

from mlpcore.events import Member, Started
from mlpcore.spec import RunSpec, choices
from mlpcore.training.member_seeds import draw_split, epoch_keys, epoch_order, members_of, splits_of, weight_seed
from tests.factory.trainings import (
    ACTIVATIONS,
    OPTIMIZERS,
    PENALISED,
    SMALL,
    Recorded,
    assert_alike,
    assert_close,
    deep,
    optimized,
    recorded,
)

FEATURES = {
    "dropout and augmentation": SMALL
    | {
        "hidden": [{"units": 16, "dropout": 0.3}, {"units": 12, "dropout": 0.2}],
        "augment": {"shift": 0.1, "rotation": 15, "shear": 0.2, "zoom": 0.2, "elastic": 0.1, "pen": 0.5},
        "epochs": 2,
    },
    "mean squared error": PENALISED | {"loss": "mse", "optimizer": {"name": "sgd", "learning_rate": 0.5}},
    "activations up to GELU": deep(ACTIVATIONS[0]),
    "activations up to the exponential": deep(ACTIVATIONS[1]),
    **{name: optimized(name) for name in OPTIMIZERS},
}


def alone(settings: dict, seed: int) -> Recorded:
    return recorded(settings | {"seed": seed})


@pytest.mark.slow
@pytest.mark.parametrize("feature", FEATURES)
def test_a_member_has_the_curve_and_the_weights_of_its_network_trained_alone(feature: str):
    settings = FEATURES[feature]
    stack = recorded(settings | {"repeats": 3})

    for member, seed in enumerate((5, 6, 7)):
        single = alone(settings, seed)
        for mine, its in zip(stack.weights(member, 0), single.weights(0, 0), strict=True):
            np.testing.assert_array_equal(mine, its)
        assert_alike(stack.curve(member), single.curve())
        assert_close(stack.weights(member), single.weights())
        assert stack.finished.results[member].test_loss == pytest.approx(single.finished.results[0].test_loss, rel=1e-4)


@pytest.mark.slow
def test_members_are_reported_when_the_run_starts_and_differ_from_one_another():
    stack = recorded(FEATURES["adam"] | {"repeats": 3})
    started = stack.events[0]

    assert isinstance(started, Started)
    assert started.members == (Member(5), Member(6), Member(7))
    assert [(s.member, s.epoch) for s in started.snapshots] == [(0, 0), (1, 0), (2, 0)]
    assert len({metrics.loss for metrics in stack.curve(0) + stack.curve(1) + stack.curve(2)}) == 6


@pytest.mark.slow
def test_initial_weights_are_those_that_keras_draws_for_the_seed_of_a_layer():
    from mlpcore.training.backend import keras
    from mlpcore.training.stack import Stack

    stack = Stack(RunSpec.from_dict(PENALISED), 3)
    stacked = stack.initial_weights([8, 5, 6])

    for index, seed in enumerate((8, 5, 6)):
        for array, other in zip(stacked, Stack(stack.spec, 1).initial_weights([seed]), strict=True):
            np.testing.assert_array_equal(array[index], other[0])
        drawn = keras.initializers.GlorotUniform(seed=weight_seed(seed, 1))((12, 10))
        np.testing.assert_array_equal(stacked[3][index], keras.ops.convert_to_numpy(drawn))
    assert [array.shape for array in stacked] == [tuple(v.shape) for v in stack.variables]
    assert [array.any() for array in stacked] == [True, False, False, True, False]


@pytest.mark.slow
def test_an_epoch_gives_each_member_the_order_the_random_keys_and_the_learning_rate_of_its_own_seed(monkeypatch):
    from mlpcore.training.device_data import on_device
    from mlpcore.training.group import Group

    spec = RunSpec.from_dict(FEATURES["dropout and augmentation"] | {"repeats": 3})
    data = on_device("digits")
    parts = splits_of(spec, data.train_labels)
    group = Group(spec, [2, 0, 1], members_of(spec), parts)
    group.state = group.untrained_state()
    group.move_to_device()
    calls: list[tuple] = []
    own = group.steps.train
    monkeypatch.setattr(group.steps, "train", lambda *a: calls.append(a) or own(*a))
    monkeypatch.setattr(group.steps, "set_learning_rates", calls.append)

    for epoch in (1, 2):
        rates = np.array([0.3, 0.1, 0.2], np.float32) / epoch
        list(group.train(epoch, rates, data.train))
        given_rates, (_, order, counts, keys, *_) = calls[0], calls[1]
        calls.clear()
        np.testing.assert_array_equal(given_rates, rates)
        for index, number in enumerate((2, 0, 1)):
            training = parts[number].training
            expected = training[epoch_order(5 + number, epoch, len(training))]
            np.testing.assert_array_equal(np.asarray(order)[index, : int(counts[index])], expected)
            np.testing.assert_array_equal(np.asarray(keys)[index], epoch_keys(5 + number, epoch, 2))


def test_every_activation_and_every_optimizer_is_compared():
    assert {name for names in ACTIVATIONS for name in names} == set(choices.ACTIVATIONS)
    assert set(OPTIMIZERS) == set(choices.OPTIMIZERS)


def test_each_repeat_has_the_next_seed_and_each_fold_of_it_the_same():
    assert members_of(RunSpec(seed=3, repeats=2)) == (Member(3), Member(4))
    assert members_of(RunSpec(seed=3, repeats=2, folds=2)) == (Member(3, 0), Member(3, 1), Member(4, 0), Member(4, 1))


def test_training_and_validation_set_share_no_image_and_follow_the_seed():
    training, validation = draw_split(3, 1000, 500, 50)

    assert (len(training), len(validation)) == (450, 50)
    assert len({*training, *validation}) == 500
    assert (draw_split(3, 1000, 500, 50)[0] == training).all()
    assert (draw_split(4, 1000, 500, 50)[0] != training).any()


def test_an_order_shows_each_image_once_anew_for_each_epoch_and_seed():
    orders = [epoch_order(seed, epoch, 100) for seed in (1, 2) for epoch in (1, 2, 3)]

    for order in orders:
        np.testing.assert_array_equal(np.sort(order), np.arange(100))
    assert len({order.tobytes() for order in orders}) == 6
    np.testing.assert_array_equal(epoch_order(2, 3, 100), orders[-1])


def test_no_two_streams_share_a_key_or_a_seed():
    keys = np.concatenate([epoch_keys(seed, epoch, 4) for seed in range(20) for epoch in range(1, 11)])
    weights = [weight_seed(seed, layer) for seed in range(100) for layer in range(5)]

    assert keys.dtype == np.uint32
    assert keys.shape == (20 * 10 * 5, 2)
    assert len({tuple(key) for key in keys}) == len(keys)
    assert len(set(weights)) == len(weights)
    assert min(weights) >= 0


def test_the_keys_of_an_epoch_do_not_depend_on_how_many_layers_follow():
    np.testing.assert_array_equal(epoch_keys(1, 2, 5)[:3], epoch_keys(1, 2, 2))
