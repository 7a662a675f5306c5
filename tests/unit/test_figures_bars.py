import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.figures.bars import percent, softmax_bars

DIGITS = [str(digit) for digit in range(10)]


def test_bars_stand_in_the_order_of_the_classes_with_the_top_and_the_second_one_named() -> None:
    shares = np.array([0, 0, 0.01, 0.83, 0, 0.11, 0, 0, 0.05, 0], np.float32)
    bars = softmax_bars(shares, DIGITS)
    assert [bar.name for bar in bars.bars] == DIGITS
    assert (bars.top, bars.second) == (3, 5)
    assert bars.bars[3].percent == "83.0\u00a0%"
    assert bars.bars[3].share == pytest.approx(0.83)


def test_of_equally_probable_classes_the_first_is_the_top_one() -> None:
    bars = softmax_bars(np.full(10, 0.1, np.float32), DIGITS)
    assert (bars.top, bars.second) == (0, 1)


@pytest.mark.parametrize(("highest", "certain"), [(0.49, False), (0.5, True), (0.97, True)])
def test_a_network_has_decided_when_one_class_has_half_of_all_probability(highest: float, certain: bool) -> None:
    shares = np.full(10, (1 - highest) / 9)
    shares[7] = highest
    assert softmax_bars(shares, DIGITS).certain is certain


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "< 0.1 %"),
        (1e-30, "< 0.1 %"),
        (0.00049, "< 0.1 %"),
        (0.0005, "0.1 %"),
        (0.9721, "97.2 %"),
        (0.9994, "99.9 %"),
        (0.9996, "> 99.9 %"),
        (1.0, "> 99.9 %"),
    ],
)
def test_no_probability_is_written_as_nothing_or_as_certainty(share: float, text: str) -> None:
    assert percent(share).replace("\u00a0", " ") == text


@pytest.mark.parametrize("name", datasets.REGISTRY)
def test_every_dataset_has_a_name_for_each_bar(name: str) -> None:
    info = datasets.REGISTRY[name]
    bars = softmax_bars(np.full(info.classes, 1 / info.classes), info.class_names)
    assert [bar.name for bar in bars.bars] == list(info.class_names)


def test_probabilities_without_a_name_for_each_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        softmax_bars(np.full(10, 0.1), DIGITS[:9])
