"""Pictures of a user on the page Try a digit: files of many kinds, files without a digit, and the camera."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlite_utils import Database

from tests.app_pages import ended
from tests.factory.networks import constant, make_run_of_network
from tests.predict_page import (
    PREDICTS_3,
    blank,
    choose_tab,
    picture,
    prediction,
    received,
    shown,
    uploaded,
    waiting,
)

PAGE = "pages/predict.py"


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
    ended(at.selectbox(key="predict_run").set_value(small).run())
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
    ended(next(button for button in at.button if button.label == "A picture of your own").click().run())
    assert shown(at)["classes"][9] == "Ankle boot"
    assert at.file_uploader[0].label == "A picture of one piece of clothing"
