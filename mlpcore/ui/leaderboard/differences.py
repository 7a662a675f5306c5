"""Where the settings of several runs differ."""

from __future__ import annotations

from collections.abc import Sequence

from mlpcore.spec import RunSpec
from mlpcore.spec.choices import OPTIMIZERS
from mlpcore.spec.fields import every_setting
from mlpcore.ui.shell.settings_text import MISSING, settings_text


def differing(specs: Sequence[RunSpec]) -> dict[str, list[str]]:
    """The settings that are not the same in all runs: the name, and its value in each run as it is shown.

    Names and notes do not count. A setting of an optimizer is shown where it is not the default in all runs.
    """
    texts = [settings_text(spec) for spec in specs]
    table = {name: [values.get(name, MISSING) for values in texts] for name in every_setting()}
    return {name: cells for name, cells in table.items() if len(set(cells)) > 1 and not _all_default(name, specs)}


def _all_default(name: str, specs: Sequence[RunSpec]) -> bool:
    """Whether the setting belongs to optimizers, and every run leaves it as it is or does not have it."""
    having = [spec.optimizer for spec in specs if name in spec.optimizer.parameters]
    return bool(having) and all(
        name in OPTIMIZERS[optimizer.name].parameters
        and optimizer.parameters[name] == OPTIMIZERS[optimizer.name].parameters[name].default
        for optimizer in having
        if optimizer.name in OPTIMIZERS
    )
