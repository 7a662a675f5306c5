"""The browser writes numbers by the same rules as Python."""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from mlpcore import formatting
from mlpcore.paths import PROJECT

MODULE = PROJECT / "mlpcore" / "ui" / "components" / "shared" / "formatting.js"
PROGRAM = """
import {{ readFileSync }} from "node:fs";
import * as formatting from {module};
const calls = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(calls.map(([name, values]) => formatting[name](...values))));
"""


def node() -> str | None:
    """Node, or the one that comes with Playwright."""
    playwright = pytest.importorskip("playwright")
    bundled = Path(playwright.__file__).parent / "driver" / "node"
    return shutil.which("node") or (str(bundled) if bundled.exists() else None)


def in_browser(calls: list[tuple[str, list[float | None]]], folder: Path) -> list[str]:
    program = folder / "program.mjs"
    shutil.copy(MODULE, folder / "formatting.mjs")
    program.write_text(PROGRAM.format(module=json.dumps("./formatting.mjs")))
    command = [node() or pytest.skip("there is no Node here"), str(program)]
    done = subprocess.run(command, input=json.dumps(calls), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_python_and_the_browser_write_the_same_numbers(tmp_path: Path) -> None:
    numbers = random.Random(7)
    shares: list[float | None] = [None, 0, 1, 0.5, 0.0625, 0.9375, 0.99995, 0.00004, 59_999 / 60_000, sum([0.1] * 10)]
    shares += [numbers.random() for _ in range(500)] + [count / 1000 for count in range(1001)]
    sizes: list[float | None] = [None, 0, 0.125, 2.5, 999.5, 9.996e-5, 1_250_000, 999_999.5, 1e20]
    sizes += [10 ** numbers.uniform(-9, 9) * numbers.choice((-1, 1)) for _ in range(1000)]
    calls: list[tuple[str, list[float | None]]] = [
        *(("count", [count]) for count in (0, 7, 999, 1000, 60_000, 12_345_678)),
        *(("percent", [share]) for share in shares),
        *(("percent", [share, numbers.random() / 10 ** numbers.randint(0, 5)]) for share in shares),
        *(("percent", [share, 0.0]) for share in (0.0, 1.0, 0.97849)),
        *(("number", [size]) for size in sizes),
        *(("loss", [size]) for size in sizes),
        *(("loss", [abs(size or 0), abs(size or 0) / 7]) for size in sizes),
    ]

    assert in_browser(calls, tmp_path) == [getattr(formatting, name)(*values) for name, values in calls]


def test_what_is_no_number_looks_the_same_in_both() -> None:
    assert formatting.UNKNOWN in MODULE.read_text(encoding="utf-8")
    assert formatting.number(math.nan) == formatting.UNKNOWN
