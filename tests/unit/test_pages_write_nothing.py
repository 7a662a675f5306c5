"""Pages change nothing in the store by themselves: what a visitor may do goes through `mlpcore.actions`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from mlpcore.paths import PROJECT

STORE = PROJECT / "mlpcore" / "store"
PAGES = [PROJECT / "dashboard.py", *sorted((PROJECT / "pages").glob("*.py"))]
WEB = [*PAGES, *sorted((PROJECT / "mlpcore" / "ui").rglob("*.py"))]

_WRITES = re.compile(r"\s*(WITH\b.*?\b)?(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|BEGIN)\b", re.DOTALL)
_WRITING_CALLS = {"transaction", "atomic", "insert", "insert_all", "upsert", "upsert_all", "rmtree", "unlink"}


def functions(path: Path) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


def called(node: ast.AST) -> set[str]:
    """The names of the functions and methods that a function calls."""
    targets = [part.func for part in ast.walk(node) if isinstance(part, ast.Call)]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    return names | {target.attr for target in targets if isinstance(target, ast.Attribute)}


def writes(node: ast.AST) -> bool:
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return any(_WRITES.match(text) for text in texts) or bool(called(node) & _WRITING_CALLS)


def writing_functions() -> dict[str, set[str]]:
    """The functions of each module of the store that change something, by themselves or through others."""
    found = {path.stem: functions(path) for path in sorted(STORE.glob("*.py"))}
    writing = {(module, name) for module, nodes in found.items() for name, node in nodes.items() if writes(node)}
    while True:
        names = {name for _module, name in writing}
        more = {
            (module, name) for module, nodes in found.items() for name, node in nodes.items() if called(node) & names
        }
        if more <= writing:
            break
        writing |= more
    return {module: {name for owner, name in writing if owner == module} for module in found}


# `opened` migrates the database where that is due, which is no visitor's wish.
WRITING = {module: names - {"opened"} for module, names in writing_functions().items()}


def store_names(tree: ast.AST) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """What a file calls modules of the store, and what it calls names out of them."""
    modules: dict[str, str] = {}
    members: dict[str, tuple[str, str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "mlpcore.store":
            modules |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mlpcore.store."):
            module = str(node.module).split(".")[2]
            members |= {alias.asname or alias.name: (module, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            assert not [alias for alias in node.names if alias.name.startswith("mlpcore.store")], "use from ... import"
    return modules, members


def changes(source: str) -> list[str]:
    """What a file says that changes the store, or speaks SQL."""
    tree = ast.parse(source)
    modules, members = store_names(tree)
    found = [f"{module}.{name}" for module, name in members.values() if name in WRITING.get(module, ())]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id)
            if module is not None and node.attr in WRITING.get(module, ()):
                found.append(f"{module}.{node.attr}")
            if node.value.id == "db":
                found.append(f"db.{node.attr}")
    return found


def test_the_functions_that_write_are_recognised() -> None:
    known = {
        "queue": {"enqueue", "claim", "enqueue_and_claim", "renew", "cancel", "give_back"},
        "runs": {"rename", "annotate", "star", "trash", "restore", "purge", "remove_networks"},
        "metrics": {"record"},
    }
    for module, names in known.items():
        assert names <= WRITING[module]
    assert not {"find", "get", "get_many", "newest", "trashed", "snapshots", "in_trash"} & WRITING["runs"]
    assert not {"page", "count", "progress_token", "curves"} & WRITING["leaderboard"]


@pytest.mark.parametrize(
    "source",
    [
        "from mlpcore.store import queue\nqueue.enqueue(db, spec)",
        "from mlpcore.store import runs as store\non_click = store.star",
        "from mlpcore.store.runs import purge as show",
        "def f(db): return db.execute('DELETE FROM runs')",
    ],
)
def test_a_page_that_would_write_is_found(source: str) -> None:
    assert changes(source)


@pytest.mark.parametrize("path", WEB, ids=lambda path: str(path.relative_to(PROJECT)))
def test_a_page_changes_nothing_by_itself(path: Path) -> None:
    assert changes(path.read_text()) == []
