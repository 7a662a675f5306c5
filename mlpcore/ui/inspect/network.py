"""The view of a network at work: how an example runs through it, and any neuron of it from near by."""

from __future__ import annotations

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.activity import activity
from mlpcore.inference import Network
from mlpcore.inference.network import Pass
from mlpcore.ui.components.pickable import pickable
from mlpcore.ui.inspect import address, example, neuron
from mlpcore.ui.inspect.headline import headline
from mlpcore.ui.inspect.network_picture import Scene, picture
from mlpcore.ui.inspect.scroll_into_view import arriving
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.inspect.switch import switch
from mlpcore.ui.inspect.unit_address import Unit, choose, chosen, parsed
from mlpcore.ui.shell.language import _, ngettext
from mlpcore.ui.shell.page_shell import sentences
from mlpcore.ui.shell.phone import on_phone


@st.fragment
def show(subject: Subject) -> None:
    """An example as it runs through the network, and the chosen neuron below."""
    with sentences():
        beside = subject.info.draws_digits and address.get("source") == "draw" and not on_phone()
        left, right = st.columns([3, 7], gap="medium") if beside else (st.container(), st.container())
        with left:
            shown = example.choose(subject)
        if shown is None:
            right.info(_("Draw a digit: the network shows how it comes to its answer."), icon=":material/draw:")
            return
        network = subject.network
        unit = chosen(network)
        run = network.run(shown.inputs[None])
        with right:
            contributions = _switch()
            _at_work(subject, network, run, shown.truth, unit, contributions)
        if unit is not None:
            neuron.show(subject, network, run, unit, contributions)


def _at_work(
    subject: Subject, network: Network, run: Pass, truth: int | None, unit: Unit | None, contributions: bool
) -> None:
    """The picture with its answer above and how to read it below."""
    keep = [] if unit is None else [(unit.layer, unit.index)]
    found = activity(network, run, contributions, 12 if on_phone() else 16, keep)
    scene = Scene(subject, network, run, found, truth, unit)
    st.markdown(headline(run.activations[-1][0].tolist(), scene.class_names, truth))
    pickable("inspect_network", arriving("network", picture(scene)), lambda text: _pick(text, network))
    _how_to_read(scene, contributions)


def _switch() -> bool:
    """Whether the lines are contributions to this example's answer, rather than weights."""
    labels = {"contributions": _("Contributions for this example"), "weights": _("Weights")}
    return switch(_("What the lines show"), "lines", labels, key="inspect_lines") == "contributions"


def _pick(text: str, network: Network) -> None:
    unit = parsed(text, network)
    if unit is None:
        return
    if unit == chosen(network):
        address.put(unit=None)
    else:
        choose(unit)


def _how_to_read(scene: Scene, contributions: bool) -> None:
    lines = (
        _(
            "Each line is a contribution: what comes out on its left times its weight. Blue ones raise the neuron on"
            " their right, amber ones lower it; the thicker, the more."
        )
        if contributions
        else _(
            "Each line is a weight, the same for every example: blue ones are positive, amber ones negative; the"
            " thicker, the larger."
        )
    )
    bright = _(
        "The brighter a neuron, the more active it is for this example, compared with the most active one of its layer"
        " or with the end of its activation's range; amber ones are negative."
    )
    layers = _("Of large layers the most active neurons are drawn, and only the strongest lines.")
    st.caption(" ".join((_("Read it from left to right."), bright, lines, layers)))
    paths = [_path_text(scene), _("Click a neuron: what it does is told below.")]
    if scene.network.prepare == "deskew":
        paths.append(_("This network straightens each picture first: what is drawn is what its first layer receives."))
    st.caption(" ".join(paths))


def _path_text(scene: Scene) -> str:
    if not scene.found.paths:
        return _("Nothing but biases speaks for this answer: no path leads to it.")
    if len(scene.network.layers) == 1:
        return _("The highlighted lines start at the inputs that contribute most to the answer.")
    share = sum(path.share for path in scene.found.paths)
    text = ngettext(
        "Highlighted is the strongest path to the answer, found backwards: at each neuron it follows the largest"
        " positive contributions. It carries {percent} of all that speaks for the answer.",
        "Highlighted are the {count} strongest paths to the answer, found backwards: at each neuron they follow the"
        " largest positive contributions. Together they carry {percent} of all that speaks for the answer.",
        len(scene.found.paths),
    )
    told = text.format(count=len(scene.found.paths), percent=formatting.percent(share))
    if any(scene.run.activations[at][0, unit] < 0 for path in scene.found.paths for at, unit in enumerate(path.units)):
        told += " " + _("Into a neuron with a negative activation they follow those that lower it, for low it helps.")
    return told
