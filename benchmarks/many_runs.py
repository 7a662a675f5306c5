"""`runs --json` with a hundred thousand stored runs: `python -m benchmarks.many_runs`.

The time of the whole command, from its start to its last line, and the most memory that it takes (at least what this
program has taken itself). Half of the runs have
a name, and no two have the same settings: the seeds differ.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, print_figures
from mlpcore.paths import PROJECT
from mlpcore.store import runs
from mlpcore.store.connection import Database, opened, transaction
from tests.factory.runs import make_runs

RUNS = 100_000
DIFFERENT = 40
"""Settings that differ in more than their seed."""


def store_runs(db: Database) -> None:
    """A few different runs, then copies of their rows with other seeds."""
    originals = make_runs(db, DIFFERENT, epochs=2)
    specs = [runs.get(db, run_id).spec_json for run_id in originals]
    columns = ", ".join(row[1] for row in db.execute("PRAGMA table_info(runs)") if row[1] not in ("id", "spec"))
    with transaction(db):
        for seed in range(DIFFERENT, RUNS):
            index = seed % DIFFERENT
            db.execute(
                f"INSERT INTO runs (spec, {columns}) SELECT ?, {columns} FROM runs WHERE id = ?",
                [re.sub('"seed": [0-9]+', f'"seed": {seed}', specs[index]), originals[index]],
            )


def main() -> None:
    """Measure the command in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MLPCORE_DATA"] = folder
        with opened() as db:
            store_runs(db)
        started = time.perf_counter()
        with (Path(folder) / "runs.json").open("wb") as output:
            subprocess.run([sys.executable, "-m", "mlpcore", "runs", "--json"], cwd=PROJECT, stdout=output, check=True)
        seconds = time.perf_counter() - started
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print_figures(
        f"runs --json, {RUNS:,} runs",
        [
            Figure("the command", seconds, "s", 10),
            Figure("its processor time, which other programs change less", usage.ru_utime + usage.ru_stime, "s", 10),
            Figure("its memory at most", usage.ru_maxrss / 1000, "MB", 200),
        ],
        ["sqlite-utils"],
    )


if __name__ == "__main__":
    main()
