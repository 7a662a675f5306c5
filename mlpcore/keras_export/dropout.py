"""The lines of a Keras layer whose dropout masks are those of `mlpcore.training`."""

from __future__ import annotations

from mlpcore import formatting
from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export.lines import docstring, indented, remark
from mlpcore.spec import Layer, RunSpec


def used(spec: RunSpec) -> bool:
    """Whether any layer drops units."""
    return any(layer.dropout for layer in spec.hidden)


def defining(say: Translate) -> list[str]:
    """The layer `SeededDropout`; it needs `random_bits`, `epochs` and `batch_size`."""
    told = N_("As keras.layers.Dropout, but its masks follow from the run's seed, so that figures can be repeated.")
    counts = N_("Keras's own counter: it goes on by 1 with each batch of the training.")
    key = N_("Each epoch has a key of its own, and within it each unit of each example a number.")
    return [
        "class SeededDropout(layers.Layer):",
        *docstring(say(told)),
        "",
        "    def __init__(self, rate, seed, layer, steps):",
        "        super().__init__()",
        "        self.rate, self.steps = rate, steps",
        "        places = [(seed, DROPOUT, epoch, layer) for epoch in range(1, epochs + 1)]",
        "        self.keys = np.array([random_key(*place) for place in places])",
        *indented(remark(say(counts)), 2),
        "        self.counter = keras.random.SeedGenerator(0)",
        "",
        "    def call(self, x, training=False):",
        "        if not training:",
        "            return x",
        '        step = ops.cast(self.counter.next()[1], "int32")',
        *indented(remark(say(key)), 2),
        "        key = ops.take(self.keys, step // self.steps, axis=0)",
        "        places = ops.reshape(ops.arange(ops.size(x)), ops.shape(x))",
        "        places = step % self.steps * batch_size * x.shape[1] + places",
        '        bits = random_bits(key, ops.cast(places, "uint32"))',
        '        kept = ops.cast(bits, "float32") / 2**24 >= self.rate',
        "        return ops.where(kept, x / (1 - self.rate), 0.0)",
    ]


def behind(index: int, layer: Layer, say: Translate) -> list[str]:
    """The dropout behind hidden layer `index`, if it has any."""
    if not layer.dropout:
        return []
    dropped = say(N_("Dropout: while training, each unit is left out with probability {rate}."))
    told = remark(dropped.format(rate=formatting.setting(layer.dropout)))
    return [*told, f"SeededDropout({layer.dropout!r}, seed, {index}, steps),"]
