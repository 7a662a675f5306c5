"""The comparison of the ticked runs: why they ended early, their curves, and where their settings differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.curve_remarks import remarks
from mlpcore.i18n.messages import isolated
from mlpcore.live.curve_rows import COLUMNS as METRICS
from mlpcore.live.curve_rows import DEVIATIONS
from mlpcore.spec import RunSpec
from mlpcore.spec.choices import OPTIMIZERS
from mlpcore.spec.fields import every_setting
from mlpcore.spec.setting_text import MISSING
from mlpcore.store.runs import Run
from mlpcore.ui.components.learning_curves import Curve, color_numbers, overlay_chart
from mlpcore.ui.leaderboard.columns import COLUMNS, accuracy, cells
from mlpcore.ui.shell.browser import on_phone
from mlpcore.ui.shell.language import _, escaped, rendered
from mlpcore.ui.shell.run_text import choice_text, label_text, settings_text

MAX_CURVES = 20
"""How many curves are drawn at most: more cannot be distinguished."""

_CURVES = "leaderboard_curves"
_RESULTS = ("val_accuracy", "test_accuracy")
_ICONS = {"failed": ":material/error:", "diverged": ":material/trending_up:", "stopped": ":material/stop_circle:"}


def draw_reasons(runs: Sequence[Run], names: Mapping[int, str]) -> None:
    """For each run that stopped, diverged or failed: its name, the reason, and the log where one was kept.

    For a run whose stored settings cannot be used: the sentence that says so.
    """
    for run in runs:
        if run.problem is not None and run.problem != run.failure:
            st.error(f"{_bold(names[run.id])} · {escaped(rendered(run.problem))}", icon=":material/error:")
        if run.status not in _ICONS or run.failure is None:
            continue
        text = f"{_bold(names[run.id])} · {escaped(rendered(run.failure))}"
        show = st.warning if run.status == "stopped" else st.error
        show(text, icon=_ICONS[run.status])
        if run.log:
            with st.expander(_("End of the log"), icon=":material/terminal:"):
                st.code(run.log, language=None, wrap_lines=True, height=240)


def _bold(name: str) -> str:
    return f"**{escaped(isolated(name))}**"


def draw_curves(
    runs: Sequence[Run], names: Mapping[int, str], epochs: Mapping[int, Sequence[Mapping[str, Any]]]
) -> None:
    """Overlay the runs' learning curves; `epochs` holds those of each run."""
    lines = [Curve(str(run.id), names[run.id], _curve_columns(run, epochs.get(run.id, ()))) for run in runs]
    overlay_chart(_CURVES, lines)


def draw_remarks(
    runs: Sequence[Run], names: Mapping[int, str], epochs: Mapping[int, Sequence[Mapping[str, Any]]]
) -> None:
    """Explain what surprises in the curves of runs that have ended, each with their names."""
    found: dict[str, list[str]] = {}
    for run in runs:
        rows = epochs.get(run.id, ())
        if run.ended and run.problem is None:
            for remark in remarks({name: [row[name] for row in rows] for name in METRICS}, run.spec):
                found.setdefault(rendered(remark), []).append(names[run.id])
    if not found:
        return
    with st.expander(_("What these curves show"), icon=":material/lightbulb:", expanded=len(runs) == 1):
        for sentence, named in found.items():
            st.markdown(f"{_(', ').join(_bold(name) for name in named)}: {sentence}")


def _curve_columns(run: Run, epochs: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The chart's columns, with deviations for the means of several networks."""
    names = (*METRICS, *DEVIATIONS) if run.members > 1 else METRICS
    return {name: [epoch[name] for epoch in epochs] for name in names}


def draw_differences(runs: Sequence[Run], names: Mapping[int, str], figures: str) -> None:
    """One row per run, with its results and only those settings that are not the same in all of them.

    `figures` says whether the results are those of the `kept` network, the `best` or the `last` epoch. On a phone,
    where two or three columns can be seen at once, the settings come first.
    """
    if len(runs) < 2:
        return
    fields = _differing_settings(runs)
    st.markdown("#### " + _("Where the settings differ"))
    if not fields:
        st.caption(_("All settings of these runs are the same."))
    titles = [names[run.id] for run in runs]
    data: dict[str, Any] = {"run": [[title] for title in titles]}
    width = 120 if on_phone() else 200
    config: dict[str, Any] = {
        "run": st.column_config.MultiselectColumn(_("Run"), options=titles, color=_curve_colors(runs), width=width)
    }
    for name in _RESULTS:
        data[name] = cells(name, runs, figures)
        config[name] = accuracy(_(COLUMNS[name].label))
    for field, values in fields.items():
        data[f"setting {field}"] = values
        config[f"setting {field}"] = st.column_config.TextColumn(label_text(field))
    settings = [f"setting {field}" for field in fields]
    st.dataframe(
        data,
        column_config=config,
        column_order=["run", *settings, *_RESULTS] if on_phone() else ["run", *_RESULTS, *settings],
        hide_index=True,
        height="content",
        placeholder=formatting.UNKNOWN,
        key="leaderboard_differences",
    )


def _differing_settings(runs: Sequence[Run]) -> dict[str, list[str]]:
    """The settings that differ, by their names; of a run whose settings cannot be used only the dataset is known."""
    fields = {}
    for name, values in differing([run.spec for run in runs if run.problem is None]).items():
        known = iter(values)
        fields[name] = [MISSING if run.problem is not None else next(known) for run in runs]
    datasets = [choice_text("dataset", run.dataset) for run in runs]
    return {"dataset": datasets, **fields} if len(set(datasets)) > 1 else fields


def _curve_colors(runs: Sequence[Run]) -> list[str]:
    """The colours that the runs have in the chart."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    palette = st.get_option(f"theme.{theme}.chartCategoricalColors")
    return [palette[number % len(palette)] for number in color_numbers(_CURVES, [str(run.id) for run in runs])]


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
