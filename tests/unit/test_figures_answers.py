"""The figures of a network's answers: gallery, confusion matrix, measures and reliability diagram."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.analysis.calibration import calibration
from mlpcore.analysis.predictions import Predictions
from mlpcore.figures.axes import text_width
from mlpcore.figures.bar_tables import ScoreCell, ScoreRow, scores_table
from mlpcore.figures.confusion_matrix import ConfusionCell, confusion_matrix_svg
from mlpcore.figures.example_cards import ExampleCard, gallery, large_example
from mlpcore.figures.feature_bars import Feature, large_features, small_features
from mlpcore.figures.probability_bars import RIGHT, WRONG, horizontal_bars, vertical_bars
from mlpcore.figures.reliability_diagram import ReliabilityLabels, reliability_svg

HOSTILE = "<img src=x onerror=alert(1)>\"'&"
THREE = ["one", "two", "three"]
CARD = ExampleCard(
    7, np.eye(4, dtype=np.float32), [0.1, 0.7, 0.2], 2, 1, "two", ("· 70 %", "(true: three)"), "Example 7"
)
FEATURES = [Feature("Width", 1.5, "3.2", "Width: 3.2"), Feature("Length", -6.0, "0.1", "Length: 0.1")]


def parsed(markup: str) -> ElementTree.Element:
    """The figure, which must be well formed; browsers need no end of an image."""
    return ElementTree.fromstring(re.sub(r"(<img [^>]*[^/])>", r"\1/>", markup))


def picks(markup: str) -> list[str]:
    return [part.get("data-pick", "") for part in parsed(markup).iter() if part.get("data-pick")]


def test_the_right_class_is_blue_a_wrong_answer_red_and_all_others_grey():
    colors = re.findall(r"background:(#\w+|color-mix)[^>]*\"></i>", vertical_bars([0.1, 0.7, 0.2], THREE, 2, 1))
    assert colors == ["color-mix", WRONG, RIGHT]
    right = vertical_bars([0.1, 0.7, 0.2], THREE, 1, 1)
    assert RIGHT in right
    assert WRONG not in right


def test_colour_is_never_alone():
    for bars in (horizontal_bars([0.1, 0.7, 0.2], THREE, 2, 1), vertical_bars([0.1] * 5, ["longer name"] * 5, 2, 1)):
        assert bars.index("✗") < bars.index("✓")


def test_short_names_stand_below_the_small_bars_and_long_ones_are_left_to_the_pointer():
    names = [str(digit) for digit in range(10)]
    assert re.findall(r">(\d)</span>", vertical_bars([0.1] * 10, names, 3, 3)) == names
    long = vertical_bars([0.1] * 10, [f"class {name}" for name in names], 3, 3)
    assert ">class" not in long
    assert 'title="class 4: 10.0' in long


def test_a_gallery_sends_the_number_of_the_card_that_is_pressed():
    cards = [CARD, replace(CARD, number=8, answer=2)]
    markup = gallery(cards, THREE)
    assert picks(markup) == ["7", "8"]
    assert markup.count("data:image/png") == 2
    assert "✗ <b>two</b>" in markup
    assert "✓ <b>two</b>" in markup


def test_the_card_that_is_open_has_a_thick_edge():
    assert gallery([CARD], THREE, marked=7).count("2px solid") == 1
    assert "2px solid" not in gallery([CARD], THREE, marked=8)


def test_a_large_example_shows_every_picture_and_the_probability_of_every_class():
    markup = large_example(
        CARD, THREE, [(np.eye(4, dtype=np.float32), "before"), (np.eye(4, dtype=np.float32), "behind")]
    )
    text = "".join(parsed(markup).itertext()).replace("\u00a0", " ")
    assert re.sub(" +", " ", text) == "beforebehind one10.0 %✗ two70.0 %✓ three20.0 %"


def test_features_are_bars_to_both_sides_that_are_full_at_three_deviations():
    small = small_features(FEATURES)
    assert re.findall(r"(left|right):50%;width:([\d.]+)%", small) == [("left", "25.0"), ("right", "50.0")]
    text = "".join(parsed(large_features(FEATURES)).itertext())
    assert text == "Width3.2+1.50Length0.1−6.00"


def test_many_features_are_upright_bars_with_their_title():
    markup = small_features(FEATURES * 15)
    bars = list(parsed(markup).iter("rect"))
    assert len(bars) == 30
    assert [float(bar.get("height", 0)) for bar in bars[:2]] == [16, 32]
    assert [float(bar.get("y", 0)) for bar in bars[:2]] == [16, 32]
    assert bars[1].find("title").text == "Length: 0.1"


def test_a_gallery_of_features_shows_no_image():
    assert "<img" not in gallery([replace(CARD, shown=FEATURES)], THREE)


def cells(counts: list[list[int]]) -> list[list[ConfusionCell]]:
    return [
        [ConfusionCell(str(n), n / max(1, sum(row)), f"{n} of {i} as {j}") for j, n in enumerate(row)]
        for i, row in enumerate(counts)
    ]


def test_every_cell_of_the_matrix_can_be_pressed_and_says_what_it_is():
    markup = confusion_matrix_svg(cells([[8, 2], [0, 5]]), ["no", "yes"], ("true", "answer"), "A matrix")
    assert picks(markup) == ["0-0", "0-1", "1-0", "1-1"]
    assert [part.get("aria-label") for part in parsed(markup).iter("g")] == [
        "8 of 0 as 0",
        "2 of 0 as 1",
        "0 of 1 as 0",
        "5 of 1 as 1",
    ]


def test_the_diagonal_is_blue_and_framed_and_mistakes_are_red_the_stronger_the_more():
    markup = confusion_matrix_svg(cells([[6, 3, 1], [0, 5, 0], [0, 0, 0]]), THREE, ("true", "answer"), "A matrix")
    rects = list(parsed(markup).iter("rect"))
    fills = [(rect.get("fill"), float(rect.get("fill-opacity", 0))) for rect in rects]
    assert [fill for fill, _strength in fills] == [RIGHT, WRONG, WRONG, WRONG, RIGHT, WRONG, WRONG, WRONG, RIGHT]
    assert [rects[place].get("stroke") for place in (0, 4, 8)] == [RIGHT] * 3
    assert fills[1][1] > fills[2][1] > fills[3][1] == 0


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", datasets.REGISTRY)
def test_a_matrix_has_room_for_its_names_and_is_no_wider_than_a_phone(name: str, narrow: bool):
    names = datasets.REGISTRY[name].class_names
    size = len(names)
    svg = parsed(confusion_matrix_svg(cells([[1000] * size] * size), names, ("true", "answer"), "A matrix", narrow))
    width = float(svg.get("viewBox", "").split()[2])
    side = float(next(svg.iter("rect")).get("width", 0)) + 2
    assert width <= (352 if narrow else 680)
    assert side >= 24  # what a finger needs
    labels = [text for text in svg.iter("text") if text.get("text-anchor") == "end"]
    assert len(labels) == size
    room = min(float(label.get("x", 0)) for label in labels)
    assert room >= text_width(names, float(svg.get("font-size", 0)))


def test_the_measures_are_a_table_whose_rows_can_be_pressed():
    rows = [
        ScoreRow("cat", (ScoreCell(0.25, "25 %"),), "0", "cat in numbers"),
        ScoreRow("Mean", (ScoreCell(None, "never"),)),
    ]
    markup = scores_table(["Class", "Precision"], rows, "0")
    assert picks(markup) == ["0"]
    assert "".join(parsed(markup).itertext()) == "ClassPrecisioncat25 %Meannever"
    assert re.findall(r"width:([\d.]+)%", markup) == ["25.00"]


def reliability(sure: list[float], right: list[bool]) -> ElementTree.Element:
    probabilities = np.column_stack([sure, 1 - np.array(sure)]).astype(np.float32)
    found = calibration(Predictions(probabilities, np.where(right, 0, 1)))
    titles = [f"bin {place}" for place in range(10)]
    return parsed(
        reliability_svg(found.bins, titles, ReliabilityLabels("sure", "right", "number", "perfect", "A diagram"))
    )


def test_a_bar_is_as_high_as_the_share_of_right_answers_and_its_frame_reaches_to_the_confidence():
    svg = reliability([0.95] * 20, [True] * 10 + [False] * 10)
    bar, frame, count, _column = svg.iter("rect")
    unit = float(bar.get("height", 0)) / 0.5
    assert float(frame.get("height", 0)) == pytest.approx(0.45 * unit, abs=0.2)
    assert float(frame.get("y", 0)) + float(frame.get("height", 0)) == pytest.approx(float(bar.get("y", 0)), abs=0.2)
    assert float(count.get("height", 0)) > 20
    assert "20" in list(svg.itertext())


def test_bars_of_few_examples_are_pale_and_empty_ones_are_left_out():
    svg = reliability([0.95] * 20 + [0.65] * 3, [True] * 23)
    assert [group.get("opacity") for group in svg.iter("g") if group.get("opacity")] == ["0.35", "1"]


def test_a_column_of_the_diagram_says_what_it_is_and_can_be_pressed_in_all_its_height():
    svg = reliability([0.95] * 20 + [0.65] * 3, [True] * 23)
    columns = [group for group in svg.iter("g") if group.get("data-pick")]
    assert [(one.get("data-pick"), one.get("aria-label")) for one in columns] == [("6", "bin 6"), ("9", "bin 9")]
    assert list(columns[0].iter("rect"))[-1].get("height") == list(columns[1].iter("rect"))[-1].get("height")


def test_what_comes_from_outside_is_escaped():
    words = ReliabilityLabels(*[HOSTILE] * 5)
    figures = [
        gallery([replace(CARD, caption=HOSTILE, notes=(HOSTILE,), description=HOSTILE)], [HOSTILE] * 3),
        large_example(CARD, [HOSTILE] * 3, [(np.eye(2, dtype=np.float32), HOSTILE)]),
        small_features([Feature(HOSTILE, 1, HOSTILE, HOSTILE)]),
        small_features([Feature(HOSTILE, 1, HOSTILE, HOSTILE)] * 20),
        large_features([Feature(HOSTILE, 1, HOSTILE, HOSTILE)]),
        confusion_matrix_svg([[ConfusionCell(HOSTILE, 1, HOSTILE)]], [HOSTILE], (HOSTILE, HOSTILE), HOSTILE),
        scores_table([HOSTILE] * 2, [ScoreRow(HOSTILE, (ScoreCell(1, HOSTILE),), HOSTILE, HOSTILE)]),
        reliability_svg(
            calibration(Predictions(np.ones((1, 1), np.float32), np.array([0]))).bins, [HOSTILE] * 10, words
        ),
    ]
    for markup in figures:
        parsed(markup)
        assert "onerror" in markup
        assert "<img src=x" not in markup
