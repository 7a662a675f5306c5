"""How the learning rate changes while the network trains: the schedule and its own parameters."""

from __future__ import annotations

import streamlit as st

from mlpcore.spec import choices
from mlpcore.ui.shell.language import _
from mlpcore.ui.train.form import fields, values
from mlpcore.ui.train.form.fields import Problems


def show(problems: Problems) -> None:
    """The schedule, what it does, and its parameters."""
    fields.choice(
        "schedule",
        choices.SCHEDULES,
        lambda name: _(choices.SCHEDULES[name].label),
        _(
            "Whether the learning rate stays as it is or falls while the network trains: large steps at first to get"
            " on, small ones later to settle."
        ),
        {},
    )
    fields.show_problems(problems, "schedule.name")
    name = values.value("schedule")
    st.caption(_(choices.SCHEDULES[name].description))
    columns = st.columns(2, gap="small")
    for column, (parameter, setting) in zip(columns, choices.SCHEDULES[name].parameters.items(), strict=False):
        key, help_text = values.schedule_key(name, parameter), _HELP[parameter]()
        with column:
            if setting.whole:
                fields.integer(parameter, help_text, {}, key=key)
            else:
                fields.number(parameter, help_text, {}, 0.05, key=key)
    fields.show_problems(problems, *(f"schedule.{parameter}" for parameter in choices.SCHEDULES[name].parameters))


_HELP = {
    "decay": lambda: _("What the learning rate is multiplied by after each epoch: with 0.9 it halves in about 7."),
    "floor": lambda: _("The share of the learning rate to which it falls in the end: 0 means down to nothing."),
    "factor": lambda: _("What the learning rate is multiplied by each time: 0.5 halves it."),
    "patience": lambda: _("So many epochs without a better validation loss make the learning rate smaller."),
}
