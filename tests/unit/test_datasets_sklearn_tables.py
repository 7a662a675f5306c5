import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_archive import sha256

from mlpcore.datasets.sklearn_datasets import BREAST_CANCER, DIGITS, IRIS, WINE
from mlpcore.datasets.sklearn_tables import moments, split
from mlpcore.errors import DatasetError

SOURCES = {source.info.name: source for source in (DIGITS, IRIS, WINE, BREAST_CANCER)}
# Networks trained on one machine are compared with those of another: these must never change.
CHECKSUMS = {
    "digits": ["054818820214b578", "0bd5f5cca56342e4", "c31274c87c6fb9eb", "9e1372e954c5ebc4"],
    "iris": ["2cbdfa12863a2990", "aed21509a6653453", "f88162c8ed0634a8", "980d1080ab89e666"],
    "wine": ["c2c7559102276298", "b455011b00dac49e", "1e1ce518a704dde9", "5cb20c70bbe8fea1"],
    "breast_cancer": ["07a0bc55c98dccc4", "07bede79b5f021f1", "b5ae09f8c5704fe2", "43240248e4826272"],
}


@pytest.fixture(params=SOURCES)
def source(request):
    return SOURCES[request.param]


def original(name: str):
    """The dataset as scikit-learn itself loads it."""
    import sklearn.datasets

    return getattr(sklearn.datasets, f"load_{name}")()


def rows(inputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """All examples in an order of their own, so that two sets can be compared."""
    table = np.column_stack([inputs.reshape(len(inputs), -1), labels])
    return table[np.lexsort(table.T)]


def test_both_parts_together_are_what_scikit_learn_loads(source):
    dataset, expected = source.load(), original(source.info.name)
    inputs = np.concatenate([dataset.train_inputs, dataset.test_inputs]).astype(float)
    if source.info.kind == "tabular":
        inputs = np.float32(inputs * dataset.feature_deviations + dataset.feature_means)
    labels = np.concatenate([dataset.train_labels, dataset.test_labels])
    loaded = rows(inputs, labels)
    published = rows(np.float32(expected.data), expected.target)
    assert loaded.shape == published.shape
    for label in range(source.info.classes):
        mine, theirs = (np.sort(table[table[:, -1] == label], axis=0) for table in (loaded, published))
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4)


def test_names_of_classes_and_features_are_in_scikit_learns_order(source):
    expected = original(source.info.name)
    plain = [str(name).lower().replace("_", " ") for name in expected.feature_names]
    if source.info.kind == "tabular":
        assert [name.lower() for name in source.info.feature_names] == plain
    if source.info.name != "wine":
        assert [name.lower() for name in source.info.class_names] == [str(n) for n in expected.target_names]


def test_the_parts_are_the_same_on_every_machine(source):
    dataset = source.load()
    loaded = [dataset.train_inputs, dataset.train_labels, dataset.test_inputs, dataset.test_labels]
    assert [sha256(array)[:16] for array in loaded] == CHECKSUMS[source.info.name]


def test_each_class_has_its_share_in_the_test_set(source):
    dataset = source.load()
    train, test = (
        np.bincount(labels, minlength=source.info.classes) for labels in (dataset.train_labels, dataset.test_labels)
    )
    assert np.abs(test - (train + test) / 5).max() < 1


def test_the_first_examples_are_of_all_classes(source):
    assert set(source.load().train_labels[:60]) == set(range(source.info.classes))


def test_a_split_uses_each_example_once():
    labels = np.repeat([0, 1, 2], [50, 30, 20])
    train, test = split(labels)
    assert sorted([*train, *test]) == list(range(100))
    assert np.bincount(labels[test]).tolist() == [10, 6, 4]


def test_tables_are_standardised_by_the_training_part_alone():
    dataset = WINE.load()
    np.testing.assert_allclose(dataset.train_inputs.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(dataset.train_inputs.std(0), 1, atol=1e-6)
    assert np.abs(dataset.test_inputs.mean(0)).max() > 0.01


def test_moments_are_those_of_numpy():
    inputs = np.random.default_rng(3).normal(5, 2, (40, 3))
    means, deviations = moments(inputs)
    np.testing.assert_allclose(means, inputs.mean(0))
    np.testing.assert_allclose(deviations, inputs.std(0))


def test_the_test_part_equals_that_of_the_whole_dataset(source):
    dataset, test = source.load(), source.load_test()
    assert np.array_equal(test.inputs, dataset.test_inputs)
    assert np.array_equal(test.labels, dataset.test_labels)


@pytest.mark.parametrize("change", [{"file": "gone.csv"}, {"sha256": "0" * 64}, {"header_rows": 3}])
def test_a_missing_or_altered_table_gives_a_sentence(change):
    source = replace(IRIS, **change)
    assert source.is_available() == (source.file == "iris.csv")
    with pytest.raises(DatasetError, match="is missing or has changed: install the packages"):
        source.load()


def test_scikit_learn_is_not_imported():
    program = (
        "import sys; from mlpcore import datasets; datasets.load('digits'); datasets.load_test('wine'); "
        "print([name for name in ('sklearn', 'scipy', 'pandas') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
