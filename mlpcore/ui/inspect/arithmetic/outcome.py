"""From the scores of all classes to probabilities, and from these to the loss, with all numbers."""

from __future__ import annotations

from html import escape

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis import softmax as sheets
from mlpcore.figures.calculation_table import CalculationLine, calculation_table, number_table, variable
from mlpcore.ui.components.pickable import picture
from mlpcore.ui.inspect.arithmetic.sheet import Sheet
from mlpcore.ui.shell.language import _, escaped

_E = variable("e")


def softmax(sheet: Sheet) -> None:
    """Each class's power of e and its share of their sum."""
    st.subheader(_("Softmax: from sums to probabilities"), anchor=False)
    scores = sheet.passed.preactivations[-1][0]
    found = sheets.softmax(scores)
    shift = f" − {formatting.factor(found.shift)}" if found.shift else ""
    z, p = variable("z"), variable("p")
    power = f"{_E}<sup>{z}{shift}</sup>"
    rows = [
        [escape(name), formatting.exact(one.score), formatting.exact(one.power), formatting.exact(one.probability)]
        for name, one in zip(sheet.names, found.classes, strict=True)
    ]
    rows.append([_("Sum"), "", formatting.exact(found.sum), ""])
    answer = int(scores.argmax())
    picture(
        "inspect_softmax",
        number_table(
            (_("Class"), z, power, " ".join((p, "=", power, "/", _("sum")))),
            rows,
            strong={answer},
            ruled={len(rows) - 1},
        ),
    )
    best = found.classes[answer]
    text = _(
        "How to read it: e ≈ 2.718 to the power of each z makes all numbers positive; divided by their sum they add up"
        " to 1. For {name}: {power} / {sum} = {probability}."
    )
    st.caption(
        text.format(
            name=escaped(sheet.names[answer]),
            power=formatting.exact(best.power),
            sum=formatting.exact(found.sum),
            probability=formatting.exact(best.probability),
        )
    )
    if found.shift:
        st.caption(
            _(
                "The largest z is subtracted from all of them first: that changes no probability, and no power becomes"
                " too large for a computer."
            )
        )


def loss(sheet: Sheet, label: int) -> None:
    """The loss that the run was trained with, if the example is of this class."""
    st.subheader(_("Loss: how wrong the answer is"), anchor=False)
    if sheet.subject.run.spec.loss == "mse":
        _squared_error(sheet, label)
    else:
        _cross_entropy(sheet, label)


def _cross_entropy(sheet: Sheet, label: int) -> None:
    found = sheets.cross_entropy(sheet.passed.preactivations[-1][0], label)
    number = formatting.exact(found.probability) if found.missing is None else f"1 − {formatting.exact(found.missing)}"
    lines = [
        CalculationLine(
            escape(_("Probability of the true class: {name}").format(name=sheet.names[label])),
            f"{variable('p')} =",
            number,
        ),
        CalculationLine(
            _("Cross-entropy"),
            f"{variable('L')} = −ln {variable('p')} = −ln({number}) =",
            formatting.exact(found.loss),
            strong=True,
        ),
    ]
    picture("inspect_loss", calculation_table(lines))
    st.caption(
        _(
            "The cross-entropy is minus the natural logarithm of the probability of the true class: 0 where the network"
            " is sure and right, 0.69 at 50 %, 2.3 at 10 %, and without limit the surer it is of something wrong."
        )
    )


def _squared_error(sheet: Sheet, label: int) -> None:
    found = sheets.squared_error(sheet.passed.preactivations[-1][0], label)
    p, y = variable("p"), variable("y")
    rows = [
        [escape(name), formatting.exact(share), str(int(index == label)), formatting.exact(square)]
        for index, (name, share, square) in enumerate(zip(sheet.names, found.probabilities, found.squares, strict=True))
    ]
    rows.append([" ".join((_("Mean squared error"), variable("L"))), "", "", formatting.exact(found.loss)])
    last = len(rows) - 1
    picture(
        "inspect_loss",
        number_table(
            (_("Class"), p, _("{variable} (wanted)").format(variable=y), f"({p} − {y})²"),
            rows,
            strong={label, last},
            ruled={last},
        ),
    )
    st.caption(
        _(
            "This run was trained with the mean squared error: the mean of the squared differences between each"
            " probability and what is wanted, 1 for the true class and 0 for all others."
        )
    )
