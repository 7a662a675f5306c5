"""Many training or evaluation steps as one TensorFlow graph: data on the device, batches gathered by index.

The running sums go into each piece and come out of it, so that they are added up in the same order however
an epoch is cut into pieces, and a result does not depend on how fast the machine was.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from mlpcore.training.engine import tensorflow
from mlpcore.training.model import Model, build_optimizer

EVALUATION_BATCH = 256


class Graph:
    """The compiled steps of one model; sums are float64 (loss x count, correct answers, count)."""

    def __init__(self, model: Model) -> None:
        tf = tensorflow()
        self.model = model
        self.optimizer = build_optimizer(model.spec.optimizer)
        self.optimizer.build(model.variables)
        self.train = tf.function(self._train, reduce_retracing=True)
        self.evaluate = tf.function(self._evaluate, reduce_retracing=True)

    def zero(self) -> Any:
        """Sums at the start of an epoch or evaluation."""
        return tensorflow().zeros(3, tensorflow().float64)

    def _train(self, inputs: Any, labels: Any, order: Any, first: Any, behind: Any, sums: Any) -> Any:
        """Take the steps `first` to `behind` - 1 of the epoch in which the images come in `order`."""
        tf = tensorflow()
        size = self.model.spec.batch_size
        for step in tf.range(first, behind):
            chosen = order[step * size : (step + 1) * size]
            x, y = self._batch(inputs, labels, chosen)
            with tf.GradientTape() as tape:
                logits = self.model.logits(x, training=True)
                loss = self._loss(y, logits) + self.model.penalty()
            values = [variable.value for variable in self.model.variables]
            gradients = tape.gradient(loss, values, unconnected_gradients=tf.UnconnectedGradients.ZERO)
            self.optimizer.apply(gradients, self.model.variables)
            sums += self._sums(loss, y, logits)
        return sums

    def _evaluate(self, inputs: Any, labels: Any, chosen: Any, first: Any, behind: Any, sums: Any) -> Any:
        """Add up loss and correct answers over the batches `first` to `behind` - 1 of the images `chosen`."""
        tf = tensorflow()
        for step in tf.range(first, behind):
            part = chosen[step * EVALUATION_BATCH : (step + 1) * EVALUATION_BATCH]
            x, y = self._batch(inputs, labels, part)
            logits = self.model.logits(x, training=False)
            sums += self._sums(self._loss(y, logits) + self.model.penalty(), y, logits)
        return sums

    def _batch(self, inputs: Any, labels: Any, chosen: Any) -> tuple[Any, Any]:
        tf = tensorflow()
        x = tf.cast(tf.gather(inputs, chosen), tf.float32) / float(self.model.spec.info.scale)
        return x, tf.gather(labels, chosen)

    def _loss(self, y: Any, logits: Any) -> Any:
        """The batch's mean loss: cross-entropy, or the mean squared error of the softmax on one-hot targets."""
        tf = tensorflow()
        if self.model.spec.loss == "crossentropy":
            return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        targets = tf.one_hot(y, self.model.spec.info.classes)
        return tf.reduce_mean(tf.square(tf.nn.softmax(logits) - targets))

    def _sums(self, loss: Any, y: Any, logits: Any) -> Any:
        tf = tensorflow()
        count = tf.cast(tf.shape(y)[0], tf.float64)
        hits = tf.reduce_sum(tf.cast(tf.argmax(logits, 1, output_type=tf.int32) == y, tf.float64))
        return tf.stack([tf.cast(loss, tf.float64) * count, hits, count])


class DeviceData:
    """A dataset on the device: inputs flat and unscaled (n, inputs) in their own type, labels int32 (n,)."""

    def __init__(self, inputs: NDArray[Any], labels: NDArray[Any]) -> None:
        tf = tensorflow()
        self.inputs = tf.constant(inputs.reshape(len(inputs), -1))
        self.labels = tf.constant(labels, dtype=tf.int32)
        self.count = len(labels)
