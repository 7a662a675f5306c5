"""The folders and files of the app, from environment variables."""

from __future__ import annotations

import os
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

_RUN_FOLDER = re.compile("run-([0-9]{6,15})")


def data_folder() -> Path:
    """The folder for all that running the app creates: `MLPCORE_DATA`, else `data/` in the project."""
    return Path(os.environ.get("MLPCORE_DATA") or PROJECT / "data").resolve()


def database_path() -> Path:
    """The SQLite database with the runs and their epochs."""
    return data_folder() / "mlplab.db"


def models_folder() -> Path:
    """The folder with one folder per run: its networks, snapshots and checkpoint."""
    return data_folder() / "models"


def run_name(run_id: int) -> str:
    """The name of a run's folder below the models: `run-000012`."""
    return f"run-{run_id:06}"


def highest_run_folder() -> int:
    """The highest run id that has a folder below the models; 0 where there is none."""
    folder = models_folder()
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return max((int(match[1]) for match in map(_RUN_FOLDER.fullmatch, names) if match), default=0)


def logs_folder() -> Path:
    """The folder with the workers' logs."""
    return data_folder() / "logs"


def dataset_cache() -> Path:
    """The folder for downloaded and prepared datasets."""
    return data_folder() / "datasets"


def datasets_folder() -> Path | None:
    """The folder of `.npz` files that a user provides in `MLPCORE_DATASETS`, if any."""
    value = os.environ.get("MLPCORE_DATASETS")
    return Path(value) if value else None
