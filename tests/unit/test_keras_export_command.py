"""`python -m mlpcore export`: a run's script and notebook from the command line."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from mlpcore.__main__ import main
from mlpcore.paths import PROJECT
from tests.factory.runs import make_run, spec_of


def export(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "mlpcore", "export", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=dict(os.environ), capture_output=True, check=False)


def test_a_script_goes_to_standard_output_and_a_notebook_to_a_file(db: Database, tmp_path: Path) -> None:
    run = str(make_run(db, spec_of(name="最初の実験")))

    script = export(run)
    notebook = export(run, "--notebook", "--out", str(tmp_path / "run.ipynb"))

    assert (script.returncode, script.stderr) == (0, b"")
    assert "# | 最初の実験\n" in script.stdout.decode()
    ast.parse(script.stdout)
    assert (notebook.returncode, notebook.stdout, notebook.stderr) == (0, b"", b"")
    assert json.loads((tmp_path / "run.ipynb").read_bytes())["nbformat"] == 4


def test_standard_output_and_file_hold_the_same(db: Database, tmp_path: Path) -> None:
    run = str(make_run(db))
    assert main(["export", run, "--out", str(tmp_path / "run.py")]) == 0

    assert export(run).stdout == (tmp_path / "run.py").read_bytes()


def test_what_cannot_be_exported_gets_a_sentence(db: Database, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    run = str(make_run(db))

    assert main(["export", "99"]) == 1
    assert "There is no run 99" in capsys.readouterr().err
    assert main(["export", run, "--out", str(tmp_path / "none" / "run.py")]) == 2
    assert str(tmp_path / "none" / "run.py") in capsys.readouterr().err


@pytest.mark.parametrize("run", ["", "-1", "x", "1.5", "١", "9" * 30])
def test_a_run_is_named_by_its_number(run: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["export", run])
    assert "usage: python -m mlpcore export" in capsys.readouterr().err


def test_exporting_loads_no_engine(db: Database) -> None:
    program = (
        f"import sys; from mlpcore.__main__ import main; main(['export', '{make_run(db)}']); "
        "print(sorted({'keras', 'tensorflow', 'jax', 'pandas', 'sklearn'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stderr == "[]\n"
