"""How numbers are written."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from mlpcore import formatting

NAN = math.nan


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "–"),
        (NAN, "–"),
        (0.0, "0 %"),
        (1 / 60_000, "< 0.1 %"),
        (0.0832, "8.3 %"),
        (0.97849, "97.8 %"),
        (0.9949, "99.5 %"),
        (0.99786, "99.79 %"),
        (0.9999, "99.99 %"),
        (59_999 / 60_000, "> 99.99 %"),
        (1.0, "100 %"),
        (1.25, "125.0 %"),
        (-0.03, "−3.0 %"),
    ],
)
def test_a_share_is_read_in_percent_with_more_decimals_where_they_matter(share: float | None, text: str) -> None:
    assert spaced(formatting.percent(share)) == text


def test_a_sum_of_shares_that_misses_1_by_a_rounding_error_is_100_percent() -> None:
    assert spaced(formatting.percent(sum([0.1] * 10))) == "100 %"


@pytest.mark.parametrize(
    ("share", "text"), [(0.5, "50.00 %"), (0.97849, "97.85 %"), (0.00002, "< 0.01 %"), (0.99999, "> 99.99 %")]
)
def test_accuracies_below_each_other_have_two_decimals(share: float, text: str) -> None:
    assert spaced(formatting.accuracy(share)) == text


def test_the_accuracy_of_several_networks_has_the_decimals_that_its_deviation_needs() -> None:
    assert spaced(formatting.accuracy(0.97849, 0.0012)) == "97.8 ± 0.1 %"
    assert spaced(formatting.accuracy(0.97849, 0.00049)) == "97.85 ± 0.05 %"


@pytest.mark.parametrize(
    ("share", "deviation", "text"),
    [
        (None, None, "–"),
        (0.9784, None, "97.8 %"),
        (0.9784, NAN, "97.8 %"),
        (0.9784, 0.0012, "97.8 ± 0.1 %"),
        (0.5, 0.1234, "50.0 ± 12.3 %"),
        (0.9784, 0.00049, "97.84 ± 0.05 %"),
        (0.9784, 0.0, "97.84 ± 0.00 %"),
        (0.9984, 0.0012, "99.84 ± 0.12 %"),
        (0.99998, 0.00002, "99.998 ± 0.002 %"),
        (0.00002, 0.00002, "0.002 ± 0.002 %"),
        (1.0, 0.0, "100 ± 0 %"),
        (0.0, 0.0, "0 ± 0 %"),
    ],
)
def test_a_mean_and_its_deviation_have_the_same_decimals(
    share: float | None, deviation: float | None, text: str
) -> None:
    assert spaced(formatting.percent(share, deviation)) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "–"),
        (NAN, "–"),
        (0.0, "0 %"),
        (1e-30, "< 0.1 %"),
        (0.00049, "< 0.1 %"),
        (0.000501, "0.1 %"),
        (0.9721, "97.2 %"),
        (0.9994, "99.9 %"),
        (0.9996, "> 99.9 %"),
        (0.99999999, "> 99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_a_probability_is_certain_only_where_it_is_exactly_so(share: float | None, text: str) -> None:
    assert spaced(formatting.probability(share)) == text


@pytest.mark.parametrize(
    ("share", "deviation", "text"),
    [
        (0.725, 0.017, "72.5 ± 1.7 %"),
        (0.725, 0.0002, "72.5 %"),
        (0.9999, 0.001, "> 99.9 %"),
        (0.0001, 0.001, "< 0.1 %"),
        (1.0, 0.0, "100 %"),
    ],
)
def test_the_deviation_of_a_probability_stands_where_one_decimal_shows_it(
    share: float, deviation: float, text: str
) -> None:
    assert spaced(formatting.probability(share, deviation)) == text


@pytest.mark.parametrize("thousandths", range(1001))
def test_nothing_but_0_and_1_is_written_as_0_or_100_percent(thousandths: int) -> None:
    for share in (thousandths / 1000, thousandths / 1000 + 0.00004, thousandths / 1000 - 0.00004):
        if 0 < share < 1:
            for text in (formatting.percent(share), formatting.probability(share), formatting.percent_number(share)):
                assert text.split("\u00a0")[0] not in {"0", "0.0", "0.00", "100", "100.0", "100.00"}


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0"),
        (0.0001, "<0.1"),
        (0.083, "8.3"),
        (0.42, "42"),
        (0.7000000001, "70"),
        (0.998, "99.8"),
        (0.9999, ">99.9"),
        (1, "100"),
    ],
)
def test_a_narrow_cell_has_a_percentage_without_its_sign(share: float, text: str) -> None:
    assert formatting.percent_number(share) == text


def test_a_range_of_shares_has_the_sign_once() -> None:
    assert [spaced(formatting.percent_range(i / 10, (i + 1) / 10)) for i in (0, 5, 9)] == [
        "0–10 %",
        "50–60 %",
        "90–100 %",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0"),
        (1.2345, "1.23"),
        (-0.0461, "−0.046"),
        (12.34, "12.3"),
        (123.4, "123"),
        (1234.5, "1,234"),
        (0.9999, "1.00"),
        (-2.1e-5, "−2.1×10⁻⁵"),
        (3.4e38, "3.4×10³⁸"),
        (NAN, "–"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_measured_values_have_about_three_digits(value: float | None, text: str) -> None:
    assert formatting.number(value) == text


def test_signed_values_have_their_sign() -> None:
    assert [formatting.signed(value) for value in (1.5, -1.5, 0, NAN)] == ["+1.50", "−1.50", "0", "–"]
    assert [formatting.signed(value, 2) for value in (1.5, -6.0, 0)] == ["+1.50", "−6.00", "0.00"]


def test_ticks_have_no_idle_zeros() -> None:
    assert [formatting.tick(value) for value in (0.5, 2.0, -10.0, 0.30000000000000004)] == ["0.5", "2", "−10", "0.3"]


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (64, "64"), (1e-7, "1×10⁻⁷"), (10_000, "10,000"), (-0.5, "−0.5")]
)
def test_a_setting_has_the_digits_that_were_chosen(value: float, text: str) -> None:
    assert formatting.setting(value) == text


@pytest.mark.parametrize(("value", "text"), [(5.1, "5.1"), (1065.0, "1,065"), (0.0, "0"), (0.11345, "0.1134")])
def test_a_value_in_its_own_unit_has_four_digits(value: float, text: str) -> None:
    assert formatting.raw(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("-0.590", "−0.590"),
        ("1947.3", "1,947.3"),
        ("0.000", "0.000"),
        ("9.64E-9", "9.64×10⁻⁹"),
        ("-1.2346E+30", "−1.2346×10³⁰"),
        ("0.0000811", "8.11×10⁻⁵"),
        ("0.000811", "0.000811"),
    ],
)
def test_a_number_of_a_calculation_has_all_its_digits(value: str, text: str) -> None:
    assert formatting.exact(Decimal(value)) == text


def test_a_negative_factor_stands_in_parentheses() -> None:
    assert (formatting.factor(Decimal("-0.5")), formatting.factor(Decimal("0.5"))) == ("(−0.5)", "0.5")


@pytest.mark.parametrize(
    ("value", "deviation", "text"),
    [
        (None, None, "–"),
        (NAN, None, "–"),
        (0.312, None, "0.3120"),
        (0.312, 0.0042, "0.3120 ± 0.0042"),
        (0.0, None, "0.0000"),
        (1.2e-6, None, "1.2×10⁻⁶"),
        (12345.67, None, "12,345.7"),
        (3e20, None, "3.0×10²⁰"),
        (math.inf, None, "∞"),
    ],
)
def test_a_loss_has_four_decimals_unless_it_is_tiny_or_huge(
    value: float | None, deviation: float | None, text: str
) -> None:
    assert formatting.loss(value, deviation) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0 s"),
        (59.94, "59.9 s"),
        (59.97, "1 min 0 s"),
        (60.0, "1 min 0 s"),
        (119.7, "2 min 0 s"),
        (3725, "62 min 5 s"),
    ],
)
def test_a_time_is_read_in_minutes_and_seconds(seconds: float, text: str) -> None:
    assert str(formatting.duration(seconds)) == text


@pytest.mark.parametrize(("value", "text"), [(1234.0, "1{,}234"), (-2.1e-5, r"-2.1 \times 10^{-5}"), (0.25, "0.250")])
def test_tex_has_its_own_signs(value: float, text: str) -> None:
    assert formatting.tex(value) == text


def test_a_fixed_number_of_decimals_comes_with_commas_and_a_real_minus_sign() -> None:
    assert (formatting.fixed(1234.5, 2), formatting.fixed(-0.5, 1)) == ("1,234.50", "−0.5")


def test_counts_and_sizes_have_commas_between_thousands() -> None:
    assert (formatting.count(60_000), formatting.megabytes(1_234_567_890)) == ("60,000", "1,234.6")
