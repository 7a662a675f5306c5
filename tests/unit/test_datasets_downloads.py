import contextlib
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from small_archive import ARRAYS, AS_IDX, AS_NPZ, INFO, truncate, with_size, write_idx, write_npz

from mlpcore.datasets.downloads import download
from mlpcore.errors import DatasetError
from tests.waiting import DEADLINE_SECONDS


@dataclass
class Server:
    """A web server on this machine and the requests that it received; while `open` is not set it does not answer."""

    folder: Path
    url: str = ""
    requests: list[str] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    promised_extra: int = 0


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    served = Server(tmp_path / "served")
    served.open.set()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            served.requests.append(self.path)
            served.open.wait(DEADLINE_SECONDS)
            file = served.folder / self.path.rpartition("/")[2]
            if not file.is_file():
                self.send_error(404)
                return
            content = file.read_bytes()
            self.send_response(200)
            if file.suffix == ".gz" and "gzip" in self.headers["Accept-Encoding"]:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content) + served.promised_extra))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(content)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        served.url = f"http://127.0.0.1:{running.server_port}/sets/"
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("MLPCORE_DATASETS", raising=False)
    monkeypatch.setenv("MLPCORE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "data" / "datasets"


def left_in(cache: Path) -> set[str]:
    """What lies in the cache, but for the lock, which stays."""
    return {path.name for path in cache.iterdir()} - {".small.lock"}


def failure(url: str, archive=AS_NPZ) -> str:
    with pytest.raises(DatasetError) as caught:
        download(archive, base_url=url)
    return str(caught.value)


def test_an_npz_file_is_downloaded_into_the_cache_with_progress(server, cache):
    write_npz(server.folder / "published.npz")
    archive = with_size(AS_NPZ, server.folder)
    heard: list[tuple[int, int]] = []
    download(archive, lambda done, total: heard.append((done, total)), server.url)
    assert np.array_equal(archive.load().train_inputs, ARRAYS["x_train"])
    assert left_in(cache) == {"small.npz"}
    assert server.requests == ["/sets/published.npz"]
    assert heard[-1] == (archive.info.download_bytes, archive.info.download_bytes)


def test_idx_files_are_downloaded_and_packed_into_one_file(server, cache):
    write_idx(server.folder)
    archive = with_size(AS_IDX, server.folder)
    heard: list[tuple[int, int]] = []
    download(archive, lambda done, total: heard.append((done, total)), server.url)
    assert np.array_equal(archive.load().train_inputs, ARRAYS["x_train"])
    assert left_in(cache) == {"small.npz"}
    assert len(server.requests) == 4
    assert heard == sorted(heard)
    assert heard[-1] == (archive.info.download_bytes, archive.info.download_bytes)


def test_an_available_dataset_is_not_downloaded_again(server, tmp_path):
    write_npz(tmp_path / "keras" / "datasets" / "published.npz")
    download(AS_NPZ, base_url=server.url)
    assert server.requests == []


def test_a_damaged_file_in_the_cache_is_replaced(server, cache):
    write_npz(server.folder / "published.npz")
    truncate(write_npz(cache / "small.npz"))
    download(AS_NPZ, base_url=server.url)
    assert AS_NPZ.load().info is INFO


def test_a_missing_file_names_the_answer_and_its_address(server, cache):
    sentence = failure(server.url)
    assert "answered 404" in sentence
    assert f"{server.url}published.npz" in sentence
    assert left_in(cache) == set()


def test_one_missing_file_of_several_leaves_nothing(server, cache):
    (write_idx(server.folder) / "test-labels.gz").unlink()
    assert "answered 404" in failure(server.url, AS_IDX)
    assert left_in(cache) == set()


def test_a_connection_that_breaks_off_gives_a_sentence(server, cache):
    write_npz(server.folder / "published.npz")
    server.promised_extra = 1000
    assert "the connection broke off. Check the network" in failure(server.url)
    assert left_in(cache) == set()


def test_a_refused_connection_gives_a_sentence(server, cache):
    unused = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    unused.server_close()
    assert f"127.0.0.1:{unused.server_port} cannot be reached" in failure(f"http://127.0.0.1:{unused.server_port}")
    assert left_in(cache) == set()


@pytest.mark.parametrize("archive", [AS_NPZ, AS_IDX], ids=["npz", "idx"])
def test_a_truncated_file_is_refused_and_not_kept(server, cache, archive):
    write_npz(server.folder / "published.npz")
    write_idx(server.folder)
    truncate(server.folder / next(iter(archive.published.files)))
    assert "was downloaded, but is not usable: it is not a complete" in failure(server.url, archive)
    assert left_in(cache) == set()


def test_a_wrong_checksum_is_refused_and_not_kept(server, cache):
    write_npz(server.folder / "published.npz", y_train=ARRAYS["y_train"][::-1])
    assert "the checksum of the array y_train is wrong" in failure(server.url)
    assert left_in(cache) == set()


def test_a_wrong_shape_is_refused_and_not_kept(server, cache):
    write_npz(server.folder / "published.npz", y_train=ARRAYS["y_train"][:7])
    assert "the array y_train should be uint8 (30,) but is uint8 (7,)" in failure(server.url)
    assert left_in(cache) == set()


def test_an_endless_download_is_aborted(server, cache):
    server.folder.mkdir()
    (server.folder / "published.npz").write_bytes(bytes(AS_NPZ.nbytes + 3_000_000))
    assert "it is larger than the dataset can be" in failure(server.url)
    assert left_in(cache) == set()


def test_a_failed_download_keeps_a_file_that_was_there(server, cache):
    bad = truncate(write_npz(cache / "small.npz"))
    failure(server.url)
    assert (cache / "small.npz").read_bytes() == bad


def test_what_progress_raises_ends_the_download(server, cache):
    write_npz(server.folder / "published.npz")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(AS_NPZ, stop, server.url)
    assert left_in(cache) == set()


def test_files_left_by_a_killed_process_are_removed(server, cache):
    write_npz(server.folder / "published.npz")
    (cache / ".small.partial").mkdir(parents=True)
    (cache / ".small.partial" / "published.npz").write_bytes(b"half")
    download(AS_NPZ, base_url=server.url)
    assert left_in(cache) == {"small.npz"}


def test_a_cache_that_is_no_folder_gives_a_sentence(server, cache):
    cache.parent.mkdir()
    cache.write_text("in the way")
    assert f"could not be stored in {cache} (File exists)" in failure(server.url)


PROCESS = """
import sys
sys.path.insert(0, {tests!r})
import small_archive
from mlpcore.datasets.downloads import download
{setup}
print("ready", flush=True)
try:
    download(small_archive.AS_NPZ, base_url={url!r})
except Exception as error:
    print(type(error).__name__, error)
else:
    print("done")
"""


def start(url: str, setup: str = "") -> subprocess.Popen[str]:
    """A process that downloads the small archive; its first line says that it is about to."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS.format(tests=str(Path(__file__).parent), url=url, setup=setup)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_processes_that_request_a_dataset_at_once_download_it_once(server, cache):
    write_npz(server.folder / "published.npz")
    server.open.clear()
    processes = [start(server.url), start(server.url)]
    server.open.set()
    assert [process.communicate(timeout=DEADLINE_SECONDS)[0] for process in processes] == ["done\n", "done\n"]
    assert server.requests == ["/sets/published.npz"]
    assert left_in(cache) == {"small.npz"}


def test_a_disk_without_room_gives_a_sentence_and_nothing_is_left(server, cache):
    pytest.importorskip("resource", reason="file size limits stand in for a full disk; only Unix has them")
    write_npz(server.folder / "published.npz")
    process = start(server.url, "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))")
    sentence = process.communicate(timeout=DEADLINE_SECONDS)[0]
    assert sentence.startswith(f"DatasetError Small images could not be stored in {cache} (File too large)")
    assert left_in(cache) == set()
