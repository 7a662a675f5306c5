"""What the networks receive is what they were trained on."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from mlpcore.datasets import REGISTRY
from mlpcore.errors import PictureError
from mlpcore.pictures import PREPARATIONS, naive, parse_strokes, prepare, read_picture
from tests.factory.trainings import recorded
from tests.unit.drawn_digits import DRAWN, dataset, encoded, enlarged, nearest, real_strokes

DIGIT_SHAPES = sorted({info.input_shape for info in REGISTRY.values() if info.draws_digits})


def prepared(strokes: list[list[list[float]]], shape: tuple[int, ...] = (28, 28)) -> np.ndarray:
    return prepare(parse_strokes(strokes), shape).inputs


def test_every_dataset_of_digits_can_be_drawn_for() -> None:
    assert set(DIGIT_SHAPES) == set(PREPARATIONS)


@pytest.mark.parametrize("shape", DIGIT_SHAPES)
def test_inputs_have_the_datasets_shape_and_range_and_a_picture_for_the_eye(shape: tuple[int, ...]) -> None:
    for drawn in (parse_strokes(DRAWN[5]), np.pad(np.ones((60, 9), np.float32), 20)):
        result = prepare(drawn, shape)
        assert result.inputs.shape == shape
        assert result.inputs.dtype == np.float32
        assert result.inputs.min() == 0
        assert 0.9 < result.inputs.max() <= 1
        assert result.picture.dtype == np.uint8
        np.testing.assert_allclose(result.picture / 255, result.inputs, atol=1 / 255)


@pytest.mark.parametrize("shape", [(4,), (30,), (32, 32), (28, 28, 1)])
def test_a_network_that_reads_no_digits_is_named_as_the_reason(shape: tuple[int, ...]) -> None:
    with pytest.raises(PictureError, match="not trained on images of digits"):
        prepare(parse_strokes(DRAWN[5]), shape)


@pytest.mark.parametrize("digit", DRAWN)
def test_a_drawn_digit_fills_mnists_box_around_its_centre_of_mass(digit: int) -> None:
    picture = prepared(DRAWN[digit])
    rows, columns = (np.flatnonzero((picture > 0.3).any(axis=axis)) for axis in (1, 0))
    assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21
    centre = [float(picture.sum(axis=axis) @ np.arange(28) / picture.sum()) for axis in (1, 0)]
    assert centre == pytest.approx([14, 14], abs=0.1)


@pytest.mark.parametrize("shape", DIGIT_SHAPES)
def test_place_and_size_on_the_canvas_make_no_difference(shape: tuple[int, ...]) -> None:
    for strokes in DRAWN.values():
        small = [[[0.1 + 0.3 * x, 0.6 + 0.3 * y] for x, y in line] for line in strokes]
        assert np.abs(prepared(small, shape) - prepared(strokes, shape)).mean() < 0.02


@pytest.mark.parametrize("shape", DIGIT_SHAPES)
def test_a_dot_and_a_straight_line_are_prepared(shape: tuple[int, ...]) -> None:
    dot = prepared([[[0.9, 0.1]]], shape)
    trembling = prepared([[[0.9, 0.1], [0.905, 0.103]]], shape)
    assert 0 < dot.sum() < 0.8 * dot.size
    np.testing.assert_allclose(trembling, dot, atol=0.3)
    for line in ([[0.5, 0.1], [0.5, 0.9]], [[0.1, 0.5], [0.9, 0.5]]):
        assert prepared([line], shape).sum() > 1


def test_a_dot_is_as_wide_as_mnists_pen_in_the_middle() -> None:
    dot = prepared([[[0.9, 0.1]]])
    assert dot.sum() == pytest.approx(np.pi * 1.2**2, rel=0.1)
    assert dot[13:16, 13:16].sum() > 0.9 * dot.sum()


@pytest.mark.parametrize("shape", DIGIT_SHAPES)
def test_ink_without_any_ink_is_refused_with_a_sentence(shape: tuple[int, ...]) -> None:
    with pytest.raises(PictureError, match="No digit can be recognized"):
        prepare(np.zeros((50, 50), np.float32), shape)


@pytest.mark.parametrize("shape", DIGIT_SHAPES)
@pytest.mark.parametrize("strength", [0.12, 0.4, 1])
def test_ink_of_any_strength_and_shape_is_an_answer_or_a_sentence(shape: tuple[int, ...], strength: float) -> None:
    for size in ((40, 40), (3, 300), (300, 3), (20, 1), (1, 1)):
        try:
            inputs = prepare(np.full(size, strength, np.float32), shape).inputs
        except PictureError:
            continue
        assert np.isfinite(inputs).all()
        assert 0 <= inputs.min() <= inputs.max() <= 1


def test_small_digits_have_the_statistics_of_ucis() -> None:
    """Every digit is 8 rows high and mostly columns 1 to 6 wide, with about 313 of 1024 pixels on."""
    ours = np.stack([prepared(strokes, (8, 8)) for strokes in DRAWN.values()])
    theirs = dataset("digits").train_inputs / 16
    assert ours.any(axis=2).all()
    assert ours.sum(axis=(1, 2)).mean() == pytest.approx(theirs.sum(axis=(1, 2)).mean(), rel=0.1)
    assert np.abs(ours.mean(axis=0) - theirs.mean(axis=0)).mean() < 0.12
    assert set(np.unique(ours * 16)) <= set(range(17))


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_ten_drawn_digits_lie_nearest_to_their_own_kind(name: str) -> None:
    shape = REGISTRY[name].input_shape
    assert nearest(name, np.stack([prepared(s, shape) for s in DRAWN.values()])).tolist() == list(DRAWN)


@pytest.mark.parametrize(("name", "share"), [("digits", 0.9), ("mnist", 0.84)])
def test_real_strokes_lie_nearest_to_their_own_kind(name: str, share: float) -> None:
    strokes, labels = real_strokes()
    shape = REGISTRY[name].input_shape
    ours = nearest(name, np.stack([prepared(s, shape) for s in strokes])) == labels
    resized = nearest(name, np.stack([naive(parse_strokes(s), shape).inputs for s in strokes])) == labels
    assert ours.mean() >= share
    assert resized.mean() < 0.5


# MNIST's own images, which an upload must not change


def uploads(generator: np.random.Generator) -> dict[str, object]:
    def aside(picture: np.ndarray) -> np.ndarray:
        top, left = generator.integers(0, 50, 2)
        return np.pad(picture, ((top, 50 - top), (left, 50 - left)))

    return {
        "as it is": encoded,
        "inverted JPEG": lambda image: encoded(255 - image, "JPEG", quality=85),
        "enlarged, shifted": lambda image: encoded(aside(enlarged(image, 6))),
        "enlarged, shifted, inverted JPEG": lambda image: encoded(255 - aside(enlarged(image, 6)), "JPEG", quality=80),
        "coarse pixels": lambda image: encoded(aside(enlarged(image, 4, Image.Resampling.NEAREST)), "GIF"),
    }


@pytest.mark.parametrize("how", uploads(np.random.default_rng(0)))
def test_images_of_mnist_come_back_from_an_upload_as_they_were(how: str) -> None:
    data = dataset("mnist")
    upload = uploads(np.random.default_rng(0))[how]
    images, labels = data.test_inputs[:100], data.test_labels[:100]
    received = np.stack([prepare(read_picture(upload(image)), (28, 28)).inputs for image in images])
    off = np.abs(received - images / 255).mean(axis=(1, 2))
    assert np.median(off) < 0.04
    as_they_were = (nearest("mnist", images / np.float32(255)) == labels).mean()
    assert (nearest("mnist", received) == labels).mean() >= as_they_were - 0.01


@pytest.mark.slow
def test_a_network_reads_uploads_of_test_images_as_well_as_the_images() -> None:
    """At most a percentage point is lost of 300 test images of MNIST, enlarged, shifted, every other one inverted."""
    data, rng = dataset("mnist"), np.random.default_rng(3)
    settings = {"dataset": "mnist", "hidden": [{"units": 64}], "epochs": 3, "training_images": 12000}
    network = recorded(settings | {"batch_size": 64, "prepare": "deskew"}).networks[0, 3]
    chosen = rng.permutation(len(data.test_labels))[:300]
    images, labels = data.test_inputs[chosen], data.test_labels[chosen]
    received = []
    for number, image in enumerate(images):
        top, left = rng.integers(0, 40, 2)
        canvas = np.pad(enlarged(image, 3), ((top, 40 - top), (left, 40 - left)))
        received.append(prepare(read_picture(encoded(255 - canvas if number % 2 else canvas)), (28, 28)).inputs)

    directly, uploaded = (
        (network.probabilities(inputs).argmax(axis=1) == labels).mean()
        for inputs in (images / np.float32(255), np.stack(received))
    )

    assert directly > 0.9
    assert uploaded >= directly - 0.0101


def test_a_digit_cropped_to_its_edges_is_dark_on_light_all_the_same() -> None:
    data = dataset("mnist")
    images, labels = data.test_inputs[:50], data.test_labels[:50]
    received = []
    for image in images:
        rows, columns = (np.flatnonzero((image > 50).any(axis=axis)) for axis in (1, 0))
        tight = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        received.append(prepare(read_picture(encoded(255 - enlarged(tight, 6))), (28, 28)).inputs)
    as_they_were = (nearest("mnist", images / np.float32(255)) == labels).mean()
    assert as_they_were > 0.85
    assert (nearest("mnist", np.stack(received)) == labels).mean() >= as_they_were - 0.021


def test_naive_preparation_only_reduces_the_canvas() -> None:
    corner = naive(parse_strokes([[[0.05, 0.05], [0.2, 0.2]]]), (28, 28)).inputs
    assert corner[:8, :8].sum() == pytest.approx(corner.sum())
    ink = np.pad(np.ones((10, 10), np.float32), ((0, 90), (0, 90)))
    assert naive(ink, (8, 8)).inputs[0, 0] > 0.5
    assert naive(ink, (8, 8)).inputs[2:].max() == 0


def test_preparing_digits_loads_neither_scipy_nor_scikit_learn_nor_keras() -> None:
    code = "import sys, mlpcore.pictures; print({'scipy', 'sklearn', 'keras', 'tensorflow'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
