"""A run's code: readable Python with the run's settings, in which a user's text never becomes code."""

from __future__ import annotations

import ast
import io
import json
import math
import re
import subprocess
import sys
import tokenize
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from mlpcore import datasets, keras_export
from mlpcore.i18n.catalogues import LANGUAGES, translations
from mlpcore.i18n.messages import Translate
from mlpcore.keras_export import ExportedRun, MeanMetric, comments
from mlpcore.keras_export.documents import sections
from mlpcore.spec import RunSpec, choices

FIGURES = {name: MeanMetric(0.5, 0.01) for name in ("loss", "accuracy", "val_accuracy", "test_accuracy")}
LAYERS = [{"units": 128, "activation": "relu", "dropout": 0.2}, {"units": 64, "activation": "step"}]
STRONG = {"shift": 0.1, "rotation": 15, "shear": 0.2, "zoom": 0.1}
BENT = {"rotation": 10, "elastic": 0.15, "pen": 0.7}
SPECS = {
    "plain": {},
    "deep": {"dataset": "mnist", "hidden": LAYERS, "l1": 1e-5, "l2": 1e-4, "training_images": 5000},
    "linear": {"dataset": "iris", "hidden": [], "validation_split": 0, "early_stopping": 100},
    "mse": {"dataset": "wine", "loss": "mse", "optimizer": {"name": "sgd", "momentum": 0.9, "nesterov": True}},
    "augmented": {"dataset": "fashion_mnist", "augment": STRONG, "schedule": "cosine"},
    "bent": {"dataset": "mnist", "augment": BENT},
    "bent alone": {"augment": {"elastic": 0.1}, "repeats": 2},
    "straightened": {"dataset": "mnist", "prepare": "deskew"},
    "straightened in a package": {"prepare": "deskew", "augment": STRONG, "folds": 2},
    "repeats": {"repeats": 3, "schedule": {"name": "exponential", "decay": 1e-05}, "validation_split": 0},
    "folds": {"repeats": 2, "folds": 5, "hidden": LAYERS, "schedule": {"name": "cosine", "floor": 0.1}},
    "several without a pause": {
        "dataset": "breast_cancer", "folds": 20, "loss": "mse", "early_stopping": 1000, "schedule": "plateau",
        "optimizer": {"name": "adamw", "learning_rate": 1e-07, "weight_decay": 0.5, "epsilon": 1e-10},
    },
}  # fmt: skip
HOSTILE = [
    "import os; os.system('true')",
    "a\nimport os\r\nimport os\rimport os\x0bimport os\x0cimport os\x85import os\u2028import os\u2029import os",
    "quotes ''' \"\"\" \\ \\n \\N{BULLET} {seed} %s",
    "coding: utf-7",
    "-*- coding: rot13 -*-",
    "\x00\x1b[31m\u202edetrever\u202c\ufeff\ud800",
    "]]> </script><script>alert(1)</script> <!-- ![x](http://example.org) $x$ --> ```",
    "%%bash\n!ls\n%%html\n?help\n@markdown",
    "実験ノート、とても長い名前。" * 20,
    "x" * 2000,
]


def japanese(text: str) -> str:
    return translations("ja").gettext(text)


def exported_run(settings: dict, **others) -> ExportedRun:
    return ExportedRun(12, RunSpec.from_dict(settings), **{"figures": FIGURES, **others})


def code_cells(text: str) -> list[str]:
    return [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]


def functions(exported: ExportedRun) -> dict:
    """The functions of a script that need only NumPy, and the names of its streams."""
    tree = ast.parse(keras_export.script(exported))
    streams = [node for node in tree.body if isinstance(node, ast.Assign) and "SPLIT" in ast.dump(node.targets[0])]
    definitions = [*streams, *(node for node in tree.body if isinstance(node, ast.FunctionDef))]
    namespace: dict = {"np": np, "math": math}
    exec(compile(ast.Module(definitions, []), "script", "exec"), namespace)
    return namespace


def without_comments(code: str) -> list[tuple[int, str]]:
    """All that Python reads of it."""
    dropped = (tokenize.COMMENT, tokenize.NL)
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return [(token.type, token.string) for token in tokens if token.type not in dropped]


@pytest.mark.parametrize("settings", SPECS.values(), ids=SPECS)
def test_a_notebook_holds_the_script_in_cells(settings: dict) -> None:
    exported = exported_run(settings)

    in_cells = "".join(f"{cell}\n" for cell in code_cells(keras_export.notebook(exported)))

    assert without_comments(in_cells) == without_comments(keras_export.script(exported))


