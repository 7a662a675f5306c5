"""The page Try a digit, run by Streamlit's AppTest: what it offers, what it says, and what it survives."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import datasets, formatting, paths
from mlpcore.inference import save_network
from mlpcore.pictures import naive, parse_strokes, prepare
from mlpcore.serving import ensembles
from mlpcore.store import runs
from mlpcore.ui.components.canvas import CanvasContent
from mlpcore.ui.predict import input_tabs
from tests.factory.networks import class_means, constant, make_run_of_network
from tests.factory.runs import make_run, spec_of
from tests.waiting import DEADLINE_SECONDS

PREDICTS_3 = [0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02]


@pytest.fixture(autouse=True)
def _no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPCORE_WORKERS", "0")


@pytest.fixture
def open_page(data_folder: Path):
    """Open the page, `open_page(run="3")`, with these parameters in its address."""

    def opened(**address: str) -> AppTest:
        at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
        at.switch_page("pages/predict.py")
        for name, value in address.items():
            at.query_params[name] = value
        return clean(at.run())

    return opened


def clean(at: AppTest) -> AppTest:
    """The page after a run of its script, which must have come to its end."""
    assert not at.exception, at.exception
    return at


def parameters(at: AppTest) -> dict[str, str]:
    """The address's parameters, each of which occurs once."""
    return {name: value if isinstance(value, str) else "".join(value) for name, value in at.query_params.items()}


def shown(at: AppTest) -> dict[str, Any]:
    """The data from which the predictions are drawn."""
    protos = [element.proto for element in at.get("bidi_component")]
    (data,) = [json.loads(proto.json) for proto in protos if '"ensembles"' in proto.json]
    return dict(data)


def prediction(at: AppTest, run: int = 0, variant: int = -1) -> dict[str, Any]:
    """What a run of those side by side predicts, at first the first one, with its kept networks."""
    data = shown(at)
    return data["variants"][variant]["predictions"][run][data.get("start", 0) if run == 0 else 0]


def waiting(at: AppTest) -> bool:
    """Whether nothing is predicted yet."""
    return not any("predictions" in variant for variant in shown(at)["variants"])


def received(at: AppTest, variant: int = -1) -> dict[str, Any]:
    """The picture that the first network receives."""
    return shown(at)["variants"][variant]["pictures"][0]


def headline(at: AppTest, variant: int = -1) -> str:
    data = shown(at)
    headlines = data["variants"][variant].get("headlines") if data["variants"] else None
    return (headlines[data.get("start", 0)] if headlines else data["headline"]).replace("\u00a0", " ")


def choose_tab(at: AppTest, tab: str) -> AppTest:
    """Choose what the networks are shown."""
    return clean(at.segmented_control(key="predict_input").set_value(tab).run())


def picture(kind: str = "PNG", mode: str = "L", size: int = 60) -> bytes:
    """A drawn 1 as a file."""
    image = Image.new("L", (size, size), 255)
    ImageDraw.Draw(image).line([(size / 2, size / 5), (size / 2, size * 4 / 5)], fill=0, width=size // 10)
    file = io.BytesIO()
    image.convert(mode).save(file, kind)
    return file.getvalue()


def blank(size: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (size, size), 1).save(file, "PNG")
    return file.getvalue()


def uploaded(at: AppTest, name: str, data: bytes) -> AppTest:
    at.file_uploader(key="predict_upload").upload(name, data)
    return clean(at.run())


def test_without_any_network_the_page_leads_to_the_training(open_page) -> None:
    at = open_page()
    assert at.subheader[0].value == "There is no trained network yet"
    assert not at.get("bidi_component")
    assert not at.selectbox


def test_runs_that_have_no_network_are_not_offered(open_page, db: Database) -> None:
    for status in ("queued", "running", "failed", "diverged"):
        make_run(db, spec_of(dataset="digits"), status=status)
    assert open_page().subheader[0].value == "There is no trained network yet"


def test_the_best_network_for_digits_is_chosen_though_another_dataset_has_a_better_one(open_page, db: Database) -> None:
    make_run_of_network(db, constant("iris", [0.2, 0.3, 0.5]), accuracy=1.0)
    make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.7)
    best = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9, name="group A")
    make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.8)
    at = open_page()
    assert at.selectbox(key="predict_run").value == best
    label = f"#{best} group A · Digits 8×8 · no hidden layer · validation 90.0\u00a0% (epoch 1)"
    assert at.selectbox(key="predict_run").options[0] == label


