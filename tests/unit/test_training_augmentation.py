"""Augmentation changes training images up to its limits and no further, differently in each epoch."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from mlpcore import datasets
from mlpcore.spec import Augment, RunSpec
from mlpcore.spec.fields import SETTINGS as TABLE
from mlpcore.training.member_seeds import draw_split, epoch_keys
from tests.factory.trainings import SMALL, ends, recorded

pytestmark = pytest.mark.slow

SIZES = [(8, 8), (28, 28), (6, 9)]
ALL = Augment(shift=0.15, rotation=30, shear=0.3, zoom=0.25, elastic=0.1, pen=0.6)


def noise(height: int, width: int, count: int = 1) -> np.ndarray:
    return np.random.default_rng(height).integers(0, 256, (count, height, width), np.uint8)


def warped(images: np.ndarray, matrix: list[list[float]], shift: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    from mlpcore.training import augmentation
    from mlpcore.training.backend import keras, on_device

    matrices = np.broadcast_to(np.array(matrix, np.float32), (len(images), 2, 2))
    shifts = np.broadcast_to(np.array(shift, np.float32), (len(images), 2))
    return keras.ops.convert_to_numpy(
        augmentation.warped(on_device(images), on_device(matrices.copy()), on_device(shifts.copy()))
    )


def augmented(images: np.ndarray, strengths: Augment, keys: np.ndarray, first: int = 0) -> np.ndarray:
    from mlpcore.training import augmentation
    from mlpcore.training.backend import keras, on_device

    changed_images = augmentation.augmented(on_device(images), strengths, on_device(keys), on_device(np.uint32(first)))
    return keras.ops.convert_to_numpy(changed_images)


def keys(*members: int, epoch: int = 1) -> np.ndarray:
    return np.stack([epoch_keys(seed, epoch, 0)[0] for seed in members])


IDENTITY = [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("size", SIZES)
def test_without_strengths_nothing_changes(size: tuple[int, int]):
    images = noise(*size, count=5)

    np.testing.assert_array_equal(warped(images, IDENTITY), images)
    np.testing.assert_array_equal(augmented(images[None], Augment(), keys(1))[0], images)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("right", "down"), [(1, 0), (0, 1), (-2, 3), (3, -1), (100, 0)])
def test_whole_pixels_are_moved_exactly_and_0_moves_in(size: tuple[int, int], right: int, down: int):
    image = noise(*size)[0]
    moved = np.zeros_like(image)
    for row in range(size[0]):
        for column in range(size[1]):
            if 0 <= row - down < size[0] and 0 <= column - right < size[1]:
                moved[row, column] = image[row - down, column - right]

    np.testing.assert_array_equal(warped(image[None], IDENTITY, (-right, -down))[0], moved)


@pytest.mark.parametrize("size", [8, 28, 7])
def test_quarter_turns_are_exact(size: int):
    image = noise(size, size)[0]

    np.testing.assert_array_equal(warped(image[None], [[0, 1], [-1, 0]])[0], np.rot90(image, -1))
    np.testing.assert_array_equal(warped(image[None], [[0, -1], [1, 0]])[0], np.rot90(image))
    np.testing.assert_array_equal(warped(image[None], [[-1, 0], [0, -1]])[0], np.rot90(image, 2))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(4))
def test_any_warp_is_that_of_scipy(size: tuple[int, int], seed: int):
    generator = np.random.default_rng(seed)
    matrix = np.eye(2) + generator.uniform(-0.6, 0.6, (2, 2))
    shift = generator.uniform(-3, 3, 2)
    image = noise(*size)[0]
    centre = np.array([(size[1] - 1) / 2, (size[0] - 1) / 2])
    offset = centre + shift - matrix @ centre
    expected = ndimage.affine_transform(
        image.astype(np.float64), matrix[::-1, ::-1], offset[::-1], order=1, mode="grid-constant"
    )

    changed_images = warped(image[None], matrix.tolist(), tuple(shift))[0]
    np.testing.assert_allclose(changed_images, expected, atol=0.02)


def blob(x: float, y: float) -> np.ndarray:
    """A soft spot on 28 x 28 pixels, `x` pixels right of the centre and `y` below it."""
    row, column = np.mgrid[:28, :28] - 13.5
    return (250 * np.exp(-((column - x) ** 2 + (row - y) ** 2) / 4)).astype(np.uint8)


def places(image: np.ndarray, strengths: Augment) -> np.ndarray:
    """Where the middle of a picture's light is in 400 changed copies: (400, 2) over (x, y), from the centre."""
    copies = np.broadcast_to(image, (1, 400, 28, 28)).copy()
    light = augmented(copies, strengths, keys(3))[0].astype(np.float64)
    row, column = np.mgrid[:28, :28] - 13.5
    total = light.sum(axis=(1, 2))
    return np.stack([(light * column).sum(axis=(1, 2)) / total, (light * row).sum(axis=(1, 2)) / total], axis=1)


