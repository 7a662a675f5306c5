"""Every stream of a run's chance follows from its seed and its place alone."""

from __future__ import annotations

import numpy as np

from mlpcore.training import seeds


def test_training_and_validation_set_share_no_image_and_follow_the_seed():
    training, validation = seeds.split(3, 1000, 500, 50)

    assert (len(training), len(validation)) == (450, 50)
    assert len({*training, *validation}) == 500
    assert (seeds.split(3, 1000, 500, 50)[0] == training).all()
    assert (seeds.split(4, 1000, 500, 50)[0] != training).any()


def test_an_order_shows_each_image_once_anew_for_each_epoch_and_seed():
    orders = [seeds.order(seed, epoch, 100) for seed in (1, 2) for epoch in (1, 2, 3)]

    for order in orders:
        np.testing.assert_array_equal(np.sort(order), np.arange(100))
    assert len({order.tobytes() for order in orders}) == 6
    np.testing.assert_array_equal(seeds.order(2, 3, 100), orders[-1])


def test_no_two_streams_share_a_key_or_a_seed():
    keys = np.concatenate([seeds.keys(seed, epoch, 4) for seed in range(20) for epoch in range(1, 11)])
    weights = [seeds.weights(seed, layer) for seed in range(100) for layer in range(5)]

    assert keys.dtype == np.uint32
    assert keys.shape == (20 * 10 * 5, 2)
    assert len({tuple(key) for key in keys}) == len(keys)
    assert len(set(weights)) == len(weights)
    assert min(weights) >= 0


def test_the_keys_of_an_epoch_do_not_depend_on_how_many_layers_follow():
    np.testing.assert_array_equal(seeds.keys(1, 2, 5)[:3], seeds.keys(1, 2, 2))
