"""What an address of the leaderboard means: filters, order and page."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.store import leaderboard
from mlpcore.store.leaderboard import SORT_COLUMNS
from mlpcore.ui.leaderboard.columns import SORTABLE
from mlpcore.ui.leaderboard.view import MAX_SEARCH, MAX_TICKED, PAGE_SIZE, View, unknown_parts

VIEWS = [
    View(),
    View(datasets=("mnist", "iris"), statuses=("failed",), search="two words", starred=True),
    View(sort="loss", descending=False),
    View(sort="loss", descending=True),
    View(sort="name", descending=False, figures="last", page=3),
    View(trash=True),
    View(mine=True, compare=(12, 4)),
]


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_view_comes_back_from_its_address(view: View) -> None:
    assert View.from_parameters(view.to_parameters()) == view


def test_the_address_of_the_usual_view_is_empty() -> None:
    assert View().to_parameters() == {}
    assert View().sorted_by("loss").to_parameters() == {"sort": ["loss"]}


@pytest.mark.parametrize(
    "given",
    [
        {"sort": ["rank"]},
        {"sort": [""]},
        {"sort": []},
        {"sort": ["best_val_accuracy"]},
        {"order": ["DESC; --"]},
        {"datasets": ["nothing", "MNIST", "mnist'"]},
        {"statuses": ["done", "\x00"]},
        {"page": ["0"]},
        {"page": ["-5"]},
        {"page": ["1e3"]},
        {"page": ["9" * 400]},
        {"page": ["٣"]},
        {"starred": ["true"]},
        {"figures": ["mean"]},
        {"trash": ["0"]},
        {"search": ["\x00\x07 \n\t"]},
        {"mine": ["a visitor's id"]},
        {"compare": ["", "4"]},
        {"compare": ["a,-1,1.5,,٣"]},
        {"compare": ["9" * 6000]},
    ],
    ids=str,
)
def test_invalid_values_in_an_address_are_ignored(given: dict[str, list[str]]) -> None:
    assert View.from_parameters(given) == View()


def test_a_page_number_of_thousands_of_digits_is_ignored() -> None:
    given = {"page": ["000000001" + "0" * 5000]}
    assert View.from_parameters(given) == View()
    assert len(unknown_parts(given)) == 1


def test_an_address_names_each_ticked_run_once_and_not_too_many() -> None:
    numbers = range(1, MAX_TICKED + 6)
    given = {"compare": [",".join(map(str, (*numbers, *numbers)))]}

    assert View.from_parameters(given).compare == tuple(numbers[:MAX_TICKED])
    assert unknown_parts(given) == [f"compare={number}" for number in numbers[MAX_TICKED:]]
    assert unknown_parts({"compare": ["4,x y,5"]}) == ["compare=x y"]
    assert View.from_parameters({"compare": ["4,x,5"]}).compare == (4, 5)


def test_an_endless_list_of_ticked_runs_is_not_read_to_its_end() -> None:
    given = {"compare": ["x" * 40 + "," + ",".join("abc" for _ in range(2000)) + ",123456"]}

    assert View.from_parameters(given).compare == ()
    assert View(compare=tuple(range(1000))).to_parameters()["compare"][0].count(",") == MAX_TICKED - 1


def test_a_search_is_shortened_and_cleaned() -> None:
    assert View.from_parameters({"search": ["a\x00b\n  c" + "x" * 500]}).search == ("a b c" + "x" * 500)[:MAX_SEARCH]


@pytest.mark.parametrize("figures", ["kept", "best", "last"])
@pytest.mark.parametrize("sort", SORTABLE)
def test_every_sortable_column_has_an_order_in_the_store(db: Database, sort: str, figures: str) -> None:
    query = View(sort=sort, figures=figures).query
    assert query.order in SORT_COLUMNS
    leaderboard.page(db, query)


def test_the_switch_decides_which_figures_give_the_order_and_the_ranking() -> None:
    assert View().query.order == "kept_val_accuracy"
    assert View(figures="best").query.order == "best_val_accuracy"
    assert View(figures="last").query.order == "val_accuracy"
    assert View(figures="last", sort="test_accuracy").query.order == "test_accuracy"
    assert View(sort="seconds", descending=False).ranking.order == "kept_val_accuracy"


def test_a_column_is_sorted_in_its_usual_direction_first_and_then_the_other_way() -> None:
    view = View(page=4).sorted_by("loss")
    assert (view.sort, view.descending, view.page) == ("loss", False, 1)
    assert view.sorted_by("loss").descending
    assert not View().sorted_by("val_accuracy").descending


def test_a_page_that_does_not_exist_becomes_the_last_one() -> None:
    assert View(page=9).on_page(3).page == 3
    assert View(page=9).on_page(0).page == 1
    assert View(page=3).query.offset == 2 * PAGE_SIZE
