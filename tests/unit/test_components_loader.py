"""The files of the components, and plotly.js, as a browser gets them."""

from __future__ import annotations

import gzip
import re
import threading
from pathlib import Path

import pytest

from mlpcore.ui.components import loader


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MLPCORE_DATA", str(tmp_path))
    return tmp_path


def test_the_served_file_is_the_installed_one_compressed(data):
    loader.serve_plotly()
    (file,) = data.rglob("*.gz")
    script = gzip.decompress(file.read_bytes())
    assert script.lstrip().startswith(b"/**\n* plotly.js v")
    assert script.rstrip().endswith(b"}));")
    assert file.stat().st_size < len(script) / 3
    assert loader.PLOTLY_ADDRESS.endswith(f"{loader.PLOTLY_VERSION}/{file.name}")


def test_simultaneous_visitors_create_one_complete_file(data):
    threads = [threading.Thread(target=loader.plotly_folder) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (file,) = [path for path in data.rglob("*") if path.is_file()]
    assert gzip.decompress(file.read_bytes())


def test_a_data_folder_that_was_emptied_gets_it_again(data):
    loader.serve_plotly()
    (file,) = data.rglob("*.gz")
    file.unlink()
    loader.serve_plotly()
    assert file.exists()


SCRIPTS = sorted(loader.FOLDER.rglob("*.js"))
STYLES = sorted(loader.FOLDER.rglob("*.css"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_types_of_each_script_are_checked(script):
    assert script.read_text().startswith("// @ts-check\n")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_import_of_a_script_exists(script):
    text = script.read_text()
    imported = re.findall(r'from "(\.[^"]+)"', text)
    styles = [name for call in re.findall(r"adoptStyles\((.*)", text) for name in re.findall(r"[\w]+\.css", call)]
    assert [name for name in [*imported, *styles] if not (script.parent / name).is_file()] == []


def test_every_script_and_style_is_used_by_another_or_mounted_by_python():
    python = "".join(path.read_text() for path in (loader.FOLDER.parent).rglob("*.py"))
    mounted = re.findall(r'component\("(\w+)"(?:, "(\w+)")?\)', python)
    used = {f"{folder}/{script or folder}.js" for folder, script in mounted}
    for script in SCRIPTS:
        for name in re.findall(r'"([\w./]+\.(?:js|css))"', script.read_text()):
            used.add(str((script.parent / name).resolve().relative_to(loader.FOLDER)))
    assert {str(path.relative_to(loader.FOLDER)) for path in [*SCRIPTS, *STYLES]} == used


def test_the_styles_have_one_breakpoint_for_phones():
    pages = (path for path in loader.FOLDER.parent.rglob("*.css"))
    widths = {width for path in pages for width in re.findall(r"@media \(max-width: (\w+)\)", path.read_text())}
    assert widths == {"640px"}
