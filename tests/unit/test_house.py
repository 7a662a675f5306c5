"""Rules of the architecture that import contracts alone cannot check."""

import ast
import subprocess
import sys
from collections import Counter

import pytest

from mlpcore.paths import PROJECT

NEVER_IN_THE_WEB_PROCESS = {"keras", "tensorflow", "jax", "sklearn", "scipy"}
WEB = [PROJECT / "dashboard.py", *sorted((PROJECT / "pages").glob("*.py"))]


def imports_of(path) -> set[str]:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    return imported


def test_what_the_pages_import_loads_neither_keras_nor_tensorflow_nor_scikit_learn():
    modules = sorted(set().union(*(imports_of(path) for path in WEB)))
    ui = [
        ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
        for path in (PROJECT / "mlpcore" / "ui").rglob("*.py")
    ]
    program = (
        f"import importlib, sys\nfor name in {[*modules, *ui]!r}: importlib.import_module(name)\n"
        f"print(*({NEVER_IN_THE_WEB_PROCESS!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


@pytest.mark.parametrize("path", WEB, ids=lambda path: path.name)
def test_a_page_speaks_no_sql_and_trains_nothing(path):
    forbidden = ("sqlite3", "sqlite_utils", "mlpcore.training", "keras", "tensorflow", "jax")

    assert not [name for name in imports_of(path) if name.startswith(forbidden)]


def test_no_two_modules_of_a_package_have_the_same_name():
    repeated = []
    for package in sorted(path for path in (PROJECT / "mlpcore").iterdir() if path.is_dir()):
        names = Counter(path.stem for path in package.rglob("*.py") if not path.stem.startswith("__"))
        repeated += [f"{package.name}: {name}" for name, count in names.items() if count > 1]

    assert repeated == []


def test_no_function_is_called_only_show():
    assert [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in [*WEB, *(PROJECT / "mlpcore").rglob("*.py")]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name == "show"
    ] == []


def test_exact_versions_are_required():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [
            line for line in (PROJECT / name).read_text().splitlines() if line and not line.startswith(("#", "-r"))
        ]
        assert lines
        assert all("==" in line for line in lines)
