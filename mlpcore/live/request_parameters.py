"""The parameters of requests, which may hold anything."""

from __future__ import annotations

import re

from starlette.requests import Request

from mlpcore.errors import RunNotFoundError
from mlpcore.i18n.catalogues import LANGUAGES
from mlpcore.i18n.messages import N_
from mlpcore.live.live_response import BadRequestError
from mlpcore.live.run_messages import Cursor

_WHOLE_NUMBER = re.compile("[0-9]{1,15}")
_POSITION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


def language_of(request: Request) -> str:
    """The language of a request; English where it asks for none that there is."""
    chosen = request.query_params.get("lang", "")
    return chosen if chosen in LANGUAGES else "en"


def run_id_of(request: Request) -> int:
    """The run in the path; raises `RunNotFoundError`."""
    text = request.path_params["run"]
    if not _WHOLE_NUMBER.fullmatch(text):
        raise RunNotFoundError(N_("This is not the number of a run."))
    return int(text)


def member_of(request: Request) -> int | None:
    """The network that is asked for, None for all; raises `BadRequestError`."""
    text = request.query_params.get("member", "")
    if not text:
        return None
    if not _WHOLE_NUMBER.fullmatch(text):
        raise BadRequestError(N_("This is not the number of a network."))
    return int(text)


def whole_number(request: Request, name: str, default: int) -> int:
    """A parameter that is a whole number; raises `BadRequestError`."""
    text = request.query_params.get(name, "")
    if text and not _WHOLE_NUMBER.fullmatch(text):
        raise BadRequestError(N_("{name} is not a whole number."), name=name)
    return int(text) if text else default


def wants_stream(request: Request) -> bool:
    """Whether an event stream is asked for, and not one snapshot."""
    wanted = "text/event-stream" in request.headers.get("accept", "")
    return wanted and request.query_params.get("snapshot") != "1"


def cursor_of(request: Request) -> Cursor:
    """The cursor of the last message that a browser received, else the one in the address."""
    received = Cursor.from_text(request.headers.get("last-event-id", ""))
    if received is not None:
        return received
    names = ("after", "loss_after", "attempt")
    epoch, position, attempt = (request.query_params.get(name, "") for name in names)
    return Cursor(
        epoch=int(epoch) if _WHOLE_NUMBER.fullmatch(epoch) else 0,
        position=float(position) if _POSITION.fullmatch(position) else 0.0,
        attempt=int(attempt) if _WHOLE_NUMBER.fullmatch(attempt) else None,
    )
