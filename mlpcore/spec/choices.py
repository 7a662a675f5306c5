"""The options that a user can choose from, by the names that a spec uses, and limits that other packages need."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mlpcore.i18n.messages import N_
from mlpcore.spec.setting import Choice, Range, Setting, table

MAX_LAYERS = 8
MAX_MEMBERS = 100
MAX_NAME = 80
MAX_NOTE = 2000
UNITS = Range(1, 4096)
LEARNING_RATE = Range(0, 100, above=True)
SEED = Range(0, 2**31 - 1)


@dataclass(frozen=True)
class Activation(Choice):
    """A hidden layer's activation function, with a warning where one is due."""

    warning: str = ""


ACTIVATIONS: dict[str, Activation] = {
    "step": Activation(
        N_("Step"),
        warning=N_(
            "The step function has slope 0 everywhere, so the layers up to it learn nothing: their weights never"
            " change."
        ),
    ),
    "linear": Activation(N_("Linear")),
    "sigmoid": Activation(N_("Sigmoid")),
    "tanh": Activation("tanh"),
    "relu": Activation("ReLU"),
    "softplus": Activation("Softplus"),
    "softsign": Activation("Softsign"),
    "leaky_relu": Activation("Leaky ReLU"),
    "prelu": Activation("PReLU"),
    "elu": Activation("ELU"),
    "selu": Activation("SELU"),
    "gelu": Activation("GELU"),
    "silu": Activation("Swish/SiLU"),
    "mish": Activation("Mish"),
    "hard_sigmoid": Activation(N_("Hard sigmoid")),
    "exponential": Activation(N_("Exponential")),
}


@dataclass(frozen=True)
class Optimizer(Choice):
    """An optimizer: its label is the name of its Keras class, its parameters have the names that Keras uses."""

    learning_rate: float = 0.001


_FRACTION = Range(0, 0.9999)
_MOMENTUM = Setting(
    "momentum",
    N_("Momentum"),
    N_("How much of the previous step's direction is kept: it carries the weights over small bumps. 0: off."),
    allowed=_FRACTION,
    default=0.0,
    step=0.1,
    short=N_("momentum {value}"),
)
_NESTEROV = Setting(
    "nesterov",
    N_("Nesterov"),
    N_("Look ahead along the momentum before computing the gradient. Needs a momentum above 0."),
    kind="flag",
    default=False,
)
_BETA_1 = Setting(
    "beta_1",
    N_("Beta 1"),
    N_("How many past gradients the running average remembers; 0.9 is about ten steps."),
    allowed=_FRACTION,
    default=0.9,
    step=0,
)
_BETA_2 = Setting(
    "beta_2",
    N_("Beta 2"),
    N_("How many past squared gradients the running average remembers; 0.999 is about a thousand steps."),
    allowed=_FRACTION,
    default=0.999,
    step=0,
)
_RHO = Setting(
    "rho",
    N_("Rho"),
    N_("How many past squared gradients the running average remembers; 0.9 is about ten steps."),
    allowed=_FRACTION,
    default=0.9,
    step=0,
)
_EPSILON = Setting(
    "epsilon",
    N_("Epsilon"),
    N_("A small number that keeps the optimizer from dividing by zero."),
    allowed=Range(0, 1, above=True),
    default=1e-7,
    step=0,
)
_WEIGHT_DECAY = Setting(
    "weight_decay",
    N_("Weight decay"),
    N_("How much each step shrinks all weights, independently of the gradient."),
    allowed=Range(0, 1),
    default=0.004,
    step=0,
)
_INITIAL_ACCUMULATOR = Setting(
    "initial_accumulator_value",
    N_("Initial accumulator"),
    N_("Initial value of the sum of squared gradients: a larger one means smaller first steps."),
    allowed=Range(0, 10),
    default=0.1,
    step=0,
)
_ADAM = table(_BETA_1, _BETA_2, _EPSILON)

OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer("SGD", learning_rate=0.01, parameters=table(_MOMENTUM, _NESTEROV)),
    "adam": Optimizer("Adam", parameters=_ADAM),
    "adamw": Optimizer("AdamW", parameters=table(_WEIGHT_DECAY, _BETA_1, _BETA_2, _EPSILON)),
    "nadam": Optimizer("Nadam", parameters=_ADAM),
    "rmsprop": Optimizer("RMSprop", parameters=table(_RHO, _MOMENTUM, _EPSILON)),
    "adagrad": Optimizer("Adagrad", parameters=table(_INITIAL_ACCUMULATOR, _EPSILON)),
    "adadelta": Optimizer("Adadelta", parameters=table(replace(_RHO, default=0.95), _EPSILON)),
    "adamax": Optimizer("Adamax", parameters=_ADAM),
    "lion": Optimizer("Lion", parameters=table(_BETA_1, replace(_BETA_2, default=0.99))),
}

SCHEDULES: dict[str, Choice] = {
    "constant": Choice(N_("Constant"), N_("The same learning rate in every epoch.")),
    "exponential": Choice(
        N_("Exponential"),
        N_("Multiplied by the decay after each epoch."),
        table(
            Setting(
                "decay",
                N_("Decay"),
                N_("The learning rate is multiplied by this after each epoch: with 0.9 it halves in about 7 epochs."),
                allowed=Range(0, 1, above=True),
                default=0.9,
                step=0.05,
            )
        ),
    ),
    "cosine": Choice(
        N_("Cosine"),
        N_("The learning rate falls along half a cosine wave, slowly at first and at the end."),
        table(
            Setting(
                "floor",
                N_("Floor"),
                N_(
                    "The fraction of the initial learning rate that is left at the end of the training: 0 means that it"
                    " falls to 0."
                ),
                allowed=Range(0, 1),
                default=0.0,
                step=0.05,
            )
        ),
    ),
    "plateau": Choice(
        N_("Reduce on plateau"),
        N_("When the validation loss has not improved for some epochs, the learning rate is multiplied by the factor."),
        table(
            Setting(
                "factor",
                N_("Factor"),
                N_("What the learning rate is multiplied by each time: 0.5 halves it."),
                allowed=Range(0.01, 0.99),
                default=0.5,
                step=0.05,
            ),
            Setting(
                "patience",
                N_("Patience"),
                N_("Reduce the learning rate after this many epochs without a better validation loss."),
                kind="integer",
                allowed=Range(1, 1000),
                default=3,
            ),
        ),
    ),
}

PREPARE: dict[str, Choice] = {
    "none": Choice(N_("As it is"), N_("The network receives each image as it is.")),
    "deskew": Choice(
        N_("Straightened"),
        N_("Each image is sheared until its digit stands upright, in training and whenever the network is used."),
    ),
}

LOSSES: dict[str, Choice] = {
    "crossentropy": Choice(N_("Cross-entropy")),
    "mse": Choice(N_("Mean squared error")),
}

STATUSES: dict[str, str] = {
    "queued": N_("Queued"),
    "running": N_("Running"),
    "finished": N_("Finished"),
    "stopped": N_("Stopped"),
    "diverged": N_("Diverged"),
    "failed": N_("Failed"),
}
ENDED = ("finished", "stopped", "diverged", "failed")