def test_mnist_is_listed_before_the_small_digits(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.99)
    mnist = make_run_of_network(db, constant("mnist", PREDICTS_3), accuracy=0.9)
    assert open_page().selectbox(key="predict_run").value == mnist


def test_the_address_chooses_the_run_and_picking_another_one_changes_the_address(open_page, db: Database) -> None:
    first = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.7)
    second = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9)
    at = open_page(run=str(first), lang="en")
    assert at.selectbox(key="predict_run").value == first
    clean(at.selectbox(key="predict_run").set_value(second).run())
    assert parameters(at) == {"run": str(second), "lang": "en"}


@pytest.mark.parametrize(
    "requested", ["999", "-1", "0", "", "1e3", "９", "9" * 400, "<b>7</b>", "1; DROP TABLE runs", "\x00"]
)
def test_an_address_without_a_valid_run_gets_a_message_and_the_best_run(
    open_page, db: Database, requested: str
) -> None:
    best = make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page(run=requested)
    assert at.warning[0].value.startswith("The address names a run that does not exist.")
    assert at.selectbox(key="predict_run").value == best


def test_a_run_in_the_trash_is_not_used_and_the_page_says_where_it_is(open_page, db: Database) -> None:
    trashed = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.99)
    best = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.5)
    runs.trash(db, [trashed])
    at = open_page(run=str(trashed))
    assert at.warning[0].value.startswith(f"Run {trashed} is in the trash.")
    assert at.selectbox(key="predict_run").value == best


def test_an_address_of_a_queued_run_gets_a_message_and_the_best_run(open_page, db: Database) -> None:
    waiting = make_run(db, spec_of(dataset="digits"), status="queued")
    make_run_of_network(db, constant("digits", PREDICTS_3))
    assert open_page(run=str(waiting)).warning[0].value.startswith(f"Run {waiting} has no trained network yet.")


@pytest.mark.parametrize("status", ["stopped", "running", "diverged"])
def test_the_address_may_name_a_run_that_has_a_network_but_has_not_ended(open_page, db: Database, status: str) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    run = make_run_of_network(db, constant("digits", PREDICTS_3), status=status)
    at = open_page(run=str(run))
    assert not at.warning
    assert at.selectbox(key="predict_run").value == run
    assert "this run did not finish" in at.caption[0].value or "this run is still training" in at.caption[0].value


def test_a_finished_run_comes_before_a_better_one_that_was_stopped(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3), status="stopped", accuracy=0.99)
    finished = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9)
    assert open_page().selectbox(key="predict_run").value == finished


def test_many_runs_can_be_searched_and_the_list_stays_short(open_page, db: Database) -> None:
    sought = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.2, name="the sought one")
    for _index in range(55):
        make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9)
    at = open_page()
    assert len(at.selectbox(key="predict_run").options) == 50
    clean(at.text_input(key="predict_search").set_value("sought").run())
    assert at.selectbox(key="predict_run").value == sought
    clean(at.text_input(key="predict_search").set_value("%' OR 1=1 --").run())
    assert at.info[0].value.startswith("No run matches this search")


