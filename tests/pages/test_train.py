"""The Train page, run by Streamlit's AppTest: the form, the address, and a run in each of its states."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import datasets
from mlpcore.i18n.messages import Message
from mlpcore.spec import RunSpec, choices
from mlpcore.store import liveness, members, metrics, queue, runs
from mlpcore.ui.train.form.address import to_params
from tests import app_pages
from tests.app_pages import ended, parameters
from tests.factory.runs import make_run, spec_of

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(data_folder: Path) -> Open:
    """Open the page with these parameters in its address: `open_page(dataset="iris", run=3)`."""
    return partial(app_pages.open_page, "dashboard.py")


def field(at: AppTest, name: str) -> Any:
    """The form's widget for a field."""
    kinds = (at.number_input, at.selectbox, at.text_input, at.text_area, at.toggle, at.checkbox)
    return next(w for kind in kinds for w in kind if w.key == f"form.{name}")


def button(at: AppTest, key: str) -> Any:
    return next(b for b in at.button if b.key == key)


def keys(at: AppTest) -> set[str | None]:
    return {b.key for b in at.button}


def texts(at: AppTest) -> str:
    """All text on the page."""
    elements = [*at.markdown, *at.caption, *at.warning, *at.error, *at.info, *at.success, *at.code]
    return "\n".join(str(element.value) for element in elements).replace("\\", "")


def all_runs(db: Database) -> list[runs.Run]:
    return runs.newest(db)


def test_an_empty_database_shows_the_form_and_the_network_with_its_arithmetic(open_page: Open) -> None:
    at = open_page(dataset="digits")

    assert field(at, "epochs").value == RunSpec().epochs
    assert at.table[0].value.iloc[:, 1].tolist() == [
        "(64 + 1) × 32 = 2,080",
        "(32 + 1) × 10 = 330",
        "**2,080 + 330 = 2,410**",
    ]
    assert "run_bar" not in str(at.main)


def test_the_default_dataset_is_mnist_where_it_is_installed_and_digits_elsewhere(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "default", lambda: "mnist")
    assert field(open_page(), "dataset").value == "mnist"

    monkeypatch.setattr(datasets, "default", lambda: "digits")
    assert field(open_page(), "dataset").value == "digits"


def test_train_queues_the_run_and_shows_it(open_page: Open, db: Database) -> None:
    at = open_page(dataset="digits", hidden="16-tanh-0.3,8-relu", epochs=7)

    ended(button(at, "train").click().run())

    (run,) = all_runs(db)
    assert run.status == "queued"
    assert run.spec == RunSpec.from_dict(
        {
            "dataset": "digits",
            "epochs": 7,
            "hidden": [{"units": 16, "activation": "tanh", "dropout": 0.3}, {"units": 8}],
        }
    )
    assert parameters(at)["run"] == str(run.id)
    assert "stop" in keys(at)


def test_train_again_takes_the_same_spec_and_the_other_button_another_seed(open_page: Open, db: Database) -> None:
    first = make_run(db, spec_of(epochs=3, seed=5))

    ended(button(open_page(run=first), "train_again").click().run())
    ended(button(open_page(run=first), "train_other_seed").click().run())

    other, again, old = all_runs(db)
    assert again.spec == old.spec
    assert (other.spec.seed, other.spec.epochs) == (6, 3)


def test_another_seed_for_several_networks_means_seeds_that_none_of_them_had(open_page: Open, db: Database) -> None:
    last = 2**31 - 1
    first, at_the_end = (make_run(db, spec_of(epochs=2, repeats=3, seed=seed)) for seed in (5, last - 2))

    for run in (first, at_the_end):
        ended(button(open_page(run=run), "train_other_seed").click().run())

    assert [run.spec.seed for run in all_runs(db)[:2]] == [0, 8]


def test_stop_ends_a_waiting_run_at_once(open_page: Open, db: Database) -> None:
    waiting = make_run(db, status="queued")

    at = ended(button(open_page(run=waiting), "stop").click().run())

    assert runs.get(db, waiting).status == "stopped"
    assert "Stopped by hand." in texts(at)


