"""What answers the addresses beside the pages: `live/RUN` and `live`."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from mlpcore.errors import MLPLabError, RunNotFoundError
from mlpcore.i18n.catalogues import LANGUAGES
from mlpcore.i18n.messages import N_
from mlpcore.live.followed import FollowedOverview, FollowedRun
from mlpcore.live.limits import StreamLimits
from mlpcore.live.live_response import BadRequestError, LiveResponse, refusal
from mlpcore.live.reader import Reader
from mlpcore.live.run_messages import Cursor

_WHOLE_NUMBER = re.compile("[0-9]{1,15}")
_POSITION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


class Endpoints:
    """The endpoints, and the reader and the limits that their streams share."""

    def __init__(self) -> None:
        self.reader = Reader()
        self.limits = StreamLimits()

    async def run(self, request: Request) -> Response:
        """A run, as a stream or a snapshot."""
        language = _language(request)
        try:
            run_id = _run_id(request.path_params["run"])
            followed = FollowedRun(run_id, _member(request), _cursor(request), language)
        except MLPLabError as error:
            return refusal(error, language)
        return LiveResponse(followed, self.reader, self.limits, language, _wants_stream(request))

    async def overview(self, request: Request) -> Response:
        """The workers, the queue and the runs under way, as a stream or a snapshot."""
        language = _language(request)
        followed = FollowedOverview(language)
        return LiveResponse(followed, self.reader, self.limits, language, _wants_stream(request))


def _language(request: Request) -> str:
    chosen = request.query_params.get("lang", "")
    return chosen if chosen in LANGUAGES else "en"


def _wants_stream(request: Request) -> bool:
    wanted = "text/event-stream" in request.headers.get("accept", "")
    return wanted and request.query_params.get("snapshot") != "1"


def _run_id(text: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise RunNotFoundError(N_("This is not the number of a run."))
    return int(text)


def _member(request: Request) -> int | None:
    text = request.query_params.get("member", "")
    if not text:
        return None
    if not _WHOLE_NUMBER.fullmatch(text):
        raise BadRequestError(N_("This is not the number of a network."))
    return int(text)


def _cursor(request: Request) -> Cursor:
    """The cursor of the last message that a browser received, else the one in the address."""
    received = Cursor.from_text(request.headers.get("last-event-id", ""))
    if received is not None:
        return received
    epoch, position = (request.query_params.get(name, "") for name in ("after", "loss_after"))
    return Cursor(
        epoch=int(epoch) if _WHOLE_NUMBER.fullmatch(epoch) else 0,
        position=float(position) if _POSITION.fullmatch(position) else 0.0,
    )
