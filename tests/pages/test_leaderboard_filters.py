"""The filters of the leaderboard, and the address that carries them."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore.store import runs
from tests.app_pages import Open, ended
from tests.factory.runs import make_run, spec_of
from tests.leaderboard_page import (
    listed,
    press,
    query_parameters,
    texts,
    three_runs,
    unescaped,
)

PAGE = "pages/leaderboard.py"


def test_filters_narrow_the_list_and_are_in_the_address(open_page: Open, db: Database) -> None:
    three_runs(db)
    iris = make_run(db, spec_of(name="flowers", dataset="iris", epochs=3))
    runs.star(db, iris, True)
    make_run(db, spec_of(name="broken", epochs=4), status="failed")
    at = open_page()
    at = ended(at.pills(key="leaderboard_datasets").set_value(["iris"]).run())
    assert listed(at) == ["★ flowers"]
    assert query_parameters(at)["datasets"] == ["iris"]
    at = press(at, "Show all runs")
    assert len(listed(at)) == 5
    assert at.pills(key="leaderboard_datasets").value == []
    at = ended(at.pills(key="leaderboard_statuses").set_value(["failed"]).run())
    assert listed(at) == ["broken"]
    at = press(at, "Show all runs")
    at = ended(at.toggle(key="leaderboard_starred").set_value(True).run())
    assert listed(at) == ["★ flowers"]
    at = press(at, "Show all runs")
    at = ended(at.text_input(key="leaderboard_search").set_value("wor").run())
    assert listed(at) == ["worst"]
    assert "1 matching run, ranked" in texts(at)


def test_an_address_opens_with_its_filters_and_order(open_page: Open, db: Database) -> None:
    three_runs(db)
    make_run(db, spec_of(name="flowers", dataset="iris", epochs=3))
    at = open_page(datasets=["digits"], sort="name", order="down", figures="last", search="st")
    assert listed(at) == ["worst", "best"]
    assert at.pills(key="leaderboard_datasets").value == ["digits"]
    assert at.text_input(key="leaderboard_search").value == "st"
    assert at.segmented_control(key="leaderboard_order").value == "down"


@pytest.mark.parametrize(
    "address",
    [
        {"sort": "id; DROP TABLE runs"},
        {"sort": "rank"},
        {"sort": "spec", "order": "sideways"},
        {"datasets": ["../../etc/passwd", "mnist", ""]},
        {"statuses": "<script>"},
        {"page": "999999999999999999999"},
        {"page": "-1"},
        {"page": "٣"},
        {"page": "1e9"},
        {"figures": "both", "starred": "yes", "trash": "maybe"},
        {"search": "\x00\x1b[31m" + "x" * 5000},
        {"search": "%' OR 1=1 --"},
    ],
)
def test_parts_of_an_address_that_name_nothing_do_no_harm(
    open_page: Open, db: Database, address: dict[str, str | list[str]]
) -> None:
    three_runs(db)
    at = open_page(**address)
    assert at.title[0].value == "Leaderboard"
    assert len(runs.newest(db)) == 3
    if "search" not in address and "datasets" not in address:
        assert listed(at) == ["best", "middle", "worst"]
        assert not set(query_parameters(at)) & {"sort", "page", "statuses", "figures", "starred", "trash", "order"}


def test_parts_of_an_address_that_name_nothing_are_named(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page(sort="color", datasets=["digits", "letters"], order="up", page="x", lang="en")
    (warning,) = at.warning
    assert unescaped(warning.value).endswith("were ignored: datasets=letters, sort=color, page=x")
    assert not ended(at.run()).warning
    assert not open_page(sort="name", datasets="digits", order="up", page="1", trash="0", figures="best").warning


def test_filters_without_a_match_say_so_and_offer_all_runs(open_page: Open, db: Database) -> None:
    three_runs(db)
    at = open_page(search="nothing like it")
    assert "No run matches these filters." in texts(at)
    at = ended(at.button(key="leaderboard_unfilter").click().run())
    assert len(listed(at)) == 3
