"""Photographs and screenshots of digits give their ink; what is no digit gives a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from mlpcore.errors import PictureError
from mlpcore.pictures import parse_strokes, prepare, read_picture
from mlpcore.pictures.segmentation import segment_digit
from tests.unit.drawn_digits import DRAWN, encoded

HEIGHT, WIDTH = 480, 640
BLACK, BLUE, RED, PENCIL, CHALK = (25, 25, 30), (30, 50, 160), (190, 40, 45), (110, 110, 112), (225, 225, 215)
WHITE, BOARD = (235, 232, 222), (40, 60, 50)


def across(generator: np.random.Generator, places: int) -> np.ndarray:
    """Smooth random values in 0..1 over a photograph."""
    few = generator.random((places, places)).astype(np.float32)
    return np.asarray(Image.fromarray(few).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)).clip(0, 1)


def photograph(
    digit: int,
    *,
    pen: tuple[int, int, int] = BLACK,
    paper: tuple[int, int, int] = WHITE,
    width: float = 0.04,
    size: float = 0.6,
    centre: tuple[float, float] = (0.5, 0.5),
    grid: tuple[int, int, int] | None = None,
    shade: float = 0.4,
    shadow: float = 0.0,
    desk: bool = False,
    noise: float = 5,
    blur: float = 0.8,
) -> bytes:
    """A JPEG of a digit on paper. `size` and `width` (of the pen) are parts of the photograph's height."""
    generator = np.random.default_rng(digit)
    picture = Image.new("RGB", (WIDTH, HEIGHT), paper)
    drawing = ImageDraw.Draw(picture)
    for step in range(-10, 40) if grid else ():
        drawing.line([(0, 37 * step), (WIDTH, 37 * step + 25)], fill=grid, width=2)
        drawing.line([(37 * step, 0), (37 * step - 19, HEIGHT)], fill=grid, width=2)
    ink = Image.new("L", picture.size)
    drawing = ImageDraw.Draw(ink)
    position = np.array(centre) * (WIDTH, HEIGHT)
    for line in DRAWN[digit]:
        points = [tuple(point) for point in ((np.array(line) - 0.5) * size * 1.5 * HEIGHT + position).tolist()]
        drawing.line(points, fill=255, width=max(1, round(width * HEIGHT)), joint="curve")
    share = np.asarray(ink.filter(ImageFilter.GaussianBlur(blur)), np.float32)[..., None] / 255
    colours = np.asarray(picture, np.float32) * (1 - share) + np.array(pen) * share
    down, right = np.mgrid[0:HEIGHT, 0:WIDTH]
    if desk:
        colours = np.where((right - 0.3 * down > 0.8 * WIDTH)[..., None], np.array([95, 60, 35]), colours)
    light = 1 - shade * across(generator, 3)
    light = light * (1 - shadow / (1 + np.exp((right + down - 0.9 * WIDTH) / 8.0)))
    seen = colours * light[..., None] * [1, 0.97, 0.9] + generator.normal(0, noise, colours.shape)
    return encoded(seen.clip(0, 255).astype(np.uint8), "JPEG", quality=80)


SCENES: dict[str, dict[str, Any]] = {
    "even light": {"shade": 0},
    "uneven light": {"shade": 0.6},
    "a shadow's edge": {"shadow": 0.5},
    "a grid": {"grid": (150, 180, 215)},
    "a dark grid": {"grid": (120, 140, 175)},
    "a pencil": {"pen": PENCIL, "width": 0.02},
    "a pencil on a grid": {"pen": PENCIL, "grid": (150, 180, 215)},
    "a blue pen": {"pen": BLUE},
    "a red pen": {"pen": RED},
    "a fine pen": {"width": 0.01},
    "a broad pen": {"width": 0.1},
    "small and aside": {"size": 0.2, "width": 0.015, "centre": (0.75, 0.3)},
    "tiny": {"size": 0.12, "width": 0.012, "shade": 0.2},
    "large": {"size": 0.9},
    "dim and noisy": {"paper": (100, 98, 90), "pen": (20, 20, 20), "noise": 9},
    "out of focus": {"blur": 4},
    "a desk behind": {"desk": True, "centre": (0.4, 0.5)},
    "chalk on a board": {"pen": CHALK, "paper": BOARD},
    "chalk, noisy": {"pen": CHALK, "paper": BOARD, "noise": 14},
}


def likeness(first: np.ndarray, second: np.ndarray) -> float:
    """The correlation of two pictures, at the best of the shifts by up to a pixel."""
    shifts = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    return max(float(np.corrcoef(np.roll(first, s, (0, 1)).ravel(), second.ravel())[0, 1]) for s in shifts)


