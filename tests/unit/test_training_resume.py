"""A training that is killed after an epoch and goes on from its checkpoint ends with the same bits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from mlpcore.events import EpochEnd, Event, Finished, Result, Started
from mlpcore.paths import models_folder
from mlpcore.spec import RunSpec
from mlpcore.training.member_progress import LearningRate
from tests.factory.trainings import OPTIMIZERS, SMALL, bits, ends, epochs, killed_after, optimized, trained

pytestmark = pytest.mark.slow

MEMBERS = SMALL | {
    "epochs": 5,
    "repeats": 3,
    "augment": {"shift": 0.1, "rotation": 10, "shear": 0.1, "zoom": 0.1, "elastic": 0.1, "pen": 0.4},
}
SCENARIOS = {
    "repeats with dropout and augmentation": MEMBERS,
    "exponential decay": MEMBERS | {"schedule": {"name": "exponential", "decay": 0.7}},
    "cosine": MEMBERS | {"schedule": {"name": "cosine", "floor": 0.1}},
    "folds": SMALL | {"epochs": 4, "folds": 3},
    "folds of different numbers of steps": SMALL | {"epochs": 3, "training_images": 129, "folds": 4},
}


def assert_same_bits(whole: list[Event], parts: list[list[Event]]) -> None:
    """An undisturbed run and one in parts have the same metrics and the same snapshots."""
    assert [epoch for part in parts for epoch in epochs(part)] == epochs(whole)
    first, second = whole[-1], parts[-1][-1]
    assert type(first) is type(second)
    if isinstance(first, Finished):
        assert list(map(figures, second.members)) == list(map(figures, first.members))
    events = [event for part in parts for event in part]
    assert bits(events) == bits(whole)


def figures(result: Result | None) -> tuple | None:
    return result and (result.test_loss, result.test_accuracy, result.kept_epoch)


def resumed(settings: dict, epoch: int) -> list[list[Event]]:
    """The run `parts`, killed after `epoch`: its events before and after."""
    before, checkpoint = killed_after(settings, epoch, "parts")
    after = trained(settings, "parts", attempt=2, checkpoint=checkpoint)

    assert isinstance(after[0], Started)
    assert (after[0].epoch, after[0].members) == (epoch, before[0].members)
    assert [end.epoch for end in ends(before)] == list(range(1, epoch + 1))
    assert not list((models_folder() / "parts").glob("checkpoint*"))
    return [before, after]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_members_go_on_with_the_same_bits(scenario: str, data_folder: Path):
    settings = SCENARIOS[scenario]
    whole = trained(settings, "whole")

    assert_same_bits(whole, resumed(settings, 2))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_resuming_from_any_checkpoint_gives_the_same_bits(optimizer: str, data_folder: Path):
    settings = optimized(optimizer) | {"epochs": 4, "early_stopping": 3}
    whole = trained(settings, "whole")

    assert_same_bits(whole, resumed(settings, 2))


PLATEAU = MEMBERS | {
    "epochs": 14,
    "optimizer": {"name": "adam", "learning_rate": 0.05},
    "schedule": {"name": "plateau", "factor": 0.5, "patience": 2},
}


def test_a_plateau_goes_on_waiting_where_it_was(data_folder: Path):
    """The run is killed after an epoch in which a member has waited for one epoch, and waits for one more."""
    whole = trained(PLATEAU, "whole")
    members = [LearningRate(RunSpec.from_dict(PLATEAU)) for _ in range(3)]
    waiting = None
    for end in ends(whole)[:-1]:
        before = [member.waited for member in members]
        reductions = [member.reductions for member in members]
        for member, metrics in zip(members, end.members, strict=True):
            member.update(metrics.val_loss)
        reduced = [m.reductions > r and w == 1 for m, r, w in zip(members, reductions, before, strict=True)]
        if any(reduced) and end.epoch > 2:
            waiting = end.epoch - 1
    assert waiting is not None

    assert_same_bits(whole, resumed(PLATEAU, waiting))


STOPPING = SMALL | {
    "hidden": [{"units": 24}],
    "optimizer": {"name": "adam", "learning_rate": 0.05},
    "repeats": 4,
    "epochs": 40,
    "early_stopping": 2,
}


def test_members_that_have_stopped_stay_so_when_the_others_go_on(data_folder: Path):
    whole = trained(STOPPING, "whole")
    some = [end.epoch for end in ends(whole) if 0 < len(end.stopped_members) < 4]
    assert some

    assert_same_bits(whole, resumed(STOPPING, some[0]))


@pytest.mark.parametrize(("members", "most"), [(4, 2), (5, 3)])
def test_several_groups_go_on_with_the_same_bits(
    members: int, most: int, data_folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mlpcore.training.group_sizes.group_size", lambda *_: most)
    settings = SMALL | {"repeats": members}
    whole = trained(settings, "whole")

    assert_same_bits(whole, resumed(settings, 1))


def test_a_diverged_member_stays_so_when_the_others_go_on(data_folder: Path, monkeypatch: pytest.MonkeyPatch):
    from mlpcore.training.stack import Stack

    own = Stack.initial_weights

    def poisoned(stack: Stack, seeds: list[int]) -> list[np.ndarray]:
        weights = own(stack, seeds)
        weights[0][seeds.index(6)] = np.nan
        return weights

    monkeypatch.setattr(Stack, "initial_weights", poisoned)
    settings = SMALL | {"repeats": 3}
    whole = trained(settings, "whole")
    assert [end.members[1] for end in ends(whole)] == [None] * 3

    assert_same_bits(whole, resumed(settings, 1))


def test_a_run_that_is_killed_again_and_again_ends_with_the_same_bits(data_folder: Path, monkeypatch):
    from mlpcore.training import train

    whole = trained(MEMBERS, "whole")
    monkeypatch.setattr("mlpcore.training.loop.CHECKPOINT_SECONDS", 0)
    monkeypatch.setattr("mlpcore.training.loop.CHECKPOINT_SHARE", 1e9)
    parts: list[list[Event]] = []
    checkpoint = None

    for attempt in range(1, 6):
        running = train(RunSpec.from_dict(MEMBERS), "parts", attempt=attempt, checkpoint=checkpoint)
        parts.append([])
        for event in running:
            parts[-1].append(event)
            if isinstance(event, EpochEnd) and attempt < 5:
                checkpoint = event.checkpoint
                running.close()

    assert [len(ends(part)) for part in parts] == [1, 1, 1, 1, 1]
    assert_same_bits(whole, parts)


def test_time_slices_do_not_change_a_result(data_folder: Path, monkeypatch: pytest.MonkeyPatch):
    whole = epochs(trained(MEMBERS))
    monkeypatch.setattr(
        "mlpcore.training.group.time_slices", lambda total, first_size=1: ((i, i + 1) for i in range(total))
    )

    assert epochs(trained(MEMBERS, "2")) == whole


OLDER = {
    "weights.0": np.zeros((64, 16), np.float32),
    "optimizer.0": np.asarray(3, np.int64),
    "best.0": np.zeros((64, 16), np.float32),
}
OLDER_FACTS = {"epoch": 2, "best_loss": None, "best_epoch": 0, "top_epoch": 2, "top_score": [0.5, -1.0]}


def cut_short(path: Path) -> None:
    path.write_bytes(b"\x10\x00")


def of_an_older_version(path: Path) -> None:
    save_file(OLDER, path, {"state": json.dumps(OLDER_FACTS)})


def without_facts(path: Path) -> None:
    save_file(OLDER, path)


@pytest.mark.parametrize("damaged", [cut_short, of_an_older_version, without_facts, Path.mkdir])
def test_a_checkpoint_that_cannot_be_used_starts_the_run_afresh_with_the_same_result(damaged, data_folder: Path):
    whole = trained(MEMBERS, "whole")
    damaged(data_folder / "models" / "damaged.safetensors")
    afresh = trained(MEMBERS, "parts", checkpoint="models/damaged.safetensors")

    assert afresh[0].epoch == 0
    assert_same_bits(whole, [afresh])


def test_the_checkpoint_of_another_run_starts_the_run_afresh(data_folder: Path):
    whole = trained(MEMBERS, "whole")
    _, checkpoint = killed_after(MEMBERS | {"seed": MEMBERS["seed"] + 1}, 2, "other")
    afresh = trained(MEMBERS, "parts", checkpoint=checkpoint)

    assert afresh[0].epoch == 0
    assert_same_bits(whole, [afresh])


@pytest.mark.parametrize("kept", [0.2, 0.9, 0.999])
def test_a_real_checkpoint_that_was_cut_short_starts_the_run_afresh(kept: float, data_folder: Path):
    whole = trained(MEMBERS, "whole")
    _, checkpoint = killed_after(MEMBERS, 2, "parts")
    whole_file = (data_folder / checkpoint).read_bytes()
    (data_folder / checkpoint).write_bytes(whole_file[: int(len(whole_file) * kept)])

    assert_same_bits(whole, [trained(MEMBERS, "parts", attempt=2, checkpoint=checkpoint)])
