"""The answers of the panel as they are drawn: pictures, bars and words for the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from mlpcore.errors import MLPLabError, PictureError
from mlpcore.ui.components import component
from mlpcore.ui.predict import words
from mlpcore.ui.predict.answering import Answers, Ready, answers, ready
from mlpcore.ui.predict.differences import lie
from mlpcore.ui.predict.opinions import Opinion, majority
from mlpcore.ui.predict.received import empty_picture, pictures
from mlpcore.ui.predict.shown import Inputs, Shown
from mlpcore.ui.predict.teams import Panel
from mlpcore.ui.shell.language import _, rendered
from mlpcore.ui.shell.page_shell import show_error

_NAIVE = "predict_naive"

_answers = component("predictions")


def naive_switch() -> bool:
    """The switch that shows the picture as a naive demo would feed it, beside the one fed here; whether it is on."""
    remembered = f"{_NAIVE}.on"
    st.session_state[_NAIVE] = bool(st.session_state.get(_NAIVE, st.session_state.get(remembered)))
    on = st.toggle(
        _("Compare with a naive demo"),
        key=_NAIVE,
        help=_(
            "Many demos only make the whole picture small and feed it to the network. Here you see what the network"
            " makes of that."
        ),
    )
    st.session_state[remembered] = on
    return on


def show_answers(panel: Panel, shown: Shown | None, waiting: str = "", *, naive: bool = False) -> None:
    """Draw what the networks answer to what they are shown; bars without length, and `waiting`, while that is nothing.

    SnapshotError where a single run is asked and cannot answer; of several, each tells its own.
    """
    teams = [_ready(panel, place) for place in range(len(panel.teams))]
    if shown is not None:
        try:
            shown.inputs(panel.info)
        except PictureError as problem:
            show_error(problem)
            shown, waiting = None, ""
    told = [_told(team, _ways(shown, naive)) for team in teams]
    _answers(key="predict_answer", data=answers_data(panel, told, shown, waiting))


def _ready(panel: Panel, place: int) -> Ready | MLPLabError:
    try:
        return ready(panel.teams[place], all_frames=place == 0)
    except MLPLabError as problem:
        if not panel.others:
            raise
        return problem


def _ways(shown: Shown | None, naive: bool) -> list[Inputs]:
    """The naive way, where it is wanted and there is one, and behind it the way of this page."""
    if shown is None:
        return []
    return [shown.naive, shown.inputs] if naive and shown.naive else [shown.inputs]


def _told(team: Ready | MLPLabError, ways: Sequence[Inputs]) -> Answers | MLPLabError:
    if isinstance(team, MLPLabError):
        return team
    try:
        return answers(team, [way(team.team.info) for way in ways])
    except MLPLabError as problem:
        return problem


def answers_data(
    panel: Panel, told: Sequence[Answers | MLPLabError], shown: Shown | None, waiting: str
) -> dict[str, Any]:
    """What the browser draws of the answers (or why there are none) of each run of the panel."""
    first = told[0]
    sound = {place: one for place, one in enumerate(told) if isinstance(one, Answers)}
    ways = max((len(one.opinions) for one in sound.values()), default=0)
    names = [_(name) for name in panel.info.class_names]
    truth = None if shown is None else shown.truth
    data: dict[str, Any] = {
        "id": f"{panel.first.run.id}.{panel.first.alone}",
        "words": _words(),
        "headline": waiting if shown is None else "",
        "classes": names,
        "truth": truth,
        "teams": [_team(panel, place, one) for place, one in enumerate(told)],
        "columns": [_column(panel, sound, way, names, truth) for way in range(ways)],
    }
    if not ways and panel.info.kind == "image":
        data["columns"] = [{"pictures": [empty_picture(panel.info)]}]
    if ways == 2:
        titles = [_("Only made small, as in a naive demo"), _("Prepared like the training images")]
        data["columns"] = [{"title": title, **column} for title, column in zip(titles, data["columns"], strict=True)]
    if isinstance(first, Answers):
        data["start"] = first.start
        data["which"] = words.which_epochs(first.team, len(first.frames), bool(panel.others))
        if len(first.frames) > 1:
            data["epochs"] = _epochs(panel, first)
        if ways == 2:
            naive, prepared = (lie(picture) for picture in first.received)
            data["difference"] = words.difference(naive, prepared, max(panel.info.input_shape))
    return data


def _words() -> dict[str, str]:
    return {
        "bars": _("Probability of each class"),
        "networks": _("What each network answers"),
        "truth": _("label"),
        "right": _("right"),
        "wrong": _("wrong"),
    }


def _team(panel: Panel, place: int, told: Answers | MLPLabError) -> dict[str, Any]:
    """How a run is called beside its bars, and why it has none or only some."""
    team = panel.teams[place]
    called = {"number": f"#{team.run.id}", "name": team.run.name, "facts": words.facts(team, panel.info.name)}
    if isinstance(told, MLPLabError):
        return {**called, "problem": rendered(told)}
    return {**called, "note": rendered(told.problems[0])} if told.problems else called


def _column(
    panel: Panel, sound: dict[int, Answers], way: int, names: Sequence[str], truth: int | None
) -> dict[str, Any]:
    """One way of showing: what the networks receive and answer, behind each epoch of the first run."""
    column: dict[str, Any] = {
        "pictures": pictures(panel, {place: one.received[way] for place, one in sound.items()}),
        "answers": [
            [_answer(opinion, names, truth) for opinion in sound[place].opinions[way]] if place in sound else None
            for place in range(len(panel.teams))
        ],
    }
    if not panel.others:
        of_frames = sound[0].opinions[way]
        column["headlines"] = [words.headline(opinion, names) for opinion in of_frames]
        if truth is not None:
            column["verdicts"] = [words.verdict(opinion.top, truth, names) for opinion in of_frames]
        return column
    count = len(sound[0].frames) if 0 in sound else 1
    tops = [
        [one.opinions[way][frame if place == 0 else 0].top for place, one in sound.items()] for frame in range(count)
    ]
    column["headlines"] = [words.agreement(of_frame, names) for of_frame in tops]
    column["agreed"] = [majority(of_frame) for of_frame in tops]
    return column


def _answer(told: Opinion, names: Sequence[str], truth: int | None) -> dict[str, Any]:
    """The bars of one opinion."""
    answer: dict[str, Any] = {
        "shares": [round(share, 4) for share in told.shares],
        "percents": list(map(words.share, told.shares, told.spreads or [None] * len(told.shares))),
        "top": told.top,
    }
    if told.spreads is not None:
        answer["spreads"] = [round(spread, 4) for spread in told.spreads]
        answer["votes"] = words.votes(told, names)
    if truth is not None:
        answer["right"] = told.top == truth
    return answer


def _epochs(panel: Panel, first: Answers) -> dict[str, Any]:
    """The slider over the epochs of the first run."""
    team = first.team
    whose = f"#{team.run.id} · " if panel.others else ""
    return {
        "label": _("Epoch"),
        "play": _("Play the training"),
        "stop": _("Stop"),
        "places": [
            {"short": "…" if frame.epoch is None else str(frame.epoch), "text": whose + words.epoch_label(team, frame)}
            for frame in first.frames
        ],
    }