def test_before_the_first_stroke_the_bars_are_empty_and_the_page_says_what_to_do(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page()
    assert waiting(at)
    assert headline(at).startswith("Draw a digit from 0 to 9")


def test_a_test_image_is_predicted_and_compared_with_its_label(open_page, db: Database) -> None:
    make_run_of_network(db, class_means("digits", sharpness=3))
    at = choose_tab(open_page(), "test")
    truth = int(datasets.load_test("digits").labels[0])
    assert shown(at)["truth"] == truth
    assert sum(prediction(at)["probabilities"]) == pytest.approx(1, abs=0.001)
    assert prediction(at)["right"] == (prediction(at)["top"] == truth)
    assert shown(at)["variants"][0]["verdicts"][0].startswith("Right" if prediction(at)["right"] else "Wrong")
    assert received(at)["levels"]


def test_the_buttons_go_through_the_test_set_and_wrap_around(open_page, db: Database) -> None:
    make_run_of_network(db, class_means("digits"))
    at = choose_tab(open_page(), "test")
    count = len(datasets.load_test("digits").labels)
    for label, expected in (("Next", 2), ("Previous", 1), ("Previous", count), ("Next", 1)):
        clean(next(button for button in at.button if button.label == label).click().run())
        assert at.number_input[0].value == expected
    clean(at.number_input[0].set_value(17).run())
    assert shown(at)["truth"] == int(datasets.load_test("digits").labels[16])


def test_next_mistake_shows_a_mistake(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = choose_tab(open_page(), "test")
    labels = datasets.load_test("digits").labels
    at.number_input[0].set_value(int(np.flatnonzero(labels == 3)[0]) + 1).run()
    assert prediction(at)["right"]
    clean(next(button for button in at.button if button.label == "Next mistake").click().run())
    assert not prediction(at)["right"]


def test_an_uncertain_prediction_is_worded_with_two_classes(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    assert headline(choose_tab(open_page(), "test")) == "The network predicts 3 (82.0 %)."
    unsure = make_run_of_network(db, constant("digits", [0.3, 0.1, 0.1, 0.25, 0.05, 0.04, 0.04, 0.04, 0.04, 0.04]))
    at = choose_tab(open_page(run=str(unsure)), "test")
    assert headline(at) == "The network is not sure: perhaps 0 (30.0 %), perhaps 3 (25.0 %)."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("one.png", picture()),
        ("one.jpg", picture("JPEG")),
        ("one.webp", picture("WEBP", "RGB")),
        ("one.gif", picture("GIF", "P")),
        ("one.bmp", picture("BMP", "1")),
        ("cmyk.jpg", picture("JPEG", "CMYK")),
        ("sixteen bit.png", picture("PNG", "I;16")),
        ("transparent.png", picture("PNG", "LA")),
    ],
)
@pytest.mark.parametrize("dataset", ["digits", "mnist", "fashion_mnist"])
def test_an_uploaded_picture_is_predicted(open_page, db: Database, dataset: str, name: str, data: bytes) -> None:
    make_run_of_network(db, constant(dataset, PREDICTS_3))
    at = uploaded(choose_tab(open_page(), "upload"), name, data)
    assert not at.error
    assert prediction(at)["top"] == 3
    assert received(at)["levels"]


def test_the_first_frame_of_an_animated_picture_is_predicted(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    first, second = Image.open(io.BytesIO(picture())), Image.new("L", (60, 60), 0)
    file = io.BytesIO()
    first.save(file, "GIF", save_all=True, append_images=[second])
    assert prediction(uploaded(choose_tab(open_page(), "upload"), "moving.gif", file.getvalue()))["top"] == 3


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.png", b"", "This file is empty"),
        ("text.png", b"I am no picture.\n" * 50, "This file is not a picture"),
        ("cut.png", picture()[:60], "This picture is damaged"),
        ("white.png", blank(60), "No digit can be recognized"),
        ("bomb.png", blank(10_000), "This picture has more than 25 million pixels"),
    ],
)
def test_a_file_without_a_digit_gets_an_error_message_and_the_page_works_on(
    open_page, db: Database, name: str, data: bytes, sentence: str
) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = uploaded(choose_tab(open_page(), "upload"), name, data)
    assert sentence in at.error[0].value
    assert "Traceback" not in at.error[0].value
    assert waiting(at)
    assert prediction(uploaded(at, "one.png", picture()))["top"] == 3
    assert not at.error


def test_another_run_predicts_the_picture_that_was_uploaded_before(open_page, db: Database) -> None:
    small = make_run_of_network(db, constant("digits", PREDICTS_3))
    make_run_of_network(db, constant("mnist", PREDICTS_3[::-1]))
    at = uploaded(choose_tab(open_page(), "upload"), "one.png", picture())
    assert (received(at)["width"], prediction(at)["top"]) == (28, 6)
    clean(at.selectbox(key="predict_run").set_value(small).run())
    assert (received(at)["width"], prediction(at)["top"]) == (8, 3)


