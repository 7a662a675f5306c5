"""Grids of numbers as images, and colours over the pixels of an image."""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from mlpcore.figures import images, palette


def opened(address: str) -> Image.Image:
    head, _comma, data = address.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_ink_is_white_on_black():
    picture = opened(images.grey_url(np.array([[0.0, 0.5, 1.0], [2.0, -1.0, 0.25]])))

    assert picture.size == (3, 2)
    assert np.asarray(picture).tolist() == [[0, 128, 255], [255, 0, 64]]


def test_positive_numbers_are_blue_negative_ones_amber_and_zero_is_transparent():
    image = np.asarray(opened(images.signed_url(np.array([[2.0, 0.0, -1.0]]))))

    assert image[0, 0].tolist() == [*palette.channels(palette.POSITIVE), 255]
    assert image[0, 1, 3] == 0
    assert image[0, 2].tolist() == [*palette.channels(palette.NEGATIVE), 128]


def test_what_is_larger_than_the_largest_is_opaque():
    image = np.asarray(opened(images.signed_url(np.array([[4.0, 1.0]]), largest=2.0)))

    assert image[0, :, 3].tolist() == [255, 128]


@pytest.mark.parametrize("values", [np.zeros((3, 3)), np.full((1, 1), 0.0)])
def test_a_picture_of_zeros_is_transparent(values):
    assert np.asarray(opened(images.signed_url(values)))[..., 3].max() == 0


def embedded(svg: str) -> list[np.ndarray]:
    """The pictures in a drawing, each as numbers."""
    addresses = re.findall(r'href="data:image/png;base64,([^"]+)"', svg)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(address)))) for address in addresses]


def test_a_heat_map_is_blue_above_0_amber_below_and_shows_the_input_dark_grey_on_black() -> None:
    image = np.array([[1.0, 0.0], [0.0, 0.0]], np.float32)
    below, colours = embedded(images.heat_map(image, np.array([[2.0, -1.0], [0.0, 1.0]]), "gradient"))
    assert below.tolist() == [[89, 0], [0, 0]]
    assert colours[0, 0].tolist() == [61, 142, 208, 255]
    assert colours[0, 1].tolist() == [208, 144, 47, 128]
    assert colours[1, 0, 3] == 0


def test_coarser_values_spread_over_the_whole_picture() -> None:
    svg = images.heat_map(np.zeros((4, 6), np.float32), np.ones((2, 3)), "coarse")
    root = ElementTree.fromstring(svg)
    sizes = {(image.attrib["width"], image.attrib["height"]) for image in root.findall("image")}
    assert root.attrib["viewBox"] == "0 0 60 40"
    assert sizes == {("60", "40")}


def test_a_square_covers_its_pixels() -> None:
    rect = ElementTree.fromstring(images.square_mark(3, 1, 2, data_pick="4-2"))
    assert [rect.attrib[name] for name in ("x", "y", "width", "height")] == ["10", "30", "20", "20"]
