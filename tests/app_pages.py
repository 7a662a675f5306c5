"""Pages run by Streamlit's AppTest: opened at an address, and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streamlit.testing.v1 import AppTest

from mlpcore import paths
from tests.waiting import DEADLINE_SECONDS

SCRIPTS = ("dashboard.py", "pages/leaderboard.py", "pages/predict.py", "pages/inspect.py")


def open_page(script: str, state: Mapping[str, Any] | None = None, /, **address: Any) -> AppTest:
    """A page after the run of its script: `open_page("pages/inspect.py", run=3)` opens it at `?run=3`.

    `state` is what its session holds before, such as what a browser has sent.
    """
    at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
    if script != "dashboard.py":
        at.switch_page(script)
    for name, value in address.items():
        at.query_params[name] = str(value)
    for name, value in (state or {}).items():
        at.session_state[name] = value
    return ended(at.run())


def ended(at: AppTest) -> AppTest:
    """The page after a run of its script, which must have come to its end."""
    assert not at.exception, at.exception
    return at


def clean(at: AppTest) -> AppTest:
    """The page after a run of its script, which must show no error."""
    assert not ended(at).error, at.error
    return at


def parameters(at: AppTest) -> dict[str, str]:
    """The parameters of the address."""
    return {name: value if isinstance(value, str) else "".join(value) for name, value in at.query_params.items()}
