"""MNIST: 70,000 handwritten digits, the standard first task."""

from __future__ import annotations

from mlpcore.datasets.archives import Archive, Published
from mlpcore.datasets.info import DatasetInfo
from mlpcore.i18n.messages import N_

INFO = DatasetInfo(
    name="mnist",
    label=N_("MNIST"),
    kind="image",
    description=N_("Handwritten digits of 28×28 pixels, grey levels 0 to 255."),
    input_shape=(28, 28),
    class_names=tuple("0123456789"),
    train_count=60_000,
    test_count=10_000,
    scale=255,
    source="MNIST, LeCun, Cortes & Burges 1998",
    licence="CC BY-SA 3.0",
    loader="keras.datasets.mnist.load_data",
    draws_digits=True,
    download_bytes=11_490_434,
)

SOURCE = Archive(
    info=INFO,
    checksums={
        "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
        "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
        "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
        "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    },
    published=Published(files={"mnist.npz": None}),
)