@pytest.mark.parametrize("scene", SCENES)
def test_a_photographed_digit_becomes_what_the_same_strokes_become(scene: str) -> None:
    alike = [
        likeness(
            prepare(read_picture(photograph(digit, **SCENES[scene])), (28, 28)).inputs,
            prepare(parse_strokes(strokes), (28, 28)).inputs,
        )
        for digit, strokes in DRAWN.items()
        if digit % 2 == len(scene) % 2  # every other digit, to be done in half the time
    ]
    # A fine, a broad and a blurred pen leave other lines, in the same places.
    assert min(alike) > 0.7, np.round(alike, 2)
    assert np.median(alike) > 0.8, np.round(alike, 2)


def a_bar(ground: int, ink: int, thickness: int = 12) -> np.ndarray:
    picture = np.full((100, 100), ground, np.uint8)
    picture[20:80, 40 : 40 + thickness] = ink
    return picture


@pytest.mark.parametrize(
    ("ground", "ink"), [(255, 0), (0, 255), (230, 180), (60, 20), (20, 60), (128, 100), (100, 128)]
)
def test_ink_is_what_differs_from_the_background_whichever_is_darker(ground: int, ink: int) -> None:
    ink_found = read_picture(encoded(a_bar(ground, ink)))
    np.testing.assert_allclose(ink_found, a_bar(0, 255) / 255, atol=0.02)


def test_a_ring_is_ink_and_the_background_within_it_is_not() -> None:
    picture = Image.new("L", (120, 120), 250)
    ImageDraw.Draw(picture).ellipse((30, 20, 90, 100), outline=10, width=4)
    ink_found = read_picture(encoded(picture))
    assert ink_found[60, 60] == 0
    assert ink_found[60, 32] > 0.9
    inverted = Image.fromarray(255 - np.asarray(picture))
    np.testing.assert_allclose(read_picture(encoded(inverted)), ink_found, atol=0.05)


def test_specks_are_dropped_and_parts_of_the_digit_stay() -> None:
    picture = a_bar(255, 0)
    picture[20:32, 60:75] = 0  # a second part beside the bar
    picture[5:7, 5:7] = picture[95, 50] = picture[50, 97] = 0  # dust
    ink_found = read_picture(encoded(picture))
    assert ink_found[25, 65] > 0.9
    assert ink_found[5, 5] == ink_found[95, 50] == ink_found[50, 97] == 0


def test_the_edge_of_the_paper_is_no_part_of_the_digit() -> None:
    picture = a_bar(255, 0)
    picture[:, 95:] = 60
    ink_found = read_picture(encoded(picture))
    assert ink_found[:, 90:].max() == 0
    assert ink_found[50, 45] > 0.9


def test_a_pen_of_one_colour_is_found_among_lines_of_another() -> None:
    picture = np.full((100, 100, 3), 240, np.uint8)
    picture[::10] = (150, 190, 240)
    picture[20:80, 40:46] = (200, 30, 30)
    ink_found = read_picture(encoded(picture))
    assert ink_found[22:78, 42].min() > 0.8
    assert ink_found[30, 60:].max() < 0.2


NOISE = np.random.default_rng(0)
NOTHING = {
    "white": np.full((300, 300), 255, np.uint8),
    "black": np.zeros((300, 300), np.uint8),
    "a smooth gradient": np.linspace(60, 250, 300 * 300).reshape(300, 300).astype(np.uint8),
    "one pixel": np.where(np.arange(90_000).reshape(300, 300) == 45_150, 0, 255).astype(np.uint8),
    "noise": NOISE.integers(0, 256, (300, 300, 3)).astype(np.uint8),
    "paper in bad light": NOISE.normal(180, 6, (480, 640, 3)).clip(0, 255).astype(np.uint8),
    "paper in worse light": NOISE.normal(90, 20, (480, 640, 3)).clip(0, 255).astype(np.uint8),
    "a page of writing": np.kron(NOISE.random((12, 16)) > 0.5, np.pad(np.ones((14, 3)), 13)).astype(np.uint8) * 200,
}


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_where_no_single_digit_stands_out_a_sentence_says_so(name: str, kind: str) -> None:
    with pytest.raises(PictureError, match="No digit can be recognized in this picture"):
        read_picture(encoded(NOTHING[name], kind))


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (7, 200), (500, 1), (2, 2)])
def test_a_picture_of_a_few_pixels_is_refused_with_a_sentence(shape: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match="too small or too narrow"):
        read_picture(encoded(NOISE.integers(0, 256, shape).astype(np.uint8)))


def test_any_picture_gives_ink_or_a_sentence() -> None:
    for seed in range(60):
        generator = np.random.default_rng(seed)
        height, width = generator.integers(8, 60, 2)
        coarse = generator.random((generator.integers(1, 7), generator.integers(1, 7), 3))
        picture = np.kron(coarse, np.ones((height, width, 1)))[:height, :width].astype(np.float32)
        try:
            ink = segment_digit(picture)
        except PictureError:
            continue
        assert ink.shape == (height, width)
        assert 0 <= ink.min() <= ink.max() <= 1
        for shape in ((28, 28), (8, 8)):
            assert np.isfinite(prepare(ink, shape).inputs).all()
