"""One network of several: what its result says, its figures, and the table in which it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from sqlite_utils import Database

from mlpcore.events import Ended, EpochEnd, Metrics, Snapshot, Started
from mlpcore.i18n.messages import Message
from mlpcore.serving.kept_networks import kept_networks
from mlpcore.spec.parameters import count_parameters
from mlpcore.store import members, metrics, queue, runs
from mlpcore.ui.shell.run_text import member_name
from mlpcore.ui.train import member_results
from tests.factory.runs import make_run, member_curves, members_of, spec_of

SPEC = spec_of(dataset="digits", epochs=6, repeats=4)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlpcore.ui.shell.language.language", lambda: "en")


def sentences(db: Database, run_id: int) -> list[str]:
    run = runs.get(db, run_id)
    return [member_results.member_sentence(run, network) for network in members.members(db, run_id)]


def test_each_network_of_a_finished_run_states_its_result(db: Database) -> None:
    run = make_run(db, SPEC, diverged=1, stopped_early=2)

    texts = sentences(db, run)

    right = round((members.members(db, run)[0].test_accuracy or 0) * 360)
    assert texts[0] == f"Of 360 test examples, network 1 classifies **{right}** correctly and {360 - right} wrongly."
    assert texts[1].startswith("Network 2 diverged in epoch 4: its loss was no longer a finite number.")
    assert texts[2].endswith("Early stopping ended its training after epoch 3 and kept its network of epoch 3.")


def test_in_a_running_run_only_ended_networks_state_their_result(db: Database) -> None:
    texts = sentences(db, make_run(db, SPEC, status="running", done=5, diverged=1, stopped_early=2))

    assert texts[0] == texts[3] == ""
    assert "diverged in epoch 4" in texts[1]
    assert texts[2] == "Early stopping ended its training after epoch 3 and kept its network of epoch 3."


def test_a_run_that_was_stopped_leaves_its_networks_in_training(db: Database) -> None:
    assert sentences(db, make_run(db, SPEC, status="stopped"))[1] == "The run ended while network 2 was in training."


def test_of_a_run_stopped_by_hand_the_figures_are_those_of_the_networks_that_predict(db: Database) -> None:
    saved = ({2, 4, 5}, {2, 3}, {1})
    run = runs.get(db, make_stopped_run(db, saved, accuracies=(0.5, 0.6, 0.7, 0.9, 0.8), stopped_after=3))
    networks = members.members(db, run.id)
    predicting = {network.member: network.epoch for network in kept_networks(db, run)}

    figures = member_results.member_metrics(db, run, networks)
    table = member_results.table_cells(run.spec, networks, figures)

    assert run.best_epoch == 4
    assert set(predicting) == {0, 1, 2}
    assert predicting[0] == 4
    assert {member: row["epoch"] for member, row in figures.items()} == predicting
    assert dict(zip(table["network"], table["epoch"], strict=True)) == {
        member_name(member, run.spec): epoch for member, epoch in predicting.items()
    }


def test_where_no_network_is_saved_the_figures_are_those_of_the_last_epoch(db: Database) -> None:
    run = runs.get(db, make_stopped_run(db, ((), ()), accuracies=(0.5, 0.9, 0.7), stopped_after=2))

    figures = member_results.member_metrics(db, run, members.members(db, run.id))

    assert {member: row["epoch"] for member, row in figures.items()} == {0: 3, 1: 2}


def make_stopped_run(
    db: Database, saved: Sequence[Collection[int]], *, accuracies: Sequence[float], stopped_after: int
) -> int:
    """A run stopped by hand after all these epochs, whose second member early stopping stopped before; its id.

    `saved` has the epochs after which each member was saved.
    """
    claim = queue.enqueue_and_claim(db, spec_of(epochs=9, repeats=len(saved)), "worker-1")
    metrics.record(
        db, claim, Started("CPU", "tensorflow", {}, count_parameters(claim.spec), 10, members_of(claim.spec))
    )
    for epoch, accuracy in enumerate(accuracies, start=1):
        of_members = [Metrics(0.3, accuracy, 0.3, accuracy)] * len(saved)
        kept_epochs = {1: stopped_after} if epoch > stopped_after else {}
        if kept_epochs:
            of_members[1] = Metrics(0.3, accuracies[stopped_after - 1], 0.3, accuracies[stopped_after - 1])
        snapshots = tuple(
            Snapshot(epoch, f"{member}-{epoch}", member) for member, epochs in enumerate(saved) if epoch in epochs
        )
        end = EpochEnd(epoch, tuple(of_members), 0.7, 0.001, snapshots=snapshots, kept_epochs=kept_epochs)
        metrics.record(db, claim, end)
    metrics.record(db, claim, Ended("stopped", Message("Stopped by hand.")))
    return claim.run


def test_the_figures_are_those_of_the_kept_epoch_or_of_the_last_one(db: Database) -> None:
    whole = member_curves(SPEC)
    finished, running = (
        make_run(db, SPEC, status=status, done=done, diverged=1, stopped_early=2)
        for status, done in (("finished", 6), ("running", 5))
    )

    for run_id, last in ((finished, 6), (running, 5)):
        figures = member_results.member_metrics(db, runs.get(db, run_id), members.members(db, run_id))
        assert {index: row["val_accuracy"] for index, row in figures.items()} == {
            0: whole[0][last - 1].val_accuracy,
            2: whole[2][2].val_accuracy,
            3: whole[3][last - 1].val_accuracy,
        }


def test_before_the_first_epoch_there_are_no_figures(db: Database) -> None:
    run = make_run(db, SPEC, status="running", done=0)

    assert member_results.member_metrics(db, runs.get(db, run), members.members(db, run)) == {}


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"repeats": 2, "seed": 7}, ["Network 1 · seed 7", "Network 2 · seed 8"]),
        ({"folds": 2}, ["Network 1 · fold 1", "Network 2 · fold 2"]),
        (
            {"repeats": 2, "folds": 2, "seed": 5},
            [
                "Network 1 · seed 5 · fold 1",
                "Network 2 · seed 5 · fold 2",
                "Network 3 · seed 6 · fold 1",
                "Network 4 · seed 6 · fold 2",
            ],
        ),
    ],
)
def test_a_network_is_named_by_its_number_seed_and_fold(
    db: Database, settings: dict[str, int], names: list[str]
) -> None:
    spec = spec_of(epochs=1, **settings)

    assert [member_name(index, spec) for index in range(spec.members)] == names
    rows = members.members(db, make_run(db, spec))
    origins = [(row.seed, None if row.fold is None else row.fold + 1) for row in rows]
    assert all(str(seed) in name for name, (seed, _fold) in zip(names, origins, strict=True) if spec.repeats > 1)
    assert all(f"fold {fold}" in name for name, (_seed, fold) in zip(names, origins, strict=True) if fold is not None)


def test_the_table_begins_with_the_best_network_and_ends_with_the_diverged_one(db: Database) -> None:
    run = runs.get(db, make_run(db, SPEC, diverged=1, stopped_early=2))
    networks = members.members(db, run.id)

    table = member_results.table_cells(run.spec, networks, member_results.member_metrics(db, run, networks))

    scores = table["val_accuracy"].tolist()
    assert scores[:3] == sorted(scores[:3], reverse=True)
    assert table["network"].tolist()[-1] == "Network 2 · seed 2"
    assert table["status"].tolist()[-1] == "diverged"
    assert table["test_accuracy"].isna().tolist() == [False, False, False, True]
    assert dict(zip(table["network"], table["epoch"], strict=True))["Network 3 · seed 3"] == 3


def test_without_validation_the_training_accuracy_decides(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(epochs=4, repeats=3, validation_split=0)))
    networks = members.members(db, run.id)

    table = member_results.table_cells(run.spec, networks, member_results.member_metrics(db, run, networks))

    assert "val_accuracy" not in table
    assert table["accuracy"].tolist() == sorted(table["accuracy"], reverse=True)


def test_the_spread_shows_validation_and_test_of_every_network_that_has_them(db: Database) -> None:
    run = runs.get(db, make_run(db, SPEC, diverged=1))
    networks = members.members(db, run.id)

    validated, tested = member_results.accuracy_strips(
        run.spec, networks, member_results.member_metrics(db, run, networks), chosen=3
    )

    assert (validated.label, tested.label) == ("Validation accuracy", "Test accuracy")
    assert len(validated.dots) == len(tested.dots) == 3
    assert [dot.title.split(":")[0] for dot in tested.dots if dot.marked] == ["Network 4 · seed 4"]
    assert tested.mean == pytest.approx(run.test_accuracy)
    assert tested.deviation == pytest.approx(run.test_accuracy_sd)


def test_a_single_result_has_no_spread(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(epochs=4, repeats=2), diverged=1))
    networks = members.members(db, run.id)

    assert (
        member_results.accuracy_strips(run.spec, networks, member_results.member_metrics(db, run, networks), None) == []
    )
