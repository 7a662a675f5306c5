"""My digits, run by Streamlit's AppTest: what a browser sends is checked, read by all networks, and imports are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from streamlit.testing.v1 import AppTest

from mlpcore import paths
from mlpcore.errors import PictureError
from mlpcore.inference import save_network
from mlpcore.pictures.digit_collection import parse_collection
from mlpcore.serving.kept_networks import kept_networks
from mlpcore.store import runs
from mlpcore.ui.predict import kept_digits
from mlpcore.ui.predict.kept_digits import MAX_DIGITS, labelled, new_digits, parse_kept_digits
from tests.app_pages import texts
from tests.factory.networks import constant, make_run_of_network
from tests.factory.runs import make_run, spec_of
from tests.waiting import DEADLINE_SECONDS

PREDICTS_3 = [0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02]
PREDICTS_5 = [0.02, 0.02, 0.02, 0.02, 0.02, 0.82, 0.02, 0.02, 0.02, 0.02]
LINE = [[[0.5, 0.2], [0.5, 0.8]]]


def digits(*labels: int) -> list[dict[str, Any]]:
    """Different digits with these labels."""
    return [
        {"label": label, "strokes": [[[0.1, round(0.1 + index / 1000, 4)], [0.5, 0.9]]]}
        for index, label in enumerate(labels)
    ]


def sent(entries: Any, revision: Any = 3) -> dict[str, Any]:
    return {"revision": revision, "digits": entries}


@pytest.fixture
def open_page(data_folder: Path):
    """Open My digits, `open_page(digits(3, 3), run="2")`, with what the browser has sent."""

    def opened(entries: Any = None, **address: str) -> AppTest:
        at = AppTest.from_file(str(paths.PROJECT / "dashboard.py"), default_timeout=DEADLINE_SECONDS)
        at.switch_page("pages/predict.py")
        for name, value in address.items():
            at.query_params[name] = value
        at.session_state["predict_input"] = "mine"
        if entries is not None:
            at.session_state["predict_kept_digits"] = parse_kept_digits(sent(entries))
        return clean(at.run())

    return opened


def clean(at: AppTest) -> AppTest:
    """The page after a run of its script, which must have come to its end."""
    assert not at.exception, at.exception
    return at


def component(at: AppTest, part: str) -> Any:
    """What the component got whose data holds this text."""
    (data,) = [element.proto.json for element in at.get("bidi_component") if part in element.proto.json]
    return json.loads(data)


def ranking(at: AppTest) -> list[str]:
    """The runs in their order, as a screen reader reads them."""
    markup = component(at, "data-pick")
    return [part.split('"')[0].replace("\u00a0", " ") for part in markup.split('aria-label="')[1:]]


def imported(at: AppTest, *entries: Any, data: bytes | None = None) -> AppTest:
    content = data if data is not None else json.dumps({"digits": entries}).encode()
    at.file_uploader(key="predict_import").upload("digits.json", content)
    return clean(at.run())


def test_without_digits_the_page_explains_what_to_do(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = open_page([])
    assert [button.label for button in at.button] == ["Draw digits"]
    clean(at.button[0].click().run())
    assert at.segmented_control(key="predict_input").value == "draw"


def test_the_run_that_reads_most_digits_is_first_with_its_figures(open_page, db: Database) -> None:
    three = make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.5, name="group <A>")
    five = make_run_of_network(db, constant("mnist", PREDICTS_5), accuracy=0.9)
    make_run_of_network(db, constant("fashion_mnist", PREDICTS_3), accuracy=0.99)
    at = open_page(digits(3, 3, 3, 5))
    assert ranking(at) == [
        f"1: #{three} group &lt;A&gt; · Digits 8×8 · no hidden layer, 3 of 4 right (75.0 %),"
        " mean probability of the correct digit 62.0 %, validation 50.0 % (epoch 1)",
        f"2: #{five} · MNIST · no hidden layer · 1 epoch, 1 of 4 right (25.0 %),"
        " mean probability of the correct digit 22.0 %, validation 90.0 % (epoch 1)",
    ]


def test_the_mean_of_several_networks_is_ranked(open_page, db: Database) -> None:
    run = make_run(db, spec_of(dataset="digits", hidden=[], repeats=4, epochs=2), diverged=1)
    probabilities = iter((PREDICTS_3, PREDICTS_3, PREDICTS_5))
    for kept in kept_networks(db, runs.get(db, run)):
        path = paths.data_folder() / kept.file
        path.parent.mkdir(parents=True, exist_ok=True)
        save_network(path, replace(constant("digits", next(probabilities)), epoch=kept.epoch))
    (row,) = ranking(open_page(digits(3, 5)))
    assert "1 of 2 right" in row
    assert "mean probability of the correct digit 42.0 %" in row
    assert "mean of 3 networks" in row


def test_the_mistakes_are_those_of_the_chosen_run(open_page, db: Database) -> None:
    three = make_run_of_network(db, constant("digits", PREDICTS_3))
    five = make_run_of_network(db, constant("digits", PREDICTS_5))
    at = open_page(digits(3, 3, 5), run=str(three))
    assert "A 5, read as a 3 (82.0" in component(at, "figure")
    assert "misreads 1 digit:" in at.caption[-1].value
    at.session_state["predict_collection_run"] = str(five)
    clean(at.run())
    assert component(at, "figure").count("A 3, read as a 5 (82.0") == 2
    for hostile in ("999", "<b>", 7, None):
        at.session_state["predict_collection_run"] = hostile
        assert "A 5, read as a 3" in component(clean(at.run()), "figure")


def test_a_run_without_mistakes_is_reported(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    assert "reads all your digits correctly" in open_page(digits(3, 3)).success[0].value


def test_a_run_whose_network_is_missing_is_reported_and_the_others_are_ranked(open_page, db: Database) -> None:
    lost = make_run_of_network(db, constant("digits", PREDICTS_5), accuracy=0.9)
    make_run_of_network(db, constant("digits", PREDICTS_3), accuracy=0.8)
    (paths.data_folder() / f"models/run-{lost}/epoch-0001.safetensors").unlink()
    at = open_page(digits(3))
    assert len(ranking(at)) == 1
    assert "is no longer there" in at.error[0].value


def test_without_a_network_for_digits_the_page_says_so(open_page, db: Database) -> None:
    make_run_of_network(db, constant("fashion_mnist", PREDICTS_3))
    assert "No trained network reads digits yet" in texts(open_page(digits(3)))


def test_invalid_digits_are_reported_and_the_others_are_read(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    bad = [{"label": "<script>", "strokes": LINE}, {"strokes": LINE}, 7, {"label": 3, "strokes": [[[2, 0]]]}]
    at = open_page([*bad, *digits(3)])
    assert "1 of 1 right" in ranking(at)[0]
    lines = at.warning[0].value.replace("\\", "").splitlines()
    assert [line.split(": ")[0] for line in lines] == ["Digit 1", "Digit 2", "Digit 3", "Digit 4"]
    assert not any("<script>" in line for line in lines)
    assert [source is None for source in component(at, '"seen"')["pictures"]] == [True] * 4 + [False]


@pytest.mark.parametrize(
    "payload",
    [None, 7, "digits", [], {}, sent(None), sent({}), sent([], None), sent([], True), sent([], -1), sent([], 10**400)],
)
def test_a_payload_that_is_not_a_collection_is_ignored(payload: Any) -> None:
    assert parse_kept_digits(payload) is None


def test_too_much_from_a_browser_is_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    many = parse_kept_digits(sent(digits(*[3] * (MAX_DIGITS + 1))))
    assert many is not None
    assert (many.revision, many.digits) == (3, ())
    assert "at most 500" in str(many.problems[0])
    monkeypatch.setattr(kept_digits, "MAX_POINTS", 3)
    long = parse_kept_digits(sent(digits(3, 3)))
    assert long is not None
    assert "more strokes than a browser can keep" in str(long.problems[0])


def test_an_import_sends_new_digits_to_the_browser_and_skips_known_ones(open_page, db: Database) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = imported(open_page(digits(3, 5)), *digits(3, 7, 7), {"strokes": LINE}, *digits(3))
    added = component(at, '"seen"')["added"]
    assert added["digits"] == digits(3, 7, 7)[1:]
    assert at.success[0].value == "2 digits were added. 2 were already there."
    assert "Digit 4\\: it has no label" in at.warning[0].value
    clean(at.run())
    assert component(at, '"seen"')["added"] == added


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not valid JSON"),
        (b"\x89PNG", "not valid JSON"),
        (b"[]", 'has no list "digits"'),
        (b'{"digits": []}', "no digit in it"),
        (b" " * (10 * 2**20 + 1), "more than 10 MB"),
        (json.dumps({"digits": digits(*range(10)) * 50}).encode(), "10 digits were added. 490 were already there."),
    ],
)
def test_every_invalid_file_gets_an_error_message(open_page, db: Database, data: bytes, sentence: str) -> None:
    make_run_of_network(db, constant("digits", PREDICTS_3))
    at = imported(open_page([]), data=data)
    assert sentence in [*at.error, *at.success][0].value.replace("\\", "")


def test_an_import_that_does_not_fit_is_refused_with_what_would() -> None:
    kept = parse_collection({"digits": digits(*[3] * (MAX_DIGITS - 1))}).digits
    one, two = ([{"label": 1, "strokes": [[[0, index / 9]]]} for index in range(count)] for count in (1, 2))
    assert new_digits(kept, parse_collection({"digits": one}).digits) == one
    with pytest.raises(PictureError, match="no room for 2 new digits: 499 are saved, and at most 500"):
        new_digits(kept, parse_collection({"digits": two}).digits)


def test_the_same_strokes_with_another_label_are_another_digit() -> None:
    kept = labelled(parse_collection({"digits": [{"label": 1, "strokes": LINE}]})).digits
    assert new_digits(kept, parse_collection({"digits": [{"label": 7, "strokes": LINE}]}).digits)
