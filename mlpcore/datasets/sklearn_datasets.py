"""The datasets that come with scikit-learn: digits, iris, wine and breast cancer."""

from __future__ import annotations

from mlpcore.datasets.info import DatasetInfo
from mlpcore.datasets.sklearn_tables import SklearnTable
from mlpcore.i18n.messages import N_

DIGITS = SklearnTable(
    info=DatasetInfo(
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
    ),
    file="digits.csv.gz",
    sha256="30aa855cd90427ff3c4996b3f40109597c57049f8a038cc52db1efeac8ad2e26",
    header_rows=0,
)
"""1,797 small handwritten digits that come with scikit-learn, so they are always available."""

IRIS = SklearnTable(
    info=DatasetInfo(
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
    ),
    file="iris.csv",
    sha256="6e592aace77bce225cd6af938de731a5798c8c30ee9cc5f1cd6abdea81e3bb25",
)
"""Fisher's 150 flowers, four measurements each."""

WINE = SklearnTable(
    info=DatasetInfo(
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
    ),
    file="wine_data.csv",
    sha256="b6ff7c6847be41ee158bdf2267e98a97e1d240566564154aba1c0cc61f551fc3",
)
"""178 Italian wines, thirteen chemical measurements each."""

BREAST_CANCER = SklearnTable(
    info=DatasetInfo(
        name="breast_cancer",
        label=N_("Breast cancer"),
        kind="tabular",
        description=N_("Malignant and benign breast tumours, distinguished by the shape of their cell nuclei."),
        input_shape=(30,),
        class_names=(N_("Malignant"), N_("Benign")),
        feature_names=(
            N_("Mean radius"),
            N_("Mean texture"),
            N_("Mean perimeter"),
            N_("Mean area"),
            N_("Mean smoothness"),
            N_("Mean compactness"),
            N_("Mean concavity"),
            N_("Mean concave points"),
            N_("Mean symmetry"),
            N_("Mean fractal dimension"),
            N_("Radius error"),
            N_("Texture error"),
            N_("Perimeter error"),
            N_("Area error"),
            N_("Smoothness error"),
            N_("Compactness error"),
            N_("Concavity error"),
            N_("Concave points error"),
            N_("Symmetry error"),
            N_("Fractal dimension error"),
            N_("Worst radius"),
            N_("Worst texture"),
            N_("Worst perimeter"),
            N_("Worst area"),
            N_("Worst smoothness"),
            N_("Worst compactness"),
            N_("Worst concavity"),
            N_("Worst concave points"),
            N_("Worst symmetry"),
            N_("Worst fractal dimension"),
        ),
        train_count=455,
        test_count=114,
        scale=1,
        source="Breast Cancer Wisconsin (Diagnostic), Wolberg, Street & Mangasarian 1995 (UCI; scikit-learn)",
        licence="CC BY 4.0",
        loader="sklearn.datasets.load_breast_cancer",
    ),
    file="breast_cancer.csv",
    sha256="54cbf95e148c6eed11e8b2ac1637b5f44a8053293412279de71c47b345e9eb50",
)
"""569 tumours of Wisconsin patients, thirty measurements of cell nuclei each."""
