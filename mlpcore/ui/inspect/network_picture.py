"""A network at work on one example as a picture: its words, and what can be chosen in it."""

from __future__ import annotations

from dataclasses import dataclass

from mlpcore import formatting
from mlpcore.analysis.activity import Activity, Drawn
from mlpcore.figures import pixels
from mlpcore.figures.activity import Column, Line, Neuron, Picture, activity_svg
from mlpcore.figures.probability_bars import RIGHT_MARK, RIGHT_TEXT, WRONG_MARK, WRONG_TEXT
from mlpcore.inference import Network
from mlpcore.inference.network import Pass
from mlpcore.spec import choices
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.inspect.unit_address import Unit, layer_name
from mlpcore.ui.shell.language import _, ngettext
from mlpcore.ui.shell.phone import on_phone


@dataclass(frozen=True)
class Scene:
    """What is drawn: the forward pass of one example, what is worth drawing of it, and the chosen neuron."""

    subject: Subject
    network: Network
    run: Pass
    found: Activity
    truth: int | None
    chosen: Unit | None

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes in the user's language."""
        return tuple(_(name) for name in self.subject.info.class_names)


def picture(scene: Scene) -> str:
    """The SVG of the network."""
    hidden = range(len(scene.network.layers) - 1)
    columns = [_input(scene), *(_hidden(scene, layer) for layer in hidden), _output(scene)]
    gaps = [_lines(scene, layer) for layer in range(len(scene.network.layers))]
    return activity_svg(columns, gaps, _("The network at work on this example"), _image(scene), narrow=on_phone())


def _image(scene: Scene) -> Picture | None:
    if len(scene.network.input_shape) == 1:
        return None
    height, width = scene.network.input_shape
    return Picture(pixels.grey(scene.run.received[0].reshape(height, width)), height, width)


def _lines(scene: Scene, layer: int) -> list[Line]:
    """The connections into a layer, by the places of the drawn neurons."""
    columns = scene.found.columns
    before, after = ({int(unit): place for place, unit in enumerate(columns[at].units)} for at in (layer, layer + 1))
    return [
        Line(before.get(one.source, one.source), after[one.target], one.strength, one.marked)
        for one in scene.found.gaps[layer]
    ]


def _input(scene: Scene) -> Column:
    info, drawn = scene.subject.info, scene.found.columns[0]
    if len(info.input_shape) > 1:
        return Column(_("Input"), _("{size} pixels").format(size="×".join(map(str, info.input_shape))), ())
    starts = {line.source for line in scene.found.gaps[0] if line.marked}
    neurons = []
    for unit, level in zip(drawn.units, drawn.levels, strict=True):
        name, value = _((info.feature_names or ())[unit]), formatting.signed(float(scene.run.received[0, unit]))
        hint = f"{name}: {value}"
        neurons.append(Neuron("", float(level), hint=hint, name=name, value=value, marked=int(unit) in starts))
    return Column(_("Input"), _("measurements"), tuple(neurons), _rest(info.inputs - len(neurons)))


def _hidden(scene: Scene, layer: int) -> Column:
    drawn, outputs = scene.found.columns[layer + 1], scene.run.activations[layer][0]
    on_path = {path.units[layer] for path in scene.found.paths}
    neurons = tuple(
        _neuron(
            scene, Unit(layer, int(unit)), float(level), formatting.number(float(outputs[unit])), int(unit) in on_path
        )
        for unit, level in zip(drawn.units, drawn.levels, strict=True)
    )
    note = f"{formatting.count(len(outputs))} {_(choices.ACTIVATIONS[scene.network.layers[layer].activation].label)}"
    return Column(layer_name(layer, scene.network), note, neurons, _rest(len(outputs) - len(drawn.units)))


def _neuron(scene: Scene, unit: Unit, level: float, value: str, marked: bool) -> Neuron:
    hint = _("{layer}, neuron {number}: activation {value}").format(
        layer=layer_name(unit.layer, scene.network), number=unit.index + 1, value=value
    )
    return Neuron(str(unit.index + 1), level, unit.text, hint, marked=marked, chosen=unit == scene.chosen)


def _output(scene: Scene) -> Column:
    layer = len(scene.network.layers) - 1
    drawn: Drawn = scene.found.columns[-1]
    neurons = []
    for index, share in enumerate(drawn.levels):
        unit, name, value = Unit(layer, index), scene.class_names[index], formatting.probability(float(share))
        tone, mark = _verdict(index, scene)
        hint = f"{name}: {value}"
        neurons.append(
            Neuron(
                "", float(share), unit.text, hint, f"{name}{mark}", value, index == scene.found.answer,
                unit == scene.chosen, tone,
            )
        )  # fmt: skip
    return Column(layer_name(layer, scene.network), "softmax", tuple(neurons))


def _verdict(index: int, scene: Scene) -> tuple[str, str]:
    """The colour and the mark of a class: the true one, and the answer where that is another."""
    if index == scene.truth:
        return RIGHT_TEXT, f" {RIGHT_MARK}"
    if index == scene.found.answer:
        return ("currentColor", "") if scene.truth is None else (WRONG_TEXT, f" {WRONG_MARK}")
    return "", ""


def _rest(count: int) -> str:
    """How many units of a layer are not drawn."""
    return ngettext("{count} more", "{count} more", count).format(count=formatting.count(count)) if count else ""
