"""The view of neurons and weights: which neurons work, how weights spread, and what the training last changed."""

from __future__ import annotations

import streamlit as st

from mlpcore.ui.inspect import units_at_work, units_changes, units_distributions
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _


def show(subject: Subject) -> None:
    """The three of them, one below the other."""
    st.subheader(_("Which neurons work"), anchor=False)
    units_at_work.show(subject)
    st.subheader(_("Weights and activations over the epochs"), anchor=False)
    units_distributions.show(subject)
    st.subheader(_("What the training changed"), anchor=False)
    units_changes.show(subject)
