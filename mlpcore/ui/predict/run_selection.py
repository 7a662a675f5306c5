"""The choice of the runs that predict: the first one, at first the best, and those it is compared with.

The page's address keeps the choice, as in `?run=12&member=3&with=7,9`: `run` is the first run, `member` its network
that predicts alone, counted from 1, `with` the other runs. The address alone decides: widgets are set from it before
they are drawn, and their callbacks write into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mlpcore import datasets, formatting
from mlpcore.events import deviation, mean
from mlpcore.serving.ensembles import MAX_COMPARED, Comparison, Ensemble, ensemble_of
from mlpcore.serving.kept_networks import kept_metrics
from mlpcore.spec.choices import ACTIVATIONS
from mlpcore.store import leaderboard, runs
from mlpcore.store.connection import Database, opened
from mlpcore.store.leaderboard import Query
from mlpcore.store.runs import Run
from mlpcore.ui.predict.page_layout import input_and_prediction_columns
from mlpcore.ui.shell import run_picker, run_text
from mlpcore.ui.shell.browser import address_number, address_text, put_in_address, whole_number
from mlpcore.ui.shell.language import _, escaped
from mlpcore.ui.shell.page_shell import arrived

_PARAMETERS = ("run", "member", "with")
_LAST_VISIT = "predict.last"

_RUN, _MEMBER, _WITH, _SEARCH = "predict_run", "predict_member", "predict_with", "predict_search"
_ALL = -1


def choose_runs() -> Comparison | None:
    """Offer the trained networks; the chosen ones, or None where there are none, which the page says itself."""
    _restore_address()
    with opened() as db:
        requested, problem = run_picker.requested_run(db, st.query_params.get("run"))
        notice = st.container()
        with st.container(key="predict_runs"):
            left, right = input_and_prediction_columns("bottom")
        with left:
            text = run_picker.search_field(db, _SEARCH)
        listed = [*run_picker.offered_runs(db, text), *_in_training(db, text)]
        offered = {run.id: run for run in [*listed, *([requested] if requested else [])] if run.problem is None}
        if not offered:
            run_picker.explain_missing_runs(text)
            return None
        if problem:
            notice.warning(problem, icon=":material/info:")
        with left:
            run = run_picker.choose_run(offered, requested, _RUN, lambda: _put_run(offered))
            first = ensemble_of(db, run, _choose_member(run, notice))
        if first is None:
            st.error(_("This run has no saved network: choose another one."), icon=":material/error:")
            return None
        with right:
            others = _choose_others(db, run, offered, notice)
        with st.container(key="predict_facts"):
            st.caption(_facts(db, first))
    return Comparison(first, tuple(others))


def comparable(run: Run, other: Run) -> bool:
    """Whether two runs can be shown the same input: both read digits, or both were trained on the same dataset."""
    if run.problem is not None or other.problem is not None:
        return False
    infos = [datasets.REGISTRY.get(name) for name in (run.dataset, other.dataset)]
    return run.dataset == other.dataset or all(info is not None and info.draws_digits for info in infos)


def _restore_address() -> None:
    """Coming back from another page one finds the runs of the last visit; call it before the address is read."""
    if arrived() and not any(name in st.query_params for name in _PARAMETERS):
        put_in_address(**st.session_state.get(_LAST_VISIT, {}))
    st.session_state[_LAST_VISIT] = {name: text for name in _PARAMETERS if (text := address_text(name))}


def _in_training(db: Database, text: str) -> list[Run]:
    """Runs that still train and have a saved network already, the newest first."""
    running = leaderboard.page(
        db, Query(statuses=("running",), text=text, order="id", limit=run_picker.RUNS_PER_DATASET)
    )
    return [run for run in running if run.dataset in datasets.REGISTRY and ensemble_of(db, run) is not None]


def _put_run(offered: Mapping[int, Run]) -> None:
    """Put another first run into the address; other runs that cannot be compared with it leave."""
    run = offered[st.session_state[_RUN]]
    put_in_address(run=run.id, member=None)
    ids, _invalid = _others_in_address()
    _put_others(other for other in ids if other not in offered or comparable(run, offered[other]))


def _choose_member(run: Run, notice: DeltaGenerator) -> int | None:
    """The index of the network that predicts alone, of a run of several; None for all together."""
    requested = address_number("member", 1, run.members)
    if requested is None and "member" in st.query_params:
        text = _("The address names a network that run {run} does not have. Here is the whole run instead.")
        notice.warning(escaped(text.format(run=f"#{run.id}")), icon=":material/info:")
    if run.members == 1:
        return None
    chosen = None if requested is None else requested - 1
    st.session_state[_MEMBER] = _ALL if chosen is None else chosen
    together = _("All {count} networks together").format(count=run.members)
    st.selectbox(
        _("Networks"),
        [_ALL, *range(run.members)],
        format_func=lambda index: together if index == _ALL else run_text.member_name(index, run.spec),
        key=_MEMBER,
        on_change=_put_member,
        label_visibility="collapsed",
        help=_("Mean and standard deviation of all networks, or one network by itself."),
    )
    return chosen


def _put_member() -> None:
    index = st.session_state[_MEMBER]
    put_in_address(member=None if index == _ALL else index + 1)


def _others_in_address() -> tuple[list[int], list[str]]:
    """The ids of the other runs in the address, each once, and the parts that are no ids."""
    parts = [part.strip() for part in st.query_params.get("with", "").split(",")]
    numbers = {part: whole_number(part) for part in parts if part}
    ids = [number for number in numbers.values() if number is not None]
    return list(dict.fromkeys(ids)), [part for part, number in numbers.items() if number is None]


def _put_others(ids: Iterable[int]) -> None:
    put_in_address(**{"with": ",".join(map(str, ids)) or None})


def _choose_others(db: Database, first: Run, offered: Mapping[int, Run], notice: DeltaGenerator) -> list[Ensemble]:
    """The other runs, chosen among those that can be shown the same input as the first one."""
    ids, invalid = _others_in_address()
    requested = {run.id: run for run in runs.get_many(db, ids) if run.id != first.id and comparable(first, run)}
    valid = [run_id for run_id in requested if ensemble_of(db, requested[run_id]) is not None][: MAX_COMPARED - 1]
    left_out = [f"#{run_id}" for run_id in ids if run_id not in valid and run_id != first.id] + invalid
    if left_out:
        notice.warning(_left_out(left_out), icon=":material/info:")
    options = {run.id: run for run in offered.values() if run.id != first.id and comparable(first, run)}
    options |= {run_id: requested[run_id] for run_id in valid}
    if not options:
        return []
    st.session_state[_WITH] = valid
    labels = run_picker.run_labels(options.values())
    chosen = st.multiselect(
        _("Compare with"),
        list(options),
        format_func=labels.__getitem__,
        key=_WITH,
        max_selections=MAX_COMPARED - 1,
        placeholder=_("Other runs for the same input"),
        on_change=lambda: _put_others(st.session_state[_WITH]),
    )
    return [ensemble for run_id in chosen if (ensemble := ensemble_of(db, options[run_id])) is not None]


def _left_out(parts: Sequence[str]) -> str:
    named = _(", ").join(escaped(text[:20]) for text in parts[:MAX_COMPARED])
    text = _(
        "Left out of the comparison: {runs}. At most {most} runs can be compared; each needs a trained network that"
        " reads the same kind of input as the first one."
    )
    return text.format(runs=named, most=MAX_COMPARED)


def _facts(db: Database, first: Ensemble) -> str:
    """The line below the selection boxes, in Markdown."""
    run = first.run
    which, accuracy = _accuracy(db, first)
    parts = [] if accuracy is None else [f"{which} **{escaped(accuracy)}**"]
    layers = [str(first.info.inputs)]
    layers += [f"{layer.units} {_(ACTIVATIONS[layer.activation].label)}" for layer in run.spec.hidden]
    parts += [escaped(" → ".join([*layers, f"{first.info.classes} softmax"]))]
    parts += [_epochs(first)]
    if run.status != "finished":
        parts += [_("this run did not finish") if run.ended else _("this run is still training")]
    return " · ".join(parts)


def _epochs(first: Ensemble) -> str:
    """The epochs with which the networks predict."""
    epochs = [network.epoch for network in first.networks]
    if min(epochs) == max(epochs):
        return _("network after epoch {epoch}").format(epoch=epochs[0])
    return _("networks after epochs {first} to {last}").format(first=min(epochs), last=max(epochs))


def _accuracy(db: Database, first: Ensemble) -> tuple[str, str | None]:
    """How good the networks that predict are: on the validation set, or else on what they were trained on.

    It is the mean of their accuracies after the epochs with which they predict.
    """
    which, column = (
        (_("Validation accuracy"), "val_accuracy") if first.run.validated else (_("Training accuracy"), "accuracy")
    )
    accuracies = [row[column] for row in kept_metrics(db, first.run, first.networks)]
    average = mean(accuracies)
    return which, None if average is None else formatting.percent(average, deviation(accuracies))
