"""What a run keeps beside the database: its folder of networks, snapshots and checkpoints."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

from mlpcore.paths import models_folder, run_name


def remove_networks(run_ids: Iterable[int]) -> None:
    """Remove the folders of runs that were deleted for good; one that is not there or in use is left alone."""
    for run_id in run_ids:
        shutil.rmtree(models_folder() / run_name(run_id), ignore_errors=True)
