import numpy as np
import pytest

from mlpcore.ui.predict.opinions import majority, opinion, parties


def test_one_network_has_its_own_opinion_and_no_spread():
    one = opinion(np.array([[0.1, 0.7, 0.2]], np.float32))

    assert one.shares == pytest.approx((0.1, 0.7, 0.2))
    assert (one.spreads, one.top, one.second, one.votes, one.count) == (None, 1, 2, 1, 1)


def test_several_networks_answer_by_their_mean_with_its_sample_deviation():
    several = opinion(np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]]))

    assert several.shares == pytest.approx((0.5, 0.5))
    assert several.spreads == pytest.approx((0.4, 0.4))


def test_votes_count_the_networks_that_put_the_top_class_of_the_mean_first():
    torn = opinion(np.array([[0.0, 0.9, 0.1], [0.55, 0.45, 0.0], [0.55, 0.45, 0.0]]))

    assert torn.top == 1
    assert (torn.votes, torn.count) == (1, 3)


def test_of_equally_probable_classes_the_first_is_the_top_one():
    even = opinion(np.full((2, 4), 0.25))

    assert (even.top, even.second, even.votes) == (0, 1, 2)


def test_networks_that_agree_make_one_party_and_others_follow_by_size_then_by_class():
    assert parties([3, 3, 3]) == [(3, 3)]
    assert parties([8, 3, 5, 3]) == [(3, 2), (5, 1), (8, 1)]
    assert parties([]) == []


def test_the_majority_is_the_class_that_is_named_most_and_a_tie_has_none():
    assert majority([3]) == 3
    assert majority([8, 3, 5, 3]) == 3
    assert majority([8, 3, 3, 8, 1]) is None
