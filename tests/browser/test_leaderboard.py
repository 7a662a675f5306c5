"""The leaderboard in a real browser: the table's own clicks, the address, the refresh, and the way back."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, expect

from mlpcore.events import EpochEnd
from mlpcore.store import leaderboard, metrics, queue, runs
from mlpcore.store.connection import opened
from mlpcore.store.leaderboard import Query
from mlpcore.store.run_names import run_names
from tests.factory.runs import curve, finished_event, make_run, make_runs, spec_of

ROW = 35
HEADS = {"Run": 150, "Validation accuracy": 310}
"""Where the first heads are, in pixels from the table's left: widths that the page has set."""


@pytest.fixture(scope="module")
def many(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with more runs than a page of the list holds; tests only look at it."""
    folder = tmp_path_factory.mktemp("many")
    with opened(folder / "mlplab.db") as db:
        make_runs(db, 230, epochs=12)
    server = Server("dashboard.py", folder, MLPCORE_WORKERS="0")
    yield server
    server.stop()


@pytest.fixture
def few(serve: Callable[..., Server], tmp_path: Path) -> Server:
    """A dashboard with three runs, to change them."""
    with opened(tmp_path / "few" / "mlplab.db") as db:
        for name, final in (("middle", 0.8), ("best", 0.95), ("worst", 0.6)):
            make_run(db, spec_of(name=name, epochs=20), final=final)
    return serve(data=tmp_path / "few", MLPCORE_WORKERS="0")


@pytest.fixture
def board(visit: Callable[..., Visit]) -> Callable[..., Visit]:
    """Open the leaderboard: `board(server, "?sort=loss", phone=True)`."""

    def opened_at(server: Server, query: str = "", **window: object) -> Visit:
        opened = visit(server, f"leaderboard{query}", **window)
        # A page below the app's root first looks for the server beside itself, and then finds it.
        opened.problems[:] = [problem for problem in opened.problems if "/leaderboard/_stcore/" not in problem]
        return opened

    return opened_at


def database(server: Server) -> Path:
    return server.data / "mlplab.db"


class Table:
    """The list on a window's page; it is drawn on a canvas, beside which a table for screen readers stands."""

    def __init__(self, window: Visit) -> None:
        self.window = window
        self.grid = window.page.get_by_test_id("stDataFrame").first
        expect(self.grid.get_by_test_id("glide-cell-1-0")).to_be_attached()

    def column(self, head: str) -> int:
        """The number of the column with this head, whatever arrow it carries."""
        header = self.grid.locator("th").filter(has_text=re.compile(rf"^{head}( [↓↑])?$"))
        return int(str(header.get_attribute("aria-colindex")))

    def shows(self, head: str, row: int, text: str | re.Pattern[str]) -> None:
        """Wait until this cell says so."""
        expect(self.grid.get_by_test_id(f"glide-cell-{self.column(head)}-{row}")).to_have_text(text)

    def sorted_by(self, head: str) -> None:
        """Wait until the list is sorted so; the arrow is part of the head."""
        expect(self.grid.locator("th", has_text=head)).to_have_count(1)

    def tick(self, *rows: int) -> Table:
        """Tick these rows, or take their ticks away."""
        for row in rows:
            self.press(15, ROW * (row + 1) + ROW // 2)
            self.window.idle()
        return self

    def click_head(self, head: str) -> None:
        self.press(HEADS[head], ROW // 2)

    def press(self, x: int, y: int) -> None:
        self.window.idle()  # a sentence may stand on the page while its table is still being replaced
        self.grid.scroll_into_view_if_needed()
        box = self.grid.locator("canvas").first.bounding_box()
        assert box is not None
        tap = self.window.page.evaluate("matchMedia('(pointer: coarse)').matches")
        (self.window.page.touchscreen.tap if tap else self.window.page.mouse.click)(box["x"] + x, box["y"] + y)

    def has_ticked(self, *rows: int) -> None:
        """Wait until these rows and no others of those in sight are ticked."""
        expect(self.grid.locator('tbody tr[aria-selected="true"]')).to_have_count(len(rows))
        for row in rows:
            mark = self.grid.locator(f'tbody tr[aria-rowindex="{row + 2}"]')
            expect(mark).to_have_attribute("aria-selected", "true")


def overlays(window: Visit, *wanted: str) -> None:
    """Wait until the curves of these runs are drawn, in this order."""
    legend = window.page.locator(".mlp-legend").first
    for name in wanted:
        expect(legend.get_by_text(name, exact=True)).to_be_visible()
    expect(window.page.locator(".mlp-chart .scatterlayer .trace")).to_have_count(4 * len(wanted))


def titles(server: Server, limit: int = 200, **query: object) -> list[str]:
    """The names in the list with this order and these filters, as its first page shows them."""
    with opened(database(server)) as db:
        listed = leaderboard.page(db, Query(**{"order": "kept_val_accuracy", "limit": 200, **query}))  # type: ignore[arg-type]
        return list(run_names(listed).values())[:limit]


def test_a_click_on_a_column_header_sorts_the_runs_of_all_pages(many: Server, board: Callable[..., Visit]) -> None:
    window = board(many)
    table = Table(window)
    table.shows("Run", 0, titles(many)[0])
    table.click_head("Run")
    table.sorted_by("Run ↑")
    table.shows("Run", 0, titles(many, order="name", descending=False)[0])
    expect(window.page).to_have_url(re.compile(r"sort=name"))
    table.click_head("Run")
    table.sorted_by("Run ↓")
    table.shows("Run", 0, titles(many, order="name")[0])


def test_ticked_runs_are_overlaid_and_stay_ticked_in_another_order(many: Server, board: Callable[..., Visit]) -> None:
    window = board(many, "?statuses=finished&search=digits")
    table = Table(window)
    first, _, third = titles(many, statuses=["finished"], text="digits", limit=3)
    table.tick(0, 2)
    overlays(window, first, third)
    window.see("2 runs selected").see("Where the settings differ")
    table.click_head("Validation accuracy")
    table.sorted_by("Validation accuracy ↑")
    table.has_ticked()  # they now stand at the other end
    table.click_head("Validation accuracy")
    table.sorted_by("Validation accuracy ↓")
    table.has_ticked(0, 2)
    overlays(window, first, third)
    table.tick(2)
    overlays(window, first)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_bar_leads_from_the_ticked_runs_to_their_comparison_which_a_link_restores(
    many: Server, board: Callable[..., Visit], phone: bool
) -> None:
    window = board(many, "?search=digits", phone=phone)
    table = Table(window)
    names = titles(many, 2, text="digits")
    table.tick(0, 1)
    bar = window.page.locator(".st-key-leaderboard_bar")
    expect(bar.get_by_text("2 selected" if phone else "2 runs selected")).to_be_in_viewport()
    expect(window.page).to_have_url(re.compile(r"compare=\d+(%2C|,)\d+"))
    assert not window.scrolls_sideways()
    for label in ("Star", "Move to the trash", "Clear selection"):
        expect(bar.get_by_role("button", name=label)).to_be_in_viewport()

    bar.get_by_role("link", name="Compare").focus()
    window.page.keyboard.press("Enter")
    head = window.page.get_by_role("heading", name="Comparison")
    expect(head).to_be_in_viewport()
    expect(bar).to_be_in_viewport()

    window.page.reload()
    overlays(window.idle(), *names)
    bar.get_by_role("button", name="Clear selection").click()
    expect(bar).to_have_count(0)
    expect(window.page).not_to_have_url(re.compile("compare="))


def test_ten_runs_are_overlaid_by_one_click(many: Server, board: Callable[..., Visit]) -> None:
    window = board(many)
    window.click("Compare the first 10")
    overlays(window, *titles(many, 10))
    Table(window).has_ticked(*range(10))


def test_the_address_shows_the_same_list_in_another_browser_and_back_works(
    many: Server, board: Callable[..., Visit]
) -> None:
    window = board(many)
    first = titles(many)[0]
    Table(window).shows("Run", 0, first)
    window.button("Iris").click()
    iris = titles(many, datasets=["iris"])[0]
    Table(window).shows("Run", 0, iris)
    expect(window.page).to_have_url(re.compile(r"datasets=iris"))
    other = board(many, window.page.url.removeprefix(f"{many.url}leaderboard"))
    Table(other).shows("Run", 0, iris)
    window.page.go_back()
    Table(window).shows("Run", 0, first)


def test_the_list_has_pages(many: Server, board: Callable[..., Visit]) -> None:
    window = board(many)
    window.click("Page 2")
    Table(window).shows("Run", 0, titles(many, offset=200)[0])
    expect(window.page).to_have_url(re.compile(r"page=2"))


def test_the_csv_file_holds_all_matching_runs(many: Server, board: Callable[..., Visit]) -> None:
    window = board(many)
    with window.page.expect_download() as download:
        window.button("CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 230
    for row, title in zip(rows, titles(many, limit=5), strict=False):
        assert title.startswith(row["name"] or row["automatic_name"])


def test_a_run_is_renamed_in_the_list(few: Server, board: Callable[..., Visit]) -> None:
    window = board(few)
    table = Table(window).tick(1)
    window.page.get_by_role("button", name="Edit name and note").click()
    window.page.get_by_label("Name", exact=True).fill("Renamed")
    window.page.get_by_label("Note", exact=True).fill("=1+1")
    window.click("Save")
    table.shows("Run", 1, "Renamed")
    table.has_ticked(1)
    expect(window.page.get_by_label("Name", exact=True)).to_be_hidden()


def test_moving_runs_to_the_trash_is_undone(few: Server, board: Callable[..., Visit]) -> None:
    window = board(few)
    table = Table(window).tick(0)
    window.see("1 run selected").click("Move to the trash")
    table.shows("Run", 0, "middle")
    window.click("Undo")
    table.shows("Run", 0, "best")
    table.has_ticked(0)


def test_runs_in_the_trash_are_restored_and_deleted_permanently(few: Server, board: Callable[..., Visit]) -> None:
    window = board(few)
    Table(window).tick(0, 1)
    window.see("2 runs selected").click("Move to the trash").click("Trash (2)").see("Tick runs to restore them")
    Table(window).shows("Run", 0, "best")
    Table(window).tick(1)
    expect(window.button("Restore")).to_be_enabled()
    window.click("Restore")
    window.see("1 run was restored.")
    Table(window).tick(0)
    window.page.get_by_role("button", name="Delete permanently").click()
    window.see("This cannot be undone.").click("Yes, delete permanently")
    window.see("The trash is empty.").click("Back to the leaderboard")
    Table(window).shows("Run", 0, "middle")
    with opened(database(few)) as db:
        assert [run.name for run in leaderboard.page(db, Query())] == ["middle", "worst"]
        assert runs.trashed(db) == []


def test_while_a_run_trains_the_list_follows_and_keeps_ticks_scroll_and_what_is_typed(
    few: Server, board: Callable[..., Visit]
) -> None:
    spec = spec_of(name="busy", epochs=10)
    with opened(database(few)) as db:
        for _ in range(6):
            make_run(db, spec_of(epochs=3))
        run = make_run(db, spec, status="running", done=0)
        for _ in range(10):
            make_run(db, spec_of(epochs=3))
    window = board(few, "?sort=id")
    table = Table(window)
    table.shows("Run", 10, "busy")
    table.tick(5)
    window.page.get_by_role("button", name="Edit name and note").click()
    window.page.get_by_label("Note", exact=True).press_sequentially("half a sen")
    scroller = table.grid.locator(".dvn-scroller")
    scroller.evaluate("element => element.scrollTo(60, 100)")
    claim = queue.Claim(run, 1, spec, None)
    whole = curve(spec)
    for epoch in (1, 2, 3):
        with opened(database(few)) as db:
            metrics.record(db, claim, EpochEnd(epoch, (whole[epoch - 1],), 0.1, 0.001))
        if epoch == 1:
            continue  # one point makes no line
        table.shows("Learning curve", 10, re.compile(rf"^[\d.]+(,[\d.]+){{{epoch - 1}}}$"))
    assert scroller.evaluate("element => [element.scrollLeft, element.scrollTop]") == [60, 100]
    expect(window.page.get_by_label("Note", exact=True)).to_have_value("half a sen")
    table.has_ticked(5)
    with opened(database(few)) as db:
        metrics.record(db, claim, finished_event(run, whole[2], 3))
    table.shows("Status", 10, "finished")


def test_an_idle_page_sends_no_requests(few: Server, visit: Callable[..., Visit]) -> None:
    window = visit(few)
    sent: list[object] = []

    def note(frame: object) -> None:
        sent.append(frame)

    window.page.on("websocket", lambda socket: socket.on("framesent", note))
    window.goto("leaderboard")
    window.problems.clear()  # of the page below the app's root, as above
    Table(window).shows("Run", 0, "best")
    expect(window.page.locator(".mlp-chart .scatterlayer .trace")).to_have_count(12)
    assert sent

    def quiet() -> bool:
        before = len(sent)
        window.page.wait_for_timeout(6000)
        return len(sent) == before

    assert any(quiet() for _attempt in range(10)), "it never comes to rest"


def test_a_change_of_the_language_keeps_the_ticks(few: Server, board: Callable[..., Visit]) -> None:
    window = board(few, "?search=st")
    Table(window).tick(1)
    window.see("1 run selected")
    window.page.get_by_text("日本語").click()
    window.see("1 件を選択中").see("ランキング")
    Table(window).has_ticked(1)
    expect(window.page.get_by_placeholder("名前、メモ、層、最適化手法…")).to_have_value("st")


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
def test_a_phone_shows_the_ranking_and_takes_ticks(few: Server, board: Callable[..., Visit], locale: str) -> None:
    window = board(few, phone=True, locale=locale)
    table = Table(window)
    assert not window.scrolls_sideways()
    table.tick(0, 1)
    overlays(window, "best", "middle")
    assert not window.scrolls_sideways()


def test_an_empty_leaderboard_leads_to_the_form(serve: Callable[..., Server], board: Callable[..., Visit]) -> None:
    window = board(serve(MLPCORE_WORKERS="0")).see("No runs yet")
    window.page.get_by_text("Train a network").click()
    expect(window.page).not_to_have_url(re.compile("leaderboard"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_button_of_the_trash_can_be_read_before_a_run_is_ticked(
    few: Server, board: Callable[..., Visit], scheme: str
) -> None:
    with opened(database(few)) as db:
        runs.trash(db, [1])
    window = board(few, "?trash=1", scheme=scheme)
    expect(window.button("Restore")).to_be_disabled()
    text, background = window.button("Restore").evaluate(
        "button => [button.querySelector('p') ?? button, document.querySelector('[data-testid=stApp]')]"
        ".map((element, index) => getComputedStyle(element)[index ? 'backgroundColor' : 'color'])"
        ".map(color => color.match(/[\\d.]+/g).map(Number))"
    )
    opacity = text[3] if len(text) > 3 else 1
    assert max(opacity * abs(text[channel] - background[channel]) for channel in range(3)) > 50, (text, background)