def assert_fills(values: np.ndarray, low: float, high: float, tolerance: float) -> None:
    """Numbers stay in a range, and take all of it evenly."""
    width = high - low
    assert low - tolerance <= values.min() <= low + 0.1 * width + tolerance
    assert high - 0.1 * width - tolerance <= values.max() <= high + tolerance
    assert values.mean() == pytest.approx((low + high) / 2, abs=0.1 * width)


def test_a_picture_is_moved_by_up_to_its_share_of_the_side_each_way():
    positions = places(blob(0, 0), Augment(shift=0.2))

    assert_fills(positions[:, 0], -5.6, 5.6, 0.1)
    assert_fills(positions[:, 1], -5.6, 5.6, 0.1)
    assert abs(np.corrcoef(positions.T)[0, 1]) < 0.2


def test_a_picture_is_turned_by_up_to_its_angle_either_way():
    positions = places(blob(8, 0), Augment(rotation=40))

    assert_fills(np.degrees(np.arctan2(positions[:, 1], positions[:, 0])), -40, 40, 1)
    np.testing.assert_allclose(np.hypot(*positions.T), 8, atol=0.1)


def test_a_picture_is_slanted_by_up_to_its_tangent_either_way():
    positions = places(blob(0, 8), Augment(shear=0.5))

    assert_fills(positions[:, 0] / 8, -0.5, 0.5, 0.02)
    np.testing.assert_allclose(positions[:, 1], 8, atol=0.1)


def test_a_picture_becomes_larger_or_smaller_by_up_to_its_share():
    positions = places(blob(6, 0), Augment(zoom=0.4))

    assert_fills(positions[:, 0] / 6, 0.6, 1.4, 0.02)
    np.testing.assert_allclose(positions[:, 1], 0, atol=0.1)


def fields(size: tuple[int, int], strength: float) -> np.ndarray:
    """How far 200 fields move each pixel: (200, 2, height, width) over (x, y), in pixels."""
    from mlpcore.training import augmentation
    from mlpcore.training.backend import keras, on_device

    drawn = np.random.default_rng(4).uniform(-1, 1, (200, 2, augmentation.POINTS**2)).astype(np.float32)
    return keras.ops.convert_to_numpy(augmentation._elastic_field(on_device(drawn), strength, *size))


@pytest.mark.parametrize("size", SIZES)
def test_an_elastic_field_is_smooth_and_moves_no_pixel_farther_than_its_strength(size: tuple[int, int]):
    displacements = fields(size, 0.25) / (0.25 * np.array(size[::-1])[:, None, None])

    assert np.abs(displacements).max() <= 1
    assert 0.2 < displacements.std() < 0.4
    assert np.abs(displacements.mean(axis=0)).max() < 0.1
    # Neighbouring pixels move alike: a step is a part of a quarter of the side, over which the field may turn round.
    for axis, pixels in ((2, size[0]), (3, size[1])):
        assert np.abs(np.diff(displacements, axis=axis)).max() < 2 * 4 / pixels


def test_an_even_field_moves_the_whole_picture_and_points_move_what_is_near_them():
    from mlpcore.training import augmentation

    weights = augmentation._splines(28)

    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(weights, weights[::-1, ::-1], atol=1e-6)
    assert weights.min() >= 0
    assert weights.argmax(axis=1)[[0, 13, 14, 27]].tolist() == [1, 3, 3, 5]


def test_a_picture_is_bent_in_ways_that_no_other_change_has():
    image = blob(-6, -6).astype(int) + blob(6, 6)
    bent = augmented(np.broadcast_to(image.astype(np.uint8), (1, 300, 28, 28)).copy(), Augment(elastic=0.2), keys(3))[0]
    rows, columns = np.mgrid[:28, :28] - 13.5
    moved = []
    for corner in (rows + columns < 0, rows + columns > 0):
        light = bent * corner
        moved.append(((light * columns).sum(axis=(1, 2)) / light.sum(axis=(1, 2))).tolist())

    assert np.std(moved[0]) > 0.5
    assert np.std(moved[1]) > 0.5
    assert abs(np.corrcoef(moved)[0, 1]) < 0.3


