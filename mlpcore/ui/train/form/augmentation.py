"""Training pictures changed at random: the switch, and how far each change may go."""

from __future__ import annotations

from itertools import cycle

import streamlit as st

from mlpcore.spec import choices
from mlpcore.ui.shell.language import _
from mlpcore.ui.train.form import fields, values
from mlpcore.ui.train.form.fields import Problems


def show(problems: Problems) -> None:
    """The switch and, while it is on, a strength for each kind of change; only for datasets with pictures."""
    st.toggle(
        _("Change the training pictures at random"),
        key=values.key("augment"),
        help=_(
            "In each epoch every training picture is moved, turned, slanted, scaled and bent a little, anew each time."
            " The network cannot learn single pictures by heart, which works against overfitting. Validation and test"
            " pictures stay as they are."
        ),
        persist_state="session",
    )
    if values.value("augment"):
        columns = cycle(st.columns(2, gap="small"))
        for column, name in zip(columns, choices.AUGMENT, strict=False):
            with column:
                fields.number(name, _HELP[name](), {}, _STEPS[name], key=values.strength_key(name))
    fields.show_problems(problems, "augment")


_STEPS = {"shift": 0.01, "rotation": 1.0, "shear": 0.05, "zoom": 0.05, "elastic": 0.02, "pen": 0.1}

_HELP = {
    "shift": lambda: _("Moved by up to this share of the picture's side, in each direction. 0: not at all."),
    "rotation": lambda: _("Turned by up to so many degrees. Beware: a 6 upside down is a 9. 0: not at all."),
    "shear": lambda: _("Slanted like italics, by up to this much: 1 is a slant of 45 degrees. 0: not at all."),
    "zoom": lambda: _("Made smaller or larger by up to this share. 0: not at all."),
    "elastic": lambda: _(
        "Bent like rubber: each place moves by up to this share of the picture's side, neighbours alike. 0: not at all."
    ),
    "pen": lambda: _("Lines made thicker or thinner by up to so many pixels at each edge. 0: not at all."),
}
