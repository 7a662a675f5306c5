"""The ticked runs: the buttons for them, why they ended early, their curves, and where their settings differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from mlpcore import actions, formatting
from mlpcore.datasets import REGISTRY
from mlpcore.serving.ensembles import MAX_COMPARED
from mlpcore.spec.choices import MAX_NAME, MAX_NOTE
from mlpcore.store.connection import Database
from mlpcore.store.runs import Run
from mlpcore.ui.components.learning_curves import Curve, color_numbers, overlay_chart
from mlpcore.ui.components.learning_curves.row_updates import COLUMNS as METRICS
from mlpcore.ui.components.learning_curves.row_updates import DEVIATIONS
from mlpcore.ui.leaderboard import run_table, trash
from mlpcore.ui.leaderboard.columns import COLUMNS, accuracy, cells
from mlpcore.ui.leaderboard.differences import differing
from mlpcore.ui.shell.language import _, escaped, ngettext, rendered
from mlpcore.ui.shell.page_shell import refusals
from mlpcore.ui.shell.settings_text import MISSING, choice_text, label_text
from mlpcore.ui.shell.visitor import visitor

MOST_CURVES = 20
"""How many curves are drawn at most: more cannot be distinguished."""

_POPOVER = "leaderboard_edit"
_CLOSE = "leaderboard.close_edit"
_CURVES = "leaderboard_curves"
_ICONS = {"failed": ":material/error:", "diverged": ":material/trending_up:", "stopped": ":material/stop_circle:"}


def draw_buttons(db: Database, runs: Sequence[Run]) -> None:
    """Draw the buttons for the ticked runs, which are at least one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = ngettext("**{count} run selected**", "**{count} runs selected**", len(runs)).format(count=len(runs))
        st.markdown(text, width="content")
        _star_button(db, runs)
        _edit_popover(db, runs)
        if st.button(_("Move to the trash"), icon=":material/delete:", key="leaderboard_trash"):
            trash.move_to_trash(db, runs)
        if len(runs) == 1:
            _links(runs[0])
        else:
            _link_to_compare(runs)
        st.button(_("Clear selection"), type="tertiary", icon=":material/close:", on_click=run_table.tick, args=((),))


def draw_reasons(runs: Sequence[Run]) -> None:
    """For each run that stopped, diverged or failed: the reason, and the log where one was kept.

    For a run whose stored settings cannot be used: the sentence that says so.
    """
    for run in runs:
        if run.problem is not None and run.problem != run.failure:
            st.error(f"**{escaped(run.title)}** · {escaped(rendered(run.problem))}", icon=":material/error:")
        if run.status not in _ICONS or run.failure is None:
            continue
        text = f"**{escaped(run.title)}** · {escaped(rendered(run.failure))}"
        show = st.warning if run.status == "stopped" else st.error
        show(text, icon=_ICONS[run.status])
        if run.log:
            with st.expander(_("End of the log"), icon=":material/terminal:"):
                st.code(run.log, language=None, wrap_lines=True, height=240)


def run_titles(runs: Sequence[Run]) -> list[str]:
    """The runs' titles, with the number where two have the same."""
    titles = [run.title for run in runs]
    return [
        title if titles.count(title) == 1 else f"{title} #{run.id}" for title, run in zip(titles, runs, strict=True)
    ]