@pytest.mark.parametrize("by", [-1.0, -0.4, 0.0, 0.7, 1.0])
def test_lines_get_wider_or_thinner_at_each_edge(by: float):
    from mlpcore.training import augmentation
    from mlpcore.training.backend import keras, on_device

    image = np.zeros((1, 9, 12), np.float32)
    image[:, :, 4:8] = 200
    changed_images = keras.ops.convert_to_numpy(
        augmentation.with_line_width(on_device(image), on_device(np.array([by], np.float32)))
    )

    np.testing.assert_allclose(changed_images[0, 4].sum() / 200, 4 + 2 * by, atol=1e-4)
    np.testing.assert_allclose(changed_images[0, 4], changed_images[0, 4, ::-1], atol=1e-4)


def test_the_pen_of_a_picture_is_wider_or_thinner_by_up_to_its_strength():
    image = np.zeros((28, 28), np.uint8)
    image[:, 10:18] = 255
    changed_images = augmented(np.broadcast_to(image, (1, 400, 28, 28)).copy(), Augment(pen=0.8), keys(5))[0]

    assert_fills(changed_images[:, 14].sum(axis=1) / 255, 8 - 1.6, 8 + 1.6, 0.1)


def test_changes_are_new_for_each_image_epoch_and_seed_and_the_same_again_for_the_same():
    copies = np.broadcast_to(blob(4, 2), (2, 3, 28, 28)).copy()
    first = augmented(copies, ALL, keys(1, 2))
    others = [
        first[0],
        first[1],
        augmented(copies, ALL, keys(1, 2, epoch=2))[0],
        augmented(copies, ALL, keys(1, 2), 3)[0],
    ]

    assert len({image.tobytes() for images in others for image in images}) == 12
    np.testing.assert_array_equal(augmented(copies, ALL, keys(1, 2)), first)
    np.testing.assert_allclose(augmented(copies[1:], ALL, keys(2))[0], first[1], atol=0.01)
    np.testing.assert_allclose(augmented(copies[:, 1:], ALL, keys(1, 2), 1), first[:, 1:], atol=0.01)


def test_grey_levels_stay_within_the_range_of_the_raw_values():
    strongest = Augment(**{name: row.allowed.high for name, row in TABLE["augment"].parts.items()})

    changed_images = augmented(noise(8, 8, count=300)[None], strongest, keys(1))

    assert changed_images.dtype == np.float32
    assert np.isfinite(changed_images).all()
    assert changed_images.min() >= 0
    assert changed_images.max() <= 255


SETTINGS = SMALL | {"hidden": [{"units": 16, "dropout": 0.3}], "epochs": 2}
STRONG = SETTINGS | {"augment": {"shift": 0.4, "rotation": 180, "zoom": 0.5}}


def test_only_training_images_are_changed():
    """Validation and test results are those of the network on the unchanged images, without dropout."""
    run, plain = recorded(STRONG), recorded(SETTINGS)
    data = datasets.load("digits")
    spec = RunSpec.from_dict(STRONG)
    _, validation = draw_split(spec.seed, len(data.train_labels), spec.examples, spec.validation_count)

    for end in ends(run.events):
        network = run.networks[0, end.epoch]
        loss, accuracy = judged(network, data.train_inputs[validation], data.train_labels[validation])
        assert end.mean.val_loss == pytest.approx(loss, rel=1e-4)
        assert end.mean.val_accuracy == pytest.approx(accuracy, abs=1e-6)
    loss, accuracy = judged(run.networks[0, 2], data.test_inputs, data.test_labels)
    assert run.finished.results[0].test_loss == pytest.approx(loss, rel=1e-4)
    assert run.finished.results[0].test_accuracy == pytest.approx(accuracy, abs=1e-6)
    for changed, unchanged in zip(run.weights(0, 0), plain.weights(0, 0), strict=True):
        np.testing.assert_array_equal(changed, unchanged)
    assert ends(run.events)[0].mean.loss != ends(plain.events)[0].mean.loss


def judged(network, inputs: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    probabilities = network.probabilities(inputs.astype(np.float32) / network.scale)
    losses = -np.log(probabilities[np.arange(len(labels)), labels])
    return float(losses.mean()), float((probabilities.argmax(axis=1) == labels).mean())


def test_larger_pictures_train_augmented_too():
    run = recorded({"dataset": "mnist", "training_images": 200, "epochs": 2, "seed": 3, "augment": {"rotation": 15}})

    assert ends(run.events)[1].mean.loss < ends(run.events)[0].mean.loss
