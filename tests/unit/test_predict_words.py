import numpy as np
import pytest

from mlpcore.ui.predict import words
from mlpcore.ui.predict.differences import Lie
from mlpcore.ui.predict.opinions import opinion

NAMES = ["cat", "dog", "cow"]
SPACE = "\N{NO-BREAK SPACE}"


def told(*rows: list[float]) -> str:
    return words.headline(opinion(np.array(rows)), NAMES).replace(SPACE, " ")


def test_a_network_that_is_sure_says_so_and_one_that_is_not_is_modest():
    assert told([0.1, 0.8, 0.1]) == "The network says dog (80.0 %)."
    assert told([0.4, 0.35, 0.25]) == "The network is not sure: perhaps cat (40.0 %), perhaps dog (35.0 %)."


def test_several_networks_speak_by_their_mean():
    assert told([0.1, 0.8, 0.1], [0.3, 0.6, 0.1]) == "On average the 2 networks say dog (70.0 %)."
    assert told([0.1, 0.5, 0.4], [0.5, 0.1, 0.4]) == (
        "On average the 2 networks are not sure: perhaps cow (40.0 %), perhaps cat (30.0 %)."
    )


def test_votes_are_those_for_the_class_on_top_of_the_mean():
    assert words.votes(opinion(np.array([[0.9, 0.1, 0], [0.4, 0.6, 0]])), NAMES) == "1 of 2 networks say cat"


def test_runs_agree_or_their_answers_are_listed_the_most_named_first():
    assert words.agreement([1, 1, 1], NAMES) == "All 3 agree: dog."
    assert words.agreement([2, 0, 2], NAMES) == "They disagree: cow (2 of 3), cat (1 of 3)."
    assert words.agreement([1], NAMES) == "The network that answers says dog."


@pytest.mark.parametrize(
    ("mean", "spread", "expected"),
    [
        (0.725, None, "72.5 %"),
        (0.725, 0.017, "72.5 ± 1.7 %"),
        (0.725, 0.0002, "72.5 %"),
        (0.9999, 0.001, "> 99.9 %"),
        (0.0001, 0.001, "< 0.1 %"),
    ],
)
def test_a_probability_has_its_deviation_where_one_decimal_shows_it(mean: float, spread: float | None, expected: str):
    assert words.share(mean, spread).replace(SPACE, " ") == expected


def test_the_difference_names_place_size_and_lines():
    text = words.difference(Lie(9, 10.4, 1.84), Lie(20, 0.7, 2.4), 28)

    assert "the digit is 9 pixels large, 10 pixels off the middle, and its lines are 1.8 pixels wide" in text
    assert "it is 20 pixels large, in the middle, and its lines are 2.4 pixels wide" in text


def test_in_a_picture_of_eight_pixels_lines_have_no_width_to_speak_of():
    assert "lines" not in words.difference(Lie(2, 2.0, 1.0), Lie(8, 0.2, 1.0), 8)


def test_a_digit_too_faint_to_survive_is_said_to_be_gone():
    assert "hardly anything is left of the digit" in words.difference(Lie(0, 0, 0), Lie(20, 0.7, 2.4), 28)
