"""The test sets of the datasets, kept in memory for all sessions."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpcore import datasets
from mlpcore.datasets import TestSet


@st.cache_resource(max_entries=2, show_spinner=False)
def shared_test_set(name: str) -> TestSet:
    """A dataset's test part; DatasetError where it is not on this machine."""
    return datasets.load_test(name)


@st.cache_data(max_entries=6, show_spinner=False)
def measured_values(name: str) -> NDArray[np.float64]:
    """The rows of a tabular dataset's test part as they were measured, (n, features)."""
    data = datasets.load(name)
    return np.asarray(data.test_inputs * data.feature_deviations + data.feature_means)
