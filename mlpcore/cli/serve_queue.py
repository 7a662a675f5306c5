"""`python -m mlpcore worker`: serve the queue, by hand or for a dashboard."""

from __future__ import annotations

import sys

from mlpcore.errors import StoreError
from mlpcore.machine import worker_count
from mlpcore.paths import data_folder
from mlpcore.store.connection import opened
from mlpcore.workers import processes
from mlpcore.workers.pool import Pool
from mlpcore.workers.pool_lifetime import NeededByDashboards, PoolRunsError, sole_pool


def serve_queue(workers: int | None, for_dashboard: bool) -> int:
    """Keep `workers` workers (None: as many as suit this machine) until Ctrl-C, or while a dashboard needs them.

    Raises `StoreError` where the database cannot be used: without it no worker has anything to train.
    """
    count = workers or max(1, worker_count())
    processes.lower_priority()
    try:
        with sole_pool():
            with opened():
                pass
            pool = Pool(count, NeededByDashboards() if for_dashboard else lambda: True)
            processes.on_stop_signals(pool.end)
            _print(f"{count} worker(s) serve {data_folder()}; Ctrl-C ends them and gives their runs back to the queue.")
            pool.run()
            _print("The workers have ended.")
    except PoolRunsError:
        if not for_dashboard:
            raise
    except OSError as error:
        text = "The data folder {path} cannot be written: {reason}."
        raise StoreError(text, path=str(data_folder()), reason=error.strerror or str(error)) from error
    return 0


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
