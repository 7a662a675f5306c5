"""What is imported before the first page is what the pages import."""

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
