"""What a first page needs and what takes long: imported and made in a thread while the first browser still loads."""

from __future__ import annotations

import ast
import contextlib
import importlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from mlpcore.errors import StoreError
from mlpcore.i18n.catalogues import LANGUAGES, translations
from mlpcore.paths import PROJECT
from mlpcore.store.connection import opened
from mlpcore.ui.components.loader import plotly_folder
from mlpcore.ui.shell.page_shell import PAGES

_IMPORTED_LATE = (
    "streamlit.emojis",
    "streamlit.material_icon_names",
    "PIL.Image",
    "PIL.PngImagePlugin",
    "pandas",
    "pyarrow.pandas_compat",
)
"""What Streamlit imports at the first use of an element."""
SWITCH_SECONDS = 0.0005
"""How long this thread runs at a time while another one has something to do: a browser waits for the server."""
OTHER_PAGES_SECONDS = 8.0
"""When the other pages are imported: not while the first browser loads the front page."""


def warm_up() -> None:
    """Import what the front page imports, and make what all pages share; a while later import the other pages."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        _prepare()
    finally:
        sys.setswitchinterval(usual)
    later = threading.Timer(OTHER_PAGES_SECONDS, import_other_pages)
    later.daemon = True
    later.start()


def import_other_pages() -> None:
    """Import what the pages besides the front page import."""
    for script in list(PAGES)[1:]:
        for name in imported_names(PROJECT / script):
            _import(name)


def _prepare() -> None:
    for name in _IMPORTED_LATE:
        _import(name)
    for name in imported_names(PROJECT / next(iter(PAGES))):
        _import(name)
    for language in LANGUAGES:
        translations(language)
    with contextlib.suppress(StoreError), opened():  # the page itself will say what is wrong
        pass
    with contextlib.suppress(OSError):
        plotly_folder()


def imported_names(script: Path) -> Iterator[str]:
    """The modules that a script imports, and the names that it takes from them, which may be modules as well."""
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _import(name: str) -> None:
    """Import a module; a name that is none is left alone."""
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
