"""The table of settings: everything that configures a run, in the order of the form.

Validation, form, address, differences, leaderboard columns, CSV, the names of runs, the constants of exported code and
the cache of compiled steps read it. To add a plain setting, add a field to `RunSpec` and a row here, and use it in the
training.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mlpcore import datasets
from mlpcore.i18n.messages import N_
from mlpcore.spec import choices, setting_groups
from mlpcore.spec.setting import Range, Setting, own_settings, table

EXPORT_GROUPS = ("seeds", "training")
"""The groups of constants at the head of exported code, in order."""

SETTINGS: dict[str, Setting] = table(
    Setting(
        "dataset",
        N_("Dataset"),
        N_("What the network learns from. The small ones train in seconds; MNIST is the classic."),
        kind="choice",
        options=datasets.REGISTRY,
        column=True,
        short="{value}",
        named="apart",
    ),
    Setting(
        "hidden",
        N_("Hidden layers"),
        N_("The layers between input and output, one row per layer, from the input to the output."),
        kind="layers",
        parts=setting_groups.LAYER,
        named="always",
    ),
    Setting(
        "optimizer",
        N_("Optimizer"),
        N_(
            "How the weights are updated in each step. Adam usually works without tuning; SGD is the plain gradient"
            " descent of the lectures. Choosing an optimizer sets its usual learning rate."
        ),
        kind="variant",
        options=choices.OPTIMIZERS,
        parts=setting_groups.OPTIMIZER,
        section="essentials",
        half=True,
        column=True,
        short="{value}",
    ),
    Setting(
        "epochs",
        N_("Epochs"),
        N_("How many times the network sees the whole training set."),
        kind="integer",
        allowed=Range(1, 1000),
        section="essentials",
        half=True,
        export="training",
        column=True,
        compiled=False,
        named="always",
    ),
    Setting(
        "batch_size",
        N_("Batch size"),
        N_(
            "How many examples are averaged for one step. Small batches make many noisy steps, large ones few smooth"
            " steps."
        ),
        kind="integer",
        section="essentials",
        half=True,
        step=16,
        export="training",
        column=True,
        short=N_("batch size {value}"),
    ),
    Setting(
        "training_images",
        N_("Training examples"),
        N_("Use only this many examples of the training set: with few examples you can watch overfitting. Empty: all."),
        kind="integer",
        section="data",
        step=100,
        empty=N_("all"),
        compiled=False,
        short=N_("{value} examples"),
    ),
    Setting(
        "validation_split",
        N_("Validation split"),
        N_(
            "The fraction of the training examples that is kept out of the training to check it after each epoch, from"
            " 0 to 0.5. 0 means no validation."
        ),
        allowed=Range(0, 0.5),
        section="data",
        step=0.05,
        written="percent",
        compiled=False,
        short=N_("validation {value}"),
    ),
    Setting(
        "loss",
        N_("Loss function"),
        N_(
            "What the training minimizes. Cross-entropy suits classes; the mean squared error compares the softmax"
            " output with 1 for the right class and 0 for the others."
        ),
        kind="choice",
        options=choices.LOSSES,
        section="regularization",
        short="{value}",
    ),
    Setting(
        "l1",
        N_("L1 regularization"),
        N_("Pulls weights to exactly 0, with this strength. 0: off."),
        allowed=Range(0, 1),
        section="regularization",
        half=True,
        step=0.0001,
        short="L1 {value}",
    ),
    Setting(
        "l2",
        N_("L2 regularization"),
        N_("Keeps weights small, with this strength. 0: off."),
        allowed=Range(0, 1),
        section="regularization",
        half=True,
        step=0.0001,
        short="L2 {value}",
    ),
    Setting(
        "early_stopping",
        N_("Early stopping patience"),
        N_("Stop after this many epochs without improvement."),
        kind="integer",
        allowed=Range(1, 1000),
        section="regularization",
        empty=N_("off"),
        switch=N_("Early stopping"),
        proposed=5,
        compiled=False,
        short=N_("early stopping {value}"),
    ),
    Setting(
        "prepare",
        N_("Preprocessing"),
        N_(
            "People slant their digits by different amounts. A network that never sees the slant has less to learn and"
            " reads other people's digits better."
        ),
        kind="choice",
        options=choices.PREPARE,
        section="images",
        compiled=False,
        short="{value}",
    ),
    Setting(
        "augment",
        N_("Augmentation"),
        N_(
            "In each epoch every training image is moved, rotated, slanted, scaled and distorted a little, differently"
            " each time. The network cannot memorize single images, which reduces overfitting. Validation and test"
            " images stay as they are."
        ),
        kind="group",
        parts=setting_groups.AUGMENT,
        section="images",
        switch=N_("Change the training images at random"),
        short=N_("augmentation ({value})"),
    ),
    Setting(
        "schedule",
        N_("Learning rate schedule"),
        N_(
            "Whether the learning rate stays constant or falls during the training: large steps make fast progress at"
            " first, small ones find the minimum more precisely at the end."
        ),
        kind="variant",
        options=choices.SCHEDULES,
        section="optimizer",
        compiled=False,
        short=N_("{value} schedule"),
    ),
    Setting(
        "seed",
        N_("Random seed"),
        N_("The same seed gives the same result; another one shows how much of the result is due to chance."),
        kind="integer",
        allowed=choices.SEED,
        section="texts",
        written="digits",
        export="seeds",
        compiled=False,
        short=N_("seed {value}"),
        named="apart",
    ),
    Setting(
        "repeats",
        N_("Repeats"),
        N_(
            "Train the same network this many times, each time with the next seed: other initial weights, another"
            " validation set, another order of the examples. 1: only once."
        ),
        kind="integer",
        allowed=Range(1, 100),
        section="networks",
        half=True,
        compiled=False,
        short=N_("{value} repeats"),
    ),
    Setting(
        "folds",
        N_("Folds"),
        N_(
            "Cross-validation: the examples are cut into this many equal parts, the folds. For each fold one network is"
            " trained on all the others and validated on this one, so that every example validates once."
        ),
        kind="integer",
        allowed=Range(2, 20),
        off=0,
        section="networks",
        half=True,
        empty=N_("off"),
        export="seeds",
        compiled=False,
        short=N_("{value} folds"),
    ),
    Setting(
        "name",
        N_("Name"),
        N_("The name of the run on the leaderboard."),
        kind="text",
        allowed=Range(0, choices.MAX_NAME),
        section="texts",
        empty=N_("optional"),
        compiled=False,
    ),
    Setting(
        "note",
        N_("Note"),
        N_("For yourself and for others who look at this run."),
        kind="text",
        allowed=Range(0, choices.MAX_NOTE),
        section="texts",
        empty=N_("What do you want to find out?"),
        multiline=True,
        compiled=False,
    ),
)


@cache
def every_setting() -> Mapping[str, Setting]:
    """All settings by name, each followed by the settings within it."""
    return MappingProxyType({row.name: row for top in SETTINGS.values() for row in (top, *own_settings(top))})


def label(name: str) -> str:
    """The English label of a setting; for an unknown name the name itself."""
    setting = every_setting().get(name)
    return setting.label if setting is not None else name
