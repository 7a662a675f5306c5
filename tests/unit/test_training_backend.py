"""The engine is the one that the environment names; one that cannot be used is refused with one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlpcore.paths import PROJECT

pytestmark = pytest.mark.slow

WITHOUT = """
import importlib.util, sys
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == sys.argv[1] else found(name, package)
from mlpcore.__main__ import main
sys.exit(main(["train", sys.argv[2]]))
"""
"""The command line on a machine where an engine is not installed."""


def python(*arguments: str, data: Path, engine: str | None = None) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"} | {"MLPCORE_DATA": str(data)}
    if engine is not None:
        env["KERAS_BACKEND"] = engine
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=False, cwd=PROJECT, env=env, capture_output=True, text=True)


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps({"dataset": "digits", "epochs": 1, "training_images": 60}))
    return str(path)


def error_lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines of an error that name an engine."""
    assert "Traceback" not in done.stderr
    return [line for line in (done.stdout + done.stderr).splitlines() if "engine" in line.lower()]


def test_an_unknown_engine_is_refused_with_the_available_ones(tmp_path: Path, spec: str):
    done = python("-m", "mlpcore", "train", spec, data=tmp_path / "data", engine="torch")

    assert done.returncode == 1
    assert error_lines(done) == [
        "KERAS_BACKEND is torch, but the engines here are tensorflow, jax: set one of them, or unset it."
    ]


@pytest.mark.parametrize(
    ("engine", "file"),
    [("jax", "requirements-jax.txt"), ("tensorflow", "requirements.txt"), (None, "requirements.txt")],
)
def test_an_engine_that_is_not_installed_is_named_with_how_to_install_it(
    engine: str | None, file: str, tmp_path: Path, spec: str
):
    name = engine or "tensorflow"
    done = python("-c", WITHOUT, name, spec, data=tmp_path / "data", engine=engine)

    assert done.returncode == 1
    assert error_lines(done) == [f"The engine {name} is not installed: run pip install -r {file} and start again."]
    assert (PROJECT / file).exists()


def test_importing_the_training_package_loads_no_engine(tmp_path: Path):
    program = (
        "import sys, mlpcore.training, mlpcore.training.member_seeds\n"
        "print(*{'keras', 'tensorflow', 'jax', 'scipy', 'sklearn'} & set(sys.modules))"
    )

    assert python("-c", program, data=tmp_path).stdout.split() == []


def test_the_engine_reports_its_versions():
    from mlpcore.training import engine
    from mlpcore.training.backend import NAME, keras, module

    assert engine() is engine()
    assert engine().name == NAME == os.environ["KERAS_BACKEND"] == keras.backend.backend()
    assert engine().versions[NAME] == module.__version__
    assert engine().versions["keras"] == keras.__version__
    assert set(engine().versions) >= {"python", "processor"}
