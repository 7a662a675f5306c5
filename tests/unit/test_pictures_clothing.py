import io

import numpy as np
import pytest
from PIL import Image

from mlpcore import datasets
from mlpcore.errors import PictureError
from mlpcore.pictures.clothing import read_clothing

SHAPE = (28, 28)


def png(levels: np.ndarray, ground: int, size: tuple[int, int] = (400, 340)) -> bytes:
    """A picture of `size` (width, height) whose middle is `levels`, ten times as large."""
    large = Image.fromarray(levels).resize((10 * levels.shape[1], 10 * levels.shape[0]), Image.Resampling.NEAREST)
    picture = Image.new("L", size, ground)
    picture.paste(large, ((size[0] - large.width) // 2, (size[1] - large.height) // 2))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def trousers() -> np.ndarray:
    """28 x 28, dark blue: 0 is the background."""
    levels = np.zeros(SHAPE, np.uint8)
    levels[:, 9:19] = 180
    levels[8:, 13:15] = 0
    return levels


def test_clothing_on_a_light_background_becomes_light_on_black() -> None:
    received = read_clothing(png(255 - trousers(), 255), SHAPE)
    assert received.inputs.dtype == np.float32
    assert received.inputs == pytest.approx(trousers() / 255, abs=0.01)


def test_clothing_on_a_dark_background_gives_the_same() -> None:
    assert read_clothing(png(trousers(), 0), SHAPE).inputs == pytest.approx(trousers() / 255, abs=0.01)


def test_small_clothing_at_the_edge_is_enlarged_and_centred() -> None:
    small = np.full((200, 300), 255, np.uint8)
    small[150:200, 0:20] = 60
    received = read_clothing(png(small[:, :], 255, (3000, 2000)), SHAPE).inputs
    columns = np.flatnonzero(received.any(axis=0))
    assert received.any(axis=1).all()
    assert 10 <= len(columns) <= 12
    assert columns[0] + columns[-1] == pytest.approx(27, abs=1)


def test_specks_beside_the_clothing_are_left_out() -> None:
    levels = 255 - trousers()
    data = png(levels, 255)
    picture = Image.open(io.BytesIO(data))
    picture.putpixel((2, 2), 0)
    picture.putpixel((390, 330), 0)
    file = io.BytesIO()
    picture.save(file, "PNG")
    assert read_clothing(file.getvalue(), SHAPE).inputs == pytest.approx(trousers() / 255, abs=0.01)


@pytest.mark.parametrize("level", [0, 90, 255])
def test_an_empty_picture_is_refused_with_a_sentence(level: int) -> None:
    with pytest.raises(PictureError, match="No piece of clothing can be recognized in this picture"):
        read_clothing(png(np.full(SHAPE, level, np.uint8), level), SHAPE)


@pytest.mark.parametrize("data", [b"", b"text", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(PictureError):
        read_clothing(data, SHAPE)


def test_fashion_mnists_own_images_come_back_as_they_were() -> None:
    images = datasets.load_test("fashion_mnist").inputs[:50]
    off = [np.abs(read_clothing(png(255 - image, 255), SHAPE).inputs - image / 255).mean() for image in images]
    assert np.median(off) < 0.02
