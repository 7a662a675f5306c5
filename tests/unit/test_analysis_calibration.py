"""Calibration: bins and the expected calibration error, against the formula written out and against simulations."""

import numpy as np
import pytest

from mlpcore.analysis.calibration import bin_numbers, calibration
from mlpcore.analysis.predictions import Predictions


def sure_of(confidences: list[float], right: list[bool]) -> Predictions:
    """Predictions between two classes, the first of which is always predicted."""
    sure = np.array(confidences)
    return Predictions(np.column_stack([sure, 1 - sure]).astype(np.float32), np.where(right, 0, 1))


def simulated(factor: float, count: int = 4000) -> Predictions:
    """Predictions whose confidence p is right with the probability p ** factor."""
    chance = np.random.default_rng(3)
    sure = chance.uniform(0.5, 1, count)
    return sure_of(sure.tolist(), (chance.random(count) < sure**factor).tolist())


def test_each_bin_has_its_count_its_mean_confidence_and_its_accuracy():
    measured = calibration(sure_of([0.95, 0.97, 0.55, 0.6, 0.61], [True, False, True, False, True]))
    assert [item.count for item in measured.bins] == [0, 0, 0, 0, 0, 2, 1, 0, 0, 2]
    assert measured.bins[5].confidence == pytest.approx(0.575)
    assert measured.bins[5].accuracy == 0.5
    assert (measured.bins[9].low, measured.bins[9].high, measured.bins[9].accuracy) == (pytest.approx(0.9), 1, 0.5)
    assert bin_numbers(sure_of([0.95, 0.55, 0.6], [True] * 3)).tolist() == [9, 5, 5]
    assert (measured.bins[0].confidence, measured.bins[0].accuracy) == (0, 0)


def test_bins_are_open_below_and_closed_above():
    measured = calibration(sure_of([0.5, 0.75, 1.0], [True, True, True]), bins=4)
    assert [item.count for item in measured.bins] == [0, 1, 1, 1]


def test_the_error_is_the_mean_distance_of_accuracy_and_confidence_weighted_with_the_bins():
    predictions = simulated(2)
    error = 0.0
    for low in np.arange(0, 1, 0.1):
        within = (predictions.confidence > low) & (predictions.confidence <= low + 0.1)
        if within.any():
            error += within.mean() * abs(predictions.correct[within].mean() - predictions.confidence[within].mean())
    assert calibration(predictions).error == pytest.approx(error, abs=1e-6)
    # In a single bin nothing cancels out but the means themselves.
    assert calibration(predictions, bins=1).error == pytest.approx(calibration(predictions).gap, abs=1e-6)


@pytest.mark.parametrize(("factor", "verdict"), [(1, "calibrated"), (2, "over"), (0.5, "under")])
def test_a_network_is_called_overconfident_underconfident_or_neither(factor: float, verdict: str):
    measured = calibration(simulated(factor))
    assert measured.verdict == verdict
    assert (measured.gap > 0) == (measured.confidence > measured.accuracy)


def test_a_difference_that_chance_explains_is_no_verdict():
    few = sure_of([0.9] * 10, [True] * 8 + [False] * 2)
    many = sure_of([0.9] * 1000, [True] * 800 + [False] * 200)
    assert calibration(few).gap == pytest.approx(calibration(many).gap)
    assert (calibration(few).verdict, calibration(many).verdict) == ("calibrated", "over")


def test_complete_certainty_that_is_right_is_perfect_and_that_is_wrong_is_overconfident():
    perfect = calibration(sure_of([1.0, 1.0], [True, True]))
    assert (perfect.error, perfect.verdict) == (0, "calibrated")
    wrong = calibration(sure_of([1.0, 1.0], [True, False]))
    assert (wrong.error, wrong.verdict) == (0.5, "over")
