"""The lines of a function that changes images as `mlpcore.training.augmentation` does."""

from __future__ import annotations

from mlpcore.messages import N_, Translate
from mlpcore.spec import Augment
from mlpcore.takeaway.lines import docstring, indented, remark


def defining(strengths: Augment, say: Translate) -> list[str]:
    """The function `augmented`; it needs `random_bits`."""
    told = N_("Images from place first of an epoch on, each moved, turned, slanted and resized a little.")
    drawn = N_("Eight random numbers from -1 to 1 are an image's own; five are used.")
    origin = N_("For each pixel of the new image, seen from the middle: the place in the old one where it comes from.")
    between = N_(
        "That place lies between four pixels; the nearer one is, the more it counts. Beyond the edge all is 0."
    )
    by = (strengths.shift, strengths.rotation, strengths.shear, strengths.zoom)
    body = [
        f"shift, rotation, shear, zoom = {', '.join(f'{strength:g}' for strength in by)}",
        "count, height, width = images.shape",
        "",
        *remark(say(drawn)),
        "places = np.arange(8 * first, 8 * (first + count), dtype=np.uint32)",
        'drawn = random_bits(key, places).astype("float32") / 2**23 - 1',
        "angle, slant, size, right, down = drawn.reshape(count, 8).T[:5, :, None, None]",
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
        'return (above * (1 - to_bottom) + below * to_bottom).astype("float32")',
    ]
    return ["def augmented(images, key, first):", *docstring(say(told)), *indented(body)]