def test_all_code_is_formatted_as_ruff_does_it_and_has_no_fault_that_ruff_finds(tmp_path: Path) -> None:
    languages: dict[str, Translate] = {"en": str, "ja": japanese}
    for (number, settings), (language, say) in product(enumerate(SPECS.values()), languages.items()):
        for figures in ({}, FIGURES):
            exported = exported_run(settings, figures=figures, diverged=bool(figures))
            path = tmp_path / f"{number}_{language}_{len(figures)}.py"
            path.write_text(keras_export.script(exported, say), encoding="utf-8")
            path.with_suffix(".ipynb").write_text(keras_export.notebook(exported, say))

    for command in (["format", "--check"], ["check", "--select", "E,F,B,UP,SIM", "--line-length", "88"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", str(tmp_path)]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_or_note_stays_a_comment_whatever_it_holds(text: str) -> None:
    exported = exported_run(SPECS["plain"])
    hostile = replace(exported, spec=replace(exported.spec, name=text, note=f"{text}\n{text}"))

    script, notebook = keras_export.script(hostile), keras_export.notebook(hostile)

    assert without_comments(script) == without_comments(keras_export.script(exported))
    assert ast.dump(ast.parse(script.encode())) == ast.dump(ast.parse(keras_export.script(exported)))
    assert notebook.isascii()
    for hostile_cell, cell in zip(code_cells(notebook), code_cells(keras_export.notebook(exported)), strict=True):
        assert without_comments(hostile_cell) == without_comments(cell)
        assert not re.search(r"^\s*[%!?]", hostile_cell, re.MULTILINE)
    markdown = [cell["source"] for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "markdown"]
    assert markdown == [c["source"] for c in json.loads(keras_export.notebook(exported))["cells"] if "outputs" not in c]


def test_name_and_note_can_be_read_line_by_line() -> None:
    spec = RunSpec.from_dict({"name": "128 ReLU", "note": "first\n\nsecond"})

    assert "#\n# Name\n# | 128 ReLU\n#\n# Note\n# | first\n# |\n# | second\n" in keras_export.script(
        ExportedRun(1, spec)
    )


def test_the_first_two_lines_hold_nothing_that_a_user_wrote() -> None:
    head = keras_export.script(ExportedRun(3, RunSpec(name="coding: rot13"))).splitlines()[:2]

    assert head == ["# MLP Lab, run 3: the same training in plain Keras", "#"]


@pytest.mark.parametrize("settings", SPECS.values(), ids=SPECS)
def test_a_notebook_follows_its_format(settings: dict) -> None:
    notebook = json.loads(keras_export.notebook(exported_run(settings), japanese))

    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert set(notebook) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in ids)
    for cell in notebook["cells"]:
        expected = {"cell_type", "id", "metadata", "source"}
        if cell["cell_type"] == "code":
            expected |= {"execution_count", "outputs"}
            assert (cell["execution_count"], cell["outputs"]) == (None, [])
            ast.parse(cell["source"])
        assert set(cell) == expected
        assert cell["cell_type"] in ("code", "markdown")


@pytest.mark.parametrize(
    "settings",
    [
        *({"dataset": name} for name in datasets.REGISTRY),
        *({"hidden": [{"activation": name}]} for name in choices.ACTIVATIONS),
        *({"optimizer": name} for name in choices.OPTIMIZERS),
        *({"loss": name} for name in choices.LOSSES),
        *({"schedule": name} for name in choices.SCHEDULES),
    ],
    ids=str,
)
def test_every_option_can_be_exported(settings: dict) -> None:
    [chosen] = settings.values()
    name = chosen if isinstance(chosen, str) else chosen[0]["activation"]
    keras_names = {"crossentropy": "sparse_categorical_crossentropy", "mse": "mean_squared_error", "constant": ""}
    called = {"exponential": "1e-05" if "optimizer" in settings else "0.9**epoch", "plateau": "ReduceLROnPlateau"}
    expected = keras_names.get(name, called.get(name, name) if "schedule" in settings else name)

    script = keras_export.script(exported_run(settings))

    ast.parse(script)
    assert expected.replace("_", "").lower() in script.replace("_", "").lower()


def test_only_settings_that_differ_from_kerass_defaults_are_written() -> None:
    script = keras_export.script(exported_run({"optimizer": {"name": "adam", "learning_rate": 0.003, "beta_1": 0.5}}))

    assert "optimizer = keras.optimizers.Adam(learning_rate=0.003, beta_1=0.5)\n" in script


@pytest.mark.parametrize("engine", ["tensorflow", "jax"])
def test_the_script_uses_the_engine_of_the_run(engine: str) -> None:
    script = keras_export.script(exported_run({}, engine=engine))

    assert f'os.environ["KERAS_BACKEND"] = "{engine}"\n\nimport keras\n' in script
    assert f"pip install {engine} keras scikit-learn\n" in script


def test_the_figures_of_the_run_are_printed_beside_the_scripts_own() -> None:
    one, several = keras_export.script(exported_run({})), keras_export.script(exported_run({"repeats": 2}))

    assert '"test_accuracy": 0.5000,' in one
    assert '"test_accuracy": "0.5000 ± 0.0100",' in several


def test_a_run_that_has_not_finished_has_nothing_to_compare_with() -> None:
    for settings in ({}, {"repeats": 2}):
        script = keras_export.script(exported_run(settings, figures={}))

        assert "lab = {" not in script
        assert "has not finished" in script


def test_what_makes_dropout_and_augmentation_repeatable_stands_only_where_it_is_used() -> None:
    plain, dropped = keras_export.script(exported_run({})), keras_export.script(exported_run({"hidden": LAYERS}))
    augmented = keras_export.script(exported_run({"augment": STRONG}))

    assert [("SeededDropout" in text, "augmented(" in text) for text in (plain, dropped, augmented)] == [
        (False, False), (True, False), (False, True),
    ]  # fmt: skip
    assert [("random_bits" in text, "DROPOUT" in text) for text in (plain, dropped, augmented)] == [
        (False, False), (True, True), (True, True),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [0, 2**31 - 1])
def test_the_scripts_random_bits_are_those_of_the_engine(seed: int) -> None:
    from mlpcore.training import counter_rng
    from mlpcore.training.member_seeds import epoch_keys

    namespace = functions(exported_run({"hidden": LAYERS}))
    counters = np.array([0, 1, 2, 12345, 2**31, 2**32 - 1], np.uint32)

    key = namespace["random_key"](seed, namespace["DROPOUT"], 4, 1)

    np.testing.assert_array_equal(key, epoch_keys(seed, 4, 2)[2])
    bits = np.asarray(counter_rng.uniform(key, counter_rng.ops.convert_to_tensor(counters))) * 2**24
    np.testing.assert_array_equal(namespace["random_bits"](key, counters), bits)


@pytest.mark.parametrize("strengths", [STRONG, BENT, STRONG | BENT, {"elastic": 0.5}, {"pen": 1}])
def test_the_script_changes_images_as_the_engine_does(strengths: dict[str, float]) -> None:
    from mlpcore.spec import Augment
    from mlpcore.training import augmentation
    from mlpcore.training.member_seeds import epoch_keys

    namespace = functions(exported_run({"augment": strengths}))
    images = np.random.default_rng(3).integers(0, 256, (5, 28, 20), dtype=np.uint8)
    key, first = namespace["random_key"](9, namespace["AUGMENT"], 2), 64

    expected = augmentation.augmented(
        images[None],
        Augment(**strengths),
        epoch_keys(9, 2, 0),
        augmentation.ops.convert_to_tensor(first, "uint32"),
    )

    own = namespace["augmented"](images.astype("float32"), key, first)
    assert own.dtype == np.float32
    np.testing.assert_allclose(own, np.asarray(expected)[0], atol=0.02)


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (9, 20)])
def test_the_script_straightens_images_as_training_does(size: tuple[int, int]) -> None:
    from mlpcore.pictures.digit_geometry import deskewed

    images = np.random.default_rng(2).integers(0, 256, (40, *size), np.uint8)
    images[0], images[1:20] = 0, images[1:20] * (images[1:20] > 200)
    namespace = functions(exported_run({"prepare": "deskew"}))

    own = np.array([namespace["straightened"](image) for image in images])
    np.testing.assert_allclose(own, np.round(deskewed(images)), atol=1)
    assert np.mean(own != np.round(deskewed(images))) < 1e-3


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
@pytest.mark.parametrize("settings", SPECS.values(), ids=SPECS)
def test_in_another_language_only_comments_and_docstrings_differ(settings: dict, language: str) -> None:
    exported = exported_run(settings)
    say = translations(language).gettext

    def plain(code: str) -> str:
        tree = ast.parse(code)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
                node.body = node.body[1:]
        return ast.dump(tree)

    translated = keras_export.script(exported, say)

    assert plain(translated) == plain(keras_export.script(exported))
    assert len(re.findall(r"^ *#", translated, re.MULTILINE)) > 10
    assert all(comments.width(line) <= comments.COLUMNS for line in translated.splitlines())


