"""The lines that straighten images as `mlpcore.pictures.deskew` does."""

from __future__ import annotations

from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export.lines import docstring, indented, remark


def defining(say: Translate) -> list[str]:
    """The function `straightened`, for one image in whole grey levels."""
    told = N_("The image sheared until its digit stands upright.")
    leans = N_("How far the ink goes to the right with each row down: its covariance by its variance.")
    moved = N_("Each row moves sideways; between two pixels, the nearer one counts more.")
    body = [
        "height, width = image.shape",
        "row, column = np.mgrid[:height, :width]",
        "ink = max(image.sum(), 1e-6)",
        "from_middle = row - (image * row).sum() / ink",
        *remark(say(leans)),
        "covariance = (image * from_middle * column).sum()",
        "variance = (image * from_middle**2).sum()",
        "slant = covariance / variance if variance > 1e-6 * ink else 0",
        "places = column + np.clip(slant, -1.5, 1.5) * from_middle",
        *remark(say(moved)),
        "framed, around = np.pad(image, ((0, 0), (1, 1))), np.arange(-1, width + 1)",
        "moved = [np.interp(places[y], around, framed[y]) for y in range(height)]",
        "return np.round(moved)",
    ]
    return ["def straightened(image):", *docstring(say(told)), *indented(body)]


def applying(*names: str) -> list[str]:
    """The lines that straighten the images of these names."""
    return [f"{name} = np.array([straightened(image) for image in {name}])" for name in names]
