"""Digits: 1,797 small handwritten digits that come with scikit-learn, so they are always available."""

from __future__ import annotations

from mlpcore.datasets.info import DatasetInfo
from mlpcore.datasets.sklearn_tables import SklearnTable
from mlpcore.i18n.messages import N_

INFO = DatasetInfo(
    name="digits",
    label=N_("Digits 8×8"),
    kind="image",
    description=N_("Small handwritten digits of 8×8 pixels, levels 0 to 16; trains in seconds."),
    input_shape=(8, 8),
    class_names=tuple("0123456789"),
    train_count=1_437,
    test_count=360,
    scale=16,
    source="Optical Recognition of Handwritten Digits, Alpaydin & Kaynak 1998 (UCI; scikit-learn)",
    licence="CC BY 4.0",
    loader="sklearn.datasets.load_digits",
    draws_digits=True,
)

SOURCE = SklearnTable(
    info=INFO,
    file="digits.csv.gz",
    sha256="30aa855cd90427ff3c4996b3f40109597c57049f8a038cc52db1efeac8ad2e26",
    header_rows=0,
)
