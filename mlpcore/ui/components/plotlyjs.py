"""plotly.js for the components, from the installed `plotly` package: nothing comes from a CDN.

It is compressed once to a third of its 4.8 MB and kept in the data folder, because compressing it for each of a
hundred phones that enter a lecture would take the server ten seconds. The browser decompresses it.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import tempfile
from pathlib import Path

from streamlit.components.v1 import declare_component

from mlpcore.paths import data_folder

VERSION = importlib.metadata.version("plotly")
FILE = "plotly.min.js.gz"
ADDRESS = f"{__name__}.{VERSION}/{FILE}"
"""Where a browser finds it, below the `component/` of the app's address."""


def serve() -> None:
    """Let Streamlit serve plotly.js at `ADDRESS`."""
    declare_component(VERSION, path=_folder())


def _folder() -> Path:
    """The folder with the compressed file, which is made where it is not there."""
    folder = data_folder() / "web" / f"plotly-{VERSION}"
    if not (folder / FILE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Under a name of its own until it is complete: several visitors may come at once.
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as unfinished:
            unfinished.write(gzip.compress(_original().read_bytes(), mtime=0))
        Path(unfinished.name).replace(folder / FILE)
    return folder


def _original() -> Path:
    """The file inside the installed package, found without importing plotly, which takes a while."""
    return Path(str(importlib.metadata.distribution("plotly").locate_file("plotly/package_data/plotly.min.js")))
