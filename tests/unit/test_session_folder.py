"""The temporary folders of test sessions."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from mlpcore.paths import PROJECT
from tests.session_folder import PREFIX, SessionFolder

KILLED = """
import os, signal, sys
from pathlib import Path
from tests.session_folder import SessionFolder
(SessionFolder(Path(sys.argv[1])).path / "data").write_text("left behind")
os.kill(os.getpid(), signal.SIGKILL)
"""


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_a_killed_session_left_is_removed_when_the_next_one_starts(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=PROJECT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(names(tmp_path)) == 2

    folder = SessionFolder(tmp_path)

    assert names(tmp_path) == {folder.path.name, f"{folder.path.name}.lock"}
    folder.remove()
    assert names(tmp_path) == set()


def test_folders_of_sessions_that_run_and_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}of-an-earlier-version").mkdir()
    first = SessionFolder(tmp_path)
    (first.path / "data").write_text("in use")

    second = SessionFolder(tmp_path)

    assert (first.path / "data").read_text() == "in use"
    assert (tmp_path / f"{PREFIX}of-an-earlier-version").is_dir()
    for folder in (first, second):
        folder.remove()
