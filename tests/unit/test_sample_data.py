"""The samples that the tests carry: small, stratified, and what every process of a test session finds."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.paths import PROJECT
from mlpcore.pictures import parse_strokes
from tests.sample_data import NAMES, SAMPLES, real_digits


def test_the_images_are_small_together():
    assert sum((SAMPLES / f"{name}_sample.npz").stat().st_size for name in NAMES) < 600_000


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_as_many_images_of_each_class_and_fills_a_dataset_of_full_size(name):
    with np.load(SAMPLES / f"{name}_sample.npz") as sample:
        for part in ("train", "test"):
            assert len(set(np.bincount(sample[f"y_{part}"]))) == 1
        unique = len(sample["x_train"])
    data = datasets.load(name)
    assert len(data.train_inputs) == data.info.train_count
    assert np.array_equal(data.train_inputs[:unique], data.train_inputs[unique : 2 * unique])


def test_the_strokes_are_of_each_class_alike():
    digits = real_digits()
    assert Counter(digit["label"] for digit in digits) == dict.fromkeys(range(10), 10)
    assert all(parse_strokes(digit["strokes"]) for digit in digits)


def test_another_process_finds_the_same_datasets():
    program = "from mlpcore import datasets; print(datasets.load('mnist').train_inputs.shape, datasets.default())"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(60000, 28, 28) mnist"


def test_the_readme_names_each_sample():
    text = (SAMPLES / "README.md").read_text()
    assert all(f"`{path.name}`" in text for path in SAMPLES.glob("*_sample.*"))
