"""How many networks the training makes: repeats with other seeds, and the folds of a cross-validation."""

from __future__ import annotations

import streamlit as st

from mlpcore.spec import RunSpec
from mlpcore.ui.shell.language import _
from mlpcore.ui.train.form import fields, values
from mlpcore.ui.train.form.fields import Problems


def show(problems: Problems) -> None:
    """Repeats and folds, and what one needs them for."""
    st.caption(
        _(
            "One training proves little: another seed gives another result. Train several networks, and you see mean"
            " and spread: a difference smaller than the spread may be luck."
        )
    )
    left, right = st.columns(2, gap="small")
    with left:
        fields.integer(
            "repeats",
            _(
                "Train the same network so many times, each time with the next seed: other initial weights, another"
                " split, another order of the examples. 1: only once."
            ),
            {},
        )
    with right:
        fields.choice(
            "folds",
            values.FOLDS,
            _folds,
            _(
                "Cross-validation: the examples are cut into so many equal parts, the folds. For each fold one network"
                " is trained on all the others and validated on this one, so that every example validates once."
            ),
            {},
        )
    fields.show_problems(problems, "repeats", "folds")


def _folds(count: int) -> str:
    return str(count) if count else _("off")


def count_text(spec: RunSpec) -> str | None:
    """How many networks a spec trains and what that means for the time, as Markdown; None for a single one."""
    count = spec.members
    if count == 1:
        return None
    if spec.folds and spec.repeats > 1:
        text = _("**{count} networks** will be trained: {repeats} repeats of {folds} folds.").format(
            count=count, repeats=spec.repeats, folds=spec.folds
        )
    else:
        text = _("**{count} networks** will be trained.").format(count=count)
    more = _("That can take up to {count} times as long as one.").format(count=count)
    return f"{text} {more}"
