"""Copies of the project to which a test adds something, as an engineer would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from mlpcore.paths import PROJECT


def copy_project(folder: Path) -> Path:
    """A copy of the app in an empty `folder`, without data; the folder."""
    for name in ("mlpcore", "pages", ".streamlit"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("dashboard.py", "requirements.txt"):
        shutil.copy(PROJECT / name, folder / name)
    return folder


def insert(path: Path, after: str, text: str) -> None:
    """Insert a text after another, which must occur in the file exactly once."""
    whole = path.read_text()
    assert whole.count(after) == 1, f"{after!r} occurs {whole.count(after)} times in {path}"
    path.write_text(whole.replace(after, after + text))


def run_python(project: Path, *arguments: str) -> str:
    """What Python prints with these arguments in a copy, which has a data folder of its own and no workers."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={
            **os.environ,
            "MLPCORE_WORKERS": "0",
            "MLPCORE_DATA": str(project / "data"),
            # The copy's own package, and the helpers of these tests.
            "PYTHONPATH": os.pathsep.join([str(project), str(PROJECT)]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
