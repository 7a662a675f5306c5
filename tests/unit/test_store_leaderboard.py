"""Lists of runs: order, filters, pages, sparklines and curves, from a real database file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from mlpcore.events import EpochEnd, Metrics
from mlpcore.store import leaderboard, metrics, queue, runs
from mlpcore.store.connection import opened
from mlpcore.store.leaderboard import SORT_COLUMNS, Query
from tests.factory.damaged_runs import damage_columns
from tests.factory.runs import make_run, make_runs, spec_of


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with opened(tmp_path / "mlplab.db") as db:
        yield db


def ids(db: Database, **query: object) -> list[int]:
    return [run.id for run in leaderboard.page(db, Query(**query))]  # type: ignore[arg-type]


def test_runs_are_ranked_by_their_best_validation_accuracy(db: Database) -> None:
    worse, best, middle = (make_run(db, spec_of(epochs=4), final=final) for final in (0.7, 0.95, 0.8))
    assert ids(db) == [best, middle, worse]


def test_runs_of_several_networks_are_ranked_by_their_means(db: Database) -> None:
    worse, several, best = (
        make_run(db, spec_of(epochs=20, repeats=repeats), final=final)
        for repeats, final in ((1, 0.7), (5, 0.8), (1, 0.95))
    )
    assert ids(db) == [best, several, worse]
    assert ids(db, order="members") == [several, best, worse]


def test_the_best_epoch_counts_and_not_the_last(db: Database) -> None:
    peaks = make_run(db, spec_of(epochs=3), status="running", done=0)
    claim = queue.Claim(peaks, 1, spec_of(), None)
    for epoch, accuracy in enumerate((0.5, 0.99, 0.05), start=1):
        metrics.record(db, claim, EpochEnd(epoch, (Metrics(1.0, 0.5, 1.0, accuracy),), 0.1, 0.001))
    steady = make_run(db, spec_of(epochs=3), final=0.8)
    assert ids(db) == [peaks, steady]
    assert ids(db, order="val_accuracy") == [steady, peaks]


def test_runs_without_a_validation_set_come_after_those_with_one(db: Database) -> None:
    unvalidated = make_run(db, spec_of(epochs=4, validation_split=0), final=0.99)
    validated = make_run(db, spec_of(epochs=4), final=0.6)
    assert ids(db) == [validated, unvalidated]
    assert ids(db, order="best_val_loss", descending=False) == [validated, unvalidated]
    assert ids(db, order="best_accuracy") == [unvalidated, validated]


@pytest.mark.parametrize("order", ["best_val_accuracy", "kept_val_accuracy", "val_accuracy", "kept_val_loss"])
def test_of_runs_without_a_validation_set_the_finished_ones_come_first_and_then_the_stopped_ones(
    db: Database, order: str
) -> None:
    made = {
        status: make_run(db, spec_of(epochs=4, validation_split=0), status=status)
        for status in ("finished", "running", "stopped", "queued", "failed")
    }
    later = make_run(db, spec_of(epochs=4, validation_split=0))
    expected = [later, *(made[status] for status in ("finished", "stopped", "running", "queued", "failed"))]

    assert ids(db, order=order) == expected
    assert ids(db, order=order, descending=False) == expected
    assert ids(db, order=order, limit=2, offset=2) == expected[2:4]


STORED = [name for name in SORT_COLUMNS if not name.startswith("kept_")]
IMPOSSIBLE = {
    **dict.fromkeys((name for name in STORED if "accuracy" in name), ("7", "1.01", "-0.1", "9e999", "-9e999")),
    **dict.fromkeys((name for name in STORED if name.endswith("loss")), ("-1", "9e999", "-9e999")),
    "seconds": ("-1", "9e999"),
    "learning_rate": ("-1", "9e999"),
    "created_at": ("-1", "1e300", "9e999"),
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    ("column", "value"), [(name, value) for name, values in IMPOSSIBLE.items() for value in values]
)
def test_a_value_that_no_run_can_have_is_sorted_and_ranked_as_an_unknown_one(
    db: Database, column: str, value: str, descending: bool
) -> None:
    good, damaged, better = (make_run(db, spec_of(epochs=4), final=final) for final in (0.7, 0.8, 0.9))
    for run, possible in ((good, "0.4"), (damaged, value), (better, "0.5")):
        damage_columns(db, run, f"{column} = {possible}")

    assert ids(db, order=column, descending=descending) == [
        *([better, good] if descending else [good, better]),
        damaged,
    ]
    ranks = leaderboard.ranks(db, Query(order=column), [good, damaged, better])
    assert ranks == {better: 1, good: 2}


def test_a_run_whose_status_is_damaged_is_listed_among_the_failed_ones(db: Database) -> None:
    damaged, good = (make_run(db, spec_of(epochs=4), final=final) for final in (0.9, 0.7))
    damage_columns(db, damaged, "status = 'nonsense'")

    assert ids(db) == ids(db, order="seconds") == [good, damaged]
    assert leaderboard.ranks(db, Query(), [good, damaged]) == {good: 1}


def test_impossible_metrics_of_epochs_leave_gaps_in_sparklines_and_curves(db: Database) -> None:
    run = make_run(db, spec_of(epochs=3))
    db.execute("UPDATE epoch_summaries SET accuracy = 7, val_accuracy = 7, val_loss = -1 WHERE epoch = 2")

    assert len(leaderboard.sparklines(db, [run])[run]) == 2
    (_, second, _) = leaderboard.curves(db, [run])[run]
    assert (second["accuracy"], second["val_accuracy"], second["val_loss"]) == (None, None, None)
    assert second["loss"] is not None


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", SORT_COLUMNS)
def test_failed_and_diverged_runs_are_last_in_every_order(db: Database, order: str, descending: bool) -> None:
    failed = make_run(db, spec_of(epochs=4, name="a"), status="failed", final=0.99)
    good = make_run(db, spec_of(epochs=4, name="b"), final=0.5)
    diverged = make_run(db, spec_of(epochs=4, name="c"), status="diverged", final=0.99)
    waiting = make_run(db, spec_of(epochs=4, name="d"), status="queued")
    listed = ids(db, order=order, descending=descending)
    assert set(listed[:2]) == {good, waiting}
    assert set(listed[2:]) == {failed, diverged}


@pytest.mark.parametrize("descending", [False, True])
def test_runs_without_a_value_come_after_those_with_one(db: Database, descending: bool) -> None:
    waiting = make_run(db, spec_of(), status="queued")
    done = make_run(db, spec_of(epochs=2))
    for order in ("test_accuracy", "loss", "best_val_accuracy", "device"):
        assert ids(db, order=order, descending=descending) == [done, waiting]


def test_names_are_sorted_without_regard_to_case_and_the_nameless_last(db: Database) -> None:
    zebra, nameless, apple, bear = (
        make_run(db, spec_of(name=name), status="queued") for name in ("Zebra", "", "apple", "Bear")
    )
    assert ids(db, order="name", descending=False) == [apple, bear, zebra, nameless]


def test_layers_are_sorted_by_depth_then_by_the_first_layers_units(db: Database) -> None:
    shapes = [[], [9], [128], [10, 10], [128, 64], [2, 2, 2]]
    made = [
        make_run(db, spec_of(hidden=[{"units": units} for units in shape]), status="queued")
        for shape in reversed(shapes)
    ]
    assert ids(db, order="layers", descending=False) == made[::-1]


def test_statuses_are_sorted_in_the_order_of_a_runs_life(db: Database) -> None:
    made = {status: make_run(db, spec_of(epochs=2), status=status) for status in ("stopped", "finished", "running")}
    made["queued"] = make_run(db, spec_of(epochs=2), status="queued")
    expected = [made[status] for status in ("queued", "running", "finished", "stopped")]
    assert ids(db, order="status", descending=False) == expected


def test_dropout_rates_are_sorted_as_numbers(db: Database) -> None:
    none, little, much = (
        make_run(db, spec_of(hidden=[{"units": 8, "dropout": rate}]), status="queued") for rate in (0, 0.05, 0.4)
    )
    assert ids(db, order="dropout") == [much, little, none]


def test_an_unknown_order_is_a_mistake_of_the_caller(db: Database) -> None:
    with pytest.raises(ValueError, match="cannot sort"):
        leaderboard.page(db, Query(order="id; DROP TABLE runs"))


def test_filters_narrow_the_list_and_the_count(db: Database) -> None:
    mnist = make_run(db, spec_of(dataset="mnist", epochs=2))
    digits = make_run(db, spec_of(dataset="digits", epochs=2))
    failed = make_run(db, spec_of(dataset="digits", epochs=2), status="failed")
    runs.star(db, digits, True)
    for query, expected in (
        ({"datasets": ["mnist"]}, {mnist}),
        ({"datasets": ["mnist", "digits"]}, {mnist, digits, failed}),
        ({"statuses": ["failed", "diverged"]}, {failed}),
        ({"starred": True}, {digits}),
        ({"datasets": ["mnist"], "starred": True}, set()),
    ):
        assert set(ids(db, **query)) == expected
        assert leaderboard.count(db, Query(**query)) == len(expected)  # type: ignore[arg-type]


def test_a_list_can_be_limited_to_one_owner(db: Database) -> None:
    mine, _other, nobodys = (make_run(db, spec_of(epochs=2), owner=owner) for owner in ("a", "b", ""))
    for owner, expected in (("a", [mine]), ("", [nobodys]), ("c", [])):
        query = Query(owner=owner)
        assert ([run.id for run in leaderboard.page(db, query)], leaderboard.count(db, query)) == (
            expected,
            len(expected),
        )


@pytest.mark.parametrize("text", ["wide", "WIDE", "1024", "lec", "wide 1024", "adam wide", "#1", "my note"])
def test_text_is_found_in_names_notes_and_settings(db: Database, text: str) -> None:
    matching = make_run(db, spec_of(name="Wide one", note="for lecture 3\nmy note", hidden=[{"units": 1024}]))
    make_run(db, spec_of(name="other", hidden=[{"units": 8}], optimizer="sgd"))
    assert ids(db, text=text) == [matching]


@pytest.mark.parametrize("text", ["%", "_", "'", "!", "' OR 1 --", "\\", '"'])
def test_characters_with_a_meaning_in_sql_are_searched_literally(db: Database, text: str) -> None:
    matching = make_run(db, spec_of(name=f"a{text}b"), status="queued")
    make_run(db, spec_of(name="plain"), status="queued")
    assert ids(db, text=text) == [matching]


def test_pages_cover_every_run_once(db: Database) -> None:
    made = make_runs(db, 45, epochs=3)
    pages = [ids(db, limit=20, offset=offset) for offset in (0, 20, 40)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert sorted(run for page in pages for run in page) == sorted(made)


def test_every_run_is_listed_without_regard_to_pages(db: Database) -> None:
    make_runs(db, 25, epochs=3)
    query = Query(limit=10, offset=10, order="name", descending=False)
    everything = [run.id for run in leaderboard.all_runs(db, query)]
    assert everything[10:20] == [run.id for run in leaderboard.page(db, query)]
    assert len(everything) == 25


def test_runs_in_the_trash_are_not_listed(db: Database) -> None:
    kept, trashed = make_run(db, spec_of(epochs=2)), make_run(db, spec_of(epochs=2, dataset="iris"))
    runs.trash(db, [trashed])
    assert ids(db) == [kept]
    assert leaderboard.count(db, Query()) == 1
    assert leaderboard.datasets_with_runs(db) == ["digits"]


def test_the_default_order_is_read_from_its_index(db: Database) -> None:
    seen: list[str] = []
    with db.tracer(lambda sql, _: seen.append(sql)):
        ids(db)
    (sql,) = [sql for sql in seen if "ORDER BY" in sql]
    plan = db.execute(f"EXPLAIN QUERY PLAN {sql}", {"limit": 100, "offset": 0}).fetchall()
    assert "runs_by_rank" in str(plan)
    assert "TEMP B-TREE FOR ORDER BY" not in str(plan), "only runs with equal values are sorted"


def test_ranks_are_counted_over_all_matching_runs(db: Database) -> None:
    worst, best, middle = (make_run(db, spec_of(epochs=20), final=final) for final in (0.6, 0.95, 0.8))
    make_run(db, spec_of(epochs=20, dataset="iris"), final=0.99)
    failed = make_run(db, spec_of(epochs=20), status="failed", final=0.99)
    unvalidated = make_run(db, spec_of(epochs=20, validation_split=0), final=0.99)
    waiting = make_run(db, spec_of(), status="queued")
    query = Query(datasets=["digits"], limit=1, offset=1)
    assert leaderboard.ranks(db, query, [worst, best, failed, unvalidated, waiting]) == {worst: 3, best: 1}
    assert leaderboard.ranks(db, query, [middle]) == {middle: 2}


@pytest.mark.parametrize("order", ["kept_val_accuracy", "best_val_accuracy", "val_accuracy"])
def test_the_ranks_of_a_page_in_the_order_of_the_ranking_follow_from_its_position(db: Database, order: str) -> None:
    make_runs(db, 90, epochs=3, mixed=True)
    make_run(db, spec_of(epochs=20, validation_split=0))
    make_run(db, spec_of(), status="queued")
    damaged = make_run(db, spec_of(epochs=20))
    db.execute("UPDATE runs SET val_accuracy = 7, best_val_accuracy = 7 WHERE id = ?", [damaged])
    for offset in range(0, 90, 30):
        query = Query(order=order, limit=30, offset=offset)
        listed = leaderboard.page(db, query)
        found = leaderboard.ranks_of_page(query, listed)
        assert found == leaderboard.ranks(db, query, [run.id for run in listed])
        assert len(found) > 0


def test_sparklines_are_evenly_spread_and_end_with_the_last_epoch(db: Database) -> None:
    long, short = make_run(db, spec_of(epochs=100)), make_run(db, spec_of(epochs=3))
    waiting = make_run(db, spec_of(), status="queued")
    lines = leaderboard.sparklines(db, [long, short, waiting])
    history = [epoch["val_accuracy"] for epoch in metrics.epochs_after(db, long)]
    assert lines[long] == pytest.approx(history[3::4])
    assert len(lines[short]) == 3
    assert waiting not in lines


def test_a_sparkline_without_a_validation_set_shows_the_training_accuracy(db: Database) -> None:
    run = make_run(db, spec_of(epochs=5, validation_split=0))
    history = [epoch["accuracy"] for epoch in metrics.epochs_after(db, run)]
    assert leaderboard.sparklines(db, [run])[run] == pytest.approx(history)


def test_members_are_averaged_in_sparklines_and_curves(db: Database) -> None:
    run = make_run(db, spec_of(epochs=1, repeats=3), status="running", done=0)
    members = (Metrics(1.0, 0.2, 3.0, 0.4), Metrics(2.0, 0.4, 4.0, 0.8), Metrics(3.0, 0.6, 5.0, 0.9))
    metrics.record(db, queue.Claim(run, 1, spec_of(), None), EpochEnd(1, members, 0.1, 0.001))
    assert leaderboard.sparklines(db, [run])[run] == pytest.approx([0.7])
    (epoch,) = leaderboard.curves(db, [run])[run]
    means = {"epoch": 1, "loss": 2.0, "accuracy": 0.4, "val_loss": 4.0, "val_accuracy": 0.7}
    deviations = {"loss_sd": 1.0, "accuracy_sd": 0.2, "val_loss_sd": 1.0, "val_accuracy_sd": 0.07**0.5}
    assert epoch == pytest.approx({**means, **deviations})


def test_curves_hold_every_epoch_of_a_short_run_and_a_spread_of_a_long_one(db: Database) -> None:
    short, long = make_run(db, spec_of(epochs=12)), make_run(db, spec_of(epochs=401))
    curves = leaderboard.curves(db, [short, long], points=100)
    assert [epoch["epoch"] for epoch in curves[short]] == list(range(1, 13))
    assert [epoch["epoch"] for epoch in curves[long]] == list(range(1, 402, 5))
    assert len(curves[long]) <= 100


def test_runs_of_one_and_of_several_networks_are_thinned_side_by_side(db: Database) -> None:
    single = make_run(db, spec_of(epochs=40))
    several = make_run(db, spec_of(epochs=60, folds=3), diverged=0)
    lines, curves = leaderboard.sparklines(db, [several, single]), leaderboard.curves(db, [several, single], points=20)
    for run, stride in ((single, 2), (several, 3)):
        history = metrics.epochs_after(db, run)
        assert lines[run] == pytest.approx([epoch["val_accuracy"] for epoch in history[stride - 1 :: stride]])
        assert [epoch["epoch"] for epoch in curves[run]] == list(range(stride, 20 * stride + 1, stride))
        assert curves[run][-1]["loss"] == pytest.approx(history[-1]["loss"])
        assert curves[run][-1]["loss_sd"] == (history[-1]["loss_sd"] and pytest.approx(history[-1]["loss_sd"]))


def test_an_epoch_that_is_not_a_number_leaves_a_gap_in_the_curve(db: Database) -> None:
    run = make_run(db, spec_of(epochs=2), status="running", done=0)
    claim = queue.Claim(run, 1, spec_of(), None)
    metrics.record(db, claim, EpochEnd(1, (Metrics(float("inf"), 0.1, float("nan"), 0.1),), 0.1, 0.001))
    (epoch,) = leaderboard.curves(db, [run])[run]
    assert epoch["loss"] is None
    assert epoch["val_loss"] is None


def test_thinned_histories_are_read_by_primary_key_alone(db: Database) -> None:
    seen: list[str] = []
    with db.tracer(lambda sql, _: seen.append(sql)):
        leaderboard.sparklines(db, [1])
        leaderboard.curves(db, [1])
    for sql in seen:
        plan = str(db.execute(f"EXPLAIN QUERY PLAN {sql}", {"ids": "[1]", "points": 25}).fetchall())
        assert "SEARCH e USING PRIMARY KEY (run=? AND epoch=?)" in plan


def test_the_progress_token_changes_with_each_epoch_of_a_run(db: Database) -> None:
    make_run(db, spec_of(epochs=2))
    ended = leaderboard.progress_token(db)
    assert ended == leaderboard.list_token(db)
    waiting = make_run(db, spec_of(epochs=2), status="queued")
    queued = leaderboard.progress_token(db)
    claim = queue.claim(db, "worker-1")
    assert claim is not None
    assert claim.run == waiting
    started = leaderboard.progress_token(db)
    metrics.record(db, claim, EpochEnd(1, (Metrics(1.0, 0.5),), 0.1, 0.001))
    first_epoch = leaderboard.progress_token(db)
    assert len({ended, queued, started, first_epoch}) == 4
    assert first_epoch == f"{leaderboard.list_token(db)} {waiting}r1"
    queue.cancel(db, waiting)
    assert leaderboard.progress_token(db) == first_epoch, "the worker has not stopped yet"
