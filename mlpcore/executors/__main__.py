"""The worker process that a pool starts: `python -m mlpcore.executors ID`."""

import sys

from mlpcore.lean import lean_imports

if __name__ == "__main__":
    with lean_imports():
        from mlpcore.executors import worker
    worker.run(sys.argv[1])
