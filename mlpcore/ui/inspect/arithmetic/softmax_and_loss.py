"""From the scores of all classes to probabilities, and from these to the loss, with all numbers."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup, escape

from mlpcore import formatting
from mlpcore.analysis import calculations
from mlpcore.figures.calculation_table import CalculationLine, calculation_table, number_table, variable
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.example_context import ExampleContext
from mlpcore.ui.shell.language import _, escaped

_E = variable("e")


def show_softmax(context: ExampleContext) -> None:
    """Each class's power of e and its share of their sum."""
    st.subheader(_("Softmax: from sums to probabilities"), anchor=False)
    scores = context.forward.preactivations[-1][0]
    numbers = calculations.calculate_softmax(scores)
    shift = f" − {formatting.factor(numbers.shift)}" if numbers.shift else ""
    z, p = variable("z"), variable("p")
    power = Markup("{}<sup>{}{}</sup>").format(_E, z, shift)
    rows = [
        [name, formatting.exact(item.score), formatting.exact(item.power), formatting.exact(item.probability)]
        for name, item in zip(context.class_names, numbers.classes, strict=True)
    ]
    rows.append([_("Sum"), "", formatting.exact(numbers.sum), ""])
    predicted = int(scores.argmax())
    picture(
        "inspect_softmax",
        number_table(
            (_("Class"), z, power, Markup("{} = {} / {}").format(p, power, _("sum"))),
            rows,
            strong={predicted},
            ruled={len(rows) - 1},
        ),
    )
    largest = numbers.classes[predicted]
    text = _(
        "How to read it: e ≈ 2.718 to the power of z is positive for every class; divided by their sum, the powers add"
        " up to 1. For {name}: {power} / {sum} = {probability}."
    )
    st.caption(
        text.format(
            name=escaped(context.class_names[predicted]),
            power=formatting.exact(largest.power),
            sum=formatting.exact(numbers.sum),
            probability=formatting.exact(largest.probability),
        )
    )
    if numbers.shift:
        st.caption(
            _(
                "The largest z is subtracted from all of them first: that changes no probability, and no power becomes"
                " too large for a computer."
            )
        )


def show_loss(context: ExampleContext, label: int) -> None:
    """The loss that the run was trained with, if the example is of this class."""
    st.subheader(_("Loss: how wrong the prediction is"), anchor=False)
    if context.inspected.run.spec.loss == "mse":
        _squared_error(context, label)
    else:
        _cross_entropy(context, label)


def _cross_entropy(context: ExampleContext, label: int) -> None:
    numbers = calculations.calculate_cross_entropy(context.forward.preactivations[-1][0], label)
    probability = (
        formatting.exact(numbers.probability) if numbers.missing is None else f"1 − {formatting.exact(numbers.missing)}"
    )
    lines = [
        CalculationLine(
            _("Probability of the true class: {name}").format(name=context.class_names[label]),
            Markup("{} =").format(variable("p")),
            probability,
        ),
        CalculationLine(
            _("Cross-entropy"),
            Markup("{} = −ln {} = −ln({}) =").format(variable("L"), variable("p"), probability),
            formatting.exact(numbers.loss),
            strong=True,
        ),
    ]
    picture("inspect_loss", calculation_table(lines))
    st.caption(
        _(
            "The cross-entropy is minus the natural logarithm of the probability of the true class: near 0 where the"
            " network is confident and right, 0.69 at 50 %, 2.3 at 10 %, and larger without limit the more confident it"
            " is of a wrong class."
        )
    )


def _squared_error(context: ExampleContext, label: int) -> None:
    numbers = calculations.calculate_squared_error(context.forward.preactivations[-1][0], label)
    p, y = variable("p"), variable("y")
    rows = [
        [name, formatting.exact(share), str(int(index == label)), formatting.exact(square)]
        for index, (name, share, square) in enumerate(
            zip(context.class_names, numbers.probabilities, numbers.squares, strict=True)
        )
    ]
    rows.append([Markup(" ").join((_("Mean squared error"), variable("L"))), "", "", formatting.exact(numbers.loss)])
    last = len(rows) - 1
    picture(
        "inspect_loss",
        number_table(
            (_("Class"), p, escape(_("{variable} (target)")).format(variable=y), Markup("({} − {})²").format(p, y)),
            rows,
            strong={label, last},
            ruled={last},
        ),
    )
    st.caption(
        _(
            "This run was trained with the mean squared error: the mean of the squared differences between each"
            " probability and its target, 1 for the true class and 0 for all others."
        )
    )
