"""The datasets of images that Keras downloads too: MNIST and Fashion-MNIST."""

from __future__ import annotations

from mlpcore.datasets.archives import Archive, Published
from mlpcore.datasets.info import DatasetInfo
from mlpcore.i18n.messages import N_

MNIST = Archive(
    info=DatasetInfo(
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
    ),
    checksums={
        "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
        "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
        "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
        "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    },
    published=Published(files={"mnist.npz": None}),
)
"""70,000 handwritten digits, the standard first task."""

FASHION_MNIST = Archive(
    info=DatasetInfo(
        name="fashion_mnist",
        label=N_("Fashion-MNIST"),
        kind="image",
        description=N_("Photographs of clothes of 28×28 pixels, grey levels 0 to 255; harder than digits."),
        input_shape=(28, 28),
        class_names=(
            N_("T-shirt/top"),
            N_("Trouser"),
            N_("Pullover"),
            N_("Dress"),
            N_("Coat"),
            N_("Sandal"),
            N_("Shirt"),
            N_("Sneaker"),
            N_("Bag"),
            N_("Ankle boot"),
        ),
        train_count=60_000,
        test_count=10_000,
        scale=255,
        source="Fashion-MNIST, Xiao, Rasul & Vollgraf (Zalando Research) 2017",
        licence="MIT",
        loader="keras.datasets.fashion_mnist.load_data",
        download_bytes=30_878_645,
    ),
    checksums={
        "x_train": "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
        "y_train": "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
        "x_test": "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
        "y_test": "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
    },
    published=Published(
        files={
            "train-images-idx3-ubyte.gz": "x_train",
            "train-labels-idx1-ubyte.gz": "y_train",
            "t10k-images-idx3-ubyte.gz": "x_test",
            "t10k-labels-idx1-ubyte.gz": "y_test",
        },
        keras_folder="fashion-mnist",
    ),
)
"""70,000 pictures of clothes in MNIST's format, and harder than digits."""
