"""Wine: 178 Italian wines, thirteen chemical measurements each."""

from __future__ import annotations

from mlpcore.datasets.info import DatasetInfo
from mlpcore.datasets.sklearn_tables import SklearnTable
from mlpcore.i18n.messages import N_

INFO = DatasetInfo(
    name="wine",
    label=N_("Wine"),
    kind="tabular",
    description=N_("Wines from three grape cultivars, distinguished by a chemical analysis."),
    input_shape=(13,),
    class_names=(N_("Cultivar 1"), N_("Cultivar 2"), N_("Cultivar 3")),
    feature_names=(
        N_("Alcohol"),
        N_("Malic acid"),
        N_("Ash"),
        N_("Alcalinity of ash"),
        N_("Magnesium"),
        N_("Total phenols"),
        N_("Flavanoids"),
        N_("Nonflavanoid phenols"),
        N_("Proanthocyanins"),
        N_("Color intensity"),
        N_("Hue"),
        N_("OD280/OD315 of diluted wines"),
        N_("Proline"),
    ),
    train_count=142,
    test_count=36,
    scale=1,
    source="Wine, Aeberhard & Forina 1992 (UCI; scikit-learn)",
    licence="CC BY 4.0",
    loader="sklearn.datasets.load_wine",
)

SOURCE = SklearnTable(
    info=INFO,
    file="wine_data.csv",
    sha256="b6ff7c6847be41ee158bdf2267e98a97e1d240566564154aba1c0cc61f551fc3",
)
