"""What a visitor may do with runs: what it changes, and what it refuses with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlite_utils import Database

from mlpcore import actions, paths, settings
from mlpcore.actions import Visitor
from mlpcore.errors import (
    LimitError,
    MLPLabError,
    NotOwnerError,
    QueueFullError,
    RunInTrashError,
    RunNotFoundError,
    SpecError,
)
from mlpcore.spec import RunSpec
from mlpcore.store import leaderboard, queue, runs
from tests.factory.runs import make_run, spec_of

ANNA = Visitor("0123456789abcdef0123456789abcdef", local=True)
BEN = Visitor("b" * 32)

ON_ONE_RUN: dict[str, Callable[[Database, Any], Any]] = {
    "cancel": lambda db, run: actions.cancel(db, ANNA, run),
    "rename": lambda db, run: actions.rename(db, ANNA, run, "new"),
    "annotate": lambda db, run: actions.annotate(db, ANNA, [run], "new"),
    "star": lambda db, run: actions.star(db, ANNA, [run], True),
    "trash": lambda db, run: actions.trash(db, ANNA, [run]),
    "restore": lambda db, run: actions.restore(db, ANNA, [run]),
    "purge": lambda db, run: actions.purge(db, ANNA, [run]),
}
EDITS = ("rename", "annotate", "star")


def test_a_new_visitor_has_an_id_that_nobody_else_has() -> None:
    assert len({Visitor.new() for _ in range(100)}) == 100
    assert Visitor.from_text(Visitor.new().id) is not None


@pytest.mark.parametrize(
    "text", ["", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "٣" * 32, "0" * 32 + "\n", "' OR 1=1 --", None, 7, ["0" * 32]]
)
def test_an_invalid_id_makes_no_visitor(text: object) -> None:
    assert Visitor.from_text(text) is None
    with pytest.raises((ValueError, TypeError)):
        Visitor(text)  # type: ignore[arg-type]


def test_a_submitted_run_waits_and_belongs_to_its_visitor(db: Database) -> None:
    spec = spec_of(epochs=2, name="first")
    run = runs.get(db, actions.submit(db, ANNA, spec))
    assert (run.status, run.owner, run.spec) == ("queued", ANNA.id, spec)


def test_settings_that_are_no_longer_allowed_are_refused(db: Database) -> None:
    stored = RunSpec.from_stored(spec_of(epochs=2).to_json().replace('"digits"', '"gone"'))
    with pytest.raises(SpecError, match="gone"):
        actions.submit(db, ANNA, stored)
    assert runs.newest(db) == []


def test_a_full_queue_refuses_a_run(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MAX_WAITING", 1)
    actions.submit(db, ANNA, spec_of(epochs=2))
    with pytest.raises(QueueFullError):
        actions.submit(db, ANNA, spec_of(epochs=2))


def test_a_run_is_cancelled_and_an_ended_one_stays_as_it_is(db: Database) -> None:
    waiting, training, ended = (make_run(db, spec_of(epochs=2), status=s) for s in ("queued", "running", "finished"))
    for run in (waiting, training, ended):
        actions.cancel(db, ANNA, run)
    assert runs.get(db, waiting).status == "stopped"
    assert runs.get(db, training).cancel_requested
    assert runs.get(db, ended).status == "finished"


def test_invisible_characters_are_removed_from_texts(db: Database) -> None:
    run = make_run(db, spec_of(epochs=2))
    actions.rename(db, ANNA, run, "  Meister\u202e \x1b[31m\n")
    actions.annotate(db, ANNA, [run], "two\nlines\x00 ")
    assert (runs.get(db, run).name, runs.get(db, run).note) == ("Meister [31m", "two\nlines")


@pytest.mark.parametrize("text", ["x" * 3000, None, 5, ["x"], {"x": 1}])
def test_a_text_that_is_too_long_or_none_is_refused(db: Database, text: Any) -> None:
    run = make_run(db, spec_of(epochs=2, name="kept", note="kept"))
    with pytest.raises(SpecError, match="Name"):
        actions.rename(db, ANNA, run, text)
    with pytest.raises(SpecError, match="Note"):
        actions.annotate(db, ANNA, [run], text)
    assert (runs.get(db, run).name, runs.get(db, run).note) == ("kept", "kept")


def test_runs_are_starred_and_their_stars_removed(db: Database) -> None:
    first, second = make_run(db, spec_of(epochs=2)), make_run(db, spec_of(epochs=2))
    assert actions.star(db, ANNA, [second, first], True) == [second, first]
    assert actions.star(db, ANNA, [first], False) == [first]
    assert [runs.get(db, run).starred for run in (first, second)] == [False, True]


def test_a_run_goes_to_the_trash_and_comes_back(db: Database) -> None:
    run = make_run(db, spec_of(epochs=2))
    assert actions.trash(db, ANNA, [run]) == [run]
    assert actions.trash(db, ANNA, [run]) == [run], "it already lies there"
    assert [listed.id for listed in runs.trashed(db)] == [run]
    assert actions.restore(db, ANNA, [run]) == [run]
    assert runs.trashed(db) == []


def test_only_ended_runs_of_the_trash_are_deleted_and_their_files_with_them(db: Database) -> None:
    ended, training, outside = (make_run(db, spec_of(epochs=2), status=s) for s in ("finished", "running", "finished"))
    folders = {}
    for run in (ended, training, outside):
        folders[run] = paths.models_folder() / paths.run_name(run)
        folders[run].mkdir(parents=True)
        (folders[run] / "network.keras").write_bytes(b"weights")
    actions.trash(db, ANNA, [ended, training])

    assert actions.purge(db, ANNA, [ended, training, outside]) == [ended]

    assert runs.find(db, ended) is None
    assert [folders[run].exists() for run in (ended, training, outside)] == [False, True, True]


@pytest.mark.parametrize("action", ON_ONE_RUN)
@pytest.mark.parametrize("run", [4711, 0, -1, 2**63, 2**80, 1.0, True, "1", "1 OR 1=1", None, [1]])
def test_a_run_that_does_not_exist_is_refused_with_a_sentence(db: Database, action: str, run: Any) -> None:
    make_run(db, spec_of(epochs=2, name="untouched"))
    before = runs.get(db, 1)
    with pytest.raises(RunNotFoundError, match="There is no run"):
        ON_ONE_RUN[action](db, run)
    assert runs.get(db, 1) == before


@pytest.mark.parametrize("action", EDITS)
def test_a_run_in_the_trash_is_not_edited(db: Database, action: str) -> None:
    run = make_run(db, spec_of(epochs=2, name="kept", note="kept"))
    actions.trash(db, ANNA, [run])
    with pytest.raises(RunInTrashError, match="restore it first"):
        ON_ONE_RUN[action](db, run)
    assert (runs.get(db, run).name, runs.get(db, run).note, runs.get(db, run).starred) == ("kept", "kept", False)


def test_missing_runs_among_several_are_skipped(db: Database) -> None:
    existing, trashed = make_run(db, spec_of(epochs=2)), make_run(db, spec_of(epochs=2))
    actions.trash(db, ANNA, [trashed])
    assert actions.star(db, ANNA, [4711, trashed, existing, existing], True) == [existing]
    assert actions.annotate(db, ANNA, [existing, 4711], "note") == [existing]
    assert not runs.get(db, trashed).starred


@pytest.mark.parametrize("action", ["annotate", "star", "trash", "restore", "purge"])
def test_an_action_on_no_run_is_refused(db: Database, action: str) -> None:
    more = {"annotate": ["text"], "star": [True]}.get(action, [])
    with pytest.raises(MLPLabError):
        getattr(actions, action)(db, ANNA, [], *more)


BY_A_VISITOR: dict[str, Callable[[Database, Visitor, Any], Any]] = {
    "cancel": lambda db, visitor, runs_: [actions.cancel(db, visitor, run) for run in runs_],
    "rename": lambda db, visitor, runs_: [actions.rename(db, visitor, run, "new") for run in runs_],
    "annotate": lambda db, visitor, runs_: actions.annotate(db, visitor, runs_, "new"),
    "star": lambda db, visitor, runs_: actions.star(db, visitor, runs_, True),
    "trash": actions.trash,
    "restore": actions.restore,
    "purge": actions.purge,
}
ON_SEVERAL_RUNS = ("annotate", "star", "trash", "restore", "purge")


def runs_to_change(db: Database, action: str, *owners: str) -> list[int]:
    """One run of each owner that the action would change."""
    made = [make_run(db, spec_of(epochs=2), owner=owner) for owner in owners]
    if action == "cancel":
        made = [make_run(db, spec_of(epochs=2), status="queued", owner=owner) for owner in owners]
    elif action in ("restore", "purge"):
        actions.trash(db, ANNA, made)
    return made


def stored(db: Database) -> list[Any]:
    """All that is stored of the runs."""
    return list(db.query("SELECT * FROM runs ORDER BY id"))


def test_every_action_that_changes_runs_is_tried_as_another_visitor() -> None:
    takes_visitor = {
        name
        for name, function in vars(actions).items()
        if callable(function) and "visitor" in getattr(function, "__annotations__", {}) and not name.startswith("_")
    }
    assert takes_visitor - set(BY_A_VISITOR) == {"submit", "owns", "may_change", "not_owner"}


@pytest.mark.parametrize("action", BY_A_VISITOR)
@pytest.mark.parametrize("owner", [ANNA.id, ""], ids=["another visitor's", "nobody's"])
def test_a_run_that_is_not_ones_own_stays_as_it_is(db: Database, action: str, owner: str) -> None:
    made = runs_to_change(db, action, owner)
    before = stored(db)
    with pytest.raises(NotOwnerError, match=f"Run {made[0]} is not yours"):
        BY_A_VISITOR[action](db, BEN, made)
    assert stored(db) == before


@pytest.mark.parametrize("action", BY_A_VISITOR)
@pytest.mark.parametrize("visitor", [BEN, ANNA], ids=["its owner", "at the server's machine"])
def test_a_run_is_changed_by_its_owner_and_at_the_servers_machine(db: Database, action: str, visitor: Visitor) -> None:
    made = runs_to_change(db, action, BEN.id)
    before = stored(db)
    BY_A_VISITOR[action](db, visitor, made)
    assert stored(db) != before


@pytest.mark.parametrize("action", BY_A_VISITOR)
def test_all_may_change_all_on_an_open_server(db: Database, action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPCORE_OPEN", "1")
    made = runs_to_change(db, action, ANNA.id)
    before = stored(db)
    BY_A_VISITOR[action](db, BEN, made)
    assert stored(db) != before


@pytest.mark.parametrize("value", ["", "0", "yes", "true"])
def test_a_server_is_open_only_where_its_variable_says_1(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPCORE_OPEN", value)
    assert not BEN.may_change_all


@pytest.mark.parametrize("action", ON_SEVERAL_RUNS)
def test_of_several_runs_none_is_changed_where_one_is_not_ones_own(db: Database, action: str) -> None:
    mine, *others = runs_to_change(db, action, BEN.id, ANNA.id, "")
    before = stored(db)
    with pytest.raises(NotOwnerError, match=f"Nothing was changed.*#{others[0]}, #{others[1]}"):
        BY_A_VISITOR[action](db, BEN, [mine, *others])
    assert stored(db) == before


def test_a_refusal_names_a_few_runs(db: Database) -> None:
    made = [make_run(db, spec_of(epochs=2)) for _ in range(7)]
    with pytest.raises(NotOwnerError, match=r"\(#1, #2, #3, #4, #5, …\)"):
        actions.star(db, BEN, made, True)


def test_what_a_visitor_may_change_is_known_before(db: Database) -> None:
    mine, other = (runs.get(db, make_run(db, spec_of(epochs=2), owner=owner)) for owner in (BEN.id, ANNA.id))
    assert (actions.owns(BEN, mine), actions.owns(BEN, other)) == (True, False)
    assert (actions.may_change(BEN, mine), actions.may_change(BEN, other)) == (True, False)
    assert actions.may_change(ANNA, mine) and not actions.owns(ANNA, mine)
    assert actions.not_owner(BEN, [mine]) is None is actions.not_owner(BEN, [])
    assert str(actions.not_owner(BEN, [other])).startswith(f"Run {other.id} is not yours")


def test_ids_of_visitors_are_not_in_what_is_printed_of_them(db: Database) -> None:
    run = runs.get(db, make_run(db, spec_of(epochs=2), owner=BEN.id))
    assert BEN.id not in repr(BEN) + str(BEN) + repr(run) + repr(leaderboard.Query(owner=BEN.id))


HUGE = spec_of(dataset="mnist", hidden=[{"units": 4096}] * 8, repeats=100, epochs=1000)


def test_a_run_that_takes_too_long_is_refused_with_the_estimate_and_the_limit(db: Database) -> None:
    with pytest.raises(LimitError, match=r"about [\d,]+ days on this machine, and a run may take 2 h here"):
        actions.submit(db, BEN, HUGE)
    assert runs.newest(db) == []


def test_the_limit_of_a_run_is_a_setting(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_of(dataset="mnist", hidden=[{"units": 512}] * 3, epochs=100)
    actions.submit(db, BEN, spec)
    monkeypatch.setenv("MLPCORE_MAX_RUN_MINUTES", "0.5")
    with pytest.raises(LimitError, match="may take 30 s here"):
        actions.submit(db, BEN, spec)
    monkeypatch.setenv("MLPCORE_MAX_RUN_MINUTES", "1e12")
    actions.submit(db, BEN, HUGE)


def test_a_run_is_estimated_by_what_this_machine_has_measured(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPCORE_MAX_RUN_MINUTES", "15")
    spec = spec_of(dataset="mnist", hidden=[{"units": 512}] * 3, epochs=100)
    actions.submit(db, BEN, spec)
    make_run(db, spec_of(**spec.to_dict() | {"epochs": 2}), seconds=60)
    with pytest.raises(LimitError, match="on this machine"):
        actions.submit(db, BEN, spec)


def test_only_some_runs_of_a_visitor_wait_and_those_of_others_do_not_count(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLPCORE_MAX_WAITING", "2")
    make_run(db, status="queued", owner="c" * 32)
    first, _second = (actions.submit(db, BEN, spec_of(epochs=2)) for _ in range(2))
    with pytest.raises(LimitError, match="2 of your runs are waiting already, and at most 2 may wait here"):
        actions.submit(db, BEN, spec_of(epochs=2))
    actions.cancel(db, BEN, first)
    actions.submit(db, BEN, spec_of(epochs=2))


def test_a_visitor_at_the_servers_machine_has_no_limits(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPCORE_MAX_WAITING", "1")
    for _ in range(3):
        actions.submit(db, ANNA, HUGE)


@pytest.mark.parametrize("value", ["", "0", "-1", "nan", "inf", "many", "1e999"])
def test_a_limit_that_is_no_number_above_0_is_the_usual_one(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPCORE_MAX_RUN_MINUTES", value)
    monkeypatch.setenv("MLPCORE_MAX_WAITING", value)
    assert settings.max_run_seconds() == 60 * settings.DEFAULT_RUN_MINUTES
    assert settings.max_waiting_runs() == settings.DEFAULT_WAITING
