"""The page's address holds all that the page shows: the same address opens the same view.

The address alone decides. Widgets are set from it before they are drawn, and their callbacks write into it. Each
parameter has one meaning in all views:

| parameter | meaning |
|---|---|
| `run`, `member`, `epoch` | the network: a run, one of its networks (from 1), the epoch after which it was saved |
| `view` | the view, a key of `views.VIEWS` |
| `example`, `source` | the number of the test example (from 1); `source=draw` for the drawing instead |
| `filter`, `true`, `predicted`, `bin`, `first` | Test examples: which are listed, by true and predicted class (from 0), confidence bin (from 0), the number in the list from which on they are shown |
| `open` | Test examples: the example is open, large |
| `cells`, `scores` | Mistakes: numbers or percentages; the class (from 0) whose precision and recall are explained |
| `lines`, `unit` | Network: weights or contributions; the neuron, such as `2-17` |
| `until` | Neurons: the last of the epochs between which changes are shown |
| `explain`, `gradient`, `patch`, `fill`, `patch_at` | Saliency: the explained class (from 0), score or probability, size, colour and place of the patch |
| `n1`, `n2`, ... | Arithmetic: the neuron (from 1) of a hidden layer that is calculated |
| `output`, `label`, `rate` | Arithmetic: the class (from 0) whose sum is calculated, the class of the drawing, the learning rate |
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import streamlit as st

from mlpcore.ui.shell.browser import address_number as number
from mlpcore.ui.shell.browser import address_text as get
from mlpcore.ui.shell.browser import put_in_address as put
from mlpcore.ui.shell.page_shell import arrived

__all__ = [
    "ABOUT_DATASET",
    "ABOUT_EXAMPLE",
    "choice",
    "forget",
    "forget_network",
    "get",
    "go_to_example",
    "number",
    "put",
    "restore",
]

ABOUT_EXAMPLE = ("explain", "output", "label", "patch_at")
"""Choices that were made for one example: another one starts with what the network predicts for it."""

ABOUT_NETWORK = ("unit", "until", *ABOUT_EXAMPLE)
"""Choices that were made for one network, beside the calculated neurons `n1`, `n2`, ..."""

ABOUT_DATASET = ("example", "true", "predicted", "bin", "first", "open", "scores")
"""Choices that mean nothing for another dataset."""

_LAST = "inspect.last"

_OLD_NAMES = {"show": "filter", "as": "cells", "upto": "until", "of": "gradient", "hide": "patch_at"}
_OLD_VIEWS = {"images": "examples", "confusion": "mistakes", "units": "neurons", "looks": "saliency"}
_CLASS_OF_VIEW = {"mistakes": "scores", "saliency": "explain", "arithmetic": "label"}


def restore() -> None:
    """Coming back from another page opens what this session showed last; call it before anything is read."""
    if arrived() and "run" not in st.query_params:
        put(**st.session_state.get(_LAST, {}))
    _translate_old_names()
    st.session_state[_LAST] = {name: text for name in st.query_params if name != "lang" and (text := get(name))}


def forget(names: Iterable[str]) -> None:
    """Remove parameters from the address."""
    put(**dict.fromkeys(names))


def forget_network() -> None:
    """Forget what was chosen for one network, because another one is shown."""
    forget([*ABOUT_NETWORK, *(name for name in st.query_params if re.fullmatch("n[0-9]+", name))])


def go_to_example(index: int, **others: str | int | None) -> None:
    """Show the test example with this index, from 0 on; what was chosen for the last example is forgotten."""
    forget(ABOUT_EXAMPLE)
    put(example=index + 1, **others)


def choice(
    label: str,
    parameter: str,
    options: Mapping[str, str],
    *,
    key: str,
    labelled: bool = False,
    forgets: Iterable[str] = (),
) -> str:
    """A choice between a few things that the address keeps: draw it and return a key of `options`, whose values show.

    The first option is the default, which is not written into the address. `parameter` is the name there; `label`
    is above the choice where it is `labelled`; another choice removes the parameters that it `forgets`.
    """
    default = next(iter(options))
    requested = get(parameter)
    st.session_state[key] = requested if requested in options else default

    def write() -> None:
        chosen = st.session_state[key]
        forget(forgets)
        put(**{parameter: None if chosen == default else chosen})

    chosen = st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        on_change=write,
        label_visibility="visible" if labelled else "collapsed",
        required=True,
        wrap=True,
    )
    return default if chosen is None else chosen


def _translate_old_names() -> None:
    """Read an address from a time when parameters had other names, and `class` had another meaning in each view."""
    old = {name: get(name) for name in (*_OLD_NAMES, "class", "cell") if name in st.query_params}
    view = get("view")
    if view in _OLD_VIEWS:
        put(view=_OLD_VIEWS[view])
    if not old:
        return
    forget(old)
    renamed = {new: old[name] for name, new in _OLD_NAMES.items() if name in old}
    if renamed.get("filter") == "sure":
        renamed["filter"] = "confidence"
    if "class" in old:
        renamed[_CLASS_OF_VIEW.get(get("view"), "true")] = old["class"]
    if cell := re.fullmatch("([0-9]{1,4})-([0-9]{1,4})", old.get("cell", "")):
        renamed["true"], renamed["predicted"] = cell.groups()
    put(**{name: text for name, text in renamed.items() if name not in st.query_params})
