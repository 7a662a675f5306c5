"""Straightening: slanted digits stand upright afterwards, upright ones stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.pictures.deskew import deskewed
from tests.factory.trainings import SMALL, recorded


def stroke(slant: float, side: int = 28) -> np.ndarray:
    """A soft bar through the middle that goes `slant` columns to the left with each row down."""
    row, column = np.mgrid[:side, :side] - (side - 1) / 2
    return (250 * np.exp(-((column + slant * row) ** 2) / 4) * (np.abs(row) < side / 3)).astype(np.uint8)


def slant(image: np.ndarray) -> float:
    """How many columns the ink goes to the right with each row down."""
    rows, columns = np.nonzero(image > 0)
    return float(
        np.cov(rows, columns, aweights=image[rows, columns])[0, 1] / np.cov(rows, aweights=image[rows, columns])
    )


@pytest.mark.parametrize("shear", [-0.7, -0.2, 0.3, 0.6])
def test_a_slanted_stroke_is_straightened(shear: float) -> None:
    upright = deskewed(stroke(shear)[None])[0]

    assert abs(slant(stroke(shear))) > 0.15
    assert abs(slant(upright)) < 0.02
    assert np.abs(upright - stroke(0)).mean() < 3


def test_what_stands_upright_stays_as_it_is() -> None:
    np.testing.assert_allclose(deskewed(stroke(0)[None])[0], stroke(0), atol=0.01)


@pytest.mark.parametrize("images", [np.zeros((3, 28, 28)), np.full((2, 8, 8), 16, np.uint8), np.zeros((0, 5, 7))])
def test_without_a_slant_nothing_changes(images: np.ndarray) -> None:
    np.testing.assert_allclose(deskewed(images), images, atol=1e-3)


def test_an_image_is_straightened_alike_alone_and_among_many() -> None:
    images = np.random.default_rng(0).integers(0, 256, (2050, 8, 8), np.uint8)

    np.testing.assert_allclose(deskewed(images)[2048:], deskewed(images[2048:]), atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(("dataset", "prepare"), [("digits", "none"), ("digits", "deskew"), ("mnist", "deskew")])
def test_a_network_reads_the_test_set_as_well_as_its_training_said(dataset: str, prepare: str) -> None:
    run = recorded(SMALL | {"dataset": dataset, "training_images": 1000, "prepare": prepare})
    network, data = run.networks[0, 3], datasets.load(dataset)

    predicted = network.probabilities(data.test_inputs.astype(np.float32) / network.scale).argmax(axis=1)

    assert network.prepare == prepare
    accuracy = float((predicted == data.test_labels).mean())
    assert run.finished.results[0].test_accuracy == pytest.approx(accuracy, abs=2.01 / len(predicted))
