"""Pages run by Streamlit's AppTest: opened at an address, and read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from unittest import mock

from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest, local_script_runner

from mlpcore import paths
from tests.waiting import DEADLINE_SECONDS

Open = Callable[..., AppTest]
SCRIPTS = ("dashboard.py", "pages/leaderboard.py", "pages/predict.py", "pages/inspect.py")


def open_page(script: str, state: Mapping[str, Any] | None = None, /, **address: Any) -> AppTest:
    """A page after the run of its script: `open_page("pages/inspect.py", run=3)` opens it at `?run=3`.

    A list of values repeats its parameter. `state` is what its session holds before, such as what a browser has sent.
    """
    at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
    if script != "dashboard.py":
        at.switch_page(script)
    for name, value in address.items():
        at.query_params[name] = value if isinstance(value, list) else str(value)
    for name, value in (state or {}).items():
        at.session_state[name] = value
    return ended(at.run())


def go_back(at: AppTest, **address: str | None) -> AppTest:
    """The page after the browser's Back has led to an address with these parameters; None removes one."""
    for name, value in address.items():
        if value is not None:
            at.query_params[name] = value
        elif name in at.query_params:
            del at.query_params[name]
    request = partial(RerunData, is_history_navigation=True)
    with mock.patch.object(local_script_runner, "RerunData", request):
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


def figures(at: AppTest) -> list[str]:
    """The markup of all figures on the page."""
    data = [json.loads(element.proto.json) for element in at.get("bidi_component") if element.proto.json]
    return [item for item in data if isinstance(item, str)]


def figure_with(at: AppTest, part: str) -> str:
    """The markup of the first figure that contains this."""
    return next(figure for figure in figures(at) if part in figure)


def texts(at: AppTest) -> str:
    """All sentences on the page, with spaces for no-break spaces."""
    elements = (*at.markdown, *at.caption, *at.subheader, *at.info, *at.success)
    return "\n".join(element.value for element in elements).replace("\u00a0", " ")


def gallery_numbers(at: AppTest) -> list[int]:
    """The numbers of the test examples in the gallery."""
    return [int(number) for number in re.findall(r'data-pick="(\d+)" aria-label="Example', figure_with(at, "Example"))]
