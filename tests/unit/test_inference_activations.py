"""The derivatives of the activations: against finite differences of formulas written anew, and against Keras."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from mlpcore.inference.activations import DERIVATIVES, FUNCTIONS, derivative, through_softmax
from mlpcore.spec.choices import ACTIVATIONS

ALPHA = 0.3
POINTS = [-8.0, -2.9, -1.3, -0.7, -0.01, 0.02, 0.4, 1.1, 2.8, 3.4, 9.0]
KINKS = [-3.0, 0.0, 3.0]


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


FORMULAS: dict[str, Callable[[float], float]] = {
    "step": lambda x: float(x >= 0),
    "linear": lambda x: x,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "relu": lambda x: max(x, 0.0),
    "softplus": softplus,
    "softsign": lambda x: x / (1 + abs(x)),
    "leaky_relu": lambda x: x if x > 0 else 0.2 * x,
    "prelu": lambda x: x if x > 0 else ALPHA * x,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "selu": lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
    "gelu": lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))),
    "silu": lambda x: x / (1 + math.exp(-x)),
    "mish": lambda x: x * math.tanh(softplus(x)),
    "hard_sigmoid": lambda x: min(1.0, max(0.0, (x + 3) / 6)),
    "exponential": math.exp,
}


def slopes(name: str, points: list[float]) -> np.ndarray:
    alpha = np.full(len(points), ALPHA, np.float32) if name == "prelu" else None
    return derivative(name, np.array([points], np.float32), alpha)[0]


def test_every_activation_has_its_derivative() -> None:
    assert set(DERIVATIVES) == set(FUNCTIONS)
    assert set(DERIVATIVES) | {"prelu"} == set(ACTIVATIONS) == set(FORMULAS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_derivative_is_the_slope_of_its_function(name: str) -> None:
    f, h = FORMULAS[name], 1e-5
    differences = [(f(x + h) - f(x - h)) / (2 * h) for x in POINTS]
    np.testing.assert_allclose(slopes(name, POINTS), differences, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_derivative_keeps_shape_and_float32_and_never_leaves_the_finite_numbers(name: str) -> None:
    huge = np.array([[-3e38, -1e30, -1e3, -0.0, 0.0, 1e3, 1e30, 3e38]], np.float32)
    result = derivative(name, huge, np.full(8, -2, np.float32))
    assert result.shape == huge.shape
    assert result.dtype == np.float32
    assert np.isfinite(result).all()


def test_nothing_flows_through_the_step_function() -> None:
    assert not slopes("step", [*POINTS, *KINKS]).any()


def test_the_softmax_passes_on_its_jacobian() -> None:
    z = np.array([0.3, -1.2, 2.0, 0.1])
    direction = np.array([0.5, -2.0, 0.25, 3.0])

    def weighted(scores: np.ndarray) -> float:
        powers = np.exp(scores)
        return float(powers @ direction / powers.sum())

    h = 1e-6
    differences = [(weighted(z + h * unit) - weighted(z - h * unit)) / (2 * h) for unit in np.eye(4)]
    p = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(through_softmax(p, direction), differences, atol=1e-9)


KERAS = """
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras, numpy as np, tensorflow as tf
points = tf.constant(json.load(sys.stdin), tf.float32)
results = {}
for name in sys.argv[1].split(","):
    f = keras.activations.get(name) if name != "prelu" else None
    with tf.GradientTape() as tape:
        tape.watch(points)
        y = f(points) if f else keras.ops.relu(points) - 0.3 * keras.ops.relu(-points)
    results[name] = tape.gradient(y, points).numpy().tolist()

# A whole network: its loss and a score, with respect to inputs and weights.
generator = np.random.default_rng(5)
hidden = ["gelu", "relu", "prelu", "tanh"]
sizes = [6, 5, 4, 5, 4, 3]
x = tf.constant(generator.normal(size=(1, 6)), tf.float32)
kernels = [tf.Variable(generator.normal(size=s), dtype=tf.float32) for s in zip(sizes, sizes[1:])]
biases = [tf.Variable(generator.normal(size=s), dtype=tf.float32) for s in sizes[1:]]
alpha = tf.Variable(generator.normal(size=sizes[3]), dtype=tf.float32)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    flow = x
    for name, kernel, bias in zip(hidden, kernels, biases):
        flow = flow @ kernel + bias
        flow = keras.ops.relu(flow) - alpha * keras.ops.relu(-flow) if name == "prelu" else (
            keras.activations.get(name)(flow))
    scores = flow @ kernels[-1] + biases[-1]
    probabilities = tf.nn.softmax(scores)
    targets = {
        "score": scores[0, 1],
        "probability": probabilities[0, 1],
        "crossentropy": keras.losses.sparse_categorical_crossentropy(tf.constant([1]), scores, from_logits=True)[0],
        "mse": keras.losses.mean_squared_error(tf.one_hot([1], 3), probabilities)[0],
    }
network = {"x": x, "kernels": kernels, "biases": biases, "alpha": alpha}
plain = lambda value: [plain(v) for v in value] if isinstance(value, list) else value.numpy().tolist()
results["network"] = {name: plain(value) for name, value in network.items()}
results["gradients"] = {
    name: {part: plain(tape.gradient(target, value)) for part, value in network.items()}
    for name, target in targets.items()
}
json.dump(results, sys.stdout)
"""


@pytest.mark.slow
def test_derivatives_and_gradients_agree_with_the_tape_of_tensorflow() -> None:
    names = [name for name in ACTIVATIONS if name != "step"]  # Keras has no step function
    run = subprocess.run(
        [sys.executable, "-c", KERAS, ",".join(names)],
        input=json.dumps([*POINTS, *KINKS]),
        capture_output=True,
        text=True,
        check=True,
    )
    expected = json.loads(run.stdout)
    for name in names:
        np.testing.assert_allclose(
            slopes(name, [*POINTS, *KINKS]), expected[name], rtol=1e-5, atol=1e-6, err_msg=f"{name}, kinks last"
        )
    compare_with_the_tape(expected["network"], expected["gradients"])


def compare_with_the_tape(network_values: dict, expected: dict) -> None:
    from mlpcore.analysis import gradients
    from mlpcore.inference import Layer, Network

    arrays = [[np.array(a, np.float32) for a in network_values[part]] for part in ("kernels", "biases")]
    layers = tuple(
        Layer(kernel, bias, name, np.array(network_values["alpha"], np.float32) if name == "prelu" else None)
        for kernel, bias, name in zip(*arrays, ("gelu", "relu", "prelu", "tanh", "softmax"), strict=True)
    )
    network = Network(layers, "none", (6,), 1.0, 1)
    passed = network.forward(np.array(network_values["x"], np.float32))
    computed = {
        "score": gradients.of_score(network, passed, 1),
        "probability": gradients.of_probability(network, passed, 1),
        "crossentropy": gradients.of_loss(network, passed, 1, "crossentropy"),
        "mse": gradients.of_loss(network, passed, 1, "mse"),
    }
    for name, mine in computed.items():
        close = {"rtol": 2e-4, "atol": 2e-6, "err_msg": name}
        np.testing.assert_allclose(mine.inputs, expected[name]["x"][0], **close)
        for index in range(len(layers)):
            np.testing.assert_allclose(
                np.outer(mine.layer_inputs[index], mine.sums[index]), expected[name]["kernels"][index], **close
            )
            np.testing.assert_allclose(mine.sums[index], expected[name]["biases"][index], **close)
        np.testing.assert_allclose(mine.alphas[2], expected[name]["alpha"], **close)
