"""The NumPy forward pass and the snapshot file."""

from __future__ import annotations

import json
import math
import os
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from mlpcore.errors import SnapshotError
from mlpcore.inference import Layer, Network, activate, load_network, save_network
from mlpcore.inference.snapshots import save_tensors
from mlpcore.spec.choices import ACTIVATIONS

VALUES = np.concatenate([np.linspace(-12, 12, 241), [0.0, -3.0, 3.0, 60.0, -60.0, 80.0]]).astype(np.float32)


def a_network(activations: tuple[str, ...] = ("relu", "prelu"), units: int = 5, seed: int = 0) -> Network:
    generator = np.random.default_rng(seed)
    layers, inputs = [], 16
    for activation in (*activations, "softmax"):
        out = 10 if activation == "softmax" else units
        layers.append(
            Layer(
                generator.normal(size=(inputs, out)).astype(np.float32),
                generator.normal(size=out).astype(np.float32),
                activation,
                generator.normal(size=out).astype(np.float32) if activation == "prelu" else None,
            )
        )
        inputs = out
    return Network(tuple(layers), "digits", (4, 4), 16.0, 3)


def inputs(n: int = 7) -> np.ndarray:
    return np.random.default_rng(1).random((n, 4, 4), np.float32)


# Activations


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_keeps_shape_and_float32_and_never_leaves_the_finite_numbers(name: str) -> None:
    huge = np.array([[-3e38, -1e30, -1e3, -0.0, 0.0, 1e3, 1e30, 3e38]], np.float32)
    result = activate(name, huge, np.full(8, -2, np.float32))
    assert result.shape == huge.shape
    assert result.dtype == np.float32
    assert np.isfinite(result).all()


def test_the_step_function_is_one_from_zero_upwards() -> None:
    assert activate("step", np.array([-1e-9, 0, 1e-9], np.float32)).tolist() == [0, 1, 1]


def test_prelu_scales_what_is_negative_by_the_slope_of_its_unit() -> None:
    x = np.array([[-2, -2], [3, 3]], np.float32)
    assert activate("prelu", x, np.array([0.5, 0], np.float32)).tolist() == [[-1, 0], [3, 3]]


def test_gelu_agrees_with_the_exact_error_function() -> None:
    exact = [x * 0.5 * (1 + math.erf(x / math.sqrt(2))) for x in VALUES.tolist()]
    np.testing.assert_allclose(activate("gelu", VALUES), exact, rtol=1e-6, atol=5e-7)


def test_softmax_of_huge_logits_stays_a_distribution() -> None:
    result = activate("softmax", np.array([[1e30, 1e30, 0], [-3e38, 3e38, 0]], np.float32))
    assert result.tolist() == [[0.5, 0.5, 0], [0, 1, 0]]


KERAS = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras, numpy as np
values = np.array(json.load(sys.stdin), np.float32)
results = {}
for name in sys.argv[1].split(","):
    if name == "prelu":
        layer = keras.layers.PReLU(alpha_initializer=keras.initializers.Constant(0.3))
        results[name] = np.asarray(layer(values[:, None]))[:, 0].tolist()
    else:
        results[name] = np.asarray(keras.activations.get(name)(values)).tolist()
