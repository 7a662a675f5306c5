"""The browser's half of the components, and the way it reaches a page.

The scripts and styles beside this file are served as files, so that an update of a component carries its data and
nothing else: Streamlit would send inline code again with every tick. Streamlit serves them at an address of its own
(`declare_component`), which holds behind a base URL path and on Community Cloud too. The address carries a hash of
the files, so that no cache can mix two versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v1 import declare_component

from mlpcore.ui.components import plotlyjs

FOLDER = Path(__file__).parent

_LOADER = """
const app = (document.querySelector('script[src*="/static/js/"]')?.src ?? document.baseURI).split("/static/js/")[0];
const files = app.replace(/\\/+$/, "") + "/component/";
const script = files + "{files}/{name}.js";
const module = import(script).catch(() => import(script + "?again"));
export default (component) => module.then((it) => it.default(component, files + "{plotly}"));
"""


def component(name: str) -> Callable[..., Any]:
    """A mount function for the component whose script is `<name>.js` in this folder.

    It takes what Streamlit's own takes (`key`, `data`, `on_..._change`) and returns the component's result.
    """
    js = _LOADER.format(files=f"{__name__}.{_version()}", name=name, plotly=plotlyjs.ADDRESS)
    renderer = st.components.v2.component(f"mlplab_{name}", js=js, isolate_styles=False)

    def mount(**arguments: Any) -> Any:
        declare_component(_version(), path=FOLDER)
        plotlyjs.serve()
        return renderer(**arguments)

    return mount


@cache
def _version() -> str:
    files = sorted(path for path in FOLDER.iterdir() if path.suffix in {".js", ".css"})
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
