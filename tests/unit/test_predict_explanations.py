import numpy as np
import pytest

from mlpcore.pictures.digit_geometry import DigitGeometry
from mlpcore.serving.ensemble_prediction import ensemble_prediction
from mlpcore.ui.predict import explanations

NAMES = ["cat", "dog", "cow"]
SPACE = "\N{NO-BREAK SPACE}"


def headline(*rows: list[float]) -> str:
    return explanations.headline(ensemble_prediction(np.array(rows)), NAMES).replace(SPACE, " ")


def test_an_uncertain_prediction_names_two_classes():
    assert headline([0.1, 0.8, 0.1]) == "The network predicts dog (80.0 %)."
    assert headline([0.4, 0.35, 0.25]) == "The network is not sure: perhaps cat (40.0 %), perhaps dog (35.0 %)."


def test_the_mean_of_several_networks_is_worded():
    assert headline([0.1, 0.8, 0.1], [0.3, 0.6, 0.1]) == "On average the 2 networks predict dog (70.0 %)."
    assert headline([0.1, 0.5, 0.4], [0.5, 0.1, 0.4]) == (
        "On average the 2 networks are not sure: perhaps cow (40.0 %), perhaps cat (30.0 %)."
    )


def test_votes_are_counted_for_the_top_class_of_the_mean():
    prediction = ensemble_prediction(np.array([[0.9, 0.1, 0], [0.4, 0.6, 0]]))

    assert explanations.votes(prediction, NAMES) == "1 of 2 networks predict cat"


def test_runs_agree_or_their_predictions_are_listed_by_frequency():
    assert explanations.agreement([1, 1, 1], NAMES) == "All 3 agree: dog."
    assert explanations.agreement([2, 0, 2], NAMES) == "They disagree: cow (2 of 3), cat (1 of 3)."
    assert explanations.agreement([1], NAMES) == "The network predicts dog."


def test_the_difference_states_position_size_and_line_width():
    text = explanations.difference(DigitGeometry(9, 10.4, 1.84), DigitGeometry(20, 0.7, 2.4), 28)

    assert "the digit is 9 pixels large, 10 pixels off the middle, and its lines are 1.8 pixels wide" in text
    assert "it is 20 pixels large, in the middle, and its lines are 2.4 pixels wide" in text


@pytest.mark.parametrize("side", [8, 28])
@pytest.mark.parametrize(
    ("offset", "says"),
    [(0.3, "is in the middle, but"), (1.2, "1 pixel off the middle"), (2.0, "2 pixels off the middle")],
)
def test_a_digit_in_the_middle_is_not_said_to_be_off_it(side: int, offset: float, says: str):
    text = explanations.difference(DigitGeometry(9, offset, 1.8), DigitGeometry(20, 0.2, 2.4), side)

    assert says in text
    assert "0 pixels off" not in text


def test_in_a_picture_of_eight_pixels_no_line_width_is_stated():
    assert "lines" not in explanations.difference(DigitGeometry(2, 2.0, 1.0), DigitGeometry(8, 0.2, 1.0), 8)


def test_a_digit_that_vanishes_when_scaled_down_is_reported():
    assert "hardly anything is left of the digit" in explanations.difference(
        DigitGeometry(0, 0, 0), DigitGeometry(20, 0.7, 2.4), 28
    )
