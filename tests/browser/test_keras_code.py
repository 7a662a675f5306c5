"""What a run's downloads bring into the folder of a browser: a script and a notebook that are whole."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable

from harness import Server, Visit

from mlpcore.store.connection import opened
from tests.factory.runs import make_run, spec_of


def test_script_and_notebook_are_downloaded_whole(
    serve: Callable[..., Server], visit: Callable[..., Visit], monkeypatch
) -> None:
    server = serve(MLPCORE_WORKERS="0")
    monkeypatch.setenv("MLPCORE_DATA", str(server.data))
    with opened() as db:
        run_id = make_run(db, spec_of(name="最初の実験"))
    window = visit(server, f"?run={run_id}", locale="ja-JP", phone=True)
    window.page.get_by_text("Keras に書き出す").click()

    downloads = {}
    for label in ("Keras スクリプト", "ノートブック"):
        with window.page.expect_download() as download:
            window.button(label).click()
        downloads[download.value.suggested_filename] = download.value.path().read_text(encoding="utf-8")

    assert set(downloads) == {f"mlplab-run-{run_id}-32-30-epochs.py", f"mlplab-run-{run_id}-32-30-epochs.ipynb"}
    script = downloads[f"mlplab-run-{run_id}-32-30-epochs.py"]
    ast.parse(script)
    assert "# | 最初の実験\n" in script
    assert json.loads(downloads[f"mlplab-run-{run_id}-32-30-epochs.ipynb"])["nbformat"] == 4
    assert not window.scrolls_sideways()
