"""The counter-based random numbers: the same on every engine and device, and random enough."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlpcore.spec import RunSpec
from mlpcore.training.member_seeds import epoch_keys

pytestmark = pytest.mark.slow

COUNTERS = np.concatenate([np.arange(4000), 2**32 - 1 - np.arange(1000)]).astype(np.uint32)
LAYERS = 2


def plain_bits(key: np.ndarray, counters: np.ndarray) -> np.ndarray:
    """The definition in NumPy, in numbers so wide that nothing overflows."""
    mask = 2**32 - 1
    x = counters.astype(np.uint64) ^ int(key[0])
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & mask
    x ^= int(key[1])
    x = ((x ^ (x >> 15)) * 0x846CA68B) & mask
    return (x ^ (x >> 16)).astype(np.uint32)


def bits(keys: np.ndarray, counters: np.ndarray) -> np.ndarray:
    from mlpcore.training import counter_rng
    from mlpcore.training.backend import keras, on_device

    return keras.ops.convert_to_numpy(counter_rng.bits(on_device(keys), on_device(counters)))


def uniform(key: np.ndarray, count: int) -> np.ndarray:
    from mlpcore.training import counter_rng
    from mlpcore.training.backend import keras, on_device

    counters = on_device(np.arange(count, dtype=np.uint32))
    return keras.ops.convert_to_numpy(counter_rng.uniform(on_device(key), counters))


def dropped(values: np.ndarray, rate: float, keys: np.ndarray, first: int = 0) -> np.ndarray:
    from mlpcore.training import counter_rng
    from mlpcore.training.backend import keras, on_device

    result = counter_rng.dropout(on_device(values), rate, on_device(keys), on_device(np.uint32(first)))
    return keras.ops.convert_to_numpy(result)


@pytest.mark.parametrize("key", [(0, 0), (1, 0), (0, 1), (2**32 - 1, 2**32 - 1), tuple(epoch_keys(5, 1, 1)[1])])
def test_bits_are_those_of_the_definition(key: tuple[int, int]):
    words = np.array(key, np.uint32)

    np.testing.assert_array_equal(bits(words, COUNTERS), plain_bits(words, COUNTERS))


def test_bits_of_many_keys_are_those_of_each():
    keys = np.stack([epoch_keys(seed, 1, 1)[1] for seed in range(4)])
    together = bits(keys[:, None, :], COUNTERS[None, :])

    for result, key in zip(together, keys, strict=True):
        np.testing.assert_array_equal(result, plain_bits(key, COUNTERS))


def test_numbers_lie_from_0_up_to_1_evenly():
    numbers = uniform(epoch_keys(1, 1, 0)[0], 100_000)
    counts = np.histogram(numbers, bins=20, range=(0, 1))[0]

    assert numbers.dtype == np.float32
    assert 0 <= numbers.min() < numbers.max() < 1
    assert np.abs(counts - 5000).max() < 4.5 * math.sqrt(5000 * 0.95)
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 4.5 / math.sqrt(100_000)


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5, 0.95])
def test_a_fraction_of_the_values_becomes_0_and_the_others_are_scaled_up(rate: float):
    values = np.full((2, 50, 400), 3.0, np.float32)
    result = dropped(values, rate, np.stack([epoch_keys(seed, 1, 1)[1] for seed in (1, 2)]))

    for member in result:
        zeros = np.count_nonzero(member == 0)
        assert abs(zeros - 20_000 * rate) < 4 * math.sqrt(20_000 * rate * (1 - rate))
        np.testing.assert_allclose(member[member != 0], 3 / (1 - rate), rtol=1e-6)


def mask(seed: int, epoch: int, layer: int, step: int) -> np.ndarray:
    """Which of the (32, 64) values of a layer a network drops in a step."""
    keys = epoch_keys(seed, epoch, LAYERS)[None, layer + 1]
    return dropped(np.ones((1, 32, 64), np.float32), 0.5, keys, step * 32 * 64).ravel() == 0


def test_masks_of_seeds_epochs_layers_and_steps_have_nothing_to_do_with_one_another():
    positions = [
        (seed, epoch, layer, step) for seed in (1, 2) for epoch in (1, 2) for layer in (0, 1) for step in (0, 1)
    ]
    masks = np.array([mask(*position) for position in positions], np.float64)
    correlations = np.corrcoef(masks)[np.triu_indices(len(positions), 1)]

    assert np.abs(correlations).max() < 4.5 / math.sqrt(masks.shape[1])


def test_a_member_of_a_stack_drops_what_its_network_drops_alone():
    keys = np.stack([epoch_keys(seed, 3, LAYERS)[1] for seed in (5, 6, 7)])
    values = np.random.default_rng(1).normal(size=(3, 32, 16)).astype(np.float32)
    stack = dropped(values, 0.3, keys, 7)

    for member in range(3):
        alone = dropped(values[member : member + 1], 0.3, keys[member : member + 1], 7)
        np.testing.assert_array_equal(stack[member], alone[0])


def test_a_smaller_batch_drops_what_the_first_rows_of_a_larger_one_drop():
    keys = epoch_keys(5, 3, 1)[None, 1]
    values = np.ones((1, 32, 16), np.float32)

    np.testing.assert_array_equal(dropped(values[:, :5], 0.3, keys), dropped(values, 0.3, keys)[:, :5])


@pytest.mark.parametrize("step", [0, 3])
def test_a_network_drops_in_each_layer_what_the_layers_key_and_the_step_say(step: int):
    """The network in NumPy, with masks from the definition."""
    from mlpcore.training.backend import keras, on_device
    from mlpcore.training.stack import Stack

    layers = [{"units": 16, "dropout": 0.3}, {"units": 12}, {"units": 8, "dropout": 0.5}]
    stack = Stack(RunSpec.from_dict({"dataset": "digits", "hidden": layers}), 2)
    weights = stack.initial_weights([5, 6])
    for variable, value in zip(stack.variables, weights, strict=True):
        variable.assign(value)
    keys = np.stack([epoch_keys(seed, 2, 3) for seed in (5, 6)])
    inputs = np.random.default_rng(1).uniform(size=(2, 32, 64)).astype(np.float32)
    logits = stack.logits(on_device(inputs), on_device(keys), on_device(np.uint32(step)))

    for member in (0, 1):
        x = inputs[member]
        for layer, settings in enumerate(layers):
            x = np.maximum(x @ weights[2 * layer][member] + weights[2 * layer + 1][member], 0)
            rate = settings.get("dropout", 0)
            counters = np.arange(x.size, dtype=np.uint32) + np.uint32(step * x.size)
            drawn = (plain_bits(keys[member, layer + 1], counters) >> 8).reshape(x.shape) / 2**24
            x = np.where(drawn >= rate, x / (1 - rate), 0)
        expected = x @ weights[6][member] + weights[7][member]
        np.testing.assert_allclose(keras.ops.convert_to_numpy(logits)[member], expected, atol=1e-5)


@pytest.mark.parametrize("step", [0, 3])
def test_a_batch_is_changed_as_the_key_of_augmentation_and_the_step_say(step: int):
    from mlpcore.training.augmentation import augmented
    from mlpcore.training.backend import keras, on_device
    from mlpcore.training.stack import Stack

    spec = RunSpec.from_dict({"dataset": "digits", "augment": {"rotation": 90, "shift": 0.2}})
    keys = np.stack([epoch_keys(seed, 2, 1) for seed in (5, 6)])
    raw = np.random.default_rng(1).integers(0, 17, (2, 32, 64), np.uint8)
    result = Stack(spec, 2).model_inputs(on_device(raw), on_device(keys), on_device(np.uint32(step)))
    first = on_device(np.uint32(step * 32))
    expected = augmented(on_device(raw.reshape(2, 32, 8, 8)), spec.augment, on_device(keys[:, 0]), first)
    plain = Stack(spec, 2).model_inputs(on_device(raw))

    changed = keras.ops.convert_to_numpy(expected).reshape(2, 32, 64) / 16
    np.testing.assert_allclose(keras.ops.convert_to_numpy(result), changed, atol=1e-5)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(plain), raw / np.float32(16), atol=1e-7)
