"""Many steps of a stack as one JAX loop over Keras's stateless scope, with weights that never leave the device."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpcore.training.backend import gather, keras
from mlpcore.training.backend import module as jax
from mlpcore.training.stack import Stack
from mlpcore.training.steps import Steps

jnp = jax.numpy


class JaxSteps(Steps):
    """`steps.Steps` on JAX."""

    def __init__(self, stack: Stack, batch_size: int, evaluation_batch: int) -> None:
        self.stack = stack
        self.batch_size = batch_size
        self.evaluation_batch = evaluation_batch
        self._optimizer = list(stack.optimizer.variables)
        self._state = [jnp.array(v.value) for v in (*stack.variables, *self._optimizer)]
        self._rates = jnp.zeros((stack.members, 1, 1), jnp.float32)
        self._compiled_train = jax.jit(self._train, donate_argnums=(0,))
        self._compiled_evaluate = jax.jit(self._evaluate)

    def zero_sums(self) -> Any:
        return jnp.zeros((3, self.stack.members), jnp.float32)

    def set_state(self, state: list[NDArray[Any]]) -> None:
        self._state = [jnp.array(value, old.dtype) for value, old in zip(state, self._state, strict=True)]

    def get_state(self) -> list[NDArray[Any]]:
        return [np.array(value) for value in self._state]

    def set_weights(self, weights: list[NDArray[Any]]) -> None:
        self._state[: len(weights)] = [jnp.array(value) for value in weights]

    def get_weights(self) -> list[NDArray[Any]]:
        return [np.array(value) for value in self._state[: len(self.stack.variables)]]

    def set_learning_rates(self, rates: NDArray[np.float32]) -> None:
        self._rates = jnp.asarray(rates.reshape(-1, 1, 1))

    def train(self, data: Any, order: Any, counts: Any, keys: Any, first: int, end: int, sums: Any) -> Any:
        arguments = (*data, order, counts, keys, first, end, sums)
        self._state, sums = self._compiled_train(self._state, self._rates, *arguments)
        return sums

    def evaluate(self, data: Any, order: Any, counts: Any, first: int, end: int, sums: Any) -> Any:
        weights = self._state[: len(self.stack.variables)]
        arguments = (*data, order, counts, first, end, sums)
        return self._compiled_evaluate(weights, *arguments)

    def _train(
        self,
        state: list[Any],
        rates: Any,
        inputs: Any,
        labels: Any,
        order: Any,
        counts: Any,
        keys: Any,
        first: Any,
        end: Any,
        sums: Any,
    ) -> tuple[list[Any], Any]:
        stack, split = self.stack, len(self.stack.variables)

        def loss(weights: list[Any], x: Any, y: Any, used: Any, counter: Any) -> tuple[Any, Any]:
            with self._with_weights(weights):
                losses, correct, examples = stack.losses(stack.logits(x, keys, counter), y, used)
            return losses.sum(), jnp.stack([losses * examples, correct, examples])

        def body(step: Any, carry: tuple[list[Any], Any]) -> tuple[list[Any], Any]:
            state, sums = carry
            weights, optimizer = state[:split], state[split:]
            indices, used = self._slice(order, counts, step, self.batch_size)
            counter = step.astype(jnp.uint32)
            x, y = stack.model_inputs(gather(inputs, indices), keys, counter), gather(labels, indices)
            gradients, added = jax.grad(loss, has_aux=True)(weights, x, y, used, counter)
            variables = [*stack.variables, *self._optimizer]
            mapping = [*zip(variables, [*weights, *optimizer], strict=True), (stack.rates, rates)]
            with keras.StatelessScope(state_mapping=mapping) as scope:
                stack.optimizer.apply(gradients, stack.variables)
            return [scope.get_current_value(variable) for variable in variables], sums + added

        trained: tuple[list[Any], Any] = jax.lax.fori_loop(first, end, body, (state, sums))
        return trained

    def _evaluate(
        self, weights: list[Any], inputs: Any, labels: Any, order: Any, counts: Any, first: Any, end: Any, sums: Any
    ) -> Any:
        def body(step: Any, sums: Any) -> Any:
            indices, used = self._slice(order, counts, step, self.evaluation_batch)
            x, y = self.stack.model_inputs(gather(inputs, indices)), gather(labels, indices)
            with self._with_weights(weights):
                losses, correct, examples = self.stack.losses(self.stack.logits(x), y, used)
            return sums + jnp.stack([losses * examples, correct, examples])

        return jax.lax.fori_loop(first, end, body, sums)

    def _with_weights(self, weights: list[Any]) -> Any:
        return keras.StatelessScope(state_mapping=list(zip(self.stack.variables, weights, strict=True)))

    def _slice(self, order: Any, counts: Any, step: Any, size: int) -> tuple[Any, Any]:
        """The indices of a step's examples, and 1 for each of them but 0 for padding."""
        indices = jax.lax.dynamic_slice_in_dim(order, step * size, size, axis=1)
        position = step * size + jnp.arange(size)[None, :]
        return indices, (position < counts[:, None]).astype(jnp.float32)
