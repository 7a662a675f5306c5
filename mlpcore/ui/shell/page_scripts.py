"""Scripts that act on the page itself, each a file `<name>.js` in this folder."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from markupsafe import Markup

_SCRIPT = Markup('<script data-values="{values}">{code}</script>')


def run_script(name: str, **values: Any) -> None:
    """Run a script in the browser. It reads `values` from its element, and runs again when they change."""
    markup = _SCRIPT.format(values=json.dumps(values), code=Markup(_code(name)))
    st.html(str(markup), unsafe_allow_javascript=True)


@cache
def _code(name: str) -> str:
    return Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")
