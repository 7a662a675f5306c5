"""Iris: Fisher's 150 flowers, four measurements each."""

from __future__ import annotations

from mlpcore.datasets.info import DatasetInfo
from mlpcore.datasets.sklearn_tables import SklearnTable
from mlpcore.i18n.messages import N_

INFO = DatasetInfo(
    name="iris",
    label=N_("Iris"),
    kind="tabular",
    description=N_("Three species of iris, distinguished by the lengths and widths of sepals and petals."),
    input_shape=(4,),
    class_names=(N_("Setosa"), N_("Versicolor"), N_("Virginica")),
    feature_names=(
        N_("Sepal length (cm)"),
        N_("Sepal width (cm)"),
        N_("Petal length (cm)"),
        N_("Petal width (cm)"),
    ),
    train_count=120,
    test_count=30,
    scale=1,
    source="Iris, Fisher 1936 (UCI; scikit-learn)",
    licence="CC BY 4.0",
    loader="sklearn.datasets.load_iris",
)

SOURCE = SklearnTable(
    info=INFO,
    file="iris.csv",
    sha256="6e592aace77bce225cd6af938de731a5798c8c30ee9cc5f1cd6abdea81e3bb25",
)
