"""The cookie by which a browser is known, set with the page itself, before the first session begins.

All windows of a browser then have the same visitor, and no script can read the id. Where this does not run, because a
host starts the pages by themselves, a script of `ui.shell.browser` sets the cookie.
"""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "mlplab_visitor"
MAX_AGE = 400 * 24 * 3600
"""Seconds: browsers keep no cookie for longer than 400 days; each visit renews it."""

_ID = re.compile("[0-9a-f]{32}", re.ASCII)


class VisitorCookie:
    """Sends the cookie with each page that a browser opens: the id that it has, or a new one."""

    def __init__(self, app: ASGIApp, base_path: str = "") -> None:
        self._app = app
        self._path = f"/{base_path.strip('/')}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        if "text/html" not in headers.get("accept", ""):
            return await self._app(scope, receive, send)
        cookie = self._cookie(headers, scope["scheme"])

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.append("set-cookie", cookie)
                answer["cache-control"] = "private, no-cache"  # no proxy may give one visitor's cookie to another
            await send(message)

        return await self._app(scope, receive, send_with_cookie)

    def _cookie(self, headers: Headers, scheme: str) -> str:
        known = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        value = known if _ID.fullmatch(known) else secrets.token_hex(16)
        https = scheme == "https" or headers.get("x-forwarded-proto", "").startswith("https")
        secure = "; Secure" if https else ""
        return f"{COOKIE}={value}; Path={self._path}; Max-Age={MAX_AGE}; HttpOnly; SameSite=Lax{secure}"