def test_a_run_that_was_deleted_meanwhile_cannot_be_stopped_and_says_so(open_page: Open, db: Database) -> None:
    waiting = make_run(db, status="queued")
    at = open_page(run=waiting)
    runs.trash(db, [waiting])
    runs.purge(db, [waiting])

    ended(button(at, "stop").click().run())

    assert f"There is no run {waiting}" in texts(at)


def test_all_settings_of_a_run_are_copied_into_the_form(open_page: Open, db: Database) -> None:
    spec = spec_of(
        dataset="wine",
        hidden=[{"units": 5, "activation": "mish", "dropout": 0.1}, {"units": 4, "activation": "step"}],
        optimizer={"name": "rmsprop", "learning_rate": 0.02, "rho": 0.7},
        loss="mse",
        l2=0.01,
        batch_size=7,
        validation_split=0.25,
        training_images=60,
        early_stopping=4,
        schedule={"name": "plateau", "patience": 2, "factor": 0.1},
        repeats=3,
        folds=4,
        seed=9,
        name="A name",
        note="Two\nlines",
    )
    at = open_page(run=make_run(db, spec), dataset="digits")

    ended(button(at, "clone").click().run())
    ended(button(at, "train").click().run())

    assert all_runs(db)[0].spec == spec


def test_the_augmentation_of_a_run_is_copied_into_the_form(open_page: Open, db: Database) -> None:
    spec = spec_of(dataset="digits", epochs=2, augment={"shift": 0.1, "zoom": 0.3}, schedule="cosine")
    at = open_page(run=make_run(db, spec), dataset="iris")

    ended(button(at, "clone").click().run())
    ended(button(at, "train").click().run())

    assert all_runs(db)[0].spec == spec
    assert parameters(at)["shift"] == "0.1"


@pytest.mark.parametrize("status", ["running", "queued"])
def test_without_anything_in_the_address_the_newest_run_under_way_is_shown(
    open_page: Open, db: Database, status: str
) -> None:
    make_run(db, status="finished")
    run = make_run(db, status=status)

    at = open_page()

    assert parameters(at)["run"] == str(run)
    assert "stop" in keys(at)


def test_a_link_with_settings_shows_their_network_although_a_run_is_under_way(open_page: Open, db: Database) -> None:
    make_run(db, status="running")

    at = open_page(dataset="iris")

    assert "run" not in parameters(at)
    assert at.table[0].value.iloc[0, 1] == "(4 + 1) × 32 = 160"


def test_a_finished_run_states_its_result_in_plain_words(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, spec_of(dataset="digits", epochs=4), final=0.9))

    right = round((runs.get(db, 1).test_accuracy or 0) * 360)
    assert f"classifies **{right}** correctly and {360 - right} wrongly" in texts(at)
    assert [m.label for m in at.metric] == [
        "Test accuracy",
        "Validation accuracy",
        "Training accuracy",
        "Training time",
    ]
    assert {"train_again", "train_other_seed", "clone"} <= keys(at)
    assert "stop" not in keys(at)


@pytest.mark.parametrize("status", ["failed", "diverged"])
def test_a_failed_run_states_the_reason_and_shows_the_end_of_its_log(
    open_page: Open, db: Database, status: str
) -> None:
    reason = Message("It went **wrong** for {reason}.", {"reason": "<b>a reason</b>"})

    at = open_page(run=make_run(db, spec_of(epochs=4), status=status, message=reason, log="the last line"))

    assert "It went **wrong** for <b>a reason</b>. 2 of 4 epochs were trained." in texts(at)
    assert "the last line" in texts(at)


def test_a_reason_that_was_stored_by_another_version_is_shown_as_it_was_stored(open_page: Open, db: Database) -> None:
    reason = Message("An old sentence about {what}, in epoch {epoch:d}.", {"what": Message("a thing"), "epoch": 3})
    run = make_run(db, spec_of(epochs=4), status="failed", message=reason)

    for language in ("en", "ja"):
        at = open_page(run=run, lang=language)
        assert "An old sentence about a thing, in epoch 3." in texts(at)


