"""Downloads in the background: one at a time for a dataset, with its progress, and a sentence when it fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from mlpcore import datasets
from mlpcore.errors import DatasetError
from mlpcore.ui.shell.shared_datasets import Download, Downloads
from tests.waiting import DEADLINE_SECONDS


class Source:
    """In place of the network: it delivers half, waits for `go`, and ends as the test sets it."""

    def __init__(self) -> None:
        self.calls = 0
        self.half_done, self.go = threading.Event(), threading.Event()
        self.failure: Exception | None = None

    def download(self, name: str, progress: Callable[[int, int], None]) -> None:
        self.calls += 1
        progress(50, 100)
        self.half_done.set()
        assert self.go.wait(DEADLINE_SECONDS)
        if self.failure is not None:
            raise self.failure
        progress(100, 100)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    source = Source()
    monkeypatch.setattr(datasets, "download", source.download)
    yield source
    source.go.set()


def ended(downloads: Downloads) -> Download:
    """The download of MNIST, once its thread is over."""
    for thread in threading.enumerate():
        if thread.name == "download-mnist":
            thread.join(10)
    download = downloads.find("mnist")
    assert download is not None
    assert not download.running
    return download


def test_a_download_shows_its_progress_and_ends(source: Source) -> None:
    downloads = Downloads()
    assert downloads.find("mnist") is None

    downloads.start("mnist")
    assert source.half_done.wait(DEADLINE_SECONDS)
    current = downloads.find("mnist")
    assert current is not None
    assert (current.running, current.fraction) == (True, 0.5)

    source.go.set()
    assert (ended(downloads).fraction, ended(downloads).error) == (1.0, None)


def test_a_second_visitor_starts_no_second_download(source: Source) -> None:
    downloads = Downloads()

    downloads.start("mnist")
    assert source.half_done.wait(DEADLINE_SECONDS)
    downloads.start("mnist")
    source.go.set()
    ended(downloads)

    assert source.calls == 1


def test_the_message_of_a_failure_is_kept_and_the_download_can_be_tried_again(source: Source) -> None:
    downloads = Downloads()
    source.failure = DatasetError("The network is down.")
    source.go.set()

    downloads.start("mnist")
    assert str(ended(downloads).error) == "The network is down."

    source.failure = None
    downloads.start("mnist")
    assert ended(downloads).error is None


def test_an_unexpected_failure_gets_a_message_too(source: Source) -> None:
    downloads = Downloads()
    source.failure = RuntimeError("boom")
    source.go.set()

    downloads.start("mnist")

    assert str(ended(downloads).error) == "mnist could not be downloaded (boom). Try again later."
