"""Ten digits as a hand draws them, real pen strokes, and readers that need no training."""

from __future__ import annotations

import functools
import io
import math
from typing import Any

import numpy as np
from PIL import Image

from mlpcore import datasets
from tests.sample_data import real_digits


def arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> list[list[float]]:
    """Part of an ellipse around (x, y), from and to angles in degrees, clockwise from the right."""
    angles = [math.radians(start + (end - start) * i / 20) for i in range(21)]
    return [[x + wide * math.cos(a), y + high * math.sin(a)] for a in angles]


DRAWN: dict[int, list[list[list[float]]]] = {
    0: [arc(0.5, 0.5, 0.2, 0.32, -90, 270)],
    1: [[[0.4, 0.3], [0.52, 0.18], [0.5, 0.82]]],
    2: [[*arc(0.5, 0.34, 0.19, 0.16, -170, 40), [0.3, 0.8], [0.74, 0.8]]],
    3: [[*arc(0.48, 0.34, 0.18, 0.15, -160, 80), *arc(0.48, 0.65, 0.2, 0.17, -80, 160)]],
    4: [[[0.42, 0.2], [0.28, 0.56], [0.7, 0.56]], [[0.62, 0.3], [0.58, 0.84]]],
    5: [[[0.66, 0.2], [0.38, 0.2], [0.36, 0.46], *arc(0.46, 0.62, 0.19, 0.19, -110, 140)]],
    6: [[[0.58, 0.18], [0.4, 0.42], *arc(0.48, 0.66, 0.15, 0.16, -180, 180)]],
    7: [[[0.3, 0.22], [0.7, 0.22], [0.46, 0.82]]],
    8: [[*arc(0.5, 0.35, 0.14, 0.15, 90, -270), *arc(0.5, 0.66, 0.17, 0.16, -90, 270)]],
    9: [[*arc(0.48, 0.36, 0.15, 0.15, 0, 360), [0.62, 0.5], [0.56, 0.84]]],
}


def real_strokes() -> tuple[list[list[list[list[float]]]], np.ndarray]:
    """The strokes and labels of digits that people wrote."""
    digits = real_digits()
    return [digit["strokes"] for digit in digits], np.array([digit["label"] for digit in digits])


@functools.cache
def dataset(name: str) -> datasets.Dataset:
    """A dataset, loaded once."""
    return datasets.load(name)


def nearest(name: str, inputs: np.ndarray, examples: int = 2_000) -> np.ndarray:
    """The labels of the training images of a dataset that are nearest to `inputs` (n, height, width)."""
    data = dataset(name)
    training = data.train_inputs[:examples].reshape(-1, data.info.inputs) / np.float32(data.info.scale)
    flat = inputs.reshape(len(inputs), -1)
    distances = (training**2).sum(axis=1) - 2 * flat @ training.T
    return data.train_labels[distances.argmin(axis=1)]


def enlarged(picture: np.ndarray, times: int, how: Image.Resampling = Image.Resampling.BICUBIC) -> np.ndarray:
    """A uint8 picture, `times` as large."""
    height, width = picture.shape
    return np.asarray(Image.fromarray(picture).resize((width * times, height * times), how))


def encoded(picture: np.ndarray | Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """A picture file."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
