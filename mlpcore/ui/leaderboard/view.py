"""What the leaderboard shows, as its address says it: a frozen value, from and to query parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mlpcore.datasets import REGISTRY
from mlpcore.spec.choices import STATUSES
from mlpcore.store.leaderboard import Query
from mlpcore.ui.leaderboard.columns import COLUMNS, SORTABLE

PAGE_SIZE = 200
"""Runs on one page of the list."""

PARAMETERS = ("datasets", "statuses", "search", "starred", "sort", "order", "figures", "page", "trash")
"""The query parameters that belong to this page; others in the address are not its own."""

MAX_SEARCH = 100
_MAX_PAGE = 100_000


@dataclass(frozen=True)
class View:
    """The filters, the order, and which epoch's figures are shown: those of the `best` or of the `last` one."""

    datasets: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    search: str = ""
    starred: bool = False
    sort: str = "val_accuracy"
    descending: bool = True
    figures: str = "best"
    page: int = 1
    trash: bool = False

    @classmethod
    def from_parameters(cls, given: Mapping[str, Iterable[str]]) -> View:
        """What an address asks for; values that mean nothing are ignored."""
        first = {name: next(iter(values), "") for name, values in given.items()}
        sort = first.get("sort", "")
        sort = sort if sort in SORTABLE else cls.sort
        order = first.get("order")
        page = first.get("page", "")
        return cls(
            datasets=_known(given.get("datasets", ()), REGISTRY),
            statuses=_known(given.get("statuses", ()), STATUSES),
            search=" ".join(_printable(first.get("search", "")).split())[:MAX_SEARCH],
            starred=first.get("starred") == "1",
            sort=sort,
            descending=order == "down" if order in ("up", "down") else COLUMNS[sort].descending,
            figures="last" if first.get("figures") == "last" else "best",
            page=int(page) if page.isascii() and page.isdecimal() and 0 < int(page[:9]) < _MAX_PAGE else 1,
            trash=first.get("trash") == "1",
        )

    def to_parameters(self) -> dict[str, list[str]]:
        """The query parameters that lead here; what is as by default is left out."""
        usual = self.descending == COLUMNS[self.sort].descending
        wanted = {
            "datasets": list(self.datasets),
            "statuses": list(self.statuses),
            "search": [self.search] if self.search else [],
            "starred": ["1"] if self.starred else [],
            "sort": [self.sort] if self.sort != View.sort else [],
            "order": [] if usual else ["down" if self.descending else "up"],
            "figures": ["last"] if self.figures == "last" else [],
            "page": [str(self.page)] if self.page > 1 else [],
            "trash": ["1"] if self.trash else [],
        }
        return {name: values for name, values in wanted.items() if values}

    @property
    def filtered(self) -> bool:
        """Whether it leaves runs out."""
        return bool(self.datasets or self.statuses or self.search or self.starred)

    @property
    def ranks(self) -> bool:
        """Whether its order is the ranking."""
        return self.sort == View.sort and self.descending

    @property
    def query(self) -> Query:
        """The store's query for the page of runs that it shows."""
        return Query(
            datasets=self.datasets,
            statuses=self.statuses,
            text=self.search,
            starred=self.starred,
            order=self._order(self.sort),
            descending=self.descending,
            limit=PAGE_SIZE,
            offset=(self.page - 1) * PAGE_SIZE,
        )

    @property
    def ranking(self) -> Query:
        """The store's query for the ranking of the runs that it lists, in whichever order it shows them."""
        return replace(self.query, order=self._order(View.sort), descending=True)

    def _order(self, sort: str) -> str:
        column = COLUMNS[sort]
        return f"best_{column.sort}" if column.epochs and self.figures == "best" else str(column.sort)

    def sorted_by(self, sort: str) -> View:
        """Sorted by another column, in its usual direction; by the same one, the other way round."""
        descending = not self.descending if sort == self.sort else COLUMNS[sort].descending
        return replace(self, sort=sort, descending=descending, page=1)

    def unfiltered(self) -> View:
        """The same order over all runs."""
        return replace(self, datasets=(), statuses=(), search="", starred=False, page=1)

    def on_page(self, pages: int) -> View:
        """The same, on the last page where there are not so many."""
        return replace(self, page=max(1, min(self.page, pages)))


def _known(given: Iterable[str], allowed: Iterable[str]) -> tuple[str, ...]:
    wanted: set[Any] = set(given)
    return tuple(name for name in allowed if name in wanted)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
