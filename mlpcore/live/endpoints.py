"""What answers the addresses beside the pages, and what a client of `live/RUN` and of `live` follows."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from mlpcore.errors import MLPLabError
from mlpcore.i18n.messages import N_
from mlpcore.live.api import ApiEndpoints
from mlpcore.live.live_response import BadRequestError, Followed, LiveResponse, StreamLimits, refusal
from mlpcore.live.overview import Overview, OverviewTopic, overview_message
from mlpcore.live.reader import Reader
from mlpcore.live.request_parameters import cursor_of, language_of, member_of, run_id_of, wants_stream
from mlpcore.live.run_messages import Cursor, run_message
from mlpcore.live.run_topic import RunTopic, RunView, not_found
from mlpcore.live.topics import Topic


class Endpoints(ApiEndpoints):
    """The endpoints, and the reader and the limits that their streams share."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = Reader()
        self.limits = StreamLimits()

    async def run(self, request: Request) -> Response:
        """A run, as a stream or a snapshot."""
        language = language_of(request)
        try:
            run_id = run_id_of(request)
            followed = FollowedRun(run_id, member_of(request), cursor_of(request), language)
        except MLPLabError as error:
            return refusal(error, language)
        return LiveResponse(followed, self.reader, self.limits, language, wants_stream(request))

    async def overview(self, request: Request) -> Response:
        """The workers, the queue and the runs under way, as a stream or a snapshot."""
        language = language_of(request)
        followed = FollowedOverview(language)
        return LiveResponse(followed, self.reader, self.limits, language, wants_stream(request))


class FollowedRun(Followed[RunView]):
    """A run, or the network `member` of it, from a cursor on."""

    name = "run"

    def __init__(self, run_id: int, member: int | None, cursor: Cursor, language: str) -> None:
        self._run_id, self._member, self._cursor, self._language = run_id, member, cursor, language

    @contextlib.contextmanager
    def topic(self, reader: Reader) -> Iterator[Topic[RunView]]:
        """The topic of the run."""
        with reader.follow(("run", self._run_id), partial(RunTopic, run_id=self._run_id)) as topic:
            if self._member not in topic.members:
                topic.members.add(self._member)
                reader.read_now(topic)
            yield topic

    def covered(self, value: RunView) -> bool:
        """Whether the epochs of this member were read; raises RunNotFoundError and BadRequestError."""
        if value.gone:
            raise not_found(self._run_id)
        if self._member is not None and self._member >= max(1, value.run.members):
            raise BadRequestError(N_("Run {run} has no network {number}."), run=self._run_id, number=self._member)
        return self._member in value.rows

    def message(self, value: RunView) -> tuple[str, bytes, bool]:
        """The message after the cursor, which moves on."""
        message = run_message(value, self._cursor, self._member, self._language)
        self._cursor = message.cursor
        return message.cursor.to_text(), message.data, message.ended


class FollowedOverview(Followed[Overview]):
    """The overview in a language."""

    name = "overview"

    def __init__(self, language: str) -> None:
        self._language = language

    def topic(self, reader: Reader) -> contextlib.AbstractContextManager[Topic[Overview]]:
        """The topic of the overview."""
        return reader.follow("overview", OverviewTopic)

    def covered(self, value: Overview) -> bool:
        """It holds all there is."""
        return True

    def message(self, value: Overview) -> tuple[str, bytes, bool]:
        """The whole overview."""
        return value.token, overview_message(value, self._language), False
