"""A real Streamlit server and a real Chromium, for tests and measurements; no pytest in here.

Nothing of it outlives its user: a server carries a mark in its environment that its workers inherit, and `stop`
ends every process with that mark, detached ones too.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

PROJECT = Path(__file__).resolve().parents[2]
APPS = Path(__file__).parent / "apps"

HOW_TO_GET_A_BROWSER = (
    "no Chromium found: install one (Debian: apt-get install chromium) or set MLPCORE_CHROMIUM to its path"
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
NOT_LOCAL = "lab.test"
"""A name of this machine by which a browser does not count as one on the server's own machine."""
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {NOT_LOCAL} 127.0.0.1",
]
_MARK = "MLPCORE_TEST_MARK"

PATIENCE = 120_000
"""Milliseconds until a condition is given up. Only a test that fails waits this long: machines that run tests are slow
and busy."""

expect.set_options(timeout=PATIENCE)

WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PHONES_AGENT = (
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile Safari/537.36"
)


def chromium_path() -> str | None:
    """The Chromium of this machine, or None."""
    given = os.environ.get("MLPCORE_CHROMIUM")
    candidates = [given] if given else [*_NAMES, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
    return next((path for name in candidates if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Server:
    """`streamlit run` of one script on a free port, with a data folder of its own."""

    def __init__(self, script: Path | str, data: Path, *arguments: str, **environment: str) -> None:
        self.data = data
        self.log = data / "streamlit.log"
        self.port = _free_port()
        self.base = next((a.split("=", 1)[1].strip("/") for a in arguments if "baseUrlPath=" in a), "")
        self.url = f"http://127.0.0.1:{self.port}/" + (f"{self.base}/" if self.base else "")
        self._mark = uuid.uuid4().hex
        data.mkdir(parents=True, exist_ok=True)
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "MLPCORE_DATA": str(data),
            "PYTHONUNBUFFERED": "1",
            _MARK: self._mark,
            **environment,
        }
        self._command = [
            sys.executable,
            *("-m", "streamlit", "run", str(script)),
            f"--server.port={self.port}",
            "--server.address=127.0.0.1",
            "--server.headless=true",
            *arguments,
        ]
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, at the same port as before when it was stopped, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command,
                cwd=PROJECT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE / 1000
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the server did not start:\n{self.output()}")
            time.sleep(0.05)
        return self.process

    def output(self) -> str:
        """What the server and its workers have printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        """End the web process alone; its workers live on."""
        self.process.send_signal(sign)
        self.process.wait()

    def workers(self) -> list[int]:
        """The processes that the web process has started, as far as they still run."""
        return [pid for pid in marked_processes(self._mark) if pid != self.process.pid]

    def stop(self) -> None:
        """End the server and every process that came from it."""
        if self.process.poll() is None:
            self.kill()
        for pid in marked_processes(self._mark):
            end(pid)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}_stcore/health", timeout=10) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def marked_processes(mark: str) -> list[int]:
    """The processes that carry this mark in their environment (on Linux)."""
    pids = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{_MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                pids.append(int(folder.name))
        except OSError:
            continue
    return pids


def end(pid: int) -> None:
    """Kill one process and wait until it is gone."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + PATIENCE / 1000
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        return not re.search(r"\) [ZX]", Path(f"/proc/{pid}/stat").read_text())
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Visit:
    """One person's browser window on an app, and what went wrong in it."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        locale: str = "en-US",
        phone: bool = False,
        scheme: Literal["light", "dark"] = "light",
    ) -> None:
        self.url = url
        self.context = browser.new_context(
            locale=locale,
            viewport=PHONE if phone else WIDE,
            has_touch=phone,
            is_mobile=phone,
            user_agent=PHONES_AGENT if phone else None,
            color_scheme=scheme,
            timezone_id="Asia/Tokyo" if locale == "ja-JP" else "Europe/Berlin",
        )
        self.problems: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))

    def goto(self, path: str = "") -> Visit:
        """Open a page of the app and wait until it is drawn."""
        self.page.goto(self.url + path)
        return self.idle()

    def idle(self) -> Visit:
        """Wait until the app is connected and its script has come to an end."""
        app = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
        expect(self.page.locator(app)).to_be_attached()
        return self

    def button(self, label: str) -> Locator:
        """The button with this label; Streamlit's own "Stop", there while a script runs, is none of the page's."""
        of_the_page = self.page.locator(':not([data-testid="stBaseButton-header"])')
        return self.page.get_by_role("button", name=label, exact=True).and_(of_the_page)

    def click(self, label: str) -> Visit:
        """Click the button with this label and wait until the script has run."""
        self.button(label).click()
        return self.idle()

    def see(self, text: str) -> Visit:
        """Wait until this text can be seen."""
        expect(self.page.get_by_text(text).first).to_be_visible()
        return self

    def until(self, condition: Callable[[], object], again: Callable[[], object] = lambda: None) -> Visit:
        """Repeat `again`, ten times a second, until `condition()` is true; AssertionError where it never is."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            again()
            self.page.wait_for_timeout(100)
        return self

    def scrolls_sideways(self) -> bool:
        """Whether the page, which scrolls in an element of its own, is wider than the window."""
        return bool(
            self.page.evaluate(
                """[document.scrollingElement, document.querySelector("[data-testid=stMain]")].some(
                    (element) => element && element.scrollWidth > element.clientWidth)"""
            )
        )

    def assert_clean(self) -> None:
        """No error in the console, no uncaught one, and none of Streamlit's error boxes."""
        boxes = self.page.locator('[data-testid="stException"]').all_inner_texts() if not self.page.is_closed() else []
        assert not self.problems + boxes, "\n".join(self.problems + boxes)

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def _note(self, message: object) -> None:
        if message.type != "error":  # type: ignore[attr-defined]
            return
        address = message.location["url"]  # type: ignore[attr-defined]
        # A page below the app's root first looks for the server beside itself, and then finds it.
        if "/_stcore/" in address and "404" in message.text:  # type: ignore[attr-defined]
            return
        self.problems.append(f"console: {message.text} {address}")  # type: ignore[attr-defined]
