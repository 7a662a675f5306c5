"""Which runs answer: the best one for digits, or the one that the address or the user names, and others beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mlpcore import datasets, formatting
from mlpcore.serving.ensembles import MOST_COMPARED, Comparison, Ensemble, ensemble_of
from mlpcore.spec.choices import ACTIVATIONS
from mlpcore.store import leaderboard, members, runs
from mlpcore.store.connection import Database, opened
from mlpcore.store.leaderboard import Query
from mlpcore.store.runs import Run
from mlpcore.ui.predict import address
from mlpcore.ui.predict.page_layout import input_and_prediction_columns
from mlpcore.ui.shell import run_picker
from mlpcore.ui.shell.language import _, escaped, ngettext

_KEY, _MEMBER, _WITH, _SEARCH = "predict_run", "predict_member", "predict_with", "predict_search"
_ALL = -1


def choose_runs() -> Comparison | None:
    """Offer the trained networks; the chosen ones, or None where there are none, which the page says itself."""
    address.restore()
    with opened() as db:
        asked, problem = run_picker.asked_for(db, address.run())
        notice = st.container()
        with st.container(key="predict_runs"):
            left, right = input_and_prediction_columns("bottom")
        with left:
            text = run_picker.search(db, _SEARCH)
        found = [*run_picker.offered(db, text), *_in_training(db, text)]
        offered = {run.id: run for run in [*found, *([asked] if asked else [])] if run.problem is None}
        if not offered:
            run_picker.say_that_there_is_none(text)
            return None
        if problem:
            notice.warning(problem, icon=":material/info:")
        with left:
            run = _run(offered, asked)
            first = ensemble_of(db, run, _member(run))
        if first is None:
            st.error(_("This run has no saved network: choose another one."), icon=":material/error:")
            return None
        with right:
            beside = _beside(db, run, offered, notice)
        others = [one for other in beside if (one := ensemble_of(db, other)) is not None]
        with st.container(key="predict_facts"):
            st.caption(_facts(db, first))
    return Comparison(first, tuple(others))


def comparable(run: Run, other: Run) -> bool:
    """Whether two runs can be shown the same things: both read digits, or both the same dataset."""
    if run.problem is not None or other.problem is not None:
        return False
    infos = [datasets.REGISTRY.get(name) for name in (run.dataset, other.dataset)]
    return run.dataset == other.dataset or all(info is not None and info.draws_digits for info in infos)


def _in_training(db: Database, text: str) -> list[Run]:
    """Runs under way of which a network is saved already, the newest first."""
    found = leaderboard.page(db, Query(statuses=("running",), text=text, order="id", limit=run_picker.EACH))
    return [run for run in found if run.dataset in datasets.REGISTRY and ensemble_of(db, run) is not None]


def _run(offered: Mapping[int, Run], asked: Run | None) -> Run:
    """The selection box; what is picked goes into the address, so that it can be shared and survives a reload."""
    return run_picker.choose(offered, asked, _KEY, lambda: _put_run(offered))


def _put_run(offered: Mapping[int, Run]) -> None:
    """Another first run; of those beside it, the ones stay that can be compared with it, too."""
    run = offered[st.session_state[_KEY]]
    address.put_run(run.id)
    ids, _odd = address.beside()
    address.put_beside(other for other in ids if other not in offered or comparable(run, offered[other]))


def _member(run: Run) -> int | None:
    """The index of the network that answers alone, of a run of several; None for all together."""
    if run.members == 1:
        return None
    chosen = address.member(run.members)
    st.session_state[_MEMBER] = _ALL if chosen is None else chosen
    everyone = _("All {count} networks together").format(count=run.members)
    st.selectbox(
        _("Networks"),
        [_ALL, *range(run.members)],
        format_func=lambda index: everyone if index == _ALL else run_picker.member_name(index, run.spec),
        key=_MEMBER,
        on_change=_put_member,
        label_visibility="collapsed",
        help=_("The mean and the spread of all networks, or one of them by itself."),
    )
    return chosen


def _put_member() -> None:
    index = st.session_state[_MEMBER]
    address.put_member(None if index == _ALL else index)


def _beside(
    db: Database, first: Run, offered: Mapping[int, Run], notice: st.delta_generator.DeltaGenerator
) -> list[Run]:
    """The runs beside the first one, picked among those that can be shown the same things."""
    ids, odd = address.beside()
    asked = {run.id: run for run in runs.get_many(db, ids) if run.id != first.id and comparable(first, run)}
    sound = [run_id for run_id in asked if ensemble_of(db, asked[run_id]) is not None][: MOST_COMPARED - 1]
    left_out = [f"#{run_id}" for run_id in ids if run_id not in sound and run_id != first.id] + odd
    if left_out:
        notice.warning(_left_out(left_out), icon=":material/info:")
    options = {run.id: run for run in offered.values() if run.id != first.id and comparable(first, run)}
    options |= {run_id: asked[run_id] for run_id in sound}
    if not options:
        return []
    st.session_state[_WITH] = sound
    labels = {run.id: run_picker.label(run) for run in options.values()}
    picked = st.multiselect(
        _("Compare with"),
        list(options),
        format_func=labels.__getitem__,
        key=_WITH,
        max_selections=MOST_COMPARED - 1,
        placeholder=_("Other runs that answer, too"),
        on_change=lambda: address.put_beside(st.session_state[_WITH]),
    )
    return [options[run_id] for run_id in picked]


def _left_out(what: Sequence[str]) -> str:
    named = _(", ").join(escaped(text[:20]) for text in what[:MOST_COMPARED])
    text = _(
        "Left out of the comparison: {runs}. Up to {most} runs answer side by side, if they have a trained network and"
        " read the same kind of thing as the first one."
    )
    return text.format(runs=named, most=MOST_COMPARED)


def _facts(db: Database, first: Ensemble) -> str:
    """The line below the selection boxes, in Markdown."""
    run = first.run
    which, accuracy = _accuracy(db, first)
    parts = [] if accuracy is None else [f"{which} **{escaped(accuracy)}**"]
    layers = [str(first.info.inputs)]
    layers += [f"{layer.units} {_(ACTIVATIONS[layer.activation].label)}" for layer in run.spec.hidden]
    parts += [escaped(" → ".join([*layers, f"{first.info.classes} softmax"]))]
    epoch = first.networks[0].epoch
    parts += [ngettext("{count} epoch", "{count} epochs", epoch).format(count=epoch)]
    if run.status != "finished":
        parts += [_("this run did not finish") if run.ended else _("this run is still training")]
    return " · ".join(parts)


def _accuracy(db: Database, first: Ensemble) -> tuple[str, str | None]:
    """How good the networks that answer are: on the validation set, or else on what they were trained on."""
    run = first.run
    which, accuracy = run_picker.accuracy(run)
    if first.alone is not None:
        kept = {row["member"]: row for row in members.kept_epochs(db, run.id)}
        row = kept.get(first.alone, {})
        accuracy = row.get("val_accuracy" if run.validated else "accuracy")
    elif accuracy is not None and run.members > 1:
        deviation = run.best_val_accuracy_sd if run.validated else run.best_accuracy_sd
        return which, formatting.percent(accuracy, deviation)
    return which, None if accuracy is None else formatting.percent(accuracy)
