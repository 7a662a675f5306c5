"""The cookie that comes with a page: one id for a browser, which no script reads and no proxy keeps."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from mlpcore.actions import Visitor
from mlpcore.live.visitor_cookie import COOKIE, VisitorCookie
from tests.asgi_client import run_async

KNOWN = "0123456789abcdef" * 2
PAGE = {"accept": "text/html,application/xhtml+xml"}


def answer(headers: dict[str, str], base_path: str = "", scheme: str = "http") -> Headers:
    """The headers that a browser with these headers gets."""
    started: list[Message] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("page", headers={"cache-control": "public"})(scope, receive, send)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        started.append(message)

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "scheme": scheme, "headers": raw}
    run_async(VisitorCookie(page, base_path)(scope, receive, send))
    return Headers(raw=started[0]["headers"])


def cookie(headers: Headers) -> Any:
    return SimpleCookie(headers["set-cookie"])[COOKIE]


def test_a_new_browser_gets_an_id_that_nobody_else_has() -> None:
    ids = {cookie(answer(PAGE)).value for _ in range(20)}
    assert len(ids) == 20
    assert all(Visitor.from_text(text) for text in ids)


def test_a_known_browser_keeps_its_id() -> None:
    assert cookie(answer(PAGE | {"cookie": f"other=1; {COOKIE}={KNOWN}"})).value == KNOWN


@pytest.mark.parametrize("invalid", ["", "admin", "F" * 32, "0" * 33, "<script>", "0" * 5000, "a=b"])
def test_an_invalid_id_is_replaced(invalid: str) -> None:
    value = cookie(answer(PAGE | {"cookie": f"{COOKIE}={invalid}"})).value
    assert Visitor.from_text(value) is not None
    assert value != invalid


def test_the_cookie_is_for_this_app_alone_and_no_script_reads_it() -> None:
    kept = cookie(answer(PAGE, base_path="/lab/"))
    assert (kept["path"], kept["httponly"], kept["samesite"], kept["secure"]) == ("/lab", True, "Lax", "")
    assert int(kept["max-age"]) > 365 * 24 * 3600


@pytest.mark.parametrize(("headers", "scheme"), [({}, "https"), ({"x-forwarded-proto": "https"}, "http")])
def test_on_https_the_cookie_is_sent_on_https_only(headers: dict[str, str], scheme: str) -> None:
    assert cookie(answer(PAGE | headers, scheme=scheme))["secure"] is True


def test_no_proxy_keeps_a_page_with_a_cookie_and_other_files_have_none() -> None:
    assert answer(PAGE)["cache-control"] == "private, no-cache"
    script = answer({"accept": "*/*"})
    assert script["cache-control"] == "public"
    assert "set-cookie" not in script
