"""`python -m mlpcore predict`: what a run's networks predict for pictures and strokes, from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from sqlite_utils import Database

from mlpcore import paths
from mlpcore.__main__ import main
from mlpcore.inference import save_network
from mlpcore.serving.kept_networks import kept_networks
from mlpcore.store import runs
from tests.factory.networks import class_means, constant, make_run_of_network
from tests.factory.runs import make_run, spec_of

PREDICTS_3 = [0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02]
PREDICTS_5 = [0.02, 0.02, 0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02]
ONE = [[[0.5, 0.2], [0.49, 0.4], [0.48, 0.6], [0.47, 0.8]]]

Predict = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture
def predict(db: Database, capfd: pytest.CaptureFixture[str]) -> Iterator[Predict]:
    """Run the command; its exit status, and the lines of both outputs."""
    standard = os.dup(1)

    def run(*arguments: object) -> tuple[int, list[str], list[str]]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # the command leaves its output to the end of its process
            status = main(["predict", *map(str, arguments)])
        written = capfd.readouterr()
        os.dup2(standard, 1)
        return status, written.out.splitlines(), written.err.splitlines()

    yield run
    os.close(standard)


def strokes(path: Path, *digits: Any) -> Path:
    path.write_text(json.dumps({"source": "by hand", "digits": digits}))
    return path


def picture(path: Path) -> Path:
    image = Image.new("L", (60, 60), 255)
    ImageDraw.Draw(image).line([(30, 12), (30, 48)], fill=0, width=6)
    image.save(path)
    return path


def test_each_digit_gets_a_line_and_labelled_ones_whether_it_is_right(
    predict: Predict, db: Database, tmp_path: Path
) -> None:
    run = make_run_of_network(db, constant("digits", PREDICTS_3))
    digits = strokes(tmp_path / "my digits.json", {"label": 3, "strokes": ONE}, {"label": 1, "strokes": ONE})
    image = picture(tmp_path / "one.png")

    status, lines, problems = predict(run, digits, image)

    assert (status, problems) == (0, [])
    assert lines == [
        f"{digits} 1: 3 (82.0 %), right",
        f"{digits} 2: 3 (82.0 %), wrong: the label is 1",
        f"{image}: 3 (82.0 %)",
        "1 of 2 labelled digits right (50.0 %)",
    ]


def test_with_json_each_line_is_one_object(predict: Predict, db: Database, tmp_path: Path) -> None:
    run = make_run_of_network(db, class_means("digits", sharpness=3))
    digits = strokes(tmp_path / "digits.json", {"label": 1, "strokes": ONE}, {"strokes": ONE})

    status, lines, problems = predict(run, digits, picture(tmp_path / "one.png"), "--json")

    assert (status, problems) == (0, [])
    labelled, unlabelled, image = map(json.loads, lines)
    assert set(labelled) == {"class", "probabilities", "label"}
    assert set(unlabelled) == set(image) == {"class", "probabilities"}
    assert labelled["label"] == 1
    for answer in (labelled, unlabelled, image):
        assert len(answer["probabilities"]) == 10
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert answer["class"] == max(range(10), key=answer["probabilities"].__getitem__)


def test_several_networks_predict_by_their_mean(predict: Predict, db: Database, tmp_path: Path) -> None:
    run = make_run(db, spec_of(dataset="digits", hidden=[], repeats=4, epochs=2), diverged=1)
    says = iter((PREDICTS_3, PREDICTS_3, PREDICTS_5))
    for kept in kept_networks(db, runs.get(db, run)):
        path = paths.data_folder() / kept.file
        path.parent.mkdir(parents=True, exist_ok=True)
        save_network(path, replace(constant("digits", next(says)), epoch=kept.epoch))

    _status, (line,), _problems = predict(run, strokes(tmp_path / "one.json", {"strokes": ONE}), "--json")

    answer = json.loads(line)
    assert answer["class"] == 3
    assert answer["probabilities"][3] == pytest.approx((2 * 0.82 + 0.02) / 3, abs=1e-5)
    assert answer["probabilities"][5] == pytest.approx((2 * 0.02 + 0.82) / 3, abs=1e-5)


def test_a_damaged_network_of_several_is_named_and_the_others_predict(
    predict: Predict, db: Database, tmp_path: Path
) -> None:
    run = make_run(db, spec_of(dataset="digits", hidden=[], repeats=2, epochs=2))
    lost, kept = kept_networks(db, runs.get(db, run))
    path = paths.data_folder() / kept.file
    path.parent.mkdir(parents=True)
    save_network(path, replace(constant("digits", PREDICTS_5), epoch=kept.epoch))

    status, (line,), (problem,) = predict(run, strokes(tmp_path / "one.json", {"strokes": ONE}), "--json")

    assert status == 2
    assert json.loads(line)["class"] == 5
    assert Path(lost.file).name in problem
    assert "no longer there" in problem


def test_a_network_for_clothing_reads_pictures_and_refuses_strokes(
    predict: Predict, db: Database, tmp_path: Path
) -> None:
    run = make_run_of_network(db, constant("fashion_mnist", PREDICTS_3))
    image, digits = picture(tmp_path / "trousers.png"), strokes(tmp_path / "digits.json", {"strokes": ONE})

    status, lines, (problem,) = predict(run, image, digits)

    assert (status, lines) == (2, [f"{image}: Dress (82.0 %)"])
    assert (
        problem
        == f"{digits}: These are drawn digits, but the run was trained on Fashion-MNIST: choose pictures instead."
    )


def test_unreadable_files_and_digits_are_named_and_the_others_predicted(
    predict: Predict, db: Database, tmp_path: Path
) -> None:
    run = make_run_of_network(db, constant("digits", PREDICTS_3))
    (tmp_path / "cut.json").write_text('{"digits": [{"label": 3, ')
    (tmp_path / "cut.png").write_bytes(picture(tmp_path / "one.png").read_bytes()[:60])
    with (tmp_path / "huge.png").open("wb") as huge:
        huge.truncate(500 * 10**6)
    mixed = strokes(
        tmp_path / "mixed.json",
        {"label": "<script>", "strokes": ONE},
        {"label": 3, "strokes": [[[float("nan"), 0.5]]]},
        {"label": 3, "strokes": [[[0.5, 0.5]]]},
        {"label": 3, "strokes": [[[0.5, 0.5]]] * 1000},
    )
    names = ("none.png", "", "cut.json", "cut.png", "huge.png", "mixed.json", "one.png")

    status, lines, problems = predict(run, *(tmp_path / name for name in names))

    assert status == 2
    assert lines == [
        f"{mixed} 3: 3 (82.0 %), right",
        f"{tmp_path / 'one.png'}: 3 (82.0 %)",
        "1 of 1 labelled digits right (100 %)",
    ]
    expected = (
        ("none.png", "The file cannot be read: No such file"),
        ("", "The file cannot be read: Is a directory."),
        ("cut.json", "not valid JSON"),
        ("cut.png", "This picture is damaged"),
        ("huge.png", "more than 20 MB"),
        ("mixed.json", "Digit 1: its label"),
        ("mixed.json", "Digit 2: its strokes"),
        ("mixed.json", "Digit 4: it has too many strokes"),
    )
    for (name, sentence), problem in zip(expected, problems, strict=True):
        assert problem.startswith(f"{tmp_path / name}: ")
        assert sentence in problem


def test_control_characters_in_file_names_are_not_printed(predict: Predict, db: Database, tmp_path: Path) -> None:
    run = make_run_of_network(db, constant("digits", PREDICTS_3))
    _status, _lines, (problem,) = predict(run, tmp_path / "\x1b[31mred.png")
    assert "\x1b" not in problem


def test_a_run_that_cannot_predict_gets_a_sentence(predict: Predict, db: Database, tmp_path: Path) -> None:
    image = picture(tmp_path / "one.png")
    waiting = make_run(db, spec_of(dataset="digits"), status="queued")
    rows = make_run_of_network(db, class_means("iris"))
    lost = make_run_of_network(db, constant("digits", PREDICTS_3))
    (paths.data_folder() / f"models/run-{lost}/epoch-0001.safetensors").unlink()

    for run, status, sentence in (
        (99, 1, "There is no run 99"),
        (waiting, 1, f"Run {waiting} has no trained network"),
        (lost, 1, "is no longer there: train this run again"),
        (rows, 2, "was trained on Iris: it reads no pictures"),
    ):
        exit_status, lines, (problem,) = predict(run, image)
        assert (exit_status, lines) == (status, [])
        assert sentence in problem


@pytest.mark.parametrize("arguments", [[], ["1"], ["x", "one.png"], ["-1", "one.png"], ["9" * 30, "one.png"]])
def test_a_wrong_call_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["predict", *arguments])
    assert "usage: python -m mlpcore predict" in capsys.readouterr().err


def test_predicting_loads_no_engine(db: Database, tmp_path: Path) -> None:
    run = make_run_of_network(db, constant("digits", PREDICTS_3))
    program = (
        "import sys; from mlpcore.__main__ import main;"
        f"main(['predict', '{run}', {str(picture(tmp_path / 'one.png'))!r}]);"
        "print(sorted({'keras', 'tensorflow', 'jax', 'pandas', 'streamlit', 'sklearn', 'scipy'} & set(sys.modules)),"
        " file=sys.stderr)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=paths.PROJECT, capture_output=True, text=True, check=True)

    assert done.stderr == "[]\n"