def test_the_camera_is_mounted_only_when_it_is_chosen(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page()
    for tab, cameras in (("draw", 0), ("upload", 0), ("test", 0), ("camera", 1), ("draw", 0)):
        assert len(choose_tab(at, tab).get("camera_input")) == cameras


def test_a_network_for_clothes_suggests_other_inputs_than_a_drawing(open_page, db: Database) -> None:
    make_run_of_network(db, constant("fashion_mnist", PREDICTS_3))
    at = open_page()
    assert "was trained on Fashion-MNIST, not on digits" in at.info[0].value
    assert not at.get("bidi_component")
    clean(next(button for button in at.button if button.label == "A picture of your own").click().run())
    assert shown(at)["classes"][9] == "Ankle boot"
    assert at.file_uploader[0].label == "A picture of one piece of clothing"


@pytest.mark.parametrize("name", [name for name, info in datasets.REGISTRY.items() if info.kind == "tabular"])
def test_a_network_for_measurements_predicts_the_rows_of_its_test_set(open_page, db: Database, name: str) -> None:
    make_run_of_network(db, class_means(name))
    at = open_page()
    info, test = datasets.REGISTRY[name], datasets.load_test(name)
    assert "its inputs are measurements, not pictures" in at.info[0].value
    table = next(element.value for element in at.markdown if element.value.startswith("| Measurement"))
    assert len(table.splitlines()) == 2 + info.inputs
    assert shown(at)["classes"] == list(info.class_names)
    assert shown(at)["truth"] == int(test.labels[0])
    assert shown(at)["variants"][0]["pictures"] == []


def test_measurements_are_shown_in_their_own_units_and_as_the_network_receives_them(open_page, db: Database) -> None:
    make_run_of_network(db, class_means("iris"))
    at = open_page()
    clean(at.number_input[0].set_value(5).run())
    data = datasets.load("iris")
    own = data.test_inputs[4] * data.feature_deviations + data.feature_means
    table = next(element.value for element in at.markdown if element.value.startswith("| Measurement"))
    first = [cell.strip() for cell in table.splitlines()[2].strip("|").split("|")]
    assert first == ["Sepal length (cm)", f"{own[0]:.4g}", formatting.signed(data.test_inputs[4][0], 2)]


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "text", "another dataset"])
def test_a_missing_or_damaged_network_is_reported_and_another_run_still_predicts(
    open_page, db: Database, damage: str
) -> None:
    good = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.5)
    bad = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.9)
    path = paths.data_folder() / runs.snapshots(db, bad)[1]
    if damage == "missing":
        path.unlink()
    elif damage == "another dataset":
        save_network(path, constant("mnist", PREDICTS_3))
    else:
        path.write_bytes({"empty": b"", "cut": path.read_bytes()[:-100], "text": b"hello" * 99}[damage])
    for tab in ("draw", "upload", "camera", "test"):
        at = choose_tab(open_page(run=str(bad)), tab)
        assert "train this run again" in at.error[0].value
    clean(at.selectbox(key="predict_run").set_value(good).run())
    assert not at.error
    assert prediction(at)["top"] == 3


