"""Pictures of what the networks receive, each drawn once."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets import DatasetInfo
from mlpcore.ui.predict.teams import Panel
from mlpcore.ui.shell.language import _


def empty_picture(info: DatasetInfo) -> dict[str, Any]:
    """The picture while nothing is shown."""
    return {**_drawn(np.zeros((0, 0)), info.input_shape), "caption": _receives(info.input_shape)}


def pictures(panel: Panel, received: Mapping[int, NDArray[np.float32]]) -> list[dict[str, Any]]:
    """What the runs receive, by their places in the panel: (height, width) each; equal pictures stand there once.

    Each has width, height, levels (a byte a pixel, row by row, as base64) and a caption. Measurements have none.
    """
    if panel.info.kind != "image":
        return []
    found: dict[tuple[Sequence[int], bytes], list[int]] = {}
    for place, picture in received.items():
        found.setdefault((picture.shape, _levels(picture)), []).append(place)
    drawn = []
    for places in found.values():
        picture = received[places[0]]
        caption = _receives(picture.shape)
        if len(found) > 1:
            numbers = _(", ").join(f"#{panel.teams[place].run.id}" for place in places)
            caption = _("{runs}: {size} pixels").format(runs=numbers, size=_size(picture.shape))
        drawn.append({**_drawn(picture, picture.shape), "caption": caption})
    return drawn


def _drawn(picture: NDArray[Any], shape: Sequence[int]) -> dict[str, Any]:
    height, width = shape
    return {"width": width, "height": height, "levels": base64.b64encode(_levels(picture)).decode()}


def _levels(picture: NDArray[Any]) -> bytes:
    return bytes(np.round(255 * picture).clip(0, 255).astype(np.uint8).tobytes())


def _receives(shape: Sequence[int]) -> str:
    return _("The network receives {size} pixels").format(size=_size(shape))


def _size(shape: Sequence[int]) -> str:
    return "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}".join(map(str, reversed(shape)))
