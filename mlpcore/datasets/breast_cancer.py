"""Breast cancer: 569 tumours of Wisconsin patients, thirty measurements of cell nuclei each."""

from __future__ import annotations

from mlpcore.datasets.info import DatasetInfo
from mlpcore.datasets.sklearn_tables import SklearnTable
from mlpcore.i18n.messages import N_

INFO = DatasetInfo(
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
)

SOURCE = SklearnTable(
    info=INFO,
    file="breast_cancer.csv",
    sha256="54cbf95e148c6eed11e8b2ac1637b5f44a8053293412279de71c47b345e9eb50",
)
