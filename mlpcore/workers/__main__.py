"""The worker process that a pool starts: `python -m mlpcore.workers ID`."""

import sys

from mlpcore.import_blocker import without_unused_imports

if __name__ == "__main__":
    with without_unused_imports():
        from mlpcore.workers import worker
    worker.run(sys.argv[1])
