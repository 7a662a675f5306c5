"""The settings within a setting: those of a hidden layer, those that every optimizer has, and the augmentation's.

They are rows of the table of settings, `fields.SETTINGS`. What only one optimizer or schedule has is in `choices`.
"""

from __future__ import annotations

from mlpcore.i18n.messages import N_
from mlpcore.spec import choices
from mlpcore.spec.setting import Range, Setting, table

LAYER = table(
    Setting(
        "units",
        N_("Units"),
        N_("The number of neurons in the layer, from 1 to 4,096. Without hidden layers it is a softmax regression."),
        kind="integer",
        allowed=choices.UNITS,
    ),
    Setting(
        "activation",
        N_("Activation"),
        N_("The function that each neuron applies to its weighted sum. ReLU is a good start."),
        kind="choice",
        options=choices.ACTIVATIONS,
        short="{value}",
    ),
    Setting(
        "dropout",
        N_("Dropout rate"),
        N_(
            "The fraction of the layer's neurons that is switched off at random in each training step, from 0 to 0.95."
            " It reduces overfitting; 0.2 is usual."
        ),
        allowed=Range(0, 0.95),
        short=N_("dropout {value}"),
    ),
)

OPTIMIZER = table(
    Setting(
        "learning_rate",
        N_("Learning rate"),
        N_(
            "How large each step is. If it is too large, the loss jumps or explodes; if it is too small,"
            " the network hardly learns."
        ),
        allowed=choices.LEARNING_RATE,
        section="essentials",
        half=True,
        step=0,
        column=True,
        short=N_("learning rate {value}"),
        compiled=False,
    )
)

AUGMENT = table(
    Setting(
        "shift",
        N_("Shift"),
        N_("Moved by up to this fraction of the image's side, in each direction. 0: not at all."),
        allowed=Range(0, 0.5),
        proposed=0.08,
        step=0.01,
    ),
    Setting(
        "rotation",
        N_("Rotation"),
        N_("Rotated by up to this many degrees. Beware: a 6 upside down is a 9. 0: not at all."),
        allowed=Range(0, 180),
        proposed=15.0,
        step=1.0,
    ),
    Setting(
        "shear",
        N_("Shear"),
        N_("Slanted like italics by up to this much: 1 is a slant of 45 degrees. 0: not at all."),
        allowed=Range(0, 1),
        proposed=0.2,
        step=0.05,
    ),
    Setting(
        "zoom",
        N_("Zoom"),
        N_("Made smaller or larger by up to this fraction. 0: not at all."),
        allowed=Range(0, 0.9),
        proposed=0.15,
        step=0.05,
    ),
    Setting(
        "elastic",
        N_("Elastic"),
        N_(
            "Distorted like rubber: each pixel moves by up to this fraction of the image's side, and neighbours move"
            " alike. 0: not at all."
        ),
        allowed=Range(0, 0.5),
        proposed=0.0,
        step=0.02,
    ),
    Setting(
        "pen",
        N_("Pen width"),
        N_("Lines made thicker or thinner by up to this many pixels at each edge. 0: not at all."),
        allowed=Range(0, 1),
        proposed=0.0,
        step=0.1,
    ),
)
