import subprocess
import sys
from pathlib import Path

import pytest

from mlpcore.paths import PROJECT
from mlpcore.workers import logs


def test_a_tail_is_the_end_of_what_was_written_after_a_position(tmp_path):
    path = tmp_path / "x.log"
    path.write_text("before\nstart\nend\n")

    assert logs.tail(path, after=7) == "start\nend\n"
    assert logs.tail(path, characters=4) == "end\n"
    assert logs.tail(path, after=10_000) == "before\nstart\nend\n"
    assert logs.tail(tmp_path / "none.log") == ""


def test_a_tail_of_bytes_that_are_no_text_is_text(tmp_path):
    path = tmp_path / "x.log"
    path.write_bytes(b"\xff\xfe\x00" * 10_000)

    assert len(logs.tail(path, characters=50)) == 50


def test_a_log_that_grew_too_large_keeps_its_end_and_is_still_written_to(data_folder):
    with logs.open_log("x") as file:
        for line in range(2000):
            file.write(f"line {line}\n".encode())
        file.flush()
        logs.shorten(logs.log_path("x"), limit=4000)
        file.write(b"the last line\n")

    text = logs.log_path("x").read_text()
    assert len(text) < 1200
    assert text.startswith("[...]")
    assert text.endswith("line 1999\nthe last line\n")


def test_a_log_within_its_limit_is_left_alone(tmp_path):
    path = tmp_path / "x.log"
    path.write_text("short")
    logs.shorten(path)

    assert path.read_text() == "short"


def test_a_log_that_cannot_be_written_goes_nowhere(data_folder):
    data_folder.mkdir()
    (data_folder / "logs").write_text("a file where a folder should be")

    assert logs.open_log("x") == subprocess.DEVNULL


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_does_not_stop_a_process_that_logs():
    program = "from mlpcore.workers import logs; logs.write('x' * 100_000)"
    with Path("/dev/full").open("wb") as full:
        subprocess.run([sys.executable, "-c", program], cwd=PROJECT, stderr=full, check=True)
