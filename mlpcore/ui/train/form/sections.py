"""The form's sections, from what every first experiment needs to what a second one asks for."""

from __future__ import annotations

import streamlit as st

from mlpcore import datasets, formatting
from mlpcore.spec import choices
from mlpcore.ui.shell.language import _
from mlpcore.ui.train.form import fields, schedule, values
from mlpcore.ui.train.form.fields import Problems


def warnings() -> None:
    """What is allowed but worth a word: an activation that learns nothing."""
    chosen = dict.fromkeys(str(row["activation"]) for row in values.rows())
    for name in chosen:
        activation = choices.ACTIVATIONS.get(name)
        if activation is not None and activation.warning is not None:
            st.warning(_(activation.warning), icon=":material/info:")


def essentials(problems: Problems) -> None:
    """Optimizer, learning rate, epochs and batch size."""
    left, right = st.columns(2, gap="small")
    with left:
        fields.choice(
            "optimizer",
            choices.OPTIMIZERS,
            lambda name: choices.OPTIMIZERS[name].label,
            _(
                "How the weights are changed in each step. Adam mostly works without tuning; SGD is the plain"
                " gradient descent of the lectures. Choosing one proposes its usual learning rate."
            ),
            {},
            on_change=values.propose_learning_rate,
        )
    with right:
        fields.number(
            "learning_rate",
            _("How far each step goes. Too large and the loss jumps or explodes; too small and little is learnt."),
            {},
            step=fields.a_tenth_of(values.value("learning_rate")),
        )
    fields.show_problems(problems, "optimizer.name", "optimizer.learning_rate")
    left, right = st.columns(2, gap="small")
    with left:
        fields.integer("epochs", _("How many times the network sees the whole training set."), {})
    with right:
        fields.integer(
            "batch_size",
            _(
                "How many examples are averaged for one step. Small batches make many noisy steps, large ones few"
                " smooth steps."
            ),
            {},
            step=16 if (values.value("batch_size") or 0) % 16 == 0 else 1,
        )
    fields.show_problems(problems, "epochs", "batch_size")


def data(problems: Problems) -> None:
    """How much of the training set is used, and what is kept for validation."""
    info = datasets.REGISTRY[values.value("dataset")]
    fields.integer(
        "training_images",
        _("Take only so many examples of the training set: with few of them one sees overfitting. Empty: all."),
        problems,
        step=100,
        empty=_("all {count}").format(count=formatting.count(info.train_count)),
    )
    folds = values.value("folds")
    fields.number(
        "validation_split",
        _(
            "The share of these examples that is kept out of the training to check it after each epoch, from 0 to"
            " 0.5. 0 means no validation."
        ),
        problems,
        step=0.05,
        disabled=bool(folds) and "validation_split" not in problems,
    )
    if folds:
        st.caption(
            _("Not used with {folds} folds: each fold is the validation set of one network.").format(folds=folds)
        )


def regularization(problems: Problems) -> None:
    """The loss, and what works against overfitting."""
    fields.choice(
        "loss",
        choices.LOSSES,
        lambda name: _(choices.LOSSES[name]),
        _(
            "What the training makes small. Cross-entropy suits classes; the mean squared error compares the"
            " softmax output with 1 for the right class and 0 for the others."
        ),
        problems,
    )
    left, right = st.columns(2, gap="small")
    with left:
        fields.number("l1", _("Pulls weights to exactly 0, with this strength. 0: off."), {}, step=0.0001)
    with right:
        fields.number("l2", _("Keeps weights small, with this strength. 0: off."), {}, step=0.0001)
    fields.show_problems(problems, "l1", "l2")
    st.toggle(
        _("Early stopping"),
        key=values.key("stop_early"),
        help=_(
            "End the training when the validation loss (the training loss where nothing validates) no longer gets"
            " better, and keep the best network."
        ),
        persist_state="session",
    )
    if values.value("stop_early"):
        fields.integer("early_stopping", _("So many epochs without a better loss end the training."), problems)


def optimizer_label() -> str:
    """The label of the chosen optimizer."""
    return choices.OPTIMIZERS[values.value("optimizer")].label


def optimizer(problems: Problems) -> None:
    """The schedule of the learning rate, and the optimizer's own parameters."""
    schedule.show(problems)
    name = values.value("optimizer")
    for parameter, setting in choices.OPTIMIZERS[name].parameters.items():
        key, path = values.optimizer_key(name, parameter), f"optimizer.{parameter}"
        if setting.allowed is None:
            fields.flag(parameter, _HELP[parameter](), problems, path, key)
        else:
            step = 0.1 if parameter == "momentum" else fields.a_tenth_of(st.session_state[key])
            fields.number(parameter, _HELP[parameter](), problems, step, path, key)


def words(problems: Problems) -> None:
    """Seed, name and note."""
    fields.integer(
        "seed",
        _("Where chance starts: the same seed gives the same run, another one shows how much is luck."),
        problems,
    )
    st.text_input(
        fields.label("name"),
        key=values.key("name"),
        placeholder=_("optional"),
        help=_("How the run is called on the leaderboard."),
        persist_state="session",
    )
    fields.show_problems(problems, "name")
    st.text_area(
        fields.label("note"),
        key=values.key("note"),
        placeholder=_("What do you want to find out?"),
        height=80,
        help=_("For you and the others who look at this run."),
        persist_state="session",
    )
    fields.show_problems(problems, "note")


_HELP = {
    "momentum": lambda: _("How much of the last step's direction is kept: it rolls through small bumps. 0: off."),
    "nesterov": lambda: _("Look ahead along the momentum before computing the gradient. Needs a momentum above 0."),
    "beta_1": lambda: _("How long the average of past gradients remembers; 0.9 is about ten steps."),
    "beta_2": lambda: _("How long the average of past squared gradients remembers; 0.999 is about a thousand steps."),
    "epsilon": lambda: _("A small number that keeps divisions from exploding."),
    "rho": lambda: _("How long the average of past squared gradients remembers."),
    "weight_decay": lambda: _("How much each step shrinks all weights, beside the gradient."),
    "initial_accumulator_value": lambda: _("Where the sum of squared gradients starts: larger means gentler steps."),
}