def draw_curves(runs: Sequence[Run], epochs: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Overlay the runs' learning curves; `epochs` holds those of each run."""
    lines = [
        Curve(str(run.id), title, _curve_columns(run, epochs.get(run.id, ())))
        for run, title in zip(runs, run_titles(runs), strict=True)
    ]
    overlay_chart(_CURVES, lines)


def _curve_columns(run: Run, epochs: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The chart's columns, with deviations for the means of several networks."""
    names = (*METRICS, *DEVIATIONS) if run.members > 1 else METRICS
    return {name: [epoch[name] for epoch in epochs] for name in names}


def draw_differences(runs: Sequence[Run], figures: str) -> None:
    """One row per run, with its results and only those settings that are not the same in all of them.

    `figures` says whether the results are those of the `best` or of the `last` epoch.
    """
    if len(runs) < 2:
        return
    fields = _differing_settings(runs)
    st.markdown("#### " + _("Where the settings differ"))
    if not fields:
        st.caption(_("All settings of these runs are the same."))
    titles = run_titles(runs)
    data: dict[str, Any] = {"run": [[title] for title in titles]}
    config: dict[str, Any] = {
        "run": st.column_config.MultiselectColumn(_("Run"), options=titles, color=_curve_colors(runs), width=200)
    }
    for name in ("val_accuracy", "test_accuracy"):
        data[name] = cells(name, runs, figures)
        config[name] = accuracy(_(COLUMNS[name].label))
    for field, values in fields.items():
        data[f"setting {field}"] = values
        config[f"setting {field}"] = st.column_config.TextColumn(label_text(field))
    st.dataframe(
        data,
        column_config=config,
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


def _links(run: Run) -> None:
    parameters = {"run": str(run.id)}
    st.page_link(
        "dashboard.py", label=_("Open on the Train page"), icon=":material/model_training:", query_params=parameters
    )
    if run.status == "finished" and run.problem is None:
        st.page_link(
            "pages/predict.py", label=_("Try a digit with it"), icon=":material/draw:", query_params=parameters
        )
        st.page_link(
            "pages/inspect.py", label=_("Look inside"), icon=":material/network_node:", query_params=parameters
        )


def _link_to_compare(runs: Sequence[Run]) -> None:
    """A link to compare predictions for one drawing, if enough runs, and not too many, were trained on digits."""
    readers = {name for name, info in REGISTRY.items() if info.draws_digits}
    ids = [str(run.id) for run in runs if run.status == "finished" and run.dataset in readers and run.problem is None]
    if 2 <= len(ids) <= MAX_COMPARED:
        st.page_link(
            "pages/predict.py",
            label=_("Try a digit with them"),
            icon=":material/draw:",
            query_params={"run": ids[0], "with": ",".join(ids[1:])},
        )


def _star_button(db: Database, runs: Sequence[Run]) -> None:
    starred = all(run.starred for run in runs)
    label = _("Remove star") if starred else _("Star")
    if st.button(label, icon=":material/star:", key="leaderboard_star"):
        with refusals():
            actions.star(db, visitor(), [run.id for run in runs], not starred)
        st.rerun()


def _edit_popover(db: Database, runs: Sequence[Run]) -> None:
    if st.session_state.pop(_CLOSE, False):
        st.session_state[_POPOVER] = False
    label = _("Edit name and note") if len(runs) == 1 else _("Note")
    with st.popover(label, icon=":material/edit:", key=_POPOVER, on_change="rerun"):
        which = "-".join(str(run.id) for run in runs)
        with st.form(f"leaderboard_form_{which}", border=False):
            name = None
            if len(runs) == 1:
                name = st.text_input(
                    _("Name"),
                    runs[0].name,
                    max_chars=MAX_NAME,
                    placeholder=runs[0].description,
                    key=f"leaderboard_name_{which}",
                )
            same = len({run.note for run in runs}) == 1
            note = st.text_area(
                _("Note"), runs[0].note if same else "", max_chars=MAX_NOTE, key=f"leaderboard_note_{which}"
            )
            if len(runs) > 1:
                st.caption(
                    ngettext(
                        "It replaces the note of {count} run.", "It replaces the notes of {count} runs.", len(runs)
                    ).format(count=len(runs))
                )
            if st.form_submit_button(_("Save"), type="primary"):
                _save(db, runs, name, note)


def _save(db: Database, runs: Sequence[Run], name: str | None, note: str) -> None:
    with refusals():
        actions.annotate(db, visitor(), [run.id for run in runs], note)
        if name is not None:
            actions.rename(db, visitor(), runs[0].id, name)
        st.session_state[_CLOSE] = True
        st.toast(_("Saved."), icon=":material/check:")
    st.rerun()
