"""The table of settings is complete and agrees with all that reads it."""

from __future__ import annotations

import pytest

from mlpcore.spec import RunSpec
from mlpcore.spec.fields import EXPORT_GROUPS, SETTINGS, every_setting
from mlpcore.spec.setting import own_settings
from mlpcore.spec.validation import field_label
from mlpcore.ui.leaderboard.columns import COLUMNS
from mlpcore.ui.leaderboard.export import FIELDS
from mlpcore.ui.shell.run_text import settings_text
from mlpcore.ui.train.form.sections import DRAWN_SPECIALLY, ESSENTIALS, SECTIONS

ROWS = every_setting()


def test_every_field_of_a_spec_has_a_row():
    plain = RunSpec.from_dict({"augment": {"shift": 0.1}}).to_dict()

    assert set(plain) == set(SETTINGS)
    for name in ("optimizer", "schedule", "augment"):
        assert set(plain[name]) - {"name"} <= {row.name for row in own_settings(SETTINGS[name])}
    assert set(plain["hidden"][0]) == set(SETTINGS["hidden"].parts)


def test_no_two_settings_share_a_name_or_a_name_in_the_address():
    rows = [row for top in SETTINGS.values() for row in (top, *own_settings(top))]

    assert len(rows) == len({row.name for row in rows}) == len({row.address_name for row in rows})


@pytest.mark.parametrize("name", ROWS)
def test_every_setting_has_a_label_and_a_help_text(name):
    assert ROWS[name].label
    assert str(field_label(name)) == ROWS[name].label
    assert ROWS[name].help.endswith(".")


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.optional])
def test_a_setting_that_can_be_switched_off_is_off_without_a_value(name):
    assert getattr(RunSpec.from_dict({name: None}), name) == getattr(RunSpec(), name) == ROWS[name].off


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_its_place_in_the_form(name):
    assert SETTINGS[name].section in (ESSENTIALS, *SECTIONS) or name in ("dataset", "hidden")


def test_what_is_drawn_specially_is_a_setting():
    assert set(DRAWN_SPECIALLY) <= set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_the_leaderboard_and_its_csv_have_a_column_for_each_setting_whose_row_says_so(name):
    if ROWS[name].column:
        assert name in COLUMNS
        assert name in FIELDS


@pytest.mark.parametrize("name", SETTINGS)
def test_a_run_shows_every_setting_but_its_name_and_note(name):
    assert (name in settings_text(RunSpec())) == (SETTINGS[name].kind != "text")


def test_only_known_groups_of_constants_are_exported():
    assert {row.export for row in ROWS.values()} - {""} == set(EXPORT_GROUPS)
    assert list(RunSpec.from_dict({"folds": 3}).export_constants()) == ["seed", "folds", "epochs", "batch_size"]


def test_the_compiled_part_keeps_what_the_step_computes_and_nothing_else():
    spec = RunSpec.from_dict(
        {"dataset": "wine", "optimizer": {"name": "sgd", "learning_rate": 0.5, "momentum": 0.9}, "l2": 0.1, "seed": 3}
    )

    part = spec.compiled_part()
    assert part == RunSpec.from_dict(
        {"dataset": "wine", "optimizer": {"name": "sgd", "learning_rate": 0.001, "momentum": 0.9}, "l2": 0.1}
    )
    assert part.compiled_part() == part
