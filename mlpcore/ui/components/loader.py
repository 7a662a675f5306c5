"""How a component's scripts and styles, and plotly.js, reach the browser.

They are served as files, so that an update of a component carries its data and nothing else: Streamlit would send
inline code again at every rerun. Streamlit serves them at an address of its own (`declare_component`), which also works
below a base URL path and on Community Cloud. The address carries a hash of the files, so that no cache can mix two
versions.

plotly.js comes from the installed `plotly` package, nothing from a CDN. It is compressed once to a third of its 4.8 MB
and kept in the data folder, because compressing it for each of a hundred phones that enter a lecture would take the
server ten seconds. The browser decompresses it.
"""

from __future__ import annotations

import atexit
import gzip
import hashlib
import importlib.metadata
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v1 import declare_component

from mlpcore.paths import data_folder

FOLDER = Path(__file__).parent

PLOTLY_VERSION = importlib.metadata.version("plotly")
PLOTLY_FILE = "plotly.min.js.gz"
PLOTLY_ADDRESS = f"{__name__}.plotly-{PLOTLY_VERSION}/{PLOTLY_FILE}"
"""Where a browser finds plotly.js, below the `component/` of the app's address."""

_LOADER = """
const app = (document.querySelector('script[src*="/static/js/"]')?.src ?? document.baseURI).split("/static/js/")[0];
const root = app.replace(/\\/+$/, "") + "/";
const files = root + "component/";
const script = files + "{files}/{script}.js";
const module = import(script).catch(() => import(script + "?again"));
export default (component) => module.then((it) => it.default(component, files + "{plotly}", root));
"""


def component(folder: str, script: str | None = None) -> Callable[..., Any]:
    """A mount function for the component whose script is `<folder>/<script>.js`, named like the folder unless given.

    The script's `mount` gets Streamlit's component, the address of plotly.js, and the app's address with a slash.
    The function takes what Streamlit's own takes (`key`, `data`, `on_..._change`) and returns the component's result.
    """
    script = script or folder
    js = _LOADER.format(files=f"{__name__}.{_version()}", script=f"{folder}/{script}", plotly=PLOTLY_ADDRESS)
    renderer = st.components.v2.component(f"mlplab_{script}", js=js, isolate_styles=False)

    def mount(**arguments: Any) -> Any:
        declare_component(_version(), path=FOLDER)
        serve_plotly()
        return renderer(**arguments)

    return mount


def serve_plotly() -> None:
    """Let Streamlit serve plotly.js at `PLOTLY_ADDRESS`; without room for it, pages appear without charts."""
    with suppress(OSError):
        declare_component(f"plotly-{PLOTLY_VERSION}", path=plotly_folder())


@cache
def _version() -> str:
    """A hash of all scripts and styles with their names."""
    digest = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.suffix in {".js", ".css"}):
        digest.update(str(path.relative_to(FOLDER)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def plotly_folder() -> Path:
    """The folder with the compressed file, which is made where it is not there.

    Where the data folder cannot be written, it is a temporary one of this process: charts appear on a full disk too.
    """
    folder = data_folder() / "web" / f"plotly-{PLOTLY_VERSION}"
    try:
        _compress_into(folder)
    except OSError:
        return _temporary_plotly_folder()
    return folder


@cache
def _temporary_plotly_folder() -> Path:
    """A temporary folder with the compressed file, where there is room, else in memory; OSError where there is none."""
    for parent in (None, "/dev/shm"):
        with suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="mlplab-", dir=parent))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            _compress_into(folder)
            return folder
    raise OSError("no folder has room for plotly.js")


def _compress_into(folder: Path) -> None:
    if not (folder / PLOTLY_FILE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Under a name of its own until it is complete: several visitors may come at once.
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as unfinished:
            try:
                unfinished.write(gzip.compress(_original_plotly().read_bytes(), mtime=0))
                unfinished.flush()
            except OSError:
                Path(unfinished.name).unlink(missing_ok=True)
                raise
        Path(unfinished.name).replace(folder / PLOTLY_FILE)


def _original_plotly() -> Path:
    """The file inside the installed package, found without importing plotly, which takes a while."""
    return Path(str(importlib.metadata.distribution("plotly").locate_file("plotly/package_data/plotly.min.js")))
