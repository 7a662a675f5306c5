"""The page Try a digit as its tests use it: pictures to show to the networks, and what the page says of them."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from tests.app_pages import ended

PREDICTS_3 = [0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02]


def shown(at: AppTest) -> dict[str, Any]:
    """The data from which the predictions are drawn."""
    protos = [element.proto for element in at.get("bidi_component")]
    (data,) = [json.loads(proto.json) for proto in protos if '"ensembles"' in proto.json]
    return dict(data)


def prediction(at: AppTest, run: int = 0, variant: int = -1) -> dict[str, Any]:
    """What a run of those side by side predicts, at first the first one, with its kept networks."""
    data = shown(at)
    return data["variants"][variant]["predictions"][run][data.get("start", 0) if run == 0 else 0]


def waiting(at: AppTest) -> bool:
    """Whether nothing is predicted yet."""
    return not any("predictions" in variant for variant in shown(at)["variants"])


def received(at: AppTest, variant: int = -1) -> dict[str, Any]:
    """The picture that the first network receives."""
    return shown(at)["variants"][variant]["pictures"][0]


def headline(at: AppTest, variant: int = -1) -> str:
    data = shown(at)
    headlines = data["variants"][variant].get("headlines") if data["variants"] else None
    return (headlines[data.get("start", 0)] if headlines else data["headline"]).replace("\u00a0", " ")


def choose_tab(at: AppTest, tab: str) -> AppTest:
    """Choose what the networks are shown."""
    return ended(at.segmented_control(key="predict_input").set_value(tab).run())


def picture(kind: str = "PNG", mode: str = "L", size: int = 60) -> bytes:
    """A drawn 1 as a file."""
    image = Image.new("L", (size, size), 255)
    ImageDraw.Draw(image).line([(size / 2, size / 5), (size / 2, size * 4 / 5)], fill=0, width=size // 10)
    file = io.BytesIO()
    image.convert(mode).save(file, kind)
    return file.getvalue()


def blank(size: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (size, size), 1).save(file, "PNG")
    return file.getvalue()


def uploaded(at: AppTest, name: str, data: bytes) -> AppTest:
    at.file_uploader(key="predict_upload").upload(name, data)
    return ended(at.run())


ONE = [[[0.5, 0.2], [0.5, 0.8]]]
PREDICTS_7 = [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.82, 0.02, 0.02]


def assert_above_the_bars(at: AppTest, *parts: str) -> None:
    """Whether a sentence with all of these parts is above the bars."""
    sentences = [element.value.replace("\\", "") for element in at.warning]
    assert any(all(part in sentence for part in parts) for sentence in sentences), sentences
