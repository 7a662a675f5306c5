"""What happens to pictures: to each one before the network sees it, and at random while it trains."""

from __future__ import annotations

import streamlit as st

from mlpcore.spec import choices
from mlpcore.ui.shell.language import _
from mlpcore.ui.train.form import augmentation, fields, values
from mlpcore.ui.train.form.fields import Problems


def show(problems: Problems) -> None:
    """Straightening, where there are digits, and augmentation; only for datasets with pictures."""
    if values.has_digits():
        _preparation(problems)
    augmentation.show(problems)


def _preparation(problems: Problems) -> None:
    fields.choice(
        "prepare",
        choices.PREPARE,
        lambda name: _(choices.PREPARE[name].label),
        _(
            "People slant their digits by different amounts. A network that never sees the slant has less to learn and"
            " reads other people's digits better."
        ),
        problems,
    )
    st.caption(_(choices.PREPARE[values.value("prepare")].description))
