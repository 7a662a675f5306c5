"""What is imported before the first page is what the pages import."""

import subprocess
import sys
from pathlib import Path

from mlpcore.paths import PROJECT
from mlpcore.ui.warm_up import imported_names


def test_the_modules_that_a_script_imports_are_named_in_any_form(tmp_path: Path) -> None:
    script = tmp_path / "page.py"
    script.write_text(
        "import json\nif True:\n    from os import path\n    from mlpcore.ui.train import run_panel as panel\n"
    )

    assert list(imported_names(script)) == ["json", "os", "os.path", "mlpcore.ui.train", "mlpcore.ui.train.run_panel"]


def test_the_front_page_imports_its_panel_through_the_branch_that_is_a_page() -> None:
    assert "mlpcore.ui.train.run_panel" in imported_names(PROJECT / "dashboard.py")


def test_everything_that_a_page_imports_is_there_after_warming_up_and_nothing_is_printed(data_folder: Path) -> None:
    program = (
        "import sys; from mlpcore.ui.warm_up import import_other_pages, warm_up\n"
        "warm_up(); import_other_pages(); before = set(sys.modules)\n"
        "import mlpcore.ui.train.run_panel, mlpcore.ui.leaderboard.board, mlpcore.ui.inspect.views\n"
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
    assert "ScriptRunContext" not in done.stderr
    assert list((data_folder / "web").rglob("*.gz"))
