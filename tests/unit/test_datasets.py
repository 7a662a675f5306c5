import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_archive import write_npz

from mlpcore import datasets
from mlpcore.datasets import REGISTRY
from mlpcore.datasets.keras_datasets import FASHION_MNIST, MNIST
from mlpcore.errors import DatasetError


@pytest.fixture(params=REGISTRY)
def name(request) -> str:
    return request.param


@pytest.fixture
def nothing_here(tmp_path, monkeypatch) -> Path:
    """A machine without any downloaded dataset; returns the cache's folder."""
    monkeypatch.delenv("MLPCORE_DATASETS", raising=False)
    monkeypatch.setenv("MLPCORE_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "datasets"


def test_the_description_agrees_with_the_loaded_data(name):
    info, dataset = REGISTRY[name], datasets.load(name)
    assert dataset.info is info
    assert dataset.train_inputs.shape == (info.train_count, *info.input_shape)
    assert dataset.test_inputs.shape == (info.test_count, *info.input_shape)
    assert dataset.train_labels.shape == (info.train_count,)
    assert dataset.test_labels.shape == (info.test_count,)
    assert set(np.unique(dataset.train_labels)) == set(np.unique(dataset.test_labels)) == set(range(info.classes))
    assert info.inputs == dataset.train_inputs[0].size


def test_images_are_bytes_up_to_the_scale_and_tables_are_standardised(name):
    info, dataset = REGISTRY[name], datasets.load(name)
    if info.kind == "image":
        assert dataset.train_inputs.dtype == dataset.test_inputs.dtype == np.uint8
        assert dataset.train_inputs.min() == 0
        assert dataset.train_inputs.max() == info.scale
        assert dataset.feature_means is None
    else:
        assert dataset.train_inputs.dtype == dataset.test_inputs.dtype == np.float32
        assert info.scale == 1
        assert dataset.feature_means.shape == dataset.feature_deviations.shape == info.input_shape
        assert np.abs(dataset.train_inputs.mean(0)).max() < 1e-5
    assert dataset.train_labels.dtype == dataset.test_labels.dtype == np.uint8


def test_the_test_part_equals_that_of_the_whole_dataset(name):
    dataset, test = datasets.load(name), datasets.load_test(name)
    assert test.info is dataset.info
    assert np.array_equal(test.inputs, dataset.test_inputs)
    assert np.array_equal(test.labels, dataset.test_labels)


def test_no_array_can_be_written_to(name):
    dataset, test = datasets.load(name), datasets.load_test(name)
    arrays = [*vars(dataset).values(), *vars(test).values()]
    assert not any(array.flags.writeable for array in arrays if isinstance(array, np.ndarray))


def test_the_descriptions_are_consistent(name):
    info = REGISTRY[name]
    assert info.name == name
    assert len(set(info.class_names)) == info.classes > 1
    assert (info.feature_names is not None) == (info.kind == "tabular")
    if info.feature_names:
        assert len(set(info.feature_names)) == info.inputs
    if info.draws_digits:
        assert info.kind == "image"
        assert info.class_names == tuple("0123456789")
    assert info.label
    assert info.description.endswith(".")
    assert info.source
    assert info.licence


def test_downloadable_datasets_state_their_size():
    assert {name for name, info in REGISTRY.items() if info.download_bytes} == {"mnist", "fashion_mnist"}


def test_an_unknown_name_is_refused_with_a_sentence():
    for function in (datasets.load, datasets.load_test, datasets.is_available, datasets.download):
        with pytest.raises(DatasetError, match="There is no dataset 'cifar': choose one of digits, mnist"):
            function("cifar")


def test_without_downloads_the_packaged_datasets_are_available(nothing_here):
    assert datasets.available() == {
        "digits": True,
        "mnist": False,
        "fashion_mnist": False,
        "iris": True,
        "wine": True,
        "breast_cancer": True,
    }


def test_digits_are_proposed_where_mnist_is_not_available(nothing_here):
    assert datasets.default() == "digits"


def test_mnist_is_proposed_where_it_is_available(nothing_here):
    blank = {spec.name: np.zeros(spec.shape, spec.dtype) for spec in MNIST.arrays.values()}
    write_npz(nothing_here / "mnist.npz", **blank)
    assert datasets.default() == "mnist"


def test_blank_images_under_the_name_of_mnist_are_refused(nothing_here):
    blank = {spec.name: np.zeros(spec.shape, spec.dtype) for spec in FASHION_MNIST.arrays.values()}
    write_npz(nothing_here / "fashion_mnist.npz", **blank)
    with pytest.raises(DatasetError, match="the checksum of the array x_train is wrong"):
        datasets.load("fashion_mnist")


def test_downloading_what_comes_with_the_packages_does_nothing(nothing_here):
    datasets.download("digits", base_url="http://127.0.0.1:9")
    assert not nothing_here.exists()


def test_a_download_uses_the_given_address(nothing_here):
    with pytest.raises(DatasetError, match=r"MNIST could not be downloaded: 127\.0\.0\.1:9 cannot be reached"):
        datasets.download("mnist", base_url="http://127.0.0.1:9")


def test_looking_at_the_registry_loads_no_library_for_data_or_downloads():
    program = (
        "import sys; from mlpcore import datasets; datasets.available(); "
        "print([m for m in ('sklearn', 'scipy', 'pandas', 'pooch', 'requests', 'keras') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
