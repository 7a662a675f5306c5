"""A counter-based random number generator: each number is a hash of a key and a counter, the same on every device.

A network's numbers depend on nothing but its own keys, so they are the same whether it trains alone or within a
stack, and however an epoch is cut into time slices.
"""

from __future__ import annotations

from typing import Any

from mlpcore.training.backend import keras

ops = keras.ops


def bits(keys: Any, counters: Any) -> Any:
    """32 random bits for each counter: keys uint32 (..., 2), counters uint32 (...) broadcast against them.

    The finaliser is lowbias32 of Chris Wellons's hash prospector (https://nullprogram.com/blog/2018/07/31/), with
    the key's second word mixed in between its two rounds.
    """
    x = ops.bitwise_xor(counters, keys[..., 0])
    x = ops.multiply(ops.bitwise_xor(x, ops.right_shift(x, _uint32(16))), _uint32(0x7FEB352D))
    x = ops.bitwise_xor(x, keys[..., 1])
    x = ops.multiply(ops.bitwise_xor(x, ops.right_shift(x, _uint32(15))), _uint32(0x846CA68B))
    return ops.bitwise_xor(x, ops.right_shift(x, _uint32(16)))


def uniform(keys: Any, counters: Any) -> Any:
    """Random numbers from 0 (included) to 1 (excluded), float32; arguments as in `bits`."""
    return ops.cast(ops.right_shift(bits(keys, counters), _uint32(8)), "float32") * 2.0**-24


def dropout(values: Any, rate: float, keys: Any, first: Any) -> Any:
    """Set a fraction `rate` of the values to 0 and divide the others by 1 - rate.

    Values are float32 (members, batch, units), keys uint32 (members, 2); `first` is the counter of each member's
    first value, uint32.
    """
    _, batch, units = values.shape
    counters = first + ops.cast(ops.reshape(ops.arange(batch * units, dtype="int32"), (1, batch, units)), "uint32")
    kept = uniform(keys[:, None, None, :], counters) >= rate
    return ops.where(kept, values / (1.0 - rate), 0.0)


def _uint32(number: int) -> Any:
    return ops.convert_to_tensor(number, "uint32")