@pytest.mark.parametrize(
    "stored", ['{"text": "No value for {this}.", "values": {}}', '{"text": "{x.y}", "values": {"x": 1}}', "[]", "{"]
)
def test_a_reason_that_cannot_be_read_does_not_hide_the_run(open_page: Open, db: Database, stored: str) -> None:
    run = make_run(db, spec_of(epochs=4), status="failed")
    db.execute("UPDATE runs SET message = ?", [stored])
    db.conn.commit()

    at = open_page(run=run)

    assert "Why this run ended is not known" in texts(at)
    assert {"train_again", "clone"} <= keys(at)


@pytest.mark.parametrize("phone", [True, False])
@pytest.mark.parametrize("repeats", [1, 2])
def test_on_a_phone_the_result_is_above_the_curves(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch, phone: bool, repeats: int
) -> None:
    monkeypatch.setattr("mlpcore.ui.train.run_panel.on_phone", lambda: phone)
    run = make_run(db, spec_of(epochs=4, repeats=repeats))

    for address in ({}, {"member": 1}):
        elements = [element.type for element in open_page(run=run, **address).main]
        assert (elements.index("success") < elements.index("bidi_component")) == phone
        assert elements.index("bidi_component") < elements.index("metric")


def test_a_run_that_failed_before_its_first_epoch_has_no_figures(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, status="failed", done=0))

    assert not at.metric


def test_a_run_without_validation_has_no_validation_accuracy(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, spec_of(epochs=3, validation_split=0)))

    assert "Validation accuracy" not in [m.label for m in at.metric]


SEVERAL = spec_of(dataset="digits", epochs=6, repeats=2, folds=2)


def picker(at: AppTest) -> Any:
    return next((box for box in at.selectbox if box.key == "member_picker"), None)


def test_a_run_of_several_networks_shows_their_mean_and_explains_the_band(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, SEVERAL, diverged=1))

    assert "Lines: the mean of 3 networks. Bands: one standard deviation above and below" in texts(at)
    assert "1 network that diverged is left out." in texts(at)
    assert picker(at).options == [
        "All 4 networks together",
        "Network 1 · seed 1 · fold 1",
        "Network 2 · seed 1 · fold 2",
        "Network 3 · seed 2 · fold 1",
        "Network 4 · seed 2 · fold 2",
    ]


def test_a_run_of_one_network_has_nothing_to_pick(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, spec_of(epochs=3)), member=1)

    assert picker(at) is None
    assert "Bands:" not in texts(at)
    assert "member" not in parameters(at)


def test_a_network_is_opened_by_itself_and_the_address_carries_it(open_page: Open, db: Database) -> None:
    run = make_run(db, SEVERAL, diverged=1, stopped_early=2)
    at = open_page(run=run)

    picker(at).set_value(2)
    ended(at.run())

    row = members.members(db, run)[2]
    right = round((row.test_accuracy or 0) * 360)
    assert parameters(at) == {**parameters(open_page(run=run)), "member": "3"}
    assert f"Of 360 test examples, network 3 classifies **{right}** correctly and {360 - right} wrongly." in texts(at)
    assert "Early stopping ended its training after epoch 3" in texts(at)
    assert [metric.label for metric in at.metric] == ["Test accuracy", "Validation accuracy", "Training accuracy"]

    picker(at).set_value(-1)
    ended(at.run())
    assert "member" not in parameters(at)
    assert "Bands:" in texts(at)


def test_a_link_opens_a_network_and_a_diverged_one_says_why_it_has_no_result(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, SEVERAL, diverged=1), member=2)

    assert picker(at).value == 1
    assert "Network 2 diverged in epoch 4" in "\n".join(e.value for e in at.error)
    assert not at.metric


