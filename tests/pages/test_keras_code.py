"""The downloads of a run on the Train page: its script, its notebook, its trained network."""

from __future__ import annotations

from typing import Any

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import paths
from mlpcore.store import runs
from tests.app_pages import open_page
from tests.factory.runs import make_run, spec_of


def opened(run_id: int, **state: Any) -> AppTest:
    """The page of a run with this section unfolded."""
    return open_page("dashboard.py", {"details.keras_export": True, **state}, run=run_id)


def downloads(at: AppTest) -> list[str]:
    return [button.label for button in at.get("download_button")]


def code(at: AppTest) -> str:
    [found] = [element.value for element in at.code if "import keras" in element.value]
    return found


def test_a_run_offers_its_script_to_read_and_both_files(db: Database) -> None:
    at = opened(make_run(db, spec_of(name="128 ReLU")))

    assert downloads(at) == ["Keras script", "Notebook"]
    assert "# | 128 ReLU\n" in code(at)
    assert '"test_accuracy": ' in code(at)


def test_the_script_speaks_the_language_of_the_page(db: Database) -> None:
    at = opened(make_run(db), language="ja")

    assert downloads(at) == ["Keras スクリプト", "ノートブック"]
    assert "# --- ネットワークの学習 ---" in code(at)


def test_the_trained_network_is_offered_where_its_file_is(db: Database) -> None:
    run_id = make_run(db)
    file = paths.data_folder() / str(runs.get(db, run_id).model)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights")

    assert downloads(opened(run_id)) == ["Keras script", "Notebook", "Trained network"]


@pytest.mark.parametrize("status", ["queued", "running", "failed"])
def test_a_run_without_a_result_offers_its_code_too(db: Database, status: str) -> None:
    at = opened(make_run(db, status=status))

    assert downloads(at) == ["Keras script", "Notebook"]
    assert "has not finished" in code(at)


def test_settings_that_are_no_longer_allowed_are_told_in_a_sentence(db: Database) -> None:
    run_id = make_run(db, spec_of(epochs=2))
    db.execute("UPDATE runs SET spec = json_set(spec, '$.epochs', 100000) WHERE id = ?", [run_id])

    at = opened(run_id)

    assert downloads(at) == []
    assert any("100000" in error.value for error in at.error)
