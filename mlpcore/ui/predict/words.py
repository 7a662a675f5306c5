"""What the networks answer, in the user's words."""

from __future__ import annotations

from collections.abc import Sequence

from mlpcore import formatting
from mlpcore.spec.choices import ENDED
from mlpcore.ui.predict.differences import Lie
from mlpcore.ui.predict.opinions import Opinion, parties
from mlpcore.ui.predict.teams import Frame, Team
from mlpcore.ui.shell import run_picker
from mlpcore.ui.shell.language import _, ngettext

CERTAIN = 0.5
"""From this probability on the network is said to have decided: no other class can then be as probable."""


def headline(told: Opinion, names: Sequence[str]) -> str:
    """What the networks of one run say: the top class, or two where they are not sure."""
    one, certain = told.count == 1, told.shares[told.top] >= CERTAIN
    if one and certain:
        text = _("The network says {name} ({percent}).")
    elif one:
        text = _("The network is not sure: perhaps {name} ({percent}), perhaps {other} ({other_percent}).")
    elif certain:
        text = _("On average the {count} networks say {name} ({percent}).")
    else:
        text = _(
            "On average the {count} networks are not sure: perhaps {name} ({percent}), perhaps {other}"
            " ({other_percent})."
        )
    return text.format(
        count=told.count,
        name=names[told.top],
        percent=formatting.probability(told.shares[told.top]),
        other=names[told.second],
        other_percent=formatting.probability(told.shares[told.second]),
    )


def agreement(tops: Sequence[int], names: Sequence[str]) -> str:
    """Whether the runs agree, from the top class of each."""
    found, count = parties(tops), len(tops)
    if len(found) == 1:
        text = ngettext("The network that answers says {name}.", "All {count} agree: {name}.", count)
        return text.format(count=count, name=names[found[0][0]])
    part = _("{name} ({votes} of {count})")
    told = [part.format(name=names[top], votes=votes, count=count) for top, votes in found]
    return _("They disagree: {answers}.").format(answers=_(", ").join(told))


def votes(told: Opinion, names: Sequence[str]) -> str:
    """How many of the networks of a run put the top class first."""
    text = _("{votes} of {count} networks say {name}")
    return text.format(votes=told.votes, count=told.count, name=names[told.top])


def share(mean: float, spread: float | None) -> str:
    """A class's probability, with its standard deviation where that can be seen in one decimal."""
    return formatting.probability(mean, spread)


def verdict(top: int, truth: int, names: Sequence[str]) -> str:
    """Whether that is right."""
    text = _("Right: the label is {name}.") if top == truth else _("Wrong: the label is {name}.")
    return text.format(name=names[truth])


def difference(naive: Lie, prepared: Lie, side: int) -> str:
    """What preparing a digit changed, in a picture of `side` pixels."""
    if naive.size == 0:
        return _(
            "Only made small, hardly anything is left of the digit; prepared, it is {size} pixels large and in the"
            " middle, as in the pictures that the network learned from."
        ).format(size=prepared.size)
    if side < 20:
        text = _(
            "Only made small, the digit is {naive_size} pixels large and {off} pixels off the middle; prepared, it is"
            " {size} pixels large and in the middle, as in the pictures that the network learned from."
        )
    else:
        text = _(
            "Only made small, the digit is {naive_size} pixels large, {off} pixels off the middle, and its lines are"
            " {naive_line} pixels wide; prepared, it is {size} pixels large, in the middle, and its lines are {line}"
            " pixels wide, as in the pictures that the network learned from."
        )
    return text.format(
        naive_size=naive.size,
        off=round(naive.off),
        naive_line=f"{naive.line:.1f}",
        size=prepared.size,
        line=f"{prepared.line:.1f}",
    )


def epoch_label(team: Team, frame: Frame) -> str:
    """Which networks stand behind a place of the slider."""
    if frame.epoch is None:
        epochs = [member.kept for member in team.members]
        text = _("The networks that are kept, of epochs {first} to {last}")
        return text.format(first=min(epochs), last=max(epochs))
    if frame.epoch == 0:
        return _("Epoch 0: before any training")
    if frame != team.kept:
        return _("Epoch {epoch}").format(epoch=frame.epoch)
    if team.run.status in ENDED:
        return _("Epoch {epoch}: the network that is kept").format(epoch=frame.epoch)
    return _("Epoch {epoch}: the best so far").format(epoch=frame.epoch)


def which_epochs(team: Team, shown: int, compared: bool) -> str:
    """Which epochs the slider has, and whose networks it moves; `shown` is how many, with 1 there is no slider."""
    count = len(team.members)
    means = [_("The bars are the means of {count} networks.").format(count=count)] if count > 1 else []
    if shown == 1:
        large = len(team.frames) < len(team.epochs)
        return " ".join(
            [*means, *([_("The networks of this run are too large to show its training.")] if large else [])]
        )
    parts = [_("Saved networks: the untrained one (epoch 0), some of evenly spread epochs, the best and the last.")]
    if shown < len(team.epochs):
        parts.append(_("Of networks as large as these only some are shown here."))
    if compared:
        parts.append(_("The slider moves run {id} alone.").format(id=f"#{team.run.id}"))
    return " ".join([*parts, *means])


def facts(team: Team, beside: str) -> str:
    """What tells a run from others: its layers, its dataset where that is another than `beside`, which network."""
    sizes = [team.info.inputs, *(layer.units for layer in team.run.spec.hidden), team.info.classes]
    parts = ["-".join(map(str, sizes))]
    if team.run.dataset != beside:
        parts.insert(0, _(team.info.label))
    if team.alone is not None:
        parts.append(run_picker.member_name(team.alone, team.run.spec))
    return " · ".join(parts)
