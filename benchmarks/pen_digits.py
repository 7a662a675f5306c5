"""Real pen digits: the 200 digits that 30 people wrote on a tablet, from `pendigits_sample.json`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def pen_digits(path: Path | None = None) -> list[dict[str, Any]]:
    """The digits of a file, or of `pendigits_sample.json` in a folder, by default the folder `MLPCORE_STROKES`.

    Each has `strokes`, `label` and `group`, the number of its writer. Raises SystemExit where no file is named.
    """
    folder = os.environ.get("MLPCORE_STROKES")
    if path is None and not folder:
        raise SystemExit("Set MLPCORE_STROKES to the folder with pendigits_sample.json.")
    path = path or Path(folder or "")
    file = path / "pendigits_sample.json" if path.is_dir() else path
    return list(json.loads(file.read_text())["digits"])
