"""The lines that load a dataset, split and scaled as `mlpcore.datasets` does it, and that draw the validation set."""

from __future__ import annotations

from mlpcore import formatting
from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export import straightening
from mlpcore.keras_export.lines import remark
from mlpcore.spec import RunSpec

_KERAS = {"mnist": "mnist", "fashion_mnist": "fashion_mnist"}
_SKLEARN = {"digits": "load_digits", "iris": "load_iris", "wine": "load_wine", "breast_cancer": "load_breast_cancer"}


def imports(spec: RunSpec) -> list[str]:
    """What must be imported to load the dataset, beside Keras."""
    return [f"from sklearn.datasets import {_SKLEARN[spec.dataset]}"] if spec.dataset in _SKLEARN else []


def packages(spec: RunSpec) -> list[str]:
    """What must be installed to load the dataset, beside Keras."""
    return ["scikit-learn"] if spec.dataset in _SKLEARN else []


def loading(spec: RunSpec, say: Translate) -> list[str]:
    """`inputs` and `labels` to learn from, `x_test` and `y_test`; for the mean squared error also `targets`."""
    lines = [*straightening.defining(say), "", ""] if spec.prepare == "deskew" else []
    lines += _published(spec, say) if spec.dataset in _KERAS else _packaged(spec, say)
    if spec.loss == "mse":
        classes = spec.info.classes
        lines += [
            "",
            *remark(say(N_("One-hot targets: a 1 in the place of the right class, 0 in all others."))),
            f"targets = keras.utils.to_categorical(labels, {classes})",
            f"y_test = keras.utils.to_categorical(y_test, {classes})",
        ]
    return lines


def _published(spec: RunSpec, say: Translate) -> list[str]:
    return [
        f"(inputs, labels), (x_test, y_test) = keras.datasets.{_KERAS[spec.dataset]}.load_data()",
        *(straightening.applying("inputs", "x_test") if spec.prepare == "deskew" else []),
        "",
        *remark(say(N_("Grey levels from 0 to {most} become inputs from 0 to 1.")).format(most=spec.info.scale)),
        f'inputs = inputs.astype("float32") / {spec.info.scale}',
        f'x_test = x_test.astype("float32") / {spec.info.scale}',
    ]


def _packaged(spec: RunSpec, say: Translate) -> list[str]:
    image = spec.info.kind == "image"
    test = N_("Every fifth example of each class is kept for the test.")
    lines = [
        f"data = {_SKLEARN[spec.dataset]}()",
        f"inputs, labels = data.{'images' if image else 'data'}, data.target",
        *(straightening.applying("inputs") if spec.prepare == "deskew" else []),
    ]
    if image:
        scale = say(N_("Grey levels from 0 to {most} become inputs from 0 to 1.")).format(most=spec.info.scale)
        lines += ["", *remark(scale), f'inputs = inputs.astype("float32") / {spec.info.scale}']
    lines += [
        "",
        *remark(say(test)),
        "order = np.random.RandomState(0).permutation(len(labels))",
        'by_class = order[np.argsort(labels[order], kind="stable")]',
        "for_test = np.isin(order, by_class[::5])",
        "x_test, y_test = inputs[order[for_test]], labels[order[for_test]]",
        "inputs, labels = inputs[order[~for_test]], labels[order[~for_test]]",
    ]
    if not image:
        standard = N_("Standardize: each measurement gets mean 0 and standard deviation 1, measured without the test.")
        lines += [
            "",
            *remark(say(standard)),
            "mean, deviation = inputs.mean(axis=0), inputs.std(axis=0)",
            'inputs = ((inputs - mean) / deviation).astype("float32")',
            'x_test = ((x_test - mean) / deviation).astype("float32")',
        ]
    return lines


def splitting(spec: RunSpec, say: Translate) -> list[str]:
    """`x_train`, `y_train`, and where there is validation `x_val`, `y_val`, drawn with `seed` (and `fold`); `steps`."""
    steps = say(N_("The batches of an epoch; the last one may be smaller."))
    return [*_drawn(spec, say), *remark(steps), "steps = math.ceil(len(x_train) / batch_size)"]


def _drawn(spec: RunSpec, say: Translate) -> list[str]:
    y = "targets" if spec.loss == "mse" else "labels"
    some = "" if spec.training_images is None else f"[:{spec.training_images}]"
    if spec.training_images is not None:
        lines = remark(
            say(N_("Only {count} of the examples are used.")).format(count=formatting.count(spec.training_images))
        )
    else:
        lines = []
    lines.append(f"drawn = shuffled(len(inputs), seed, SPLIT){some}")
    if spec.folds:
        return [*lines, *_folded(y, say)]
    count = spec.validation_count
    if not count:
        return [*lines, f"x_train, y_train = inputs[drawn], {y}[drawn]"]
    return [
        *lines,
        *remark(
            say(N_("{count} examples validate: the network never learns from them.")).format(
                count=formatting.count(count)
            )
        ),
        f"x_val, y_val = inputs[drawn[:{count}]], {y}[drawn[:{count}]]",
        f"x_train, y_train = inputs[drawn[{count}:]], {y}[drawn[{count}:]]",
    ]


def _folded(y: str, say: Translate) -> list[str]:
    return [
        *remark(say(N_("Each fold has the same share of every class; this one validates, the others train."))),
        'by_class = drawn[np.argsort(labels[drawn], kind="stable")]',
        "validates = np.isin(drawn, by_class[fold::folds])",
        f"x_val, y_val = inputs[drawn[validates]], {y}[drawn[validates]]",
        f"x_train, y_train = inputs[drawn[~validates]], {y}[drawn[~validates]]",
    ]
