"""What one step of gradient descent on this one example would change."""

from __future__ import annotations

import math
import re
from html import escape

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis import step
from mlpcore.analysis.rounding import compared
from mlpcore.analysis.step import Step
from mlpcore.figures.calculation_table import number_table
from mlpcore.figures.probability_bars import before_after_bars
from mlpcore.spec import choices
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.arithmetic import changes
from mlpcore.ui.inspect.arithmetic.sheet import Sheet
from mlpcore.ui.shell.language import _, escaped

_KEY = "inspect_rate"
_GOOD = 0.01  # a loss below this belongs to a right and sure answer


def show(sheet: Sheet, label: int) -> None:
    """The learning rate, the loss and the probabilities before and after, and the weights that change most."""
    st.subheader(_("One step of training on this example"), anchor=False)
    spec = sheet.subject.run.spec
    st.markdown(
        _(
            "Backpropagation tells for every weight how the loss changes with it: the gradient. A step of gradient"
            " descent moves every weight a little against it, {formula}, where η is the learning rate. What if the"
            " network took one such step on this example alone, to answer **{name}**?"
        ).format(name=escaped(sheet.names[label]), formula="*w* ← *w* − *η* · ∂*L*/∂*w*")
    )
    taken = step.step(sheet.network, sheet.passed, label, spec.loss, _rate(spec.optimizer.learning_rate))
    _outcome(sheet, taken)
    changes.show(sheet, taken)
    st.caption(_left_out(sheet))


def _rate(usual: float) -> float:
    """The field for the learning rate."""
    asked = _number(address.get("rate"))
    st.session_state[_KEY] = usual if asked is None else asked
    rate = st.number_input(
        _("Learning rate η"),
        step=usual,
        format="%g",
        key=_KEY,
        on_change=lambda: _put(usual),
        help=_("At first the one that this run began with. Try larger ones to see how far a single step may go."),
        width=220,
    )
    return usual if rate is None else float(rate)


def _put(usual: float) -> None:
    rate = st.session_state[_KEY]
    if rate is None or rate not in choices.LEARNING_RATE:
        text = _("The learning rate must be above 0 and at most {most}: {usual} is used.")
        st.toast(
            text.format(most=formatting.setting(choices.LEARNING_RATE.high), usual=formatting.setting(usual)),
            icon=":material/error:",
        )
        rate = usual
    address.put(rate=None if rate == usual else f"{rate:g}")


def _number(text: str) -> float | None:
    """A learning rate from the address, None unless it is an allowed one."""
    if not re.fullmatch(r"[0-9]{0,6}\.?[0-9]{0,12}(e-?[0-9]{1,2})?", text):
        return None
    try:
        rate = float(text)
    except ValueError:
        return None
    return rate if math.isfinite(rate) and rate in choices.LEARNING_RATE else None


def _outcome(sheet: Sheet, taken: Step) -> None:
    left, right = st.columns(2, gap="large")
    label = taken.label
    with left:
        heads = ("", _("before"), _("after"), _("change"))
        p = _("Probability of {name}").format(name=sheet.names[label])
        rows = [_row(_("Loss"), taken.loss_before, taken.loss_after)]
        rows.append(_row(p, float(taken.before[label]), float(taken.after[label])))
        picture("inspect_step_numbers", number_table(heads, rows))
        st.markdown(_verdict(taken))
    with right:
        words = (_("before"), _("after"))
        picture(
            "inspect_step", before_after_bars(taken.before.tolist(), taken.after.tolist(), sheet.names, words, label)
        )


def _row(name: str, before: float, after: float) -> list[str]:
    """A number before and after with its change, which is that of the written ones."""
    first, second, change = compared(before, after)
    return [
        escape(name),
        formatting.exact(first),
        formatting.exact(second),
        f"{'+' if change > 0 else ''}{formatting.exact(change)}",
    ]


def _verdict(taken: Step) -> str:
    if not any(slopes.any() for slopes in taken.gradients.sums):
        if taken.loss_before < _GOOD:
            return _("Nothing changes: the gradient is 0, the answer could not be better.")
        return _(
            "Nothing changes, though the answer could be better: the softmax is so sure that it is flat here, and the"
            " gradient is 0."
        )
    if taken.loss_after > taken.loss_before:
        return _(
            "The loss **rises**: the step was too long. The gradient is the direction of the steepest descent only from"
            " where it starts; a smaller learning rate helps."
        )
    if taken.loss_after == taken.loss_before:
        return _("The loss does not change in the digits that the network computes with: the step is very small.")
    return _(
        "The loss falls: after this step the network's answer to this example is better. What the step does to all"
        " other examples is another matter: that is why the steps of a training are short."
    )


def _left_out(sheet: Sheet) -> str:
    spec = sheet.subject.run.spec
    parts = [
        _(
            "This is plain gradient descent on one example; a step of the training takes the mean gradient of a whole"
            " batch, here of {size} examples."
        ).format(size=spec.batch_size)
    ]
    name = choices.OPTIMIZERS[spec.optimizer.name].label if spec.optimizer.name in choices.OPTIMIZERS else ""
    if spec.optimizer.name != "sgd" or spec.optimizer.parameters.get("momentum"):
        parts.append(
            _("This run's optimizer, {name}, also remembers earlier steps and takes another step than this.").format(
                name=escaped(name or spec.optimizer.name)
            )
        )
    if spec.l1 or spec.l2:
        parts.append(_("The run's penalty on large weights (L1 or L2) is left out."))
    if any(layer.dropout for layer in spec.hidden):
        parts.append(_("Dropout, which switches neurons off at random in training, is off here."))
    return " ".join(parts)