results["softmax"] = np.asarray(keras.activations.softmax(values[None, :9]))[0].tolist()
json.dump(results, sys.stdout)
"""


@pytest.mark.slow
def test_every_activation_agrees_with_keras() -> None:
    names = [name for name in ACTIVATIONS if name != "step"]  # Keras has no step function
    run = subprocess.run(
        [sys.executable, "-c", KERAS, ",".join(names)],
        input=json.dumps(VALUES.tolist()),
        capture_output=True,
        text=True,
        check=True,
    )
    for name, expected in json.loads(run.stdout).items():
        x, alpha = (VALUES[:9], None) if name == "softmax" else (VALUES, np.float32(0.3))
        np.testing.assert_allclose(activate(name, x, alpha), expected, rtol=3e-6, atol=1e-6, err_msg=name)


# Forward pass


def test_forward_gives_each_layers_activations_and_the_probabilities_last() -> None:
    network = a_network()
    first, second, last = network.forward(inputs()).activations
    assert (first.shape, second.shape, last.shape) == ((7, 5), (7, 5), (7, 10))
    x = inputs().reshape(7, 16)
    by_hand = np.maximum(x @ network.layers[0].kernel + network.layers[0].bias, 0)
    np.testing.assert_allclose(first, by_hand, rtol=1e-5)
    np.testing.assert_array_equal(network.probabilities(inputs()), last)
    np.testing.assert_allclose(last.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(activate("softmax", network.forward(inputs()).preactivations[-1]), last, rtol=1e-6)


def test_a_network_without_hidden_layers_is_a_softmax_regression() -> None:
    network = a_network(())
    assert len(network.forward(inputs()).activations) == 1
    assert network.probabilities(inputs()).shape == (7, 10)


def test_an_overflow_between_layers_leaves_probabilities_and_no_nan() -> None:
    network = a_network(("exponential", "exponential", "exponential"))
    probabilities = network.probabilities(inputs() * 1000)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


# Snapshots


@pytest.mark.parametrize("activations", [(), ("relu",), ("prelu", "gelu"), tuple(ACTIVATIONS)[:8]])
def test_what_is_saved_loads_again_bit_for_bit(tmp_path: Path, activations: tuple[str, ...]) -> None:
    network = a_network(activations)
    save_network(tmp_path / "n.safetensors", network)
    loaded = load_network(tmp_path / "n.safetensors")
    assert (loaded.dataset, loaded.input_shape, loaded.scale, loaded.epoch) == ("digits", (4, 4), 16.0, 3)
    assert [layer.activation for layer in loaded.layers] == [*activations, "softmax"]
    np.testing.assert_array_equal(loaded.probabilities(inputs()), network.probabilities(inputs()))
    assert [p.name for p in tmp_path.iterdir()] == ["n.safetensors"]


def test_weights_that_are_views_or_float64_are_saved_as_they_read(tmp_path: Path) -> None:
    kernel = np.arange(160, dtype=np.float64).reshape(10, 16).T
    network = Network((Layer(kernel, np.zeros(10), "softmax"),), "digits", (4, 4), 16.0, 0)  # type: ignore[arg-type]
    save_network(tmp_path / "n", network)
    np.testing.assert_array_equal(load_network(tmp_path / "n").layers[0].kernel, kernel)


def test_saving_over_a_snapshot_replaces_it_and_a_failed_save_leaves_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "n.safetensors"
    save_network(path, a_network(seed=1))
    save_network(path, a_network(seed=2))
    kept = load_network(path).layers[0].kernel
    np.testing.assert_array_equal(kept, a_network(seed=2).layers[0].kernel)
    with pytest.raises(OSError):
        save_network(tmp_path / "no such folder" / "n", a_network())
    assert [p.name for p in tmp_path.iterdir()] == ["n.safetensors"]


def test_a_snapshot_that_is_gone_is_reported_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"epoch-3\.safetensors is no longer there"):
        load_network(tmp_path / "epoch-3.safetensors")


def test_a_snapshot_cut_off_anywhere_is_refused_with_a_sentence(tmp_path: Path) -> None:
    save_network(tmp_path / "whole", a_network())
    data = (tmp_path / "whole").read_bytes()
    for length in [0, 1, 7, 8, 9, 100, len(data) // 2, len(data) - 1]:
        (tmp_path / "cut").write_bytes(data[:length])
        with pytest.raises(SnapshotError, match=r"cut cannot be used .*: train this run again\."):
            load_network(tmp_path / "cut")


def test_damaged_bytes_give_a_network_or_a_sentence_and_nothing_else(tmp_path: Path) -> None:
    save_network(tmp_path / "whole", a_network())
    data = (tmp_path / "whole").read_bytes()
    generator = np.random.default_rng(0)
    for position in generator.integers(0, len(data), 300):
        broken = bytearray(data)
        broken[position] ^= int(generator.integers(1, 256))
        (tmp_path / "broken").write_bytes(broken)
        try:
            network = load_network(tmp_path / "broken")
        except SnapshotError:
            continue
        assert np.isfinite(network.layers[0].kernel).all()


def raw(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff" * 200, id="a header of 18 exabytes"),
        pytest.param(struct.pack("<Q", 2**40) + b"{}", id="a header of a terabyte"),
        pytest.param(os.urandom(5000), id="noise"),
        pytest.param(b"PK\x03\x04" + b"\0" * 400, id="a zip"),
        pytest.param(raw({}), id="empty"),
        pytest.param(raw(b"[" * 10_000), id="deep nesting"),
        pytest.param(raw(b'{"__metadata__": ' + b'{"a":' * 5000), id="deeper nesting"),
        pytest.param(
            raw(
                {"layers.0.kernel": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 4]}},
                b"\0" * 4,
            ),
            id="shapes beyond the data",
        ),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "n").write_bytes(content)
    with pytest.raises(SnapshotError, match="train this run again"):
        load_network(tmp_path / "n")


def test_a_folder_in_the_place_of_a_snapshot_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="train this run again"):
        load_network(tmp_path)


METADATA = {
    "format": "mlplab-1",
    "dataset": "digits",
    "input_shape": "[4, 4]",
    "scale": "16.0",
    "activations": '["relu", "softmax"]',
    "epoch": "3",
}
TENSORS = {
    "layers.0.kernel": np.zeros((16, 5), np.float32),
    "layers.0.bias": np.zeros(5, np.float32),
    "layers.1.kernel": np.zeros((5, 10), np.float32),
    "layers.1.bias": np.zeros(10, np.float32),
}


def test_the_file_that_the_refusals_start_from_is_a_good_one(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "n", METADATA)
    assert load_network(tmp_path / "n").epoch == 3


def test_a_file_names_the_run_and_the_member_if_they_are_known(tmp_path: Path) -> None:
    known, unknown = replace(a_network(), run="run-000012", member=3), a_network()
    save_network(tmp_path / "known", known)
    save_network(tmp_path / "unknown", unknown)

    assert (load_network(tmp_path / "known").run, load_network(tmp_path / "known").member) == ("run-000012", 3)
    assert (load_network(tmp_path / "unknown").run, load_network(tmp_path / "unknown").member) == (None, None)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "mlplab-99"),
        ("format", None),
        ("dataset", None),
        ("input_shape", "[]x"),
        ("input_shape", "[4, -4]"),
        ("input_shape", "[4.0, 4]"),
        ("input_shape", "[0]"),
        ("input_shape", "[2147483647, 2147483647]"),
        ("input_shape", '"ab"'),
        ("input_shape", "7"),
        ("input_shape", "[" * 20_000),
        ("scale", "NaN"),
        ("scale", "Infinity"),
        ("scale", "0"),
        ("scale", "-1"),
        ("scale", '"16"'),
        ("scale", None),
        ("activations", '["relu"]'),
        ("activations", "[]"),
        ("activations", "{}"),
        ("activations", '[["relu"], "softmax"]'),
        ("activations", '["softmax", "softmax"]'),
        ("activations", '["__import__", "softmax"]'),
        ("activations", json.dumps(["relu"] * 9 + ["softmax"])),
        ("epoch", "1.5"),
        ("epoch", "-1"),
        ("epoch", "true"),
        ("epoch", "1e400"),
        ("member", "-1"),
        ("member", "1.0"),
        ("member", '"0"'),
        ("member", ""),
        ("member", "[" * 20_000),
    ],
)
def test_metadata_that_are_not_valid_are_refused(tmp_path: Path, key: str, value: str | None) -> None:
    metadata = {k: v for k, v in {**METADATA, key: value}.items() if v is not None}
    save_file(TENSORS, tmp_path / "n", metadata)
    with pytest.raises(SnapshotError, match="its description is missing or not valid"):
        load_network(tmp_path / "n")


@pytest.mark.parametrize(
    "changes",
    [
        {"layers.0.kernel": np.zeros((15, 5), np.float32)},
        {"layers.0.kernel": np.zeros((5, 16), np.float32)},
        {"layers.0.kernel": np.zeros(80, np.float32)},
        {"layers.1.kernel": np.zeros((6, 10), np.float32)},
        {"layers.0.bias": np.zeros(6, np.float32)},
        {"layers.0.bias": np.zeros((1, 5), np.float32)},
        {"layers.0.bias": np.float32(0)},
        {"layers.0.bias": None},
        {"layers.1.kernel": None},
        {"layers.2.kernel": np.zeros((10, 10), np.float32)},
        {"layers.0.alpha": np.zeros(5, np.float32)},
        {"layers.0.kernel": np.zeros((16, 5), np.float64)},
        {"layers.0.kernel": np.zeros((16, 0), np.float32), "layers.0.bias": np.zeros(0, np.float32)},
    ],
)
def test_layers_that_do_not_fit_together_are_refused(tmp_path: Path, changes: dict[str, np.ndarray | None]) -> None:
    tensors = {k: np.asarray(v) for k, v in {**TENSORS, **changes}.items() if v is not None}
    save_file(tensors, tmp_path / "n", METADATA)
    with pytest.raises(SnapshotError, match="its layers do not fit together"):
        load_network(tmp_path / "n")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_weights_of_a_diverged_training_are_refused(tmp_path: Path, bad: float) -> None:
    save_file({**TENSORS, "layers.1.bias": np.full(10, bad, np.float32)}, tmp_path / "n", METADATA)
    with pytest.raises(SnapshotError, match="diverged"):
        load_network(tmp_path / "n")


def test_a_prelu_layer_without_its_slopes_is_refused(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "n", {**METADATA, "activations": '["prelu", "softmax"]'})
    with pytest.raises(SnapshotError, match="do not fit together"):
        load_network(tmp_path / "n")


def test_reading_a_snapshot_needs_no_keras() -> None:
    code = "import sys, mlpcore.inference; print({'keras', 'tensorflow', 'jax', 'scipy'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


# Files that are whole or absent


WEIGHTS = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "scalar": np.asarray(7, np.int64)}


def test_what_was_saved_is_read_back_scalars_included(tmp_path: Path) -> None:
    save_tensors(tmp_path / "file", WEIGHTS, {"epoch": "3"})
    loaded = load_file(tmp_path / "file")

    assert {name: (array.shape, array.tolist()) for name, array in loaded.items()} == {
        name: (array.shape, array.tolist()) for name, array in WEIGHTS.items()
    }


def test_a_file_is_replaced_as_a_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    for value in (1.0, 2.0):
        save_tensors(tmp_path / "file", {"a": np.full(3, value)}, {})

    assert load_file(tmp_path / "file")["a"].tolist() == [2.0, 2.0, 2.0]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        save_tensors(tmp_path / "missing" / "file", WEIGHTS, {})
