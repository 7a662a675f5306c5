"""Digits are measured as they are drawn; slanted ones are straightened, upright ones stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.pictures import naive, parse_strokes, prepare
from mlpcore.pictures.digit_geometry import DigitGeometry, deskewed, digit_geometry
from tests.factory.trainings import SMALL, recorded

ONE = parse_strokes([[[0.2, 0.1], [0.2, 0.4]]])


def test_an_empty_picture_has_no_digit() -> None:
    assert digit_geometry(np.zeros((28, 28))) == DigitGeometry(0, 0.0, 0.0)


def test_a_rectangle_is_as_large_as_its_longer_side_and_as_far_off_as_its_middle() -> None:
    picture = np.zeros((28, 28))
    picture[2:12, 3:7] = 1

    measured = digit_geometry(picture)
    assert measured.size == 10
    assert measured.offset == pytest.approx(np.hypot(14 - 7, 14 - 5))
    assert measured.line_width == pytest.approx(4, abs=0.6)


@pytest.mark.parametrize("pen", [0.065, 0.11])
def test_a_drawing_that_is_only_made_small_keeps_its_place_its_size_and_its_pen(pen: float) -> None:
    measured = digit_geometry(naive(ONE, (28, 28), pen).inputs)

    assert measured.size == pytest.approx((0.3 + pen) * 28, abs=1.1)
    assert measured.offset == pytest.approx(28 * np.hypot(0.3, 0.25), abs=0.6)
    assert measured.line_width == pytest.approx(pen * 28, abs=0.5)


def test_a_prepared_drawing_has_the_size_the_place_and_the_pen_of_mnist() -> None:
    measured = digit_geometry(prepare(ONE, (28, 28)).inputs)

    assert measured.size == pytest.approx(20, abs=1)
    assert measured.offset < 1
    assert measured.line_width == pytest.approx(2.4, abs=0.5)


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
