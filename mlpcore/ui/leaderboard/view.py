"""What the leaderboard shows: a frozen value, kept in step with the widgets and with the page's address.

The same address opens the same list for everybody. The address is written here and not by Streamlit's own
`bind="query-params"`: that would write the labels of the user's language instead of names, no entry for the browser's
Back, and could not leave out an order that is usual for its column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from mlpcore.datasets import REGISTRY
from mlpcore.i18n.messages import isolated
from mlpcore.spec.choices import STATUSES
from mlpcore.store.leaderboard import Query
from mlpcore.ui.leaderboard import selection
from mlpcore.ui.leaderboard.columns import COLUMNS, SORTABLE, metric_name
from mlpcore.ui.shell.browser import visitor, went_in_history, whole_number
from mlpcore.ui.shell.language import _, escaped
from mlpcore.ui.shell.page_shell import arrived
from mlpcore.ui.shell.run_picker import with_plain_numbers

PAGE_SIZE = 200
"""Runs on one page of the list."""

PARAMETERS = (
    "datasets", "statuses", "search", "starred", "mine", "sort", "order", "figures", "page", "compare", "trash",
)  # fmt: skip
"""The query parameters that belong to this page; other parameters are left alone."""

_CHOICES: Mapping[str, Collection[str]] = {
    "datasets": REGISTRY,
    "statuses": STATUSES,
    "starred": ("0", "1"),
    "mine": ("0", "1"),
    "sort": SORTABLE,
    "order": ("up", "down"),
    "figures": ("kept", "best", "last"),
    "trash": ("0", "1"),
}
"""The values that some of the parameters can have."""

MAX_SEARCH = 100
MAX_TICKED = 100
"""How many ticked runs an address names."""
_MAX_PAGE = 100_000
_MAX_PART, _MAX_PARTS = 40, 5
_MAX_LIST = 5000

WIDGETS: Mapping[str, str] = {
    name: f"leaderboard_{name}"
    for name in ("datasets", "statuses", "search", "starred", "mine", "sort", "order", "figures", "page")
}
"""The key of the widget that holds each query parameter."""

_VIEW = "leaderboard.view"
_VIEW_CHANGED = "leaderboard.view_changed"


@dataclass(frozen=True)
class View:
    """The filters, the order, whose figures are shown, and the ticked runs, which are compared.

    The figures are those of the `kept` network, the `best` or the `last` epoch. `mine` limits the list to the visitor's
    own runs: the address never says whose they are.
    """

    datasets: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    search: str = ""
    starred: bool = False
    mine: bool = False
    sort: str = "val_accuracy"
    descending: bool = True
    figures: str = "kept"
    page: int = 1
    compare: tuple[int, ...] = ()
    trash: bool = False

    @classmethod
    def from_parameters(cls, given: Mapping[str, Iterable[str]]) -> View:
        """The view that an address describes; invalid values are ignored."""
        first = {name: next(iter(values), "") for name, values in given.items()}
        sort = first.get("sort", "")
        sort = sort if sort in SORTABLE else cls.sort
        order = first.get("order")
        page = whole_number(first.get("page", "")) or 1
        return cls(
            datasets=_known(given.get("datasets", ()), REGISTRY),
            statuses=_known(given.get("statuses", ()), STATUSES),
            search=" ".join(_printable(first.get("search", "")).split())[:MAX_SEARCH],
            starred=first.get("starred") == "1",
            mine=first.get("mine") == "1",
            sort=sort,
            descending=order == "down" if order in ("up", "down") else COLUMNS[sort].descending,
            figures=figures if (figures := first.get("figures", "")) in _CHOICES["figures"] else cls.figures,
            page=page if page < _MAX_PAGE else 1,
            compare=tuple(_numbers(first.get("compare", ""))[0]),
            trash=first.get("trash") == "1",
        )

    def to_parameters(self) -> dict[str, list[str]]:
        """The query parameters that lead here; defaults are left out."""
        usual = self.descending == COLUMNS[self.sort].descending
        parameters = {
            "datasets": list(self.datasets),
            "statuses": list(self.statuses),
            "search": [self.search] if self.search else [],
            "starred": ["1"] if self.starred else [],
            "mine": ["1"] if self.mine else [],
            "sort": [self.sort] if self.sort != View.sort else [],
            "order": [] if usual else ["down" if self.descending else "up"],
            "figures": [self.figures] if self.figures != View.figures else [],
            "page": [str(self.page)] if self.page > 1 else [],
            "compare": [",".join(map(str, self.compare[:MAX_TICKED]))] if self.compare else [],
            "trash": ["1"] if self.trash else [],
        }
        return {name: values for name, values in parameters.items() if values}

    @property
    def filtered(self) -> bool:
        """Whether it leaves runs out."""
        return bool(self.datasets or self.statuses or self.search or self.starred or self.mine)

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
            text=with_plain_numbers(self.search),
            starred=self.starred,
            owner=visitor().id if self.mine else None,
            order=self._order(self.sort),
            descending=self.descending,
            limit=PAGE_SIZE,
            offset=(self.page - 1) * PAGE_SIZE,
        )

    @property
    def ranking(self) -> Query:
        """The store's query for the ranking of the runs that it lists, in whatever order it shows them."""
        return replace(self.query, order=self._order(View.sort), descending=True)

    def _order(self, sort: str) -> str:
        column = COLUMNS[sort]
        return metric_name(str(column.sort), self.figures) if column.epochs else str(column.sort)

    def sorted_by(self, sort: str) -> View:
        """Sorted by another column, in its usual direction; by the same one, the other way round."""
        descending = not self.descending if sort == self.sort else COLUMNS[sort].descending
        return replace(self, sort=sort, descending=descending, page=1)

    def unfiltered(self) -> View:
        """The same order over all runs."""
        return replace(self, datasets=(), statuses=(), search="", starred=False, mine=False, page=1)

    def on_page(self, pages: int) -> View:
        """The same, on the last page where there are fewer pages."""
        return replace(self, page=max(1, min(self.page, pages)))


