"""The answer: the picture that the network receives, what it says in words, and a bar for each class."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.datasets import DatasetInfo
from mlpcore.figures.bars import Bars, softmax_bars
from mlpcore.inference import Network
from mlpcore.ui.components import component
from mlpcore.ui.language import _

_answer = component("answer")


@dataclass(frozen=True)
class Shown:
    """What a network is shown: `inputs` of its input_shape as it was trained on, and the true class if known."""

    inputs: NDArray[np.float32]
    truth: int | None = None


def show_answer(key: str, info: DatasetInfo, network: Network, shown: Shown | None, waiting: str = "") -> None:
    """Draw the answer of `network` to what it is shown; bars without length, and `waiting`, while that is nothing."""
    names = [_(name) for name in info.class_names]
    data: dict[str, Any] = {"words": _words(info), "headline": waiting, "bars": [[name, 0, ""] for name in names]}
    if shown is not None:
        bars = softmax_bars(network.probabilities(shown.inputs[None])[0], names)
        data["bars"] = [[bar.name, round(bar.share, 4), bar.percent] for bar in bars.bars]
        data |= {"top": bars.top, "headline": _headline(bars), "verdict": _verdict(bars, shown.truth)}
        data |= {"truth": shown.truth}
    if info.kind == "image":
        data["picture"] = _picture(info.input_shape, shown)
    _answer(key=key, data=data)


def _words(info: DatasetInfo) -> dict[str, str]:
    """The words that stand beside the figures."""
    words = {"bars": _("Probability of each class"), "truth": _("label")}
    if info.kind == "image":
        size = "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}".join(map(str, reversed(info.input_shape)))
        words["picture"] = _("The network receives {size} pixels").format(size=size)
    return words


def _headline(bars: Bars) -> str:
    top, second = bars.bars[bars.top], bars.bars[bars.second]
    if bars.certain:
        return _("The network says {name} ({percent}).").format(name=top.name, percent=top.percent)
    return _("The network is not sure: perhaps {name} ({percent}), perhaps {other} ({other_percent}).").format(
        name=top.name, percent=top.percent, other=second.name, other_percent=second.percent
    )


def _verdict(bars: Bars, truth: int | None) -> dict[str, Any] | None:
    """Whether that is right, where the true class is known."""
    if truth is None:
        return None
    text = _("Right: the label is {name}.") if bars.top == truth else _("Wrong: the label is {name}.")
    return {"right": bars.top == truth, "text": text.format(name=bars.bars[truth].name)}


def _picture(shape: Sequence[int], shown: Shown | None) -> dict[str, Any]:
    """The network's input as grey levels, a byte a pixel, row by row; without any while nothing is shown."""
    height, width = shape
    levels = np.zeros(0) if shown is None else np.round(255 * shown.inputs).clip(0, 255)
    return {"width": width, "height": height, "levels": base64.b64encode(levels.astype(np.uint8).tobytes()).decode()}