@pytest.mark.parametrize("name", ["digits", "iris", "wine", "breast_cancer"])
def test_the_packaged_datasets_are_split_and_scaled_as_the_lab_does_it(name: str) -> None:
    import sklearn.datasets

    data = datasets.load(name)
    namespace: dict = {"np": np, **vars(sklearn.datasets)}
    loading = sections(ExportedRun(1, RunSpec(dataset=name)), str)[1]
    exec("\n".join(loading.code), namespace)

    np.testing.assert_allclose(
        namespace["inputs"], data.train_inputs / np.float32(data.info.scale), rtol=1e-6, atol=1e-7
    )
    np.testing.assert_allclose(
        namespace["x_test"], data.test_inputs / np.float32(data.info.scale), rtol=1e-6, atol=1e-7
    )
    np.testing.assert_array_equal(namespace["labels"], data.train_labels)
    np.testing.assert_array_equal(namespace["y_test"], data.test_labels)
    assert namespace["inputs"].dtype == np.float32


def test_lines_break_at_spaces_and_between_japanese_characters_but_not_before_a_full_stop() -> None:
    assert comments.wrapped("one two three", 7) == ["one two", "three"]
    assert comments.wrapped("学習データを使う。", 8) == ["学習デー", "タを使", "う。"]
    assert comments.wrapped("検証は val_loss で", 12) == ["検証は", "val_loss で"]
    assert comments.wrapped("", 5) == [""]
