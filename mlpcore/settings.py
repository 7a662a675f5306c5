"""The settings of this server, from environment variables: who may change runs."""

from __future__ import annotations

import os


def open_to_all() -> bool:
    """Whether all visitors may change the runs of all others: `MLPCORE_OPEN` is `1`."""
    return os.environ.get("MLPCORE_OPEN", "").strip() == "1"
