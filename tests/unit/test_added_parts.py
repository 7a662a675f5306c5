"""Parts that are added in the files that `docs/architecture.md` names are found wherever there are such parts.

A dataset, an activation, an optimizer, a page, a view, a column of the database and a language are added to a copy of
the project, in which a run is trained.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import added_parts
import pytest

from tests.factory.project_copy import copy_project, insert, run_python

pytestmark = pytest.mark.slow

SPEC = {
    "dataset": "iris_again",
    "hidden": [{"units": 8, "activation": "relu6"}],
    "optimizer": {"name": "ftrl", "learning_rate": 0.1},
    "epochs": 2,
}
PAGE = """
import streamlit as st

from mlpcore.ui.shell.page_shell import page

with page("pages/greeting.py"):
    st.title("Hello")
"""
VIEW = """
def greeting_view(inspected: InspectedNetwork) -> None:
    st.markdown(f"Hello, network after epoch {inspected.epoch}")


"""
MIGRATION = '''
@migrations()
def m0004_tag(db: Database) -> None:
    """A tag of each run."""
    db.execute("ALTER TABLE runs ADD COLUMN tag TEXT NOT NULL DEFAULT 'none'")


'''
LANGUAGE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Train"
msgstr "Trejni"
"""


def add_dataset(core: Path) -> None:
    module = core / "datasets/sklearn_datasets.py"
    text = module.read_text()
    iris = text[text.index("IRIS = ") : text.index("WINE = ")]
    assert 'name="iris",' in iris
    for old, new in (("IRIS = ", "IRIS_AGAIN = "), ('"iris",', '"iris_again",'), ('N_("Iris")', '"Iris again"')):
        iris = iris.replace(old, new)
    module.write_text(f"{text}\n{iris}")
    insert(core / "datasets/__init__.py", "import BREAST_CANCER, DIGITS, IRIS, ", "IRIS_AGAIN, ")
    insert(core / "datasets/__init__.py", "for source in (", "IRIS_AGAIN, ")


def add_activation(core: Path) -> None:
    table = ": dict[str, Callable[[Array], Array]] = {\n"
    functions = core / "inference/activations.py"
    insert(core / "spec/choices.py", "ACTIVATIONS: dict[str, Activation] = {\n", '    "relu6": Activation("ReLU6"),\n')
    insert(functions, f"FUNCTIONS{table}", '    "relu6": lambda x: np.clip(x, 0, np.float32(6)),\n')
    insert(functions, f"DERIVATIVES{table}", '    "relu6": lambda x: ((x > 0) & (x < 6)).astype(np.float32),\n')
    insert(core / "figures/calculation_table.py", "] = {\n", '    "relu6": _plain("min(max(0, {n}), 6)"),\n')


def add_optimizer(core: Path) -> None:
    insert(core / "spec/choices.py", "OPTIMIZERS: dict[str, Optimizer] = {\n", '    "ftrl": Optimizer("Ftrl"),\n')


def add_page(project: Path) -> None:
    (project / "pages/greeting.py").write_text(PAGE)
    pages = "PAGES: dict[str, tuple[str, str]] = {\n"
    insert(
        project / "mlpcore/ui/shell/page_shell.py",
        pages,
        '    "pages/greeting.py": ("Greeting", ":material/waving_hand:"),\n',
    )


def add_view(core: Path) -> None:
    views = core / "ui/inspect/views.py"
    insert(views, "from mlpcore.ui.shell.page_shell import sentences\n", VIEW)
    insert(
        views,
        "Callable[[InspectedNetwork], None]]] = {\n",
        '    "greeting": ("Greeting", ":material/waving_hand:", greeting_view),\n',
    )


def add_column(core: Path) -> None:
    schema = core / "store/schema.py"
    schema.write_text(
        schema.read_text().replace("def unknown_migrations(", MIGRATION.lstrip("\n") + "def unknown_migrations(")
    )
    insert(core / "store/run_record.py", "    test_accuracy_sd: float | None\n", "    tag: str\n")
    insert(
        core / "ui/leaderboard/columns.py", "\nCOLUMNS: dict[str, Column] = {\n", '    "tag": Column("Tag", _text),\n'
    )
    insert(core / "ui/leaderboard/export.py", '"test_loss", "seconds", ', '"tag", ')


def add_language(core: Path) -> None:
    insert(core / "i18n/catalogues.py", "LANGUAGES: dict[str, str] = {", '"eo": "Esperanto", ')
    folder = core / "i18n/locale/eo"
    folder.mkdir()
    (folder / "pages.po").write_text(LANGUAGE, encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with all of these, in which a run is trained."""
    copy = copy_project(tmp_path_factory.mktemp("project"))
    core = copy / "mlpcore"
    for add in (add_dataset, add_activation, add_optimizer, add_view, add_column, add_language):
        add(core)
    add_page(copy)
    (copy / "spec.json").write_text(json.dumps(SPEC))
    last = run_python(copy, "-m", "mlpcore", "train", "spec.json", "--json").splitlines()[-1]
    assert json.loads(last)["event"] == "finished"
    return copy


@pytest.fixture(scope="module")
def report(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run_python(project, added_parts.__file__).splitlines()[-1])
    return found


def test_an_added_dataset_and_optimizer_are_in_the_form(report: dict[str, Any]) -> None:
    assert "Iris again" in report["datasets"]
    assert "Ftrl" in report["optimizers"]


def test_added_parts_of_a_run_have_their_names_on_the_leaderboard(report: dict[str, Any]) -> None:
    assert report["cells"] == {
        "dataset": ["Iris again"],
        "activation": ["ReLU6"],
        "optimizer": ["Ftrl"],
        "tag": ["none"],
    }
    assert "tag" in report["csv"]


def test_every_view_opens_for_a_network_of_added_parts_and_the_added_view_is_one_of_them(
    report: dict[str, Any],
) -> None:
    assert report["views"].keys() == set(added_parts.VIEWS)
    assert "Hello, network after epoch 2" in report["views"]["greeting"]


def test_an_added_page_opens_and_is_in_the_menu(report: dict[str, Any]) -> None:
    assert report["page"] == ["Hello"]
    assert "Greeting" in report["menu"]


def test_an_added_language_translates_the_pages(report: dict[str, Any]) -> None:
    assert "Trejni" in report["translated"]
    assert "Train" in report["menu"]


def test_exported_code_names_the_added_parts(project: Path) -> None:
    code = run_python(project, "-m", "mlpcore", "export", "1")

    assert "load_iris()" in code
    assert 'activation="relu6"' in code
    assert "optimizers.Ftrl(" in code
