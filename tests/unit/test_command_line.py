"""The command line as a user and a script meet it: a process with arguments, two outputs and an exit status."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import statistics
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mlpcore.__main__ import main
from mlpcore.cli import output
from mlpcore.paths import PROJECT, database_path
from mlpcore.store import liveness, queue, runs
from mlpcore.store.connection import opened
from tests.factory.damaged_runs import damage_spec
from tests.factory.runs import make_run, spec_of
from tests.waiting import wait_until

SPEC = {"dataset": "digits", "hidden": [{"units": 8}], "epochs": 2, "batch_size": 64}


def mlpcore(*arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "mlpcore", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=PROJECT, env=env, input=given, capture_output=True, text=True, check=False)


def started(*arguments: str, **options: Any) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "mlpcore", *arguments], cwd=PROJECT, text=True, **options)


PROGRAM = """
import sys
from mlpcore.__main__ import main
from mlpcore.cli import training
from mlpcore.errors import TrainingError
from tests.factory.runs import training_events

def events_of(spec, run_name, **options):
    {body}

training._train = events_of
sys.exit(main(["train", "-", *sys.argv[1:]]))
"""


def trained_without_an_engine(body: str, spec: dict, *arguments: str) -> subprocess.CompletedProcess:
    """What `train` writes for the events that `body` makes of `spec`, in a process of its own."""
    command = [sys.executable, "-c", PROGRAM.format(body=body), *arguments]
    given = json.dumps(spec)
    return subprocess.run(command, cwd=PROJECT, input=given, capture_output=True, text=True, check=False)


def without_constants(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def read(line: str) -> dict:
    assert line.isascii()
    return json.loads(line, parse_constant=without_constants)


@pytest.mark.slow
def test_training_with_json_writes_one_object_per_event(data_folder, tmp_path):
    (tmp_path / "spec.json").write_text(json.dumps(SPEC | {"name": "最初の実験"}))

    done = mlpcore("train", str(tmp_path / "spec.json"), "--json")

    assert done.returncode == 0
    assert done.stderr == ""
    events = [read(line) for line in done.stdout.splitlines()]
    names = [event["event"] for event in events]
    assert names[0] == "started"
    assert {"progress", "epoch"} <= set(names[1:-1])
    epochs = [event for event in events if event["event"] == "epoch"]
    assert [epoch["epoch"] for epoch in epochs] == [1, 2]
    assert set(epochs[0]) >= {"loss", "accuracy", "val_loss", "val_accuracy", "seconds"}
    last = events[-1]
    assert (last["event"], last["status"]) == ("finished", "finished")
    assert last["train_accuracy"] == epochs[-1]["accuracy"]
    assert last["validation_loss"] == epochs[-1]["val_loss"]
    assert 0 <= last["test_accuracy"] <= 1
    assert last["parameters"] == 65 * 8 + 9 * 10
    assert Path(last["model"]).is_file()
    with opened() as db:
        run = runs.get(db, last["run"])
        assert (run.status, run.name, run.test_accuracy) == ("finished", "最初の実験", last["test_accuracy"])
        assert liveness.workers(db) == []


def test_several_networks_are_written_as_means_with_each_one_beside_them(data_folder):
    spec = SPEC | {"epochs": 4, "repeats": 2, "folds": 2, "seed": 3}
    done = trained_without_an_engine("return training_events(spec, diverged=1, stopped_early=2)", spec, "--json")

    assert (done.returncode, done.stderr) == (0, "")
    first, *epochs, last = [read(line) for line in done.stdout.splitlines()]
    expected_members = [{"seed": seed, "fold": fold} for seed in (3, 4) for fold in (0, 1)]
    assert first["members"] == expected_members
    assert [epoch["members"][1] is None for epoch in epochs] == [False, False, True, True]
    for epoch in epochs:
        own = [member["val_accuracy"] for member in epoch["members"] if member]
        assert epoch["val_accuracy"] == pytest.approx(statistics.mean(own))
        assert epoch["val_accuracy_sd"] == pytest.approx(statistics.stdev(own))
    assert [{"seed": member["seed"], "fold": member["fold"]} for member in last["members"]] == expected_members
    assert [member["status"] for member in last["members"]] == ["finished", "diverged", "stopped early", "finished"]
    assert [member["kept_epoch"] for member in last["members"]] == [4, None, 2, 4]
    own = [member["test_accuracy"] for member in last["members"] if member["test_accuracy"] is not None]
    assert len(own) == 3
    assert last["test_accuracy"] == pytest.approx(statistics.mean(own))
    assert last["test_accuracy_sd"] == pytest.approx(statistics.stdev(own))
    kept = [epochs[epoch - 1]["members"][member] for member, epoch in ((0, 4), (2, 2), (3, 4))]
    assert last["train_accuracy"] == pytest.approx(statistics.mean(member["accuracy"] for member in kept))
    assert last["validation_loss_sd"] == pytest.approx(statistics.stdev(member["val_loss"] for member in kept))
    assert last["members"][0]["model"] == last["model"]
    assert (last["members"][1]["model"], last["members"][1]["test_loss"]) == (None, None)


def test_one_network_is_reported_like_several_without_deviations(data_folder):
    done = trained_without_an_engine("return training_events(spec)", SPEC, "--json")

    first, epoch, _, last = [read(line) for line in done.stdout.splitlines()]
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    assert first["members"] == [{"seed": 1, "fold": None}]
    assert epoch["members"] == [{name: epoch[name] for name in names}]
    assert [epoch[f"{name}_sd"] for name in names] == [None] * 4
    assert [member["test_accuracy"] for member in last["members"]] == [last["test_accuracy"]]
    assert (last["members"][0]["model"], last["test_accuracy_sd"]) == (last["model"], None)


def test_the_figures_of_the_kept_epoch_are_found_in_a_long_run(data_folder):
    done = trained_without_an_engine("return training_events(spec, done=601)", SPEC | {"epochs": 1000}, "--json")

    *_, epoch, last = [read(line) for line in done.stdout.splitlines()]
    assert (last["kept_epoch"], last["train_accuracy"], last["validation_loss"]) == (
        601,
        epoch["accuracy"],
        epoch["val_loss"],
    )


def test_several_networks_are_described_with_their_deviations(data_folder):
    spec = SPEC | {"epochs": 4, "repeats": 5}
    done = trained_without_an_engine("return training_events(spec, final=0.9, diverged=1)", spec)

    assert (done.returncode, done.stderr) == (0, "")
    first, epoch, *_, last = done.stdout.splitlines()
    assert first == "Run 1 trains 5 networks of 610 parameters each on CPU."
    assert re.search(r"  loss \d\.\d{4} ± \d\.\d{4}  accuracy \d+\.\d+ ± \d+\.\d+ %  val_loss .* 0\.70 s$", epoch)
    assert re.search(
        r"finished: test accuracy \d+\.\d+ ± \d+\.\d+ %, test loss \S+ \(means over 4 of 5 networks\)", last
    )
    assert "1 of the networks diverged. The networks are in " in last


def test_a_training_that_cannot_be_done_is_one_sentence_and_exits_with_1(data_folder):
    body = 'raise TrainingError("Only {count} images show a 7.", count=2)\n    yield'
    done = trained_without_an_engine(body, SPEC | {"folds": 5}, "--json")

    assert (done.returncode, done.stderr) == (1, "Only 2 images show a 7.\n")
    last = read(done.stdout.splitlines()[-1])
    assert (last["event"], last["message"]) == ("failed", "Only 2 images show a 7.")


@pytest.mark.slow
def test_training_without_json_writes_one_line_per_epoch_and_the_result(data_folder):
    done = mlpcore("train", "-", given=json.dumps(SPEC | {"validation_split": 0}))

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Run 1 trains 610 parameters on ")
    assert lines[1].startswith("Epoch 1/2  loss ")
    assert "val_loss" not in lines[1]
    assert "finished: test accuracy" in lines[-1]


@pytest.mark.slow
def test_several_networks_are_trained_and_each_has_its_file(data_folder):
    done = mlpcore("train", "-", "--json", given=json.dumps(SPEC | {"repeats": 2, "folds": 2}))

    assert (done.returncode, done.stderr) == (0, "")
    last = read(done.stdout.splitlines()[-1])
    assert [(member["seed"], member["fold"]) for member in last["members"]] == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert len({member["model"] for member in last["members"]}) == 4
    assert all(Path(member["model"]).is_file() for member in last["members"])
    assert last["test_accuracy"] == pytest.approx(statistics.mean(m["test_accuracy"] for m in last["members"]))


@pytest.mark.slow
def test_folds_with_too_few_examples_of_a_class_are_refused_with_a_sentence(data_folder):
    done = mlpcore("train", "-", given=json.dumps({"dataset": "wine", "training_images": 12, "folds": 6, "epochs": 1}))

    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "6 folds needs at least 6 examples of each class" in done.stderr


@pytest.mark.slow
def test_a_training_that_diverges_says_why_and_exits_with_1(data_folder):
    layers = [{"units": 8, "activation": "linear"}] * 2
    wild = {"optimizer": {"name": "sgd", "learning_rate": 100}, "hidden": layers}
    done = mlpcore("train", "-", "--json", given=json.dumps(SPEC | wild))

    last = read(done.stdout.splitlines()[-1])
    assert done.returncode == 1
    assert (last["event"], last["status"]) == ("diverged", "diverged")
    assert "smaller learning rate" in last["message"]
    assert done.stderr.strip() == last["message"]


@pytest.mark.slow
def test_a_training_without_its_dataset_fails_with_a_sentence_and_exits_with_1(data_folder, tmp_path):
    nowhere = {"MLPCORE_DATASETS": str(tmp_path / "none"), "HOME": str(tmp_path), "KERAS_HOME": str(tmp_path / "k")}
    done = mlpcore("train", "-", "--json", given='{"dataset": "fashion_mnist", "epochs": 1}', **nowhere)

    last = read(done.stdout.splitlines()[-1])
    assert done.returncode == 1
    assert (last["event"], last["status"]) == ("failed", "failed")
    assert done.stderr.strip() == last["message"]
    assert "Traceback" not in done.stdout + done.stderr
    with opened() as db:
        assert "Traceback" in runs.get(db, last["run"]).log


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_training_that_is_interrupted_is_recorded_as_stopped(data_folder, stop):
    process = started("train", "-", "--json", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(json.dumps(SPEC | {"epochs": 1000, "batch_size": 1}))
    process.stdin.close()
    for line in process.stdout:
        if read(line)["event"] == "progress":
            break
    process.send_signal(stop)
    rest, errors = process.stdout.read().splitlines(), process.stderr.read()

    assert process.wait() == 1
    assert (read(rest[-1])["event"], errors) == ("stopped", "Stopped by hand.\n")
    with opened() as db:
        assert runs.get(db, 1).status == "stopped"
    process.stdout.close()
    process.stderr.close()


@pytest.mark.slow
def test_a_training_whose_reader_goes_away_stops_in_order(data_folder):
    process = started("train", "-", "--json", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(json.dumps(SPEC | {"epochs": 1000, "batch_size": 1}))
    process.stdin.close()
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()

    assert process.wait() == 1
    assert "Traceback" not in errors
    with opened() as db:
        assert runs.get(db, 1).status == "stopped"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ('{"epochs": 0}', "Epochs: 0 was given"),
        ('{"dataset": "cats"}', "cats"),
        ("not json", "not valid JSON"),
        ("", "not valid JSON"),
        ("[]", "must be a JSON object"),
        ('{"repeats": 20, "folds": 20}', "20 repeats of 20 folds are 400 networks"),
        ('{"repeats": 0}', "Repeats: 0 was given"),
        ('{"hidden": ' + "[" * 100_000 + "]" * 100_000 + "}", "."),
    ],
)
def test_a_spec_that_is_not_valid_is_refused_with_its_sentence_and_2_and_records_nothing(data_folder, given, sentence):
    done = mlpcore("train", "-", "--json", given=given)

    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not database_path().exists()


def test_a_spec_that_cannot_be_read_is_refused_with_a_sentence(data_folder, tmp_path, capsys):
    (tmp_path / "latin.json").write_bytes('{"name": "Übung"}'.encode("latin-1"))
    (tmp_path / "utf16.json").write_bytes('{"name": "Übung"}'.encode("utf-16"))

    for path in (tmp_path / "none.json", tmp_path, tmp_path / "latin.json", tmp_path / "utf16.json"):
        assert main(["train", str(path)]) == 2
        assert str(path) in capsys.readouterr().err


def test_a_spec_with_a_byte_order_mark_is_read(tmp_path):
    from mlpcore.cli.training import read_spec

    (tmp_path / "spec.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(SPEC).encode())

    assert read_spec(str(tmp_path / "spec.json")).epochs == 2


def test_without_a_command_or_with_a_wrong_one_the_usage_is_shown(capsys):
    for arguments in ([], ["fly"], ["worker", "--workers", "0"], ["worker", "--workers", "x"]):
        with pytest.raises(SystemExit, match="2"):
            main(arguments)
        assert "usage: python -m mlpcore" in capsys.readouterr().err


def test_an_unwritable_data_folder_gets_a_sentence(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")

    for arguments in (["runs"], ["worker"], ["train", "-"]):
        done = mlpcore(*arguments, given=json.dumps(SPEC), MLPCORE_DATA=str(tmp_path / "data"))
        assert done.returncode == 1
        assert str(tmp_path / "data") in done.stderr
        assert "Traceback" not in done.stderr


def test_runs_are_listed_the_best_first_in_aligned_columns(db):
    make_run(db, spec_of(name="worse"), final=0.8)
    make_run(db, spec_of(name="実験ノート"), final=0.95)
    make_run(db, spec_of(name="bad"), status="diverged")

    lines = mlpcore("runs").stdout.splitlines()

    assert [line.split()[0] for line in lines] == ["run", "2", "1", "3"]
    column = lines[0].index("  name")
    assert {line[column : column + 2] for line in lines} == {"  "}
    assert "%" in lines[1]


def test_a_person_is_told_what_the_list_of_runs_is_ordered_by(db):
    stopped = make_run(db, spec_of(validation_split=0), status="stopped")
    unvalidated = make_run(db, spec_of(validation_split=0))
    validated = make_run(db, spec_of())
    reader, terminal = pty.openpty()

    process = started("runs", stdout=terminal)
    os.close(terminal)
    text = read_all(reader)

    assert process.wait() == 0
    lines = text.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == [str(run) for run in (validated, unvalidated, stopped)]
    assert "Ordered by the validation accuracy of the network that each run kept" in text
    assert "Ordered" not in mlpcore("runs").stdout
    assert "by the validation accuracy" in mlpcore("runs", "--help").stdout.replace("\n ", "")


def read_all(reader: int) -> str:
    """What arrives at a terminal until the program at its other side has ended."""
    parts = []
    with suppress(OSError):  # Linux says so instead of giving an empty text
        while part := os.read(reader, 4096):
            parts.append(part)
    os.close(reader)
    return b"".join(parts).decode()


def test_runs_of_several_networks_are_listed_with_their_spread(db):
    make_run(db, spec_of(folds=4), final=0.9)

    header, line = mlpcore("runs").stdout.splitlines()
    [run] = json.loads(mlpcore("runs", "--json").stdout)

    assert header.split()[7] == "networks"
    assert re.search(r" 30/30 +4 +\d\d\.\d+ ± \d\.\d+ % +\d\d\.\d+ ± \d\.\d+ % ", line)
    assert (run["members"], run["spec"]["folds"]) == (4, 4)
    assert run["test_accuracy_sd"] > 0


def test_runs_are_listed_as_json_with_their_settings(db):
    make_run(db, spec_of(name="名前"))

    text = mlpcore("runs", "--json").stdout

    assert text.isascii()
    [run] = json.loads(text, parse_constant=without_constants)
    assert (run["id"], run["status"], run["name"], run["spec"]["epochs"]) == (1, "finished", "名前", 30)


def test_an_empty_list_of_runs_is_an_empty_list(data_folder):
    assert json.loads(mlpcore("runs", "--json").stdout) == []
    assert mlpcore("runs").stdout.startswith("run  status")


def test_control_characters_are_not_printed_in_lists():
    assert output.printable("a\x1b[31mb\u202ec\nd\x9b") == "a?[31mb?c?d?"


def test_japanese_takes_two_columns_and_combining_marks_none():
    assert output.width("実験a") == 5
    assert output.width("e\u0301") == 1
    assert output.aligned([("run", "name"), ("10", "実験"), ("9", "x")], {"run"}) == [
        "run  name",
        " 10  実験",
        "  9  x",
    ]


def test_a_list_whose_reader_goes_away_ends_quietly(db):
    for _ in range(5):
        queue.enqueue(db, spec_of(name="x" * 80))
    process = started("runs", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()

    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 1


def test_listing_runs_loads_no_engine_and_no_pandas(data_folder):
    program = (
        "import sys; from mlpcore.__main__ import main; main(['runs']); "
        "print(sorted({'keras', 'tensorflow', 'pandas', 'streamlit', 'sklearn'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert done.stderr == "[]\n"


@pytest.mark.slow
def test_workers_by_hand_train_what_was_queued_and_give_back_what_they_cannot_finish(db):
    short, long = queue.enqueue(db, spec_of(**SPEC)), queue.enqueue(db, spec_of(**SPEC | {"epochs": 1000}))
    process = started("worker", "--workers", "1", stderr=subprocess.PIPE)
    wait_until(lambda: runs.get(db, long).epoch > 0)
    process.send_signal(signal.SIGINT)
    errors = process.stderr.read()
    process.stderr.close()

    assert process.wait() == 0
    assert "Ctrl-C" in errors
    assert runs.get(db, short).status == "finished"
    assert runs.get(db, long).status == "queued"
    assert runs.get(db, long).epoch > 0


def test_runs_whose_settings_cannot_be_used_are_listed_with_a_sentence(db):
    bad = damage_spec(db, make_run(db, spec_of(epochs=2, name="odd")), {"dataset": "cifar10"})
    make_run(db, spec_of(epochs=2, name="sound"))

    table, listed = mlpcore("runs"), mlpcore("runs", "--json")

    assert {line.split()[-1] for line in table.stdout.splitlines()} == {"name", "odd", "sound"}
    assert table.stderr == listed.stderr
    assert table.stderr.startswith(f"Run {bad} can only be listed")
    problems = {run["name"]: run["problem"] for run in json.loads(listed.stdout)}
    assert (problems["sound"], "cifar10" in problems["odd"]) == (None, True)


@pytest.mark.parametrize("command", ["export", "predict"])
@pytest.mark.parametrize("damaged", ["no JSON", {"dataset": "cifar10"}, {"hidden": None}])
def test_a_run_whose_settings_cannot_be_used_is_neither_exported_nor_predicts(db, capsys, command, damaged):
    run_id = damage_spec(db, make_run(db, spec_of(epochs=2)), damaged)

    assert main([command, str(run_id), *(["picture.png"] if command == "predict" else [])]) == 1
    assert f"un {run_id}" in capsys.readouterr().err


def test_a_database_of_a_newer_version_gets_a_sentence(db, capsys):
    db.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('mlplab', 'm0999_of_the_future')")

    for arguments in (["runs"], ["worker"], ["train", "-"], ["export", "1"], ["predict", "1", "picture.png"]):
        done = mlpcore(*arguments, given=json.dumps(SPEC))
        assert (done.returncode, done.stdout) == (1, "")
        assert "was written by a newer version of MLP Lab" in done.stderr
        assert "Traceback" not in done.stderr
