import numpy as np
import pytest

from mlpcore.pictures import naive, parse_strokes, prepare
from mlpcore.pictures.digit_geometry import DigitGeometry, digit_geometry

ONE = parse_strokes([[[0.2, 0.1], [0.2, 0.4]]])


def test_an_empty_picture_has_no_digit():
    assert digit_geometry(np.zeros((28, 28))) == DigitGeometry(0, 0.0, 0.0)


def test_a_rectangle_is_as_large_as_its_longer_side_and_as_far_off_as_its_middle():
    picture = np.zeros((28, 28))
    picture[2:12, 3:7] = 1

    measured = digit_geometry(picture)
    assert measured.size == 10
    assert measured.offset == pytest.approx(np.hypot(14 - 7, 14 - 5))
    assert measured.line_width == pytest.approx(4, abs=0.6)


@pytest.mark.parametrize("pen", [0.065, 0.11])
def test_a_drawing_that_is_only_made_small_keeps_its_place_its_size_and_its_pen(pen: float):
    measured = digit_geometry(naive(ONE, (28, 28), pen).inputs)

    assert measured.size == pytest.approx((0.3 + pen) * 28, abs=1.1)
    assert measured.offset == pytest.approx(28 * np.hypot(0.3, 0.25), abs=0.6)
    assert measured.line_width == pytest.approx(pen * 28, abs=0.5)


def test_a_prepared_drawing_has_the_size_the_place_and_the_pen_of_mnist():
    measured = digit_geometry(prepare(ONE, (28, 28)).inputs)

    assert measured.size == pytest.approx(20, abs=1)
    assert measured.offset < 1
    assert measured.line_width == pytest.approx(2.4, abs=0.5)
