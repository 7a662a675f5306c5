"""The lines of a function that changes images as `mlpcore.training.augmentation` does."""

from __future__ import annotations

from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export.lines import docstring, indented, remark
from mlpcore.spec import Augment


def defining(strengths: Augment, say: Translate) -> list[str]:
    """The function `augmented`, and what it calls; it needs `random_bits`."""
    return [
        *([*_bending(strengths.elastic, say), "", ""] if strengths.elastic else []),
        *([*_redrawing(say), "", ""] if strengths.pen else []),
        *_changing(strengths, say),
    ]


def _changing(strengths: Augment, say: Translate) -> list[str]:
    told = N_("Images from place first of an epoch on, each changed a little in a way of its own.")
    drawn = N_("Eight random numbers from -1 to 1 are an image's own; not all are used.")
    origin = N_("For each pixel of the new image, seen from the middle: the place in the old one where it comes from.")
    between = N_(
        "That place lies between four pixels; the nearer one is, the more it counts. Beyond the edge all is 0."
    )
    by = (strengths.shift, strengths.rotation, strengths.shear, strengths.zoom)
    bent = ["bend_x, bend_y = bend(key, first, count, height, width)", "x, y = x + bend_x, y + bend_y"]
    redrawn = [f"new = redrawn(new, {strengths.pen:g} * wide)"]
    names = ["angle", "slant", "size", "right", "down", *(["wide"] if strengths.pen else [])]
    body = [
        f"shift, rotation, shear, zoom = {', '.join(f'{strength:g}' for strength in by)}",
        "count, height, width = images.shape",
        "",
        *remark(say(drawn)),
        "places = np.arange(8 * first, 8 * (first + count), dtype=np.uint32)",
        'drawn = random_bits(key, places).astype("float32") / 2**23 - 1',
        f"{', '.join(names)} = drawn.reshape(count, 8).T[:{len(names)}, :, None, None]",
        "angle, slant, size = math.radians(rotation) * angle, shear * slant, 1 + zoom * size",
        "",
        *remark(say(origin)),
        "middle_x, middle_y = (width - 1) / 2, (height - 1) / 2",
        'x = np.arange(width, dtype="float32") - middle_x',
        'y = np.arange(height, dtype="float32")[:, None] - middle_y',
        "x, y = (x + slant * y) / size, y / size",
        "x, y = (",
        "    np.cos(angle) * x - np.sin(angle) * y + shift * width * right + middle_x,",
        "    np.sin(angle) * x + np.cos(angle) * y + shift * height * down + middle_y,",
        ")",
        *(bent if strengths.elastic else []),
        "x, y = np.clip(x, -1, width), np.clip(y, -1, height)",
        "",
        *remark(say(between)),
        "left, top = np.floor(x).astype(int), np.floor(y).astype(int)",
        "to_right, to_bottom = x - left, y - top",
        "framed = np.pad(images, ((0, 0), (1, 2), (1, 2)))",
        "image, column, row = np.arange(count)[:, None, None], left + 1, top + 1",
        "above = framed[image, row, column] * (1 - to_right)",
        "above += framed[image, row, column + 1] * to_right",
        "below = framed[image, row + 1, column] * (1 - to_right)",
        "below += framed[image, row + 1, column + 1] * to_right",
        "new = above * (1 - to_bottom) + below * to_bottom",
        *(redrawn if strengths.pen else []),
        'return new.astype("float32")',
    ]
    return ["def augmented(images, key, first):", *docstring(say(told)), *indented(body)]


def _bending(strength: float, say: Translate) -> list[str]:
    splines = N_("How much each of seven points in a row counts at each pixel: cubic splines.")
    told = N_("How far each place moves to the right and down: a smooth field for each image.")
    drawn = N_("7 × 7 points move at random; the places between them follow.")
    return [
        "def splines(pixels):",
        *docstring(say(splines)),
        "    away = 4 * (np.arange(pixels) + 0.5) / pixels - np.arange(-1, 6)[:, None]",
        "    away = np.abs(away)",
        "    return (np.maximum(2 - away, 0) ** 3 - 4 * np.maximum(1 - away, 0) ** 3) / 6",
        "",
        "",
        "def bend(key, first, count, height, width):",
        *docstring(say(told)),
        *indented(remark(say(drawn))),
        "    places = np.arange(98 * first, 98 * (first + count), dtype=np.uint32) + 2**31",
        '    drawn = random_bits(key, places).astype("float32") / 2**23 - 1',
        "    x, y = drawn.reshape(count, 2, 7, 7).swapaxes(0, 1)",
        "    across, down = splines(width), splines(height)",
        f"    x = {strength:g} * width * (down.T @ x @ across)",
        f"    y = {strength:g} * height * (down.T @ y @ across)",
        "    return x, y",
    ]


def _redrawing(say: Translate) -> list[str]:
    told = N_("Lines made so many pixels wider at each edge, or thinner where it is less than 0.")
    neighbours = N_("A pixel takes on some of the lightest of its four neighbours, or of the darkest.")
    return [
        "def redrawn(images, by):",
        *docstring(say(told)),
        *indented(remark(say(neighbours))),
        "    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))",
        "    beside = [framed[:, 1:-1, :-2], images, framed[:, 1:-1, 2:]]",
        "    around = [*beside, framed[:, :-2, 1:-1], framed[:, 2:, 1:-1]]",
        "    lightest, darkest = np.max(around, axis=0), np.min(around, axis=0)",
        "    return images + by * np.where(by > 0, lightest - images, images - darkest)",
    ]
