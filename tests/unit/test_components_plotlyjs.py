"""plotly.js as a browser gets it."""

from __future__ import annotations

import gzip
import threading
from pathlib import Path

import pytest

from mlpcore.ui.components import plotlyjs


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MLPCORE_DATA", str(tmp_path))
    return tmp_path


def test_it_is_the_installed_file_compressed(data):
    plotlyjs.serve()
    (file,) = data.rglob("*.gz")
    script = gzip.decompress(file.read_bytes())
    assert script.lstrip().startswith(b"/**\n* plotly.js v")
    assert script.rstrip().endswith(b"}));")
    assert file.stat().st_size < len(script) / 3
    assert plotlyjs.ADDRESS.endswith(f"{plotlyjs.VERSION}/{file.name}")


def test_visitors_who_come_at_once_leave_one_whole_file(data):
    threads = [threading.Thread(target=plotlyjs._folder) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (file,) = [path for path in data.rglob("*") if path.is_file()]
    assert gzip.decompress(file.read_bytes())


def test_a_data_folder_that_was_emptied_gets_it_again(data):
    plotlyjs.serve()
    (file,) = data.rglob("*.gz")
    file.unlink()
    plotlyjs.serve()
    assert file.exists()
