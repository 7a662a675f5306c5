"""Dilation, distances and connected components agree with SciPy; stroke widths are measured and changed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from mlpcore.pictures.morphology import (
    connected_components,
    dilated,
    distances_to,
    maximum_filter,
    stroke_width,
    with_edges_moved,
)
from mlpcore.pictures.strokes import Strokes, draw

SHAPES = [(1, 1), (1, 9), (7, 1), (12, 17), (60, 40)]
DENSITIES = [0.02, 0.3, 0.5, 0.8]


def masks(shape: tuple[int, int]) -> list[np.ndarray]:
    generator = np.random.default_rng(0)
    return [generator.random(shape) < density for density in DENSITIES for _ in range(3)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("window", [1, 3, 7, 15])
def test_the_maximum_around_each_pixel_is_found(shape: tuple[int, int], window: int) -> None:
    picture = np.random.default_rng(0).random(shape).astype(np.float32)
    expected = ndimage.maximum_filter(picture, window, mode="constant", cval=-np.inf)
    np.testing.assert_array_equal(maximum_filter(picture, window), expected)
    colours = np.stack([picture, picture + 1], axis=2)
    np.testing.assert_array_equal(maximum_filter(colours, window)[..., 1], expected + 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mask_is_widened(shape: tuple[int, int]) -> None:
    for mask in masks(shape):
        np.testing.assert_array_equal(dilated(mask, 2), ndimage.binary_dilation(mask, np.ones((5, 5))))


@pytest.mark.parametrize("shape", SHAPES)
def test_distances_to_a_mask_are_euclidean(shape: tuple[int, int]) -> None:
    for mask in masks(shape):
        if mask.any():
            np.testing.assert_allclose(distances_to(mask), ndimage.distance_transform_edt(~mask), rtol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_connected_components_are_those_of_scipy_under_other_numbers(shape: tuple[int, int]) -> None:
    for mask in masks(shape):
        ours = connected_components(mask)
        theirs, count = ndimage.label(mask, np.ones((3, 3)))
        assert ours.shape == shape
        np.testing.assert_array_equal(ours > 0, mask)
        assert len(set(zip(ours[mask].tolist(), theirs[mask].tolist(), strict=True))) == count == ours.max()


def test_a_spiral_is_one_component() -> None:
    spiral = np.zeros((41, 41), bool)
    for turn in range(0, 20, 4):
        spiral[turn, turn : 41 - turn] = spiral[turn : 41 - turn, 40 - turn] = spiral[40 - turn, turn : 41 - turn] = (
            True
        )
        spiral[turn + 4 : 41 - turn, turn] = spiral[turn + 4, turn : turn + 5] = True
    assert connected_components(spiral).max() == 1


def a_three(pen: float) -> np.ndarray:
    points = [[20, 20], [40, 15], [50, 25], [30, 38], [52, 50], [40, 66], [20, 60]]
    return draw(Strokes((np.array(points, float),)), 80, pen, detail=1)


@pytest.mark.parametrize("pen", [3, 5, 8, 12])
def test_the_pens_width_is_measured(pen: float) -> None:
    assert stroke_width(a_three(pen)) == pytest.approx(pen, rel=0.15)


def test_no_ink_has_no_width() -> None:
    assert stroke_width(np.zeros((5, 5), np.float32)) == 0


@pytest.mark.parametrize(("pen", "change"), [(3, 2), (5, 1.5), (5, 0), (8, -2), (12, -3.5)])
def test_lines_are_drawn_again_with_another_width(pen: float, change: float) -> None:
    assert stroke_width(with_edges_moved(a_three(pen), change)) == pytest.approx(pen + 2 * change, rel=0.15)


def test_thinning_never_breaks_a_line_whose_width_changes() -> None:
    uneven = draw(Strokes((np.array([[10.0, 40], [40, 40]]),)), 80, 14, detail=1)
    uneven = np.maximum(uneven, draw(Strokes((np.array([[10.0, 40], [70, 40]]),)), 80, 3, detail=1))
    thinned = with_edges_moved(uneven, -5)
    assert connected_components(thinned > 0.5).max() == 1
    assert np.ptp(np.flatnonzero((thinned > 0.5).any(axis=0))) > 50
