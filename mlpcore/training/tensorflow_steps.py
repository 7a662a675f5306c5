"""Many steps of a stack as one TensorFlow graph, compiled by XLA, with the weights in the stack's own variables.

XLA would copy a whole dataset at each call. So the examples of a block of steps are gathered first, and the compiled
loop runs over that block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.training.backend import module as tf
from mlpcore.training.stack import Stack
from mlpcore.training.steps import Steps

BLOCK_BYTES = 4_000_000


class TensorFlowSteps(Steps):
    """`steps.Steps` on TensorFlow."""

    def __init__(self, stack: Stack, batch_size: int, evaluation_batch: int) -> None:
        self.stack = stack
        self.batch_size = batch_size
        self.evaluation_batch = evaluation_batch
        self._state = [*stack.variables, *stack.optimizer.variables]
        self._train = tf.function(self._train_block, jit_compile=True, autograph=False)
        self._evaluate = tf.function(self._evaluate_block, jit_compile=True, autograph=False)

    def zero_sums(self) -> Any:
        return tf.zeros((3, self.stack.members), tf.float32)

    def set_state(self, state: list[NDArray[Any]]) -> None:
        for variable, value in zip(self._state, state, strict=True):
            variable.assign(value)

    def get_state(self) -> list[NDArray[Any]]:
        return [variable.numpy() for variable in self._state]

    def set_weights(self, weights: list[NDArray[Any]]) -> None:
        for variable, value in zip(self.stack.variables, weights, strict=True):
            variable.assign(value)

    def get_weights(self) -> list[NDArray[Any]]:
        return [variable.numpy() for variable in self.stack.variables]

    def set_learning_rates(self, rates: NDArray[np.float32]) -> None:
        self.stack.rates.assign(rates.reshape(-1, 1, 1))

    def train(self, data: Any, order: Any, counts: Any, keys: Any, first: int, end: int, sums: Any) -> Any:
        for x, y, start, a, b in self._blocks(data, order, self.batch_size, first, end):
            sums = self._train(x, y, counts, keys, start, a, b, sums)
        return sums

    def evaluate(self, data: Any, order: Any, counts: Any, first: int, end: int, sums: Any) -> Any:
        for x, y, start, a, b in self._blocks(data, order, self.evaluation_batch, first, end):
            sums = self._evaluate(x, y, counts, start, a, b, sums)
        return sums

    def _blocks(self, data: Any, order: Any, batch: int, first: int, end: int) -> Iterator[tuple[Any, ...]]:
        """Each block of steps: inputs, labels, its first step, and the range of steps to take, counted from that."""
        inputs, labels = data
        bytes_per_step = order.shape[0] * batch * inputs.shape[1] * inputs.dtype.size
        size = int(min(-(-order.shape[1] // batch), max(1, BLOCK_BYTES // bytes_per_step)))
        for start in range(first - first % size, end, size):
            indices = order[:, start * batch : (start + size) * batch]
            if indices.shape[1] < size * batch:
                indices = tf.pad(indices, [[0, 0], [0, size * batch - indices.shape[1]]])
            bounds = (start, max(0, first - start), min(size, end - start))
            yield tf.gather(inputs, indices), tf.gather(labels, indices), *(tf.constant(bound) for bound in bounds)

    def _train_block(
        self, inputs: Any, labels: Any, counts: Any, keys: Any, start: Any, first: Any, end: Any, sums: Any
    ) -> Any:
        stack = self.stack

        def step_once(step: Any, sums: Any) -> tuple[Any, Any]:
            x, y, used = self._batch(inputs, labels, counts, start, step, self.batch_size)
            counter = tf.cast(start + step, tf.uint32)
            x = stack.model_inputs(x, keys, counter)
            with tf.GradientTape() as tape:
                losses, correct, examples = stack.losses(stack.logits(x, keys, counter), y, used)
                loss = tf.reduce_sum(losses)
            values = [variable.value for variable in stack.variables]
            gradients = tape.gradient(loss, values, unconnected_gradients=tf.UnconnectedGradients.ZERO)
            stack.optimizer.apply(gradients, stack.variables)
            return step + 1, sums + tf.stack([losses * examples, correct, examples])

        return _loop(step_once, first, end, sums)

    def _evaluate_block(
        self, inputs: Any, labels: Any, counts: Any, start: Any, first: Any, end: Any, sums: Any
    ) -> Any:
        stack = self.stack

        def step_once(step: Any, sums: Any) -> tuple[Any, Any]:
            x, y, used = self._batch(inputs, labels, counts, start, step, self.evaluation_batch)
            losses, correct, examples = stack.losses(stack.logits(stack.model_inputs(x)), y, used)
            return step + 1, sums + tf.stack([losses * examples, correct, examples])

        return _loop(step_once, first, end, sums)

    def _batch(self, inputs: Any, labels: Any, counts: Any, start: Any, step: Any, size: int) -> tuple[Any, Any, Any]:
        """A step's raw inputs and labels, and 1 for each of its examples but 0 for padding."""
        members = self.stack.members
        x = tf.slice(inputs, [0, step * size, 0], [members, size, inputs.shape[2]])
        y = tf.slice(labels, [0, step * size], [members, size])
        position = (start + step) * size + tf.range(size)[None, :]
        return x, y, tf.cast(position < counts[:, None], tf.float32)


def _loop(step_once: Callable[[Any, Any], tuple[Any, Any]], first: Any, end: Any, sums: Any) -> Any:
    """Steps from `first` to `end` - 1; with `tf.range` XLA would compile again for each pair of them."""
    return tf.while_loop(lambda step, _: step < end, step_once, [first, sums])[1]
