"""The pages and the command line agree on which network of a run predicts, and show no epoch as another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from mlpcore import paths
from mlpcore.inference import Network
from mlpcore.store import runs
from tests.app_pages import ended, open_page
from tests.factory.networks import constant, make_run_saved_after, snapshot_file, write_network
from tests.waiting import DEADLINE_SECONDS

BEST = 4
ACCURACIES = (0.5, 0.6, 0.7, 0.9, 0.8, 0.8)


def probabilities_after(epoch: int) -> list[float]:
    """What every network of these runs predicts after an epoch: the class of the same number."""
    return [0.91 if label == epoch else 0.01 for label in range(10)]


def network_after(epoch: int) -> Network:
    """The network of every member after an epoch."""
    return replace(constant("digits", probabilities_after(epoch)), epoch=epoch)


def train(db: Database, *saved: set[int], status: str, kept: Sequence[int] = ()) -> int:
    """A run with one member for each of `saved`, the epochs after which it was saved; its best epoch is `BEST`."""
    return make_run_saved_after(
        db,
        *saved,
        accuracies=ACCURACIES,
        status=status,
        kept=kept,
        network_after=network_after,
        dataset="digits",
        hidden=[],
    )


def predicted_on_try_a_digit(run: int, **address: Any) -> list[float]:
    at = open_page("pages/predict.py", run=run, **address)
    ended(at.segmented_control(key="predict_input").set_value("test").run())
    (data,) = [json.loads(e.proto.json) for e in at.get("bidi_component") if '"ensembles"' in e.proto.json]
    prediction = data["variants"][0]["predictions"][0][data["start"]]
    return [round(share, 3) for share in prediction["probabilities"]]


def epoch_on_look_inside(run: int, member: int) -> int:
    at = open_page("pages/inspect.py", run=run, member=member + 1)
    assert not at.error
    return int(at.selectbox(key="inspect_epoch").value)


def predicted_on_the_command_line(run: int, folder: Path) -> list[float]:
    digit = folder / "digit.json"
    digit.write_text(json.dumps({"digits": [{"strokes": [[[0.5, 0.2], [0.48, 0.8]]]}]}))
    command = [sys.executable, "-m", "mlpcore", "predict", str(run), str(digit), "--json"]
    environment = {**os.environ, "MLPCORE_DATA": str(paths.data_folder())}
    done = subprocess.run(
        command,
        cwd=paths.PROJECT,
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=DEADLINE_SECONDS,
    )
    return [round(share, 3) for share in json.loads(done.stdout)["probabilities"]]


@pytest.mark.parametrize(
    ("status", "saved", "kept", "expected"),
    [
        ("finished", [{2, 4, 6}], [6], [6]),
        ("finished", [{2, 4, 6}, {4, 5, 6}], [2, 5], [2, 5]),
        ("stopped", [{2, 4, 6}], [], [BEST]),
        ("stopped", [{2, 4, 6}, {2, 5}], [], [BEST, 5]),
        ("running", [{2, 4, 6}, {2, 5}], [], [BEST, 5]),
    ],
    ids=["one finished", "several finished", "one stopped", "several stopped", "several running"],
)
def test_all_pages_and_the_command_line_let_the_same_networks_predict(
    db: Database, tmp_path: Path, status: str, saved: list[set[int]], kept: list[int], expected: list[int]
) -> None:
    run = train(db, *saved, status=status, kept=kept)
    together = [
        round(sum(shares) / len(expected), 3)
        for shares in zip(*(probabilities_after(epoch) for epoch in expected), strict=True)
    ]

    assert predicted_on_try_a_digit(run) == together
    assert predicted_on_the_command_line(run, tmp_path) == together
    for member, epoch in enumerate(expected):
        assert epoch_on_look_inside(run, member) == epoch
        assert predicted_on_try_a_digit(run, member=member + 1) == probabilities_after(epoch)


def test_the_accuracy_on_try_a_digit_is_the_one_after_the_epochs_that_predict(db: Database) -> None:
    run = train(db, {2, 4, 6}, {2, 5}, status="stopped")

    def facts(**address: int) -> str:
        captions = open_page("pages/predict.py", run=run, **address).caption
        (text,) = [caption.value for caption in captions if "accuracy" in caption.value]
        return str(text).replace("\\", "").replace("\u00a0", " ")

    assert "Validation accuracy **85.0 ± 7.1 %**" in facts()
    assert "networks after epochs 4 to 5" in facts()
    assert "Validation accuracy **80.0 %**" in facts(member=2)
    assert "network after epoch 5" in facts(member=2)


def test_a_running_run_is_shown_by_the_newest_saved_networks_where_the_best_epoch_was_not_saved(db: Database) -> None:
    for saved, text in (({2, 4}, "Epoch 4: the best so far"), ({2, 5}, "Epoch 5: the newest saved network")):
        at = open_page("pages/predict.py", run=train(db, saved, status="running"))
        (data,) = [json.loads(e.proto.json) for e in at.get("bidi_component") if '"ensembles"' in e.proto.json]
        assert data["epochs"]["saved"][data["start"]]["text"] == text


@pytest.mark.parametrize("cached", [False, True], ids=["not yet loaded", "loaded before"])
@pytest.mark.parametrize("view", ["examples", "mistakes", "network"])
def test_look_inside_shows_no_newer_network_as_the_epoch_that_was_chosen(db: Database, view: str, cached: bool) -> None:
    run = train(db, {0, 4}, status="running")
    if cached:
        assert not open_page("pages/inspect.py", run=run, view=view).error
    former = paths.data_folder() / runs.snapshots(db, run)[4]
    write_network(snapshot_file(run, 6), network_after(6))
    newer = paths.data_folder() / snapshot_file(run, 6)
    former.write_bytes(newer.read_bytes())

    at = open_page("pages/inspect.py", run=run, view=view)

    assert at.selectbox(key="inspect_epoch").value == 4
    assert "The file of the network after epoch 4 holds another network" in at.error[0].value
