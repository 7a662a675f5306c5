"""The live panel (progress, learning curves, a reference curve) and the overlay of several runs.

Where columns hold standard deviations beside their means, a band around the line shows them. Both draw with
`Plotly.react` in the browser, so that zoom, hidden curves and the hover stay through each update.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from mlpcore.live.curve_rows import Columns, rows
from mlpcore.live.run_progress import Progress
from mlpcore.ui.components.learning_curves.row_updates import next_message
from mlpcore.ui.components.loader import component
from mlpcore.ui.shell.language import _, language

_live = component("learning_curves", "live_chart")
_overlay = component("learning_curves", "overlay_chart")


@dataclass(frozen=True)
class Curve:
    """A run's curves and its name in the legend."""

    id: str
    name: str
    columns: Columns


@dataclass(frozen=True)
class Stream:
    """That the chart follows the run's stream by itself.

    `ended` says that nothing of the run changes any more. When the run ends, the script runs once. Where no stream
    passes, the browser calls `on_tick` and lets the script run again, `tick_seconds` after it has drawn; with `redraw`
    also after an epoch, because there is more to draw than the chart.
    """

    ended: bool
    tick_seconds: float = 1.0
    on_tick: Callable[[], None] = lambda: None
    redraw: bool = False


def live_chart(
    key: str,
    run_id: str,
    epochs: Columns,
    *,
    member: int | None = None,
    best_epoch: int | None = None,
    reference: Curve | None = None,
    progress: Progress | None = None,
    stream: Stream | None = None,
    height: int = 320,
) -> None:
    """Draw a run as it is now. Call it in a fragment, with all epochs so far: only new ones are sent.

    `member` says that these are the epochs of one of its networks: zoom and scale stay the same from one to the next.
    With a `stream`, the browser follows the run from here on; otherwise only further calls bring news.
    `height` is the figure's in pixels where the two panels are side by side.
    """
    state = f"live_chart.{key}"
    labels = chart_labels()
    whole = {
        "run": run_id,
        "member": member,
        "labels": labels,
        "height": height,
        "reference": _as_json(reference) if reference else None,
    }
    fixed = _meaning(run_id, labels, height, reference), member
    sent, message = next_message(st.session_state.get(state), epochs, fixed, whole)
    st.session_state[state] = sent
    data = {
        **message,
        "key": key,
        "serial": time.time(),
        "best": best_epoch,
        "progress": asdict(progress) if progress else None,
        "stream": {"run": run_id, "member": member, "lang": language(), "ended": stream.ended} if stream else None,
        "tick_seconds": stream.tick_seconds if stream else None,
        "redraw": stream is not None and stream.redraw,
    }
    _live(
        key=key,
        data=data,
        on_missing_change=lambda: st.session_state.pop(state, None),
        on_tick_change=stream.on_tick if stream else lambda: None,
        on_ended_change=lambda: None,
    )


def overlay_chart(key: str, curves: Sequence[Curve], *, height: int = 380) -> None:
    """Draw the curves of several runs (up to 20 can be distinguished) over each other."""
    colors = color_numbers(key, [curve.id for curve in curves])
    lines = [{**_as_json(curve), "color": color} for curve, color in zip(curves, colors, strict=True)]
    _overlay(key=key, data={"key": key, "labels": chart_labels(), "height": height, "lines": lines})


def color_numbers(key: str, runs: Sequence[str]) -> list[int]:
    """The numbers of the colours, from 0 on, of the runs with these ids in the overlay `key`.

    A run keeps its colour for as long as it is drawn, also where the order of the runs changes while one trains.
    """
    state = f"overlay_chart.{key}.colors"
    colors = st.session_state[state] = continued_colors(st.session_state.get(state, {}), runs)
    return [colors[run] for run in runs]


def continued_colors(known: Mapping[str, int], runs: Sequence[str]) -> dict[str, int]:
    """A number for each run: its known one, else the lowest that none of these runs has."""
    colors = {run: known[run] for run in runs if run in known}
    taken = set(colors.values())
    free = (number for number in itertools.count() if number not in taken)
    return colors | {run: next(free) for run in runs if run not in colors}


def chart_labels() -> dict[str, str]:
    """The texts in the charts, in the user's language."""
    return {
        "loss": _("Loss"),
        "accuracy": _("Accuracy"),
        "epoch": _("Epoch"),
        "training": _("Training"),
        "validation": _("Validation"),
        "best": _("Best epoch: {epoch}"),
        "band": _("± 1 standard deviation"),
        "log": _("Logarithmic loss"),
        "reset": _("Show all epochs"),
        "running": _("Loss within the epoch"),
        "empty": _("No epoch was completed."),
        "unloaded": _("The chart could not be loaded. Trying again …"),
        "description": _("Learning curves: loss and accuracy of each epoch."),
        "progress": _("Progress of the training"),
        "epoch_of": _("Epoch {epoch} of {epochs}"),
        "step_of": _("Step {step} of {steps}"),
        "running_loss": _("Loss {loss}"),
        "seconds_left": _("{seconds} s left"),
        "minutes_left": _("{minutes} min {seconds} s left"),
        "hours_left": _("{hours} h {minutes} min left"),
    }


def _as_json(curve: Curve) -> dict[str, Any]:
    return {"id": curve.id, "name": curve.name, "columns": rows(curve.columns)}


def _meaning(run_id: str, labels: Mapping[str, str], height: int, reference: Curve | None) -> object:
    """A value that changes when the browser has to be sent everything again."""
    reference_key = reference and (reference.id, reference.name, len(reference.columns["epoch"]))
    return run_id, tuple(labels.values()), height, reference_key