def test_test_images_of_a_missing_dataset_get_an_error_message(
    open_page, db: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("MLPCORE_DATASETS", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    make_run_of_network(db, constant("mnist", PREDICTS_3))
    at = choose_tab(open_page(), "test")
    assert "MNIST is not on this machine" in at.error[0].value
    assert prediction(uploaded(choose_tab(at, "upload"), "one.png", picture()))["top"] == 3


def test_a_run_of_a_dataset_that_is_no_longer_known_is_left_out(open_page, db: Database) -> None:
    run = make_run_of_network(db, constant("digits", PREDICTS_3))
    db.execute("UPDATE runs SET dataset = 'gone' WHERE id = ?", [run])
    db.conn.commit()
    assert open_page(run=str(run)).subheader[0].value == "There is no trained network yet"


def test_names_that_users_gave_are_shown_as_typed(open_page, db: Database) -> None:
    name = "<img src=x onerror=alert(1)> **bold** :red[x] {count} %s"
    run = make_run_of_network(db, constant("digits", PREDICTS_3), name=name)
    assert open_page().selectbox(key="predict_run").options[0].startswith(f"#{run} {name} · ")


def test_the_page_is_shown_in_japanese(open_page, db: Database) -> None:
    make_run_of_network(db, constant("fashion_mnist", PREDICTS_3))
    at = choose_tab(open_page(lang="ja"), "test")
    assert at.title[0].value == "手書き数字を試す"
    assert shown(at)["classes"][9] == "アンクルブーツ"
    assert headline(at) == "ネットワークの予測は「ワンピース」（82.0 %）です。"


HOSTILE = [
    "strokes",
    {"strokes": 1},
    [1, 2],
    [[1, 2]],
    [[["a", "b"]]],
    [[[0.1, float("nan")]]],
    [[[0.5]]],
    [[[True, None]]],
    [[[0.1, 0.2]] * 20_000],
    [[[0.1, 0.2]]] * 500,
]


@pytest.mark.parametrize("payload", HOSTILE, ids=range(len(HOSTILE)))
def test_invalid_strokes_from_a_browser_get_an_error_message(
    open_page, db: Database, monkeypatch: pytest.MonkeyPatch, payload: Any
) -> None:
    monkeypatch.setattr(input_tabs, "canvas", lambda _key: CanvasContent(payload, 0.065))
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page()
    assert "clear the canvas and draw" in at.error[0].value
    assert waiting(at)


@pytest.mark.parametrize(
    "strokes", [[[[0.5, 0.5]]], [[[-3, 9], [7.5, 0]]], [[[10**400, 0.5]]], [[], [[0.2, 0.2], [0.8, 0.8]]]]
)
def test_a_dot_and_a_line_outside_the_canvas_are_predicted(
    open_page, db: Database, monkeypatch: pytest.MonkeyPatch, strokes: Any
) -> None:
    monkeypatch.setattr(input_tabs, "canvas", lambda _key: CanvasContent(strokes, 0.065))
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page()
    assert not at.error
    assert prediction(at)["top"] == 3


ONE = [[[0.5, 0.2], [0.5, 0.8]]]
SMALL_ONE = [[[0.2, 0.1], [0.2, 0.3]]]
PREDICTS_7 = [0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.82, 0.02, 0.02]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch):
    """Put strokes on the canvas."""

    def draw(strokes: Any) -> None:
        monkeypatch.setattr(input_tabs, "canvas", lambda _key: CanvasContent(strokes, 0.065))

    draw(ONE)
    return draw


def make_ensemble(db: Database, *networks: list[float], dataset: str = "digits", **facts: Any) -> int:
    """A run of several networks, each of which answers everything with its probabilities, untrained with others."""
    run = make_run_of_network(db, constant(dataset, networks[0]), repeats=len(networks), **facts)
    for member, probabilities in enumerate(networks):
        for epoch, answered in ((0, [0.1] * 10), (1, probabilities)):
            file = f"models/run-{run}/{epoch}-{member}.safetensors"
            save_network(paths.data_folder() / file, replace(constant(dataset, answered), epoch=epoch))
            db.execute(
                "REPLACE INTO snapshots (run, member, epoch, file) VALUES (?, ?, ?, ?)", [run, member, epoch, file]
            )
        db.execute(
            "REPLACE INTO members (run, member, seed, status, kept_epoch) VALUES (?, ?, ?, 'finished', 1)",
            [run, member, member],
        )
    db.conn.commit()
    return run


def test_several_runs_predict_the_same_drawing_and_are_in_the_address(open_page, db: Database, drawn) -> None:
    first = make_run_of_network(db, constant("mnist", PREDICTS_3), accuracy=0.9, name="group A")
    small = make_run_of_network(db, constant("digits", PREDICTS_7))
    clothes = make_run_of_network(db, constant("fashion_mnist", PREDICTS_7))
    at = open_page(run=str(first), **{"with": str(small)})
    assert not at.warning
    assert [ensemble["number"] for ensemble in shown(at)["ensembles"]] == [f"#{first}", f"#{small}"]
    assert shown(at)["ensembles"][0]["name"] == "group A"
    assert (prediction(at)["top"], prediction(at, 1)["top"]) == (3, 7)
    assert headline(at) == "They disagree: 3 (1 of 2), 7 (1 of 2)."
    assert [(each["width"], each["caption"]) for each in shown(at)["variants"][0]["pictures"]] == [
        (28, f"#{first}: 28\u00a0×\u00a028 pixels, white on black"),
        (8, f"#{small}: 8\u00a0×\u00a08 pixels, white on black"),
    ]
    options = at.multiselect(key="predict_with").options
    assert len(options) == 1, f"run {clothes} reads no digits"
    clean(at.multiselect(key="predict_with").set_value([]).run())
    assert parameters(at) == {"run": str(first)}
    assert headline(at) == "The network predicts 3 (82.0 %)."
    clean(at.multiselect(key="predict_with").set_value([small]).run())
    assert parameters(at) == {"run": str(first), "with": str(small)}


@pytest.mark.parametrize(
    ("requested", "named"),
    [
        ("999", r"\#999"),
        ("<img src=x onerror=alert(1)>", r"\<img src=x onerror"),
        ("9" * 400, "9" * 20),
        ("\x00", "\x00"),
        (",,,", None),
        ("{iris}", r"\#{iris}"),
        ("{trashed}", r"\#{trashed}"),
        ("{first},{first}", None),
    ],
)
def test_runs_of_the_address_that_cannot_be_compared_are_named_and_left_out(
    open_page, db: Database, drawn, requested: str, named: str | None
) -> None:
    ids = {
        "iris": make_run_of_network(db, constant("iris", [0.2, 0.3, 0.5])),
        "trashed": make_run_of_network(db, constant("digits", PREDICTS_3)),
        "first": make_run_of_network(db, constant("digits", PREDICTS_3)),
        "good": make_run_of_network(db, constant("digits", PREDICTS_7)),
    }
    runs.trash(db, [ids["trashed"]])
    at = open_page(run=str(ids["first"]), **{"with": f"{requested.format(**ids)},{ids['good']}"})
    assert [ensemble["number"] for ensemble in shown(at)["ensembles"]] == [f"#{ids['first']}", f"#{ids['good']}"]
    if named is None:
        assert not at.warning
    else:
        assert at.warning[0].value.startswith("Left out of the comparison: ")
        assert named.format(**ids) in at.warning[0].value


def test_another_first_run_keeps_the_others_that_can_be_compared_with_it(open_page, db: Database, drawn) -> None:
    iris = make_run_of_network(db, constant("iris", [0.2, 0.3, 0.5]))
    first, other, third = (make_run_of_network(db, constant("digits", PREDICTS_3)) for _index in range(3))
    at = open_page(run=str(first), **{"with": f"{other},{third}"})
    clean(at.selectbox(key="predict_run").set_value(other).run())
    assert [ensemble["number"] for ensemble in shown(at)["ensembles"]] == [f"#{other}", f"#{third}"]
    clean(at.selectbox(key="predict_run").set_value(iris).run())
    assert not at.warning
    assert parameters(at) == {"run": str(iris)}


def test_at_most_eight_runs_are_compared(open_page, db: Database, drawn) -> None:
    made = [make_run_of_network(db, constant("digits", PREDICTS_3)) for _index in range(10)]
    at = open_page(run=str(made[0]), **{"with": ",".join(map(str, made))})
    assert len(shown(at)["ensembles"]) == 8
    assert rf"\#{made[8]}, \#{made[9]}" in at.warning[0].value
    assert headline(at) == "All 8 agree: 3."


def assert_above_the_bars(at: AppTest, *parts: str) -> None:
    """Whether a sentence with all of these parts is above the bars."""
    sentences = [element.value.replace("\\", "") for element in at.warning]
    assert any(all(part in sentence for part in parts) for sentence in sentences), sentences


def test_a_damaged_network_among_several_is_reported_and_the_others_predict(open_page, db: Database, drawn) -> None:
    good = make_run_of_network(db, constant("digits", PREDICTS_3))
    gone, cut = (make_run_of_network(db, constant("digits", PREDICTS_7)) for _index in range(2))
    (paths.data_folder() / runs.snapshots(db, gone)[1]).unlink()
    path = paths.data_folder() / runs.snapshots(db, cut)[1]
    path.write_bytes(path.read_bytes()[:-50])
    for first, others in ((good, [gone, cut]), (gone, [good, cut])):
        at = open_page(run=str(first), **{"with": ",".join(map(str, others))})
        assert not at.error
        assert_above_the_bars(at, f"Run #{gone} cannot predict: ", "no longer there")
        assert_above_the_bars(at, f"Run #{cut} cannot predict: ", "incomplete or damaged")
        assert len(at.warning) == 2
        problems = {ensemble["number"]: ensemble.get("problem", "") for ensemble in shown(at)["ensembles"]}
        assert problems == {f"#{gone}": "no prediction", f"#{cut}": "no prediction", f"#{good}": ""}
        assert headline(at) == "The network predicts 3."
    at = open_page(run=str(gone), **{"with": str(cut)})
    assert [bool(ensemble["problem"]) for ensemble in shown(at)["ensembles"]] == [True, True]
    assert (headline(at), waiting(at), len(at.error)) == ("", True, 0)


def test_the_networks_of_a_run_predict_their_mean_with_its_deviation(open_page, db: Database, drawn) -> None:
    run = make_ensemble(db, PREDICTS_3, PREDICTS_3, PREDICTS_7)
    at = open_page(run=str(run))
    assert headline(at) == "On average the 3 networks predict 3 (55.3 %)."
    data = prediction(at)
    assert data["probabilities"][3] == pytest.approx((0.82 * 2 + 0.02) / 3, abs=1e-4)
    assert data["deviations"][3] == pytest.approx(np.std([0.82, 0.82, 0.02], ddof=1), abs=1e-4)
    assert data["percents"][3].replace("\u00a0", " ") == "55.3 ± 46.2 %"
    assert data["votes"] == "2 of 3 networks predict 3"
    assert "The bars are the means of 3 networks." in shown(at)["which"]


def test_one_network_of_several_can_predict_alone_and_is_in_the_address(open_page, db: Database, drawn) -> None:
    run = make_ensemble(db, PREDICTS_3, PREDICTS_3, PREDICTS_7)
    at = open_page(run=str(run), member="3")
    assert headline(at) == "The network predicts 7 (82.0 %)."
    assert "votes" not in prediction(at)
    assert at.selectbox(key="predict_member").value == 2
    clean(at.selectbox(key="predict_member").set_value(-1).run())
    assert parameters(at) == {"run": str(run)}
    assert headline(at).startswith("On average the 3 networks")
    clean(at.selectbox(key="predict_member").set_value(0).run())
    assert parameters(at) == {"run": str(run), "member": "1"}


@pytest.mark.parametrize("requested", ["0", "4", "１", "9" * 400])
def test_for_a_network_that_the_run_does_not_have_all_of_them_predict_and_the_page_says_so(
    open_page, db: Database, drawn, requested: str
) -> None:
    run = make_ensemble(db, PREDICTS_3, PREDICTS_3, PREDICTS_7)
    at = open_page(run=str(run), member=requested)
    assert headline(at).startswith("On average the 3 networks")
    assert at.warning[0].value.startswith("The address names a network that run")
    assert not open_page(run=str(run), member="3").warning


def test_a_damaged_network_of_a_run_is_named_and_the_others_predict(open_page, db: Database, drawn) -> None:
    run = make_ensemble(db, PREDICTS_3, PREDICTS_3, PREDICTS_7)
    (paths.data_folder() / runs.snapshots(db, run, 2)[1]).write_bytes(b"")
    at = open_page(run=str(run))
    assert headline(at) == "On average the 2 networks predict 3 (82.0 %)."
    assert_above_the_bars(at, f"Run #{run} predicts without some of its saved networks: ", "1-2.safetensors")


def test_the_slider_has_each_saved_epoch_and_starts_at_the_kept_one(open_page, db: Database, drawn) -> None:
    run = make_ensemble(db, PREDICTS_3, epochs=4)
    data = shown(open_page(run=str(run)))
    assert [epoch["short"] for epoch in data["epochs"]["saved"]] == ["0", "1"]
    assert data["epochs"]["saved"][0]["text"] == "Epoch 0: before any training"
    assert data["start"] == 1
    assert [prediction["probabilities"][3] for prediction in data["variants"][0]["predictions"][0]] == pytest.approx(
        [0.1, 0.82]
    )
    assert data["variants"][0]["headlines"][0].startswith("The network is not sure")


def test_networks_too_large_for_the_memory_have_no_slider_and_the_page_says_so(
    open_page, db: Database, drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ensembles, "HISTORY_BYTES", 1)
    run = make_ensemble(db, PREDICTS_3)
    at = open_page(run=str(run))
    assert "epochs" not in shown(at)
    assert shown(at)["which"] == "The networks of this run are too large to show its training."
    assert headline(at) == "The network predicts 3 (82.0 %)."


def test_a_run_with_a_single_saved_network_has_no_slider(open_page, db: Database, drawn) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    data = shown(open_page())
    assert ("epochs" in data, data["which"]) == (False, "")


def test_the_input_of_a_naive_demo_is_compared_with_the_prepared_input(open_page, db: Database, drawn) -> None:
    drawn(SMALL_ONE)
    make_run_of_network(db, class_means("mnist"))
    at = open_page()
    assert len(shown(at)["variants"]) == 1
    clean(at.toggle(key="predict_naive").set_value(True).run())
    strokes = parse_strokes(SMALL_ONE)
    network = class_means("mnist")
    for index, prepared in enumerate((naive(strokes, (28, 28)).inputs, prepare(strokes, (28, 28)).inputs)):
        assert prediction(at, variant=index)["probabilities"] == pytest.approx(
            network.probabilities(prepared[None])[0], abs=1e-3
        )
        levels = np.frombuffer(base64.b64decode(received(at, index)["levels"]), np.uint8).reshape(28, 28)
        np.testing.assert_allclose(levels / 255, prepared, atol=0.003)
    assert [variant["title"] for variant in shown(at)["variants"]] == [
        "Only scaled down",
        "Prepared like the training images",
    ]
    assert "Only scaled down, the digit is 8 pixels large" in shown(at)["difference"]
    at = uploaded(choose_tab(at, "upload"), "one.png", picture())
    assert len(shown(at)["variants"]) == 2, "the switch stays as it is"
    assert len(shown(choose_tab(at, "test"))["variants"]) == 1, "a test image is as the network expects it"


def test_test_images_are_prepared_for_networks_of_another_size(open_page, db: Database) -> None:
    first = make_run_of_network(db, class_means("mnist", sharpness=0.1))
    small = make_run_of_network(db, class_means("digits", sharpness=3))
    at = choose_tab(open_page(run=str(first), **{"with": str(small)}), "test")
    assert [each["width"] for each in shown(at)["variants"][0]["pictures"]] == [28, 8]
    assert prediction(at, 1)["right"]
    assert not any(button.label == "Next disagreement" for button in at.button)


def test_next_disagreement_shows_a_disagreement(open_page, db: Database) -> None:
    first = make_run_of_network(db, class_means("digits", sharpness=3))
    other = make_run_of_network(db, constant("digits", PREDICTS_3))
    at = choose_tab(open_page(run=str(first), **{"with": str(other)}), "test")
    labels = datasets.load_test("digits").labels
    at.number_input[0].set_value(int(np.flatnonzero(labels == 3)[0]) + 1).run()
    clean(next(button for button in at.button if button.label == "Next disagreement").click().run())
    assert prediction(at)["top"] != prediction(at, 1)["top"]
    clean(at.multiselect(key="predict_with").set_value([]).run())
    assert not any(button.label == "Next disagreement" for button in at.button)


def test_a_run_in_training_is_offered_once_a_network_of_it_is_saved(open_page, db: Database, drawn) -> None:
    finished = make_run_of_network(db, constant("digits", PREDICTS_3))
    training = make_run_of_network(db, constant("digits", PREDICTS_7), status="running", epochs=5)
    make_run(db, spec_of(dataset="digits"), status="running")
    at = open_page()
    assert at.selectbox(key="predict_run").value == finished
    assert len(at.selectbox(key="predict_run").options) == 2
    clean(at.selectbox(key="predict_run").set_value(training).run())
    assert headline(at) == "The network predicts 7 (82.0 %)."


def test_returning_to_the_page_shows_the_runs_of_the_last_visit(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.95)
    first, other = (make_run_of_network(db, constant("digits", PREDICTS_3)) for _index in range(2))
    at = open_page(run=str(first), **{"with": str(other)})
    at.switch_page("dashboard.py")
    at.query_params.clear()
    clean(at.run())
    at.switch_page("pages/predict.py")
    at.query_params.clear()
    clean(at.run())
    assert at.selectbox(key="predict_run").value == first
    assert at.multiselect(key="predict_with").value == [other]


def test_a_run_whose_files_vanish_while_the_page_is_open_is_reported(open_page, db: Database, drawn) -> None:
    first = make_run_of_network(db, constant("digits", PREDICTS_3))
    other = make_run_of_network(db, constant("digits", PREDICTS_7))
    at = open_page(run=str(first), **{"with": str(other)})
    (paths.data_folder() / runs.snapshots(db, other)[1]).unlink()
    clean(at.run())
    assert_above_the_bars(at, f"Run #{other} cannot predict: ", "no longer there")
    assert prediction(at)["top"] == 3
