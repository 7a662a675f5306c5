"""Colours over the pixels of a picture."""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from mlpcore.figures import saliency_maps


def pixels(svg: str) -> list[np.ndarray]:
    """The pictures in a drawing, each as numbers."""
    addresses = re.findall(r'href="data:image/png;base64,([^"]+)"', svg)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(address)))) for address in addresses]


def test_a_heat_map_is_blue_above_0_amber_below_and_transparent_at_0() -> None:
    image = np.array([[1.0, 0.0], [0.0, 0.0]], np.float32)
    shadow, colours = pixels(saliency_maps.heat_map(image, np.array([[2.0, -1.0], [0.0, 1.0]]), "gradient"))
    assert shadow[..., 3].tolist() == [[110, 0], [0, 0]]
    assert colours[0, 0].tolist() == [61, 142, 208, 255]
    assert colours[0, 1].tolist() == [208, 144, 47, 128]
    assert colours[1, 0, 3] == 0


def test_coarser_values_spread_over_the_whole_picture() -> None:
    svg = saliency_maps.heat_map(np.zeros((4, 6), np.float32), np.ones((2, 3)), "coarse")
    root = ElementTree.fromstring(svg)
    sizes = {(image.attrib["width"], image.attrib["height"]) for image in root.findall("image")}
    assert root.attrib["viewBox"] == "0 0 60 40"
    assert sizes == {("60", "40")}


def test_a_square_covers_its_pixels() -> None:
    rect = ElementTree.fromstring(saliency_maps.square_mark(3, 1, 2, data_pick="4-2"))
    assert [rect.attrib[name] for name in ("x", "y", "width", "height")] == ["10", "30", "20", "20"]