def current_view() -> View:
    """The view of this run of the page, with the widgets' state filled in; call it before any of them is drawn.

    On arrival, or when the browser went back, the address decides; an address without any of our parameters leads to
    what this session last looked at. Else the widgets decide.
    """
    requested = _address()
    before: View | None = st.session_state.get(_VIEW)
    view_changed = st.session_state.pop(_VIEW_CHANGED, False)
    if before is None or (arrived() and requested):
        return _filled(_view_of_address(requested))
    if arrived():
        return _filled(replace(before, trash=False))
    if view_changed or WIDGETS["search"] not in st.session_state:
        return _filled(before)
    if went_in_history():
        return _filled(_view_of_address(requested))
    return _from_widgets(before)


def _view_of_address(requested: Mapping[str, list[str]]) -> View:
    """The view that the address describes; a sentence names the parts of the address that name nothing here."""
    unknown = unknown_parts(requested)
    if unknown:
        text = _("Parts of the address name nothing on this page and were ignored: {parts}")
        named = _(", ").join(isolated(part[:_MAX_PART]) for part in unknown[:_MAX_PARTS])
        st.warning(escaped(text.format(parts=named)), icon=":material/info:")
    view = View.from_parameters(requested)
    selection.tick(view.compare)
    return view


def unknown_parts(requested: Mapping[str, Iterable[str]]) -> list[str]:
    """The parts of an address that name nothing on this page, as in `sort=color`."""
    parts = []
    for name, values in requested.items():
        for value in values:
            wrong = _numbers(value)[1] if name == "compare" else [] if _allowed(name, value) else [value]
            parts += [f"{name}={part}" for part in wrong]
    return parts


def _numbers(text: str) -> tuple[list[int], list[str]]:
    """The numbers of runs in a list such as "4,5", each once and at most `MAX_TICKED`, and all other parts of it."""
    if len(text) > _MAX_LIST:
        text = text[:_MAX_LIST].rpartition(",")[0]
    parts = dict.fromkeys(part.strip() for part in text.split(",") if part.strip())
    numbers = {part: whole_number(part) for part in parts}
    valid = list(dict.fromkeys(number for number in numbers.values() if number is not None))
    read = valid[:MAX_TICKED]
    return read, [part for part, number in numbers.items() if number not in read]


def _allowed(name: str, value: str) -> bool:
    if name == "page":
        return whole_number(value) is not None
    return name not in _CHOICES or value in _CHOICES[name]


def show_view(view: View) -> None:
    """Show something else from the next run on; a callback for buttons."""
    st.session_state[_VIEW] = view
    st.session_state[_VIEW_CHANGED] = True


def sorted_view(view: View, sort: str) -> View:
    """The view with another order, the widgets following; call it before they are drawn."""
    return _filled(view.sorted_by(sort))


def view_on_existing_page(view: View, pages: int) -> View:
    """The view on an existing page of the list; call it before the widget for pages is drawn."""
    view = view.on_page(pages)
    if st.session_state.get(WIDGETS["page"]) != view.page:
        st.session_state[WIDGETS["page"]] = view.page
    return view


def keep_view(view: View) -> None:
    """Remember the view, and write it and the ticked runs into the address."""
    view = replace(view, compare=tuple(selection.ticked()))
    parameters = view.to_parameters()
    st.session_state[_VIEW] = view
    if parameters != _address():
        others = {name: st.query_params.get_all(name) for name in st.query_params if name not in PARAMETERS}
        st.query_params.from_dict(others | parameters)


def _address() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in PARAMETERS if name in st.query_params}


def _filled(view: View) -> View:
    values: dict[str, Any] = {
        "datasets": list(view.datasets),
        "statuses": list(view.statuses),
        "search": view.search,
        "starred": view.starred,
        "mine": view.mine,
        "sort": view.sort,
        "order": "down" if view.descending else "up",
        "figures": view.figures,
        "page": view.page,
    }
    for name, value in values.items():
        st.session_state[WIDGETS[name]] = value
    return view


def _from_widgets(before: View) -> View:
    values = {name: st.session_state[key] for name, key in WIDGETS.items() if key in st.session_state}
    parameters = {
        name: list(value) if isinstance(value, list) else [str(int(value)) if isinstance(value, bool) else str(value)]
        for name, value in values.items()
        if value is not None
    }
    view = View.from_parameters(before.to_parameters() | parameters)
    view = replace(view, compare=before.compare, trash=before.trash)
    if view.sort != before.sort:
        view = replace(view, descending=COLUMNS[view.sort].descending)
    if replace(view, page=before.page) != before:
        view = replace(view, page=1)
    return view if view == before else _filled(view)


def _known(given: Iterable[str], allowed: Iterable[str]) -> tuple[str, ...]:
    names: set[Any] = set(given)
    return tuple(name for name in allowed if name in names)


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
