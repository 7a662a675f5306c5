"""Who reads a handful of examples best."""

from __future__ import annotations

import numpy as np
import pytest

from mlpcore.analysis.answers import Answers
from mlpcore.analysis.reading import best_first, trust

LABELS = np.array([0, 1])


def answers(*rows: tuple[float, float, float]) -> Answers:
    return Answers(np.array(rows, np.float32), LABELS)


def test_trust_is_the_mean_probability_of_the_true_class() -> None:
    assert trust(answers((0.7, 0.2, 0.1), (0.5, 0.4, 0.1))) == pytest.approx(0.55)


def test_who_reads_more_comes_first_and_of_equals_who_is_surer_of_the_truth() -> None:
    readers = {
        "wrong": answers((0.1, 0.8, 0.1), (0.8, 0.1, 0.1)),
        "hardly": answers((0.4, 0.3, 0.3), (0.3, 0.4, 0.3)),
        "half, and sure": answers((1, 0, 0), (0.51, 0.49, 0)),
        "surely": answers((0.9, 0.1, 0), (0.1, 0.9, 0)),
    }
    assert best_first(readers) == ["surely", "hardly", "half, and sure", "wrong"]
