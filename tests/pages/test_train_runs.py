"""A run on the Train page, in each of its states: its result, the reason for its end, and its buttons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlite_utils import Database

from mlpcore.i18n.catalogues import translations
from mlpcore.i18n.messages import Message
from mlpcore.store import runs
from tests.app_pages import Open, ended
from tests.factory.runs import make_run, spec_of
from tests.train_page import all_runs, button, keys, texts

PAGE = "dashboard.py"


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


def test_a_run_of_another_visitor_cannot_be_stopped_and_the_button_says_why(
    open_page: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = make_run(db, status="queued", owner="a" * 32)
    pressed = button(open_page(run=waiting), "stop").click()
    monkeypatch.delenv("MLPCORE_OPEN")
    stop = button(open_page(run=waiting), "stop")
    assert stop.disabled
    assert f"Run {waiting} is not yours" in stop.help

    at = ended(pressed.run())

    assert f"Run {waiting} is not yours" in at.error[0].value
    assert runs.get(db, waiting).status == "queued"


def test_a_run_that_was_deleted_meanwhile_cannot_be_stopped_and_says_so(open_page: Open, db: Database) -> None:
    waiting = make_run(db, status="queued")
    at = open_page(run=waiting)
    runs.trash(db, [waiting])
    runs.purge(db, [waiting])

    ended(button(at, "stop").click().run())

    assert f"There is no run {waiting}" in texts(at)


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


def test_a_run_that_waits_for_room_on_the_disk_says_so(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlpcore import disk
    from mlpcore.live.run_progress import QueueState, progress_of

    training = runs.get(db, make_run(db, status="running", now=1000.0))
    waiting = runs.get(db, make_run(db, status="queued", now=1000.0))
    last = training.progress_at or 0.0

    def text(run: runs.Run, now: float) -> str:
        return progress_of(run, translations("en"), now, QueueState()).status

    monkeypatch.setattr(disk, "has_no_room", lambda: True)
    assert text(training, last + 60) == text(waiting, 1001.0) == "Waiting for room on the disk …"
    assert "Waiting" not in text(training, last + 1)
    monkeypatch.setattr(disk, "has_no_room", lambda: False)
    assert "No progress" in text(training, last + 60)
    assert text(replace(training, waiting_for=disk.WAITING), last + 1) == "Waiting for room on the disk …"


def test_a_waiting_run_leads_to_the_queue(open_page: Open, db: Database) -> None:
    waiting, ended_run = make_run(db, status="queued"), make_run(db)
    links = [element.proto for element in open_page(run=waiting).get("page_link")]
    assert [link.query_string for link in links if link.label == "Show the queue"] == ["statuses=queued"]
    assert "Show the queue" not in [element.proto.label for element in open_page(run=ended_run).get("page_link")]
