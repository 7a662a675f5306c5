"""What surprises in learning curves, as sentences: shown only where the curves show it.

Each remark depends on a stretch of epochs that was seen once: more epochs never take it away, so that it does not come
and go while a network trains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mlpcore.i18n.messages import N_, Message
from mlpcore.spec import RunSpec

STRETCH = 3
"""How many epochs in a row something must hold; also the width of the moving averages that smooth the curves."""
ACCURACY_STEP = 0.002
"""The smallest difference of accuracies that counts."""
LOSS_RISE = 0.05
"""The smallest rise of the validation loss that counts, as a fraction of its lowest value."""
LOSS_FALL = 0.05
"""The smallest fall of the training loss, as a fraction, in which a network improves during an epoch."""
_EACH = 60  # up to this epoch, each one is looked at
_NOISE = 3.0  # how many standard deviations of the noise a difference must exceed

Curves = Mapping[str, Sequence[float | None]]

_MEAN_OF_THE_EPOCH = N_(
    "Validation lies above training in epochs {first} to {last}, although the network has never seen the validation"
    " examples: the training figure of an epoch is the mean over all of its steps, while the network was still"
    " improving, and validation is measured at the end of the epoch."
)
_DROPOUT = N_(
    "Validation lies above training in epochs {first} to {last}, although the network has never seen the validation"
    " examples: dropout switches neurons off only during training, so validation uses the whole network. And the"
    " training figure of an epoch is the mean over all of its steps, while the network was still improving."
)
_AUGMENTATION = N_(
    "Validation lies above training in epochs {first} to {last}, although the network has never seen the validation"
    " examples: the training images are changed at random and are harder, the validation images are not. And the"
    " training figure of an epoch is the mean over all of its steps, while the network was still improving."
)
_CONFIDENT_MISTAKES = N_(
    "Validation loss and validation accuracy rise together from epoch {first} on. The accuracy counts only whether the"
    " most probable class is the right one; the loss also counts how sure the network is. It classifies a few more"
    " examples correctly, but it becomes more and more confident on those that it gets wrong, and confident mistakes"
    " cost a lot."
)


def remarks(curves: Curves, spec: RunSpec) -> list[Message]:
    """The remarks on the curves of a run, or on their means over several networks; few or no epochs give none.

    `curves` holds epoch, loss, accuracy, val_loss and val_accuracy of each epoch in order, None for what is not known.
    """
    loss, accuracy, val_loss, val_accuracy = (
        np.array([np.nan if value is None else value for value in curves[name]], dtype=float)
        for name in ("loss", "accuracy", "val_loss", "val_accuracy")
    )
    epochs = curves["epoch"]
    found = []
    dropout = any(layer.dropout for layer in spec.hidden)
    reasons = dropout or spec.augment is not None
    stretch = validation_above_training(loss, accuracy, val_loss, val_accuracy, needs_improvement=not reasons)
    if stretch is not None:
        text = _DROPOUT if dropout else _AUGMENTATION if reasons else _MEAN_OF_THE_EPOCH
        found.append(Message(text, {"first": epochs[stretch[0]], "last": epochs[stretch[1]]}))
    lowest = loss_and_accuracy_rise(val_loss, val_accuracy)
    if lowest is not None:
        found.append(Message(_CONFIDENT_MISTAKES, {"first": epochs[lowest]}))
    return found


def validation_above_training(
    loss: NDArray[np.float64],
    accuracy: NDArray[np.float64],
    val_loss: NDArray[np.float64],
    val_accuracy: NDArray[np.float64],
    needs_improvement: bool,
) -> tuple[int, int] | None:
    """The longest stretch of at least `STRETCH` epochs in which validation is better, in loss and in accuracy.

    It is given by the indices of its first and its last epoch; None where there is none. With `needs_improvement`, the
    training loss must fall from each of them to the next by `LOSS_FALL`: where a network no longer improves, the mean
    over an epoch is no reason, and a small validation set may just be an easy one.
    """
    above = (val_accuracy > accuracy + ACCURACY_STEP) & (val_loss < loss)
    if needs_improvement:
        above[1:] &= loss[1:] < (1 - LOSS_FALL) * loss[:-1]
    longest, in_a_row = (0, -1), 0
    for index, holds in enumerate(above):
        in_a_row = in_a_row + 1 if holds else 0
        if in_a_row > longest[1] - longest[0] + 1:
            longest = index - in_a_row + 1, index
    return longest if longest[1] - longest[0] + 1 >= STRETCH else None


def loss_and_accuracy_rise(val_loss: NDArray[np.float64], val_accuracy: NDArray[np.float64]) -> int | None:
    """The index of the epoch from which on the validation loss has risen together with the validation accuracy.

    Before it the loss was at its lowest. Both are moving averages over `STRETCH` epochs, and both must rise by more
    than their noise. Each epoch is compared with what was before it alone; of many epochs only every tenth is.
    """
    for end in range(2 * STRETCH, len(val_loss) + 1):
        if end > _EACH and end % 10:
            continue
        losses, accuracies = _smoothed(val_loss[:end]), _smoothed(val_accuracy[:end])
        before = losses[:-STRETCH]
        if np.isnan(before).all():
            continue
        lowest = int(np.nanargmin(before))
        loss_rise = max(LOSS_RISE * losses[lowest], _NOISE * _noise(val_loss[:end]))
        accuracy_rise = max(ACCURACY_STEP, _NOISE * _noise(val_accuracy[:end]))
        if losses[-1] > losses[lowest] + loss_rise and accuracies[-1] > accuracies[lowest] + accuracy_rise:
            return lowest + STRETCH // 2
    return None


def _smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The moving averages over `STRETCH` values."""
    averages: NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(values, STRETCH).mean(axis=-1)
    return averages


def _noise(values: NDArray[np.float64]) -> float:
    """The standard deviation of a moving average, estimated from second differences, which a smooth trend hardly has.

    The median makes it robust; 0.6745 is the median of the absolute value of a standard normal variable, and a second
    difference of independent values has 6 times their variance.
    """
    second = np.abs(np.diff(values, n=2))
    second = second[~np.isnan(second)]
    return float(np.median(second) / 0.6745 / np.sqrt(6 * STRETCH)) if len(second) else 0.0
