"""Grids of numbers as small pictures."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from mlpcore.figures import palette, pixels


def opened(address: str) -> Image.Image:
    head, _comma, data = address.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_ink_is_white_on_black():
    picture = opened(pixels.grey(np.array([[0.0, 0.5, 1.0], [2.0, -1.0, 0.25]])))

    assert picture.size == (3, 2)
    assert np.asarray(picture).tolist() == [[0, 128, 255], [255, 0, 64]]


def test_positive_numbers_are_blue_negative_ones_amber_and_zero_is_transparent():
    image = np.asarray(opened(pixels.signed(np.array([[2.0, 0.0, -1.0]]))))

    assert image[0, 0].tolist() == [*palette.channels(palette.POSITIVE), 255]
    assert image[0, 1, 3] == 0
    assert image[0, 2].tolist() == [*palette.channels(palette.NEGATIVE), 128]


def test_what_is_larger_than_the_largest_is_opaque():
    image = np.asarray(opened(pixels.signed(np.array([[4.0, 1.0]]), largest=2.0)))

    assert image[0, :, 3].tolist() == [255, 128]


@pytest.mark.parametrize("values", [np.zeros((3, 3)), np.full((1, 1), 0.0)])
def test_a_picture_of_zeros_is_transparent(values):
    assert np.asarray(opened(pixels.signed(values)))[..., 3].max() == 0
