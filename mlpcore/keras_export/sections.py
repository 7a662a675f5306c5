"""A run's code in sections, each with a title and a few words: what the script and the notebook are made of."""

from __future__ import annotations

from dataclasses import dataclass

from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export import data, dropout, fitting, network, result
from mlpcore.keras_export.lines import docstring, indented, remark
from mlpcore.keras_export.origin import Origin
from mlpcore.spec import RunSpec

_PERCEPTRON = N_("A multilayer perceptron: each layer computes activation(inputs × weights + biases).")
_DESCENT = N_(
    "For each batch the weights take a step that lowers the loss; an epoch is one pass over all training examples."
)


@dataclass(frozen=True)
class Section:
    """A title, paragraphs of words, and lines of code."""

    title: str
    text: tuple[str, ...]
    code: tuple[str, ...]


def title(origin: Origin, say: Translate) -> str:
    """What the whole is called."""
    return say(N_("MLP Lab, run {run}: the same training in plain Keras")).format(run=origin.run)


def introduction(origin: Origin, say: Translate) -> list[str]:
    """What the whole does and what it needs: a few sentences, each a paragraph."""
    same = N_("The same data, network, settings and seed as in MLP Lab.")
    figures = N_(
        "All chance is drawn alike, so the figures agree, but for rounding errors that grow from step to step."
    )
    packages = " ".join([origin.engine, "keras", *data.packages(origin.spec)])
    needs = N_("Elsewhere than on Google Colab: pip install {packages}")
    return [say(same), say(figures), say(needs).format(packages=packages)]


def sections(origin: Origin, say: Translate) -> list[Section]:
    """The sections in order: together they are a program."""
    spec = origin.spec
    facts = (say(spec.info.description), spec.info.source)
    loaded = Section(say(N_("Data")), facts, tuple(data.loading(spec, say)))
    return [_settings(origin, say), loaded, _chance(spec, say), *(_one if spec.members == 1 else _several)(origin, say)]


def _settings(origin: Origin, say: Translate) -> Section:
    spec = origin.spec
    lines = [
        "import math",
        "import os",
        "",
        *remark(say(N_("What Keras computes with."))),
        f'os.environ["KERAS_BACKEND"] = "{origin.engine}"',
        "",
        "import keras",
        "import numpy as np",
        f"from keras import {', '.join([*fitting.imports(spec), 'layers', *network.imports(spec)])}",
        *data.imports(spec),
        "",
        *_constants(spec),
    ]
    return Section(say(N_("Settings")), (), tuple(lines))


def _constants(spec: RunSpec) -> list[str]:
    """The settings at the head of the code, by their rows in the table of settings."""
    constants = spec.export_constants()
    lines = [f"{name} = {value!r}" for name, value in constants.items()]
    if spec.members > 1:
        lines[list(constants).index("seed")] = f"seeds = range({spec.seed}, {spec.seed + spec.repeats})"
    return lines


def _chance(spec: RunSpec, say: Translate) -> Section:
    text = N_(
        "Every random choice starts from the seed and from what it is for. So it comes out as in MLP Lab, and each time"
        " the same."
    )
    counted = dropout.used(spec) or spec.augment is not None
    lines = [
        "SPLIT, WEIGHTS, ORDER, DROPOUT, AUGMENT = range(5)" if counted else "SPLIT, WEIGHTS, ORDER = range(3)",
        "",
        "",
        "def shuffled(count, *place):",
        *docstring(say(N_("The numbers from 0 to count - 1 in random order."))),
        "    return np.random.Generator(np.random.PCG64(place)).permutation(count)",
        *(_counting(say) if counted else []),
    ]
    return Section(say(N_("Chance")), (say(text),), tuple(lines))


def _counting(say: Translate) -> list[str]:
    return [
        "",
        "",
        "def random_key(*place):",
        *docstring(say(N_("Two numbers that stand for a place where chance is needed."))),
        "    return np.random.SeedSequence(place).generate_state(2)",
        "",
        "",
        "def random_bits(key, counters):",
        *docstring(say(N_("For each counter a random number below 2**24: a hash of the counter and the key."))),
        "    x = counters ^ key[0]",
        "    x = (x ^ x // 2**16) * np.uint32(0x7FEB352D) ^ key[1]",
        "    x = (x ^ x // 2**15) * np.uint32(0x846CA68B)",
        "    return (x ^ x // 2**16) // 2**8",
    ]


def _one(origin: Origin, say: Translate) -> list[Section]:
    spec = origin.spec
    built = [*network.helpers(spec, say), "", "", *network.building(spec, say), "model.summary()"]
    return [
        Section(_split_title(spec, say), (), tuple(data.splitting(spec, say))),
        Section(say(N_("Network")), (say(_PERCEPTRON),), tuple(built)),
        Section(
            say(N_("Training of the network")),
            (say(_DESCENT),),
            (*fitting.helpers(spec, say), *fitting.batches(spec, say), "", "", *fitting.fitting(spec, say)),
        ),
        Section(say(N_("Result")), (result.explained(origin, say),), tuple(result.of_one(origin, say))),
    ]


def _several(origin: Origin, say: Translate) -> list[Section]:
    spec = origin.spec
    place = "seed, fold" if spec.folds else "seed"
    given = "seed, steps" if dropout.used(spec) else "seed"
    built = [f"def network({given}):", *indented([*network.building(spec, say), "return model"])]
    trained = [
        *data.splitting(spec, say),
        f"model = network({given})",
        "",
        *fitting.batches(spec, say),
        "",
        *fitting.fitting(spec, say),
        "",
        *result.measured(spec, say),
        "return here",
    ]
    return [
        Section(say(N_("Network")), (say(_PERCEPTRON),), (*network.helpers(spec, say), "", "", *built)),
        Section(
            say(N_("Training of one network")),
            (say(_DESCENT),),
            (*fitting.helpers(spec, say), f"def train({place}):", *indented(trained)),
        ),
        Section(say(N_("All networks")), (), tuple(result.looped(spec))),
        Section(say(N_("Result")), (result.explained(origin, say),), tuple(result.of_several(origin, say))),
    ]


def _split_title(spec: RunSpec, say: Translate) -> str:
    return say(N_("Training and validation set")) if spec.validation_count else say(N_("Training set"))
