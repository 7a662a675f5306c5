"""Mounts the overlay of as many made-up runs as the address asks for, after a click."""

import math
import random

import streamlit as st

from mlpcore.ui.components.learning_curves import Curve, overlay_chart


def run(number: int, epochs: int = 30) -> Curve:
    """A made-up run; every fourth has no validation set."""
    chance = random.Random(number)
    speed, floor = chance.uniform(0.1, 0.5), chance.uniform(0.02, 0.3)
    falls = [math.exp(-speed * epoch) + chance.uniform(0, 0.02) for epoch in range(1, epochs + 1)]
    validated = number % 4 != 3
    columns = {
        "epoch": list(range(1, epochs + 1)),
        "loss": [floor + 2 * fall for fall in falls],
        "accuracy": [1 - floor / 4 - 0.8 * fall for fall in falls],
        "val_loss": [1.3 * floor + 2 * fall if validated else None for fall in falls],
        "val_accuracy": [1 - floor / 3 - 0.8 * fall if validated else None for fall in falls],
    }
    return Curve(str(number), f"Run {number} · {2 ** (5 + number % 4)} ReLU <{number}>", columns)


st.set_page_config(layout="wide")
count = int(st.query_params.get("runs", "10"))
if st.button("Overlay"):
    st.session_state.shown = True
overlay_chart("overlay", [run(number) for number in range(count)] if st.session_state.get("shown") else [])
