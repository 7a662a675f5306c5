"""Mounts the live chart for the run that a test describes in `<data>/<scene>.json`, read at each tick."""

import json
import math

import streamlit as st

from mlpcore.live.run_progress import Progress
from mlpcore.paths import data_folder
from mlpcore.ui.components.learning_curves import Curve, live_chart
from mlpcore.ui.shell.language import use_language


def columns(count: int, speed: float = 0.5, validated: bool = True) -> dict[str, list[float | None]]:
    """The curves of a made-up run, a function of the epoch alone."""
    epochs = list(range(1, count + 1))
    fall = [math.exp(-speed * epoch) for epoch in epochs]
    return {
        "epoch": epochs,
        "loss": [0.05 + 2 * value for value in fall],
        "accuracy": [0.99 - 0.8 * value for value in fall],
        "val_loss": [0.1 + 2 * f + 0.004 * e if validated else None for f, e in zip(fall, epochs, strict=True)],
        "val_accuracy": [
            0.975 - 0.8 * f - 0.0005 * e if validated else None for f, e in zip(fall, epochs, strict=True)
        ],
    }


def deviations(means: dict[str, list[float | None]], spread: float) -> dict[str, list[float | None]]:
    """Standard deviations beside the means: this share of each, which shrinks from epoch to epoch."""
    return {
        f"{name}_sd": [
            None if value is None else spread * value / epoch**0.5
            for value, epoch in zip(values, means["epoch"], strict=True)
        ]
        for name, values in means.items()
        if name != "epoch"
    }


@st.fragment(run_every=0.25)
def panel() -> None:
    scene = json.loads((data_folder() / f"{st.query_params.get('scene', 'run')}.json").read_text())
    reference = scene.get("reference")
    progress = scene.get("progress")
    epochs = columns(scene["count"], scene.get("speed", 0.5), scene.get("validated", True))
    spread = scene.get("spread")
    live_chart(
        "curves",
        scene["run"],
        epochs | deviations(epochs, spread) if spread else epochs,
        member=scene.get("member"),
        best_epoch=scene.get("best"),
        reference=Curve("reference", reference["name"], columns(reference["count"], 0.3)) if reference else None,
        progress=Progress(**progress) if progress else None,
    )


st.set_page_config(layout="wide")
if "lang" in st.query_params:
    use_language(st.query_params["lang"])
if st.query_params.get("shown", "yes") == "yes" and not st.checkbox("Hide the panel"):
    panel()
st.button("Run all")