@pytest.mark.parametrize("text", ["0", "5", "-1", "1.0", "abc", "9" * 40, "<script>alert(1)</script>", ""])
def test_a_network_that_the_run_does_not_have_is_not_shown(open_page: Open, db: Database, text: str) -> None:
    at = open_page(run=make_run(db, SEVERAL), member=text)

    assert picker(at).value == -1
    assert "member" not in parameters(at)
    assert "Bands:" in texts(at)


@pytest.mark.parametrize("value", [99, -7])
def test_a_hostile_choice_of_a_network_shows_all(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch, value: int
) -> None:
    at = open_page(run=make_run(db, SEVERAL))
    at.session_state["current_run.member"] = value

    assert picker(ended(at.run())).value == -1


def test_another_run_begins_with_all_its_networks(open_page: Open, db: Database) -> None:
    first, second = make_run(db, SEVERAL), make_run(db, SEVERAL)
    at = open_page(run=second, member=2)

    next(box for box in at.selectbox if box.key == "current_run.picker").set_value(first)
    ended(at.run())

    assert parameters(at)["run"] == str(first)
    assert picker(at).value == -1


@pytest.mark.parametrize("status", ["queued", "running", "stopped", "failed", "diverged"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_network_can_be_opened_in_each_state_of_its_run(
    open_page: Open, db: Database, status: str, language: str
) -> None:
    at = open_page(run=make_run(db, SEVERAL, status=status), member=2, lang=language)

    assert picker(at).value == 1


def test_a_kept_network_can_be_downloaded(open_page: Open, db: Database, data_folder: Path) -> None:
    run = make_run(db, SEVERAL)
    model = members.members(db, run)[1].model
    assert model is not None

    assert "Network 2 as .keras" not in [b.label for b in open_page(run=run, member=2).get("download_button")]
    (data_folder / model).parent.mkdir(parents=True)
    (data_folder / model).write_bytes(b"network")

    assert "Network 2 as .keras" in [b.label for b in open_page(run=run, member=2).get("download_button")]


def test_the_networks_of_a_run_are_listed_in_a_table(open_page: Open, db: Database) -> None:
    at = open_page(run=make_run(db, SEVERAL, diverged=1))
    at.session_state["details.networks"] = True

    ended(at.run())

    assert at.main.dataframe[-1].value["network"].tolist()[-1] == "Network 2 · seed 1 · fold 2"


def test_the_epochs_of_one_network_are_its_own(open_page: Open, db: Database) -> None:
    run = make_run(db, SEVERAL, stopped_early=1)
    tables = []
    for member in (None, 2):
        at = open_page(run=run, **({} if member is None else {"member": member}))
        at.session_state["details.epochs"] = True
        tables.append(ended(at.run()).main.dataframe[-1].value)

    assert (len(tables[0]), len(tables[1])) == (6, 3)
    assert "val_accuracy_sd" in tables[0]
    assert "val_accuracy_sd" not in tables[1]


def test_the_settings_of_a_run_include_repeats_folds_schedule_and_augmentation(open_page: Open, db: Database) -> None:
    spec = spec_of(
        dataset="digits", repeats=2, folds=3, schedule={"name": "plateau", "patience": 4}, augment={"rotation": 12}
    )
    at = open_page(run=make_run(db, spec))
    at.session_state["details.settings"] = True

    settings = dict(ended(at.run()).table[-1].value.itertuples(index=False))

    assert (settings["Repeats"], settings["Folds"]) == ("2", "3")
    assert "4" in settings["Learning rate schedule"]
    assert "12" in settings["Augmentation"]


@pytest.mark.parametrize("text", ["99", "0", "１", "９９"])
def test_a_run_that_does_not_exist_gets_an_error_message(open_page: Open, db: Database, text: str) -> None:
    at = open_page(run=text)

    assert f"There is no run {int(text)}: it may have been deleted permanently." in texts(at)
    assert "run" not in parameters(at)
    assert at.table


@pytest.mark.parametrize("text", ["-1", "abc", "1e3", "9" * 40, "1 2", "<script>alert(1)</script>", ""])
def test_an_address_that_names_no_run_says_so_and_shows_the_network_of_the_form(
    open_page: Open, db: Database, text: str
) -> None:
    make_run(db)

    at = open_page(run=text, dataset="iris")

    assert [error.value.replace("\\", "") for error in at.error] == [
        "The link names no run: choose one here or train a network."
    ]
    assert parameters(at) == {"dataset": "iris"}
    assert at.table


def test_full_width_digits_in_an_address_mean_the_same_as_ascii_digits(open_page: Open, db: Database) -> None:
    make_run(db)

    at = open_page(
        dataset="digits", epochs="１２", hidden="１２８－ｒｅｌｕ－０．２，64-tanh", seed="７", name="実験２"
    )
    shown = open_page(run="１")

    assert not at.warning
    assert parameters(at) == {
        "dataset": "digits",
        "epochs": "12",
        "hidden": "128-relu-0.2,64-tanh",
        "seed": "7",
        "name": "実験２",
    }
    assert parameters(shown)["run"] == "1"


HOSTILE = [
    ("dataset", "../../etc/passwd"),
    ("dataset", "<img src=x onerror=alert(1)>"),
    ("hidden", "0-relu"),
    ("hidden", "1," * 9),
    ("hidden", "[$x$](http://x)"),
    ("optimizer", "magic"),
    ("learning_rate", "nan"),
    ("momentum", "1"),
    ("epochs", "99999999999999999999"),
    ("early_stopping", "off"),
    ("repeats", "0"),
    ("folds", "1"),
    ("folds", "<script>alert(1)</script>"),
    ("schedule", "${magic}"),
    ("shift", "0.9"),
    ("rotation", "nan"),
    ("name", "n" * 81),
]


@pytest.mark.parametrize(("name", "text"), HOSTILE)
def test_a_hostile_address_gets_an_error_message_and_the_default(open_page: Open, name: str, text: str) -> None:
    others = {"optimizer": "sgd"} if name == "momentum" else {}
    default = RunSpec.from_dict({"dataset": datasets.default() if name == "dataset" else "digits", **others})

    at = open_page(**{"dataset": "digits", **others, name: text})

    assert "The link contains settings that are not valid" in texts(at)
    assert parameters(at) == to_params(default, datasets.default())
    assert not re.search(r"(?<!\\)[<$\[]", "".join(w.value for w in at.warning))


def test_unknown_parameters_of_an_address_are_left_alone(open_page: Open) -> None:
    at = open_page(dataset="iris", utm_source="mail", epochs=12)

    assert parameters(at) == {"dataset": "iris", "utm_source": "mail", "epochs": "12"}
    assert not at.warning


def test_the_address_contains_only_what_differs_from_the_defaults(open_page: Open) -> None:
    at = open_page(dataset="iris")

    field(at, "epochs").set_value(33)
    ended(at.run())
    assert parameters(at) == {"dataset": "iris", "epochs": "33"}

    field(at, "epochs").set_value(RunSpec().epochs)
    ended(at.run())
    assert parameters(at) == {"dataset": "iris"}


def test_choosing_an_optimizer_proposes_its_learning_rate_and_shows_its_parameters(open_page: Open) -> None:
    at = open_page(dataset="iris")

    for name, optimizer in choices.OPTIMIZERS.items():
        field(at, "optimizer").set_value(name)
        ended(at.run())
        assert field(at, "learning_rate").value == optimizer.learning_rate
        for parameter, setting in optimizer.parameters.items():
            assert field(at, f"optimizer.{name}.{parameter}").value == setting.default


def test_choosing_a_schedule_says_what_it_does_and_shows_its_parameters(open_page: Open) -> None:
    at = open_page(dataset="iris")

    for name, schedule in choices.SCHEDULES.items():
        field(at, "schedule").set_value(name)
        ended(at.run())
        assert schedule.description in texts(at)
        for parameter, setting in schedule.parameters.items():
            assert field(at, f"schedule.{name}.{parameter}").value == setting.default


def test_augmentation_starts_with_its_usual_strengths_and_only_where_there_are_pictures(
    open_page: Open, db: Database
) -> None:
    at = open_page(dataset="digits")

    field(at, "augment.on").set_value(True)
    ended(at.run())
    field(at, "augment.shear").set_value(0.0)
    ended(at.run())
    assert parameters(at) == {"dataset": "digits", "shift": "0.08", "rotation": "15", "zoom": "0.15"}

    field(at, "dataset").set_value("iris")
    ended(at.run())
    assert parameters(at) == {"dataset": "iris"}
    assert "form.augment.on" not in {widget.key for widget in at.toggle}
    ended(button(at, "train").click().run())
    assert all_runs(db)[0].spec.augment is None


def test_pictures_are_straightened_only_where_they_show_digits(open_page: Open, db: Database) -> None:
    at = open_page(dataset="digits")

    field(at, "prepare").set_value("deskew")
    ended(at.run())
    assert parameters(at) == {"dataset": "digits", "prepare": "deskew"}
    assert choices.PREPARE["deskew"].description in texts(at)

    field(at, "dataset").set_value("fashion_mnist")
    ended(at.run())
    assert parameters(at) == {"dataset": "fashion_mnist"}
    assert "form.prepare" not in {widget.key for widget in at.selectbox}
    ended(button(at, "train").click().run())
    assert all_runs(db)[0].spec.prepare == "none"


def test_repeats_and_folds_say_how_many_networks_will_be_trained(open_page: Open, db: Database) -> None:
    at = open_page(dataset="iris")
    assert "will be trained" not in texts(at)

    field(at, "repeats").set_value(10)
    ended(at.run())
    assert "**10 networks** will be trained. This can take up to 10 times as long as a single network." in texts(at)
    assert not field(at, "validation_split").disabled

    field(at, "folds").set_value(5)
    ended(at.run())
    assert "**50 networks** will be trained: 10 repeats of 5 folds." in texts(at)
    assert field(at, "validation_split").disabled
    assert "Not used with 5 folds" in texts(at)

    ended(button(at, "train").click().run())
    assert (all_runs(db)[0].spec.repeats, all_runs(db)[0].spec.folds) == (10, 5)


def test_a_wrong_validation_split_can_be_corrected_although_folds_do_not_use_it(open_page: Open) -> None:
    at = open_page(dataset="iris")

    field(at, "validation_split").set_value(0.7)
    ended(at.run())
    field(at, "folds").set_value(5)
    ended(at.run())

    assert not field(at, "validation_split").disabled


def test_too_many_networks_are_reported_beside_the_fields(open_page: Open, db: Database) -> None:
    at = open_page(dataset="iris", repeats=60)

    field(at, "folds").set_value(3)
    ended(at.run())

    assert "60 repeats of 3 folds are 180 networks; at most 100 are allowed in one run." in texts(at)
    ended(button(at, "train").click().run())
    assert all_runs(db) == []


WRONG = {
    "epochs": (0, "Epochs: 0 was given; allowed is a whole number from 1 to 1,000."),
    "batch_size": (109, "Batch size: 109 was given; allowed is a whole number from 1 to 108"),
    "learning_rate": (0.0, "Learning rate: 0 was given; allowed is a number above 0, up to 100."),
    "validation_split": (0.7, "Validation split: 0.7 was given; allowed is a number from 0 to 0.5."),
    "training_images": (121, "Training examples: 121 was given; allowed is a whole number from 2 to 120."),
    "repeats": (101, "Repeats: 101 was given; allowed is a whole number from 1 to 100."),
    "l1": (-1.0, "L1 regularization: -1 was given; allowed is a number from 0 to 1."),
    "seed": (-3, "Random seed: -3 was given"),
    "optimizer.adam.beta_1": (1.0, "Beta 1: 1 was given"),
    "name": ("n" * 81, "Name: 81 characters were given; at most 80 are allowed."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_reported_trains_nothing_and_stays(open_page: Open, db: Database, name: str) -> None:
    value, sentence = WRONG[name]
    at = open_page(dataset="iris")

    field(at, name).set_value(value)
    ended(at.run())
    before = texts(at)
    ended(button(at, "train").click().run())

    assert sentence in before
    assert sentence in "\n".join(e.value for e in at.error).replace("\\", "")
    assert field(at, name).value == value
    assert all_runs(db) == []


def test_an_empty_field_means_its_default(open_page: Open, db: Database) -> None:
    at = open_page(dataset="iris", epochs=33)

    field(at, "epochs").set_value(None)
    ended(button(at, "train").click().run())

    assert all_runs(db)[0].spec.epochs == RunSpec().epochs


def test_layers_are_added_and_removed_and_none_is_a_softmax_regression(open_page: Open, db: Database) -> None:
    at = open_page(dataset="iris", hidden="7-tanh")

    ended(button(at, "form.add_layer").click().run())
    assert parameters(at)["hidden"] == "7-tanh,7-tanh"

    for _click in range(2):
        ended(button(at, "form.remove_layer").click().run())
    assert parameters(at)["hidden"] == "none"

    ended(button(at, "train").click().run())
    assert all_runs(db)[0].spec.hidden == ()


def test_the_step_function_comes_with_its_warning(open_page: Open) -> None:
    at = open_page(dataset="iris", hidden="4-step")

    assert "The step function has slope 0 everywhere" in texts(at)


def test_early_stopping_is_off_until_it_is_switched_on(open_page: Open, db: Database) -> None:
    at = open_page(dataset="iris")

    field(at, "early_stopping.on").set_value(True)
    ended(at.run())
    field(at, "early_stopping").set_value(3)
    ended(button(at, "train").click().run())

    assert all_runs(db)[0].spec.early_stopping == 3


def test_reset_puts_everything_back(open_page: Open) -> None:
    at = open_page(dataset="iris", epochs=33, hidden="4-step", optimizer="sgd", momentum=0.5)

    ended(button(at, "form.reset").click().run())

    assert parameters(at) == to_params(RunSpec.from_dict({"dataset": datasets.default()}), datasets.default())


def test_what_was_typed_survives_a_visit_to_another_page(open_page: Open) -> None:
    at = open_page(dataset="iris", hidden="4-step")
    field(at, "epochs").set_value(33)
    field(at, "name").set_value("kept")
    ended(at.run())

    ended(at.switch_page("pages/leaderboard.py").run())
    at.query_params.clear()
    ended(at.switch_page("dashboard.py").run())

    assert (field(at, "epochs").value, field(at, "name").value) == (33, "kept")
    assert parameters(at) == {"dataset": "iris", "hidden": "4-step", "epochs": "33", "name": "kept"}


def test_a_link_to_a_run_from_another_page_shows_it_and_keeps_the_form(open_page: Open, db: Database) -> None:
    first, second = make_run(db), make_run(db)
    at = open_page(dataset="iris", epochs=33, run=second)

    ended(at.switch_page("pages/leaderboard.py").run())
    at.query_params.clear()
    at.query_params["run"] = str(first)
    ended(at.switch_page("dashboard.py").run())

    assert parameters(at) == {"dataset": "iris", "epochs": "33", "run": str(first)}


@pytest.mark.parametrize("status", ["queued", "finished"])
def test_a_button_pressed_before_the_browser_has_the_new_address_leaves_the_run_on_the_page(
    open_page: Open, db: Database, status: str
) -> None:
    make_run(db, spec_of(dataset="iris", epochs=2), status=status)
    for key in sorted(key for key in keys(open_page(run=1)) if key):
        at = open_page(run=1)
        del at.query_params["run"]

        ended(button(at, key).click().run())

        assert parameters(at).get("run"), key


def test_a_page_that_runs_again_by_itself_reads_no_older_address(open_page: Open, db: Database) -> None:
    make_run(db, spec_of(dataset="iris", epochs=2), status="finished")
    at = open_page(run=1)
    at.session_state["page_shell.rerun"] = True
    del at.query_params["run"]

    ended(at.run())
    assert parameters(at)["run"] == "1"

    del at.query_params["run"]
    ended(at.run())
    assert "run" not in parameters(at)


def test_a_dataset_that_is_not_downloaded_can_be_downloaded_but_not_trained(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    available = {name: name != "fashion_mnist" for name in datasets.REGISTRY}
    monkeypatch.setattr(datasets, "available", lambda: available)

    at = open_page(dataset="fashion_mnist")
    ended(button(at, "train").click().run())

    assert "Fashion-MNIST is not on this machine" in texts(at)
    assert "form.download" in keys(at)
    assert all_runs(db) == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_is_shown_in_both_languages_in_every_state(open_page: Open, db: Database, language: str) -> None:
    for status in choices.STATUSES:
        make_run(db, spec_of(epochs=3, hidden=[{"units": 4, "activation": "step"}]), status=status)

    for run in all_runs(db):
        at = open_page(run=run.id, lang=language)
        assert ("学習" if language == "ja" else "Train") in [b.label for b in at.button]


def test_a_full_queue_is_reported_and_takes_no_run(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MAX_WAITING", 0)

    at = ended(button(open_page(dataset="iris"), "train").click().run())

    assert "0 runs are waiting already" in texts(at)
    assert all_runs(db) == []


def test_the_form_shows_the_engine_and_the_device_of_the_workers(open_page: Open, db: Database) -> None:
    at = open_page(dataset="iris")
    liveness.worker_seen(db, liveness.Worker("a", 1, "starting", None, None))
    assert "worker" not in texts(ended(at.run()))

    liveness.worker_seen(db, liveness.Worker("a", 1, "idle", "CPU", "tensorflow"))
    assert "1 worker: TensorFlow on the CPU" in texts(ended(at.run()))

    liveness.worker_seen(db, liveness.Worker("b", 2, "busy", "CPU", "tensorflow"))
    assert "2 workers: TensorFlow on the CPU" in texts(ended(at.run()))

    liveness.worker_seen(db, liveness.Worker("c", 3, "idle", "NVIDIA <b>H200</b>", "jax"))
    assert "3 workers: TensorFlow on the CPU, JAX on the GPU (NVIDIA <b>H200</b>)" in texts(ended(at.run()))


def test_a_waiting_run_shows_how_many_runs_come_first(db: Database) -> None:
    from mlpcore.ui.train.run_panel import waiting_text

    run = runs.get(db, make_run(db, status="queued", now=1000.0))
    starting, busy = (liveness.Worker("w", 1, status, None, None) for status in ("starting", "busy"))

    assert waiting_text(run, 1001.0, 0, []) == "A worker is starting …"
    assert waiting_text(run, 1040.0, 0, []).startswith("There is no worker")
    assert waiting_text(run, 1001.0, 3, [starting]) == "A worker is starting, which takes a few seconds …"
    assert waiting_text(run, 1001.0, 3, [starting, busy]) == "Waiting: 3 runs come first"
    assert waiting_text(run, 1001.0, 0, [busy]) == "Waiting for a free worker …"


def test_the_time_left_is_known_from_the_first_epoch_on(db: Database) -> None:
    from mlpcore.events import Progress
    from mlpcore.ui.train.run_panel import time_left

    claimed = make_run(db, spec_of(epochs=10), status="running", done=0, now=1000.0)
    claim = queue.Claim(claimed, 1, spec_of(epochs=10), None)

    assert time_left(runs.get(db, claimed), 1001.0) is None
    metrics.record(db, claim, Progress(1, 10, 40, 2.0), now=1002.0)
    assert time_left(runs.get(db, claimed), 1002.0) == pytest.approx((10 - 0.25) * 2 / 0.25)

    half = runs.get(db, make_run(db, spec_of(epochs=10), status="running", done=5, seconds=2.0))
    assert time_left(half, 0.0) == pytest.approx(10.0)
