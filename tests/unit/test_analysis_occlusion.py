"""Occlusion: each position holds the prediction for the image with its patch, no more and no less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlpcore.analysis import occlusion
from mlpcore.inference import Layer, Network


def a_network(shape: tuple[int, ...] = (7, 6), prepare: str = "none") -> Network:
    generator = np.random.default_rng(2)
    inputs = int(np.prod(shape))
    hidden = Layer(generator.normal(size=(inputs, 8)).astype(np.float32), np.zeros(8, np.float32), "relu")
    last = Layer(generator.normal(size=(8, 3)).astype(np.float32), np.zeros(3, np.float32), "softmax")
    return Network((hidden, last), "none", shape, 1.0, 1, prepare)


def an_image() -> np.ndarray:
    image = np.zeros((7, 6), np.float32)
    image[1:6, 2:4] = np.random.default_rng(4).random((5, 2))
    return image


@pytest.mark.parametrize("size", [1, 3, 5])
@pytest.mark.parametrize("fill", occlusion.FILLS.values())
def test_each_position_holds_the_prediction_for_the_image_with_a_patch_there(size: int, fill: float) -> None:
    network, image = a_network(), an_image()
    sensitivity = occlusion.slide(network, image, size, fill)
    assert sensitivity.probabilities.shape == (7, 6, 3)
    for row in range(7):
        for column in range(6):
            patched = image.copy()
            for r in range(row - size // 2, row + size // 2 + 1):
                for c in range(column - size // 2, column + size // 2 + 1):
                    if 0 <= r < 7 and 0 <= c < 6:
                        patched[r, c] = fill
            np.testing.assert_array_equal(occlusion.covered(image, row, column, size, fill), patched)
            expected = network.probabilities(patched[None])[0]
            np.testing.assert_allclose(sensitivity.probabilities[row, column], expected, rtol=1e-4, atol=1e-6)


def test_a_drop_is_the_fall_of_the_probability_and_the_largest_drop_is_found() -> None:
    network, image = a_network(), an_image()
    sensitivity = occlusion.slide(network, image, 3, 0.0)
    label = int(sensitivity.uncovered.argmax())
    drops = sensitivity.drops(label)
    np.testing.assert_allclose(drops, sensitivity.uncovered[label] - sensitivity.probabilities[..., label])
    assert drops[sensitivity.largest_drop(label)] == drops.max() > 0
    assert drops[0, 5] == 0  # nothing is there to cover


def test_what_the_network_receives_is_not_prepared_again() -> None:
    image = an_image()
    plain, straightening = (
        occlusion.slide(a_network(prepare=prepare), image, 3, 0.0) for prepare in ("none", "deskew")
    )
    np.testing.assert_array_equal(plain.probabilities, straightening.probabilities)


def test_a_large_network_is_measured_at_fewer_evenly_spaced_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    network, image = a_network(), an_image()
    monkeypatch.setattr(occlusion, "_MAX_WORK", 42 * (42 * 8 + 24) / 8)
    sensitivity = occlusion.slide(network, image, 3, 0.0)
    assert sensitivity.step == 3
    assert sensitivity.probabilities.shape == (2, 2, 3)
    assert [sensitivity.middle(0, 0), sensitivity.middle(1, 1)] == [(1, 1), (4, 4)]
    expected = network.probabilities(occlusion.covered(image, 4, 1, 3, 0.0)[None])[0]
    np.testing.assert_allclose(sensitivity.probabilities[1, 0], expected, rtol=1e-5)


def test_features_are_replaced_by_their_mean_one_by_one() -> None:
    network = replace(a_network((5,)), input_shape=(5,))
    values = np.array([0.4, -1.2, 0.0, 2.0, -0.3], np.float32)
    sensitivity = occlusion.without_each(network, values)
    for index in range(5):
        changed = values.copy()
        changed[index] = 0
        np.testing.assert_allclose(sensitivity[index], network.probabilities(changed[None])[0], rtol=1e-5)
