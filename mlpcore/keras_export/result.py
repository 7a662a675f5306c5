"""The lines that measure the trained networks and print their figures beside the run's own."""

from __future__ import annotations

from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export.fitting import watched
from mlpcore.keras_export.lines import indented, remark
from mlpcore.keras_export.origin import Figure, Origin
from mlpcore.spec import RunSpec


def explained(origin: Origin, say: Translate) -> str:
    """What is printed."""
    if not origin.figures:
        return say(N_("This run has not finished in MLP Lab, so there are no figures to compare with."))
    if origin.spec.members > 1:
        return say(N_("The mean over the networks ± their standard deviation, and what it was in MLP Lab."))
    return say(N_("The figures of this training, and what they were in MLP Lab."))


def measured(spec: RunSpec, say: Translate) -> list[str]:
    """`here`: the figures of `model` in the epoch from which it was kept, by Keras's names."""
    if spec.early_stopping is None:
        chosen, at = remark(say(N_("The network of the last epoch is kept."))), "-1"
    else:
        chosen, at = remark(say(N_("The network of the best epoch is kept."))), "best"
        chosen.append(f'best = int(np.argmin(history["{watched(spec)}"]))')
    return [
        *chosen,
        f"here = {{name: values[{at}] for name, values in history.items()}}",
        'here["test_loss"], here["test_accuracy"] = model.evaluate(x_test, y_test, verbose=0)',
    ]


def of_one(origin: Origin, say: Translate) -> list[str]:
    """Measure the network and print its figures."""
    lines = [*measured(origin.spec, say), ""]
    if not origin.figures:
        return [*lines, "for name, value in here.items():", '    print(f"{name:13} {value:.4f}")']
    figures = [f'"{name}": {figure.mean:.4f},' for name, figure in origin.figures.items()]
    return [
        *lines,
        "lab = {",
        *indented(figures),
        "}",
        "for name, value in lab.items():",
        '    print(f"{name:13} {here[name]:.4f} (MLP Lab: {value:.4f})")',
    ]


def looped(spec: RunSpec) -> list[str]:
    """Train every network; `results` holds the figures of each."""
    if spec.folds:
        loop = ["    for fold in range(folds):", '        print(f"seed {seed}, fold {fold + 1}")']
        return ["results = []", "for seed in seeds:", *loop, "        results.append(train(seed, fold))"]
    return ["results = []", "for seed in seeds:", '    print(f"seed {seed}")', "    results.append(train(seed))"]


def of_several(origin: Origin, say: Translate) -> list[str]:
    """Print the figures' means and standard deviations."""
    lines = []
    if origin.diverged:
        lines += [
            *remark(say(N_("Networks whose loss is no longer a number came to nothing; they do not count."))),
            f'results = [here for here in results if np.isfinite(here["{watched(origin.spec)}"])]',
            "",
        ]
    loop, told = "for name in results[0]:", ""
    if origin.figures:
        figures = [f'"{name}": "{_in_words(figure)}",' for name, figure in origin.figures.items()]
        lines += ["lab = {", *indented(figures), "}"]
        loop, told = "for name, recorded in lab.items():", " (MLP Lab: {recorded})"
    return [
        *lines,
        loop,
        "    values = [here[name] for here in results]",
        "    mean, deviation = np.mean(values), np.std(values, ddof=1)",
        f'    print(f"{{name:13}} {{mean:.4f}} ± {{deviation:.4f}}{told}")',
    ]


def _in_words(figure: Figure) -> str:
    deviation = "–" if figure.deviation is None else f"{figure.deviation:.4f}"
    return f"{figure.mean:.4f} ± {deviation}"
