"""The form of the Train page: its fields, what they say of wrong values, and the run that it queues."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from mlpcore import datasets
from mlpcore.actions import Visitor
from mlpcore.spec import RunSpec, choices
from mlpcore.store import liveness, queue
from mlpcore.ui.train.form.address import to_params
from tests.app_pages import Open, ended, parameters
from tests.factory.runs import make_run, spec_of
from tests.train_page import all_runs, button, field, keys, texts, workers_line

PAGE = "dashboard.py"


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
def test_without_anything_in_the_address_ones_own_newest_run_under_way_is_shown(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    me = Visitor.new()
    monkeypatch.setattr("mlpcore.ui.train.current_run.visitor", lambda: me)
    make_run(db, status="finished", owner=me.id)
    run = make_run(db, status=status, owner=me.id)
    make_run(db, status=status, owner="a" * 32)

    at = open_page()

    assert parameters(at)["run"] == str(run)
    assert "stop" in keys(at)


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
    assert workers_line(ended(at.run())) == ""

    liveness.worker_seen(db, liveness.Worker("a", 1, "idle", "CPU", "tensorflow"))
    assert workers_line(ended(at.run())) == "1 worker: TensorFlow on the CPU"

    liveness.worker_seen(db, liveness.Worker("b", 2, "busy", "CPU", "tensorflow"))
    assert workers_line(ended(at.run())) == "2 workers: TensorFlow on the CPU"

    liveness.worker_seen(db, liveness.Worker("c", 3, "idle", "NVIDIA <b>H200</b>", "jax"))
    assert workers_line(ended(at.run())) == "3 workers: TensorFlow on the CPU, JAX on the GPU (NVIDIA <b>H200</b>)"
