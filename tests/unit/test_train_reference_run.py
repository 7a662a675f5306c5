"""The faint curve beside a run: the visitor's run before it, unless they choose another or none."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from sqlite_utils import Database

from mlpcore.store import metrics, runs
from mlpcore.ui.shell.browser import visitor
from mlpcore.ui.train.reference_run import _CHOICE, _NONE, reference_curve
from tests.factory.runs import make_run, spec_of

SPEC = spec_of(epochs=6)
SEVERAL = spec_of(epochs=6, repeats=3)


@pytest.fixture(autouse=True)
def _session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})


@pytest.fixture
def me() -> str:
    return visitor().id


def names(db: Database, run_id: int) -> str | None:
    curve = reference_curve(db, runs.get(db, run_id))
    return None if curve is None else curve.name


def test_a_run_is_compared_with_the_visitors_run_before_it_on_the_same_dataset(db: Database, me: str) -> None:
    before = make_run(db, spec_of(dataset="iris", epochs=4, name="mine"), owner=me)
    make_run(db, spec_of(dataset="iris", epochs=3, name="a neighbour's"), owner="another")
    make_run(db, spec_of(dataset="wine", epochs=2, name="other data"), owner=me)
    run = runs.get(db, make_run(db, spec_of(dataset="iris"), status="queued", owner=me))
    make_run(db, spec_of(dataset="iris", epochs=2, name="later"), owner=me)

    reference = reference_curve(db, run)

    assert reference is not None
    assert (reference.id, reference.name) == (str(before), "mine")
    assert reference.columns["epoch"] == [1, 2, 3, 4]


def test_the_first_run_of_a_visitor_is_compared_with_none(db: Database, me: str) -> None:
    make_run(db, SPEC, owner="another")

    assert names(db, make_run(db, SPEC, owner=me)) is None


def test_another_run_can_be_chosen_or_none(db: Database, me: str) -> None:
    first, second, third = (
        make_run(db, spec_of(epochs=2, name=name), owner=me) for name in ("first", "second", "third")
    )

    assert names(db, third) == "second"
    st.session_state[_CHOICE] = first
    assert names(db, third) == "first"
    assert names(db, second) == "first"
    st.session_state[_CHOICE] = _NONE
    assert names(db, third) is None


def test_a_chosen_run_that_does_not_fit_leaves_the_one_before(db: Database, me: str) -> None:
    other = make_run(db, spec_of(dataset="wine", epochs=2, name="wine"), owner=me)
    make_run(db, spec_of(epochs=2, name="before"), owner=me)
    st.session_state[_CHOICE] = other

    assert names(db, make_run(db, SPEC, owner=me)) == "before"


def test_one_network_of_an_ended_run_is_compared_with_the_mean_of_all(db: Database, me: str) -> None:
    make_run(db, SPEC, owner=me)
    ended, open_run = (runs.get(db, make_run(db, SEVERAL, status=status)) for status in ("finished", "running"))

    reference = reference_curve(db, ended, member=1)

    assert reference is not None
    assert reference.name == "Mean of all networks"
    assert reference.columns["accuracy"] == [row["accuracy"] for row in metrics.epochs_after(db, ended.id)]
    assert reference_curve(db, open_run, member=1) is None


def test_the_curve_is_read_once(db: Database, me: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    original = metrics.epochs_after

    def noted(db: Database, run_id: int, after: int = 0, member: int | None = None) -> list[dict[str, Any]]:
        reads.append(run_id)
        return original(db, run_id, after, member)

    monkeypatch.setattr(metrics, "epochs_after", noted)
    before = make_run(db, SPEC, owner=me)
    run = runs.get(db, make_run(db, SPEC, owner=me))

    for _look in range(3):
        reference_curve(db, run)

    assert reads == [before]
