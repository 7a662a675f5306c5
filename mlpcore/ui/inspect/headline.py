"""What the network answers to the example that is looked at, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from mlpcore import formatting
from mlpcore.ui.shell.language import _, escaped


def headline(probabilities: Sequence[float], names: Sequence[str], truth: int | None) -> str:
    """Markdown for the answer, and whether it is right where the truth is known; `names` are the user's words."""
    answer = max(range(len(names)), key=lambda label: probabilities[label])
    told = _("The network says {name} ({percent}).").format(
        name=escaped(names[answer]), percent=formatting.probability(probabilities[answer])
    )
    if truth is None:
        return f"**{told}**"
    text = _("Right: the label is {name}.") if truth == answer else _("Wrong: the label is {name}.")
    return f"{'✓' if truth == answer else '✗'} **{told}** {text.format(name=escaped(names[truth]))}"
