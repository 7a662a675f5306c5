"""The names that a user may choose, their labels, defaults and limits; no Keras in here."""

from __future__ import annotations

from dataclasses import dataclass, field

from mlpcore.i18n.messages import N_


@dataclass(frozen=True)
class Activation:
    """A hidden layer's activation function: how it is shown, and a warning where one is due."""

    label: str
    warning: str | None = None


ACTIVATIONS: dict[str, Activation] = {
    "step": Activation(
        N_("Step"),
        N_("The step function has slope 0 everywhere, so the layers up to it learn nothing: watch them stand still."),
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
class Range:
    """Allowed numbers: both ends included, unless `above` says that the lower one is not."""

    low: float
    high: float
    above: bool = False

    def __contains__(self, value: float) -> bool:
        return (self.low < value if self.above else self.low <= value) and value <= self.high


@dataclass(frozen=True)
class Parameter:
    """One setting of an optimizer or schedule: Keras's name for it is its key; a flag has no range."""

    label: str
    default: float | bool
    allowed: Range | None = None
    whole: bool = False


_FRACTION = Range(0, 0.9999)
_BETA_1 = Parameter(N_("Beta 1"), 0.9, _FRACTION)
_BETA_2 = Parameter(N_("Beta 2"), 0.999, _FRACTION)
_EPSILON = Parameter(N_("Epsilon"), 1e-7, Range(0, 1, above=True))
_MOMENTUM = Parameter(N_("Momentum"), 0.0, _FRACTION)


@dataclass(frozen=True)
class Optimizer:
    """An optimizer: its label, which is its Keras class's name, its usual learning rate, and its own parameters."""

    label: str
    learning_rate: float
    parameters: dict[str, Parameter] = field(default_factory=dict)


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer("SGD", 0.01, {"momentum": _MOMENTUM, "nesterov": Parameter(N_("Nesterov"), False)}),
    "adam": Optimizer("Adam", 0.001, {"beta_1": _BETA_1, "beta_2": _BETA_2, "epsilon": _EPSILON}),
    "adamw": Optimizer(
        "AdamW",
        0.001,
        {
            "weight_decay": Parameter(N_("Weight decay"), 0.004, Range(0, 1)),
            "beta_1": _BETA_1,
            "beta_2": _BETA_2,
            "epsilon": _EPSILON,
        },
    ),
    "nadam": Optimizer("Nadam", 0.001, {"beta_1": _BETA_1, "beta_2": _BETA_2, "epsilon": _EPSILON}),
    "rmsprop": Optimizer(
        "RMSprop",
        0.001,
        {"rho": Parameter(N_("Rho"), 0.9, _FRACTION), "momentum": _MOMENTUM, "epsilon": _EPSILON},
    ),
    "adagrad": Optimizer(
        "Adagrad",
        0.001,
        {
            "initial_accumulator_value": Parameter(N_("Initial accumulator"), 0.1, Range(0, 10)),
            "epsilon": _EPSILON,
        },
    ),
    "adadelta": Optimizer("Adadelta", 0.001, {"rho": Parameter(N_("Rho"), 0.95, _FRACTION), "epsilon": _EPSILON}),
    "adamax": Optimizer("Adamax", 0.001, {"beta_1": _BETA_1, "beta_2": _BETA_2, "epsilon": _EPSILON}),
    "lion": Optimizer("Lion", 0.001, {"beta_1": _BETA_1, "beta_2": Parameter(N_("Beta 2"), 0.99, _FRACTION)}),
}


@dataclass(frozen=True)
class Schedule:
    """How the learning rate changes from epoch to epoch: its label, what it does, and its own parameters."""

    label: str
    description: str
    parameters: dict[str, Parameter] = field(default_factory=dict)


SCHEDULES: dict[str, Schedule] = {
    "constant": Schedule(N_("Constant"), N_("The same learning rate in every epoch.")),
    "exponential": Schedule(
        N_("Exponential"),
        N_("Each epoch's learning rate is the last one's times the decay."),
        {"decay": Parameter(N_("Decay"), 0.9, Range(0, 1, above=True))},
    ),
    "cosine": Schedule(
        N_("Cosine"),
        N_("The learning rate falls along half a cosine wave, slowly at first and at the end."),
        {"floor": Parameter(N_("Floor"), 0.0, Range(0, 1))},
    ),
    "plateau": Schedule(
        N_("Reduce on plateau"),
        N_(
            "When the validation loss has not got better for some epochs, the learning rate is multiplied by the"
            " factor."
        ),
        {
            "factor": Parameter(N_("Factor"), 0.5, Range(0.01, 0.99)),
            "patience": Parameter(N_("Patience"), 3, Range(1, 1000), whole=True),
        },
    ),
}


@dataclass(frozen=True)
class Preparation:
    """What happens to each image before the first layer: its label and what it does."""

    label: str
    description: str


PREPARE: dict[str, Preparation] = {
    "none": Preparation(N_("As it is"), N_("The network receives each picture as it is.")),
    "deskew": Preparation(
        N_("Straightened"), N_("Each picture is sheared until its digit stands upright, in training and later.")
    ),
}

LOSSES: dict[str, str] = {
    "crossentropy": N_("Cross-entropy"),
    "mse": N_("Mean squared error"),
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


@dataclass(frozen=True)
class Strength:
    """How far augmentation may go in one respect: its label, the strengths allowed, and a usual one."""

    label: str
    allowed: Range
    usual: float


AUGMENT: dict[str, Strength] = {
    "shift": Strength(N_("Shift"), Range(0, 0.5), 0.08),
    "rotation": Strength(N_("Rotation"), Range(0, 180), 15.0),
    "shear": Strength(N_("Shear"), Range(0, 1), 0.2),
    "zoom": Strength(N_("Zoom"), Range(0, 0.9), 0.15),
    "elastic": Strength(N_("Elastic"), Range(0, 0.5), 0.0),
    "pen": Strength(N_("Pen width"), Range(0, 1), 0.0),
}

MAX_LAYERS = 8
UNITS = Range(1, 4096)
DROPOUT = Range(0, 0.95)
LEARNING_RATE = Range(0, 100, above=True)
REGULARIZATION = Range(0, 1)
EPOCHS = Range(1, 1000)
VALIDATION_SPLIT = Range(0, 0.5)
PATIENCE = Range(1, 1000)
SEED = Range(0, 2**31 - 1)
REPEATS = Range(1, 100)
FOLDS = Range(2, 20)
MAX_MEMBERS = 100
MAX_NAME = 80
MAX_NOTE = 2000
