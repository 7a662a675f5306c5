"""The Train page in a real browser, with real workers: its own buttons, the moving curves, links and phones."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, Error, Locator, expect

from mlpcore.store import runs
from mlpcore.store.connection import opened
from tests.factory.runs import make_run, spec_of

ROW = 35
TRAINING = 240_000
"""Milliseconds until a short training must have come to its end: loading TensorFlow on a busy machine is in it."""


@pytest.fixture(scope="module")
def trainer(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with one real worker, for all tests of this file."""
    server = Server("dashboard.py", tmp_path_factory.mktemp("trainer"), MLPCORE_WORKERS="1")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def quiet(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard without workers and with two finished runs, of one network and of three, where nothing moves."""
    folder = tmp_path_factory.mktemp("quiet")
    with opened(folder / "mlplab.db") as db:
        make_run(db, spec_of(dataset="wine", epochs=5, hidden=[{"units": 9, "activation": "mish"}], l2=0.01))
        make_run(db, spec_of(dataset="digits", epochs=8, repeats=3, seed=4), diverged=1, stopped_early=2)
    server = Server("dashboard.py", folder, MLPCORE_WORKERS="0")
    yield server
    server.stop()


def field(window: Visit, label: str) -> Locator:
    return window.page.get_by_label(label, exact=True)


def picture(window: Visit) -> Locator:
    return window.page.locator(".mlp-network svg")


def query(window: Visit) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(window.page.url).query).items()}


def curves(window: Visit) -> Locator:
    return window.page.locator(".mlp-curves")


def wait_for_address(window: Visit, pattern: str) -> None:
    expect(window.page).to_have_url(re.compile(pattern))


def train(window: Visit) -> int:
    """Press Train; the id of the new run."""
    window.button("Train").click()
    wait_for_address(window, r"[?&]run=\d+")
    return int(query(window)["run"])


def run_of(server: Server, run_id: int) -> runs.Run:
    with opened(server.data / "mlplab.db") as db:
        return runs.get(db, run_id)


def choose(window: Visit, field_label: str, option: str) -> None:
    """Choose in a list of names. The list closes again whenever the page scrolls, as it does towards the field."""
    box = window.page.get_by_role("combobox", name=field_label)
    item = window.page.get_by_role("option", name=option, exact=True)
    for _attempt in range(10):
        window.idle()
        box.press("ArrowDown")
        with suppress(Error):
            item.click(timeout=5000)
            break
    window.idle()


def watch_epochs(window: Visit) -> None:
    """Note in the page each number of epochs that the chart has shown."""
    window.page.evaluate(
        """() => {
            window.shown = [];
            const look = () => {
                const epochs = document.querySelector(".mlp-curves")?.dataset.epochs;
                if (epochs !== undefined && epochs !== window.shown.at(-1)) window.shown.push(epochs);
                requestAnimationFrame(look);
            };
            look();
        }"""
    )


def to_its_end(window: Visit) -> list[int]:
    """Wait until the run is over; the numbers of epochs that the chart showed on the way."""
    expect(window.button("Train again")).to_be_visible(timeout=TRAINING)
    return [int(number) for number in window.page.evaluate("window.shown")]


@pytest.mark.slow
def test_digits_train_to_the_end_while_the_curve_grows(trainer: Server, visit: Callable[..., Visit]) -> None:
    window = visit(trainer, "?dataset=digits&epochs=150&hidden=256-relu-0.2,256-relu")
    expect(picture(window)).to_be_visible()
    watch_epochs(window)

    run_id = train(window)
    shown = to_its_end(window)

    assert shown == sorted(shown)
    assert len(shown) > 5
    assert shown[-1] == 150
    window.see("Test accuracy").see("correctly and")
    run = run_of(trainer, run_id)
    assert (run.status, run.epoch) == ("finished", 150)
    assert run.best_val_accuracy is not None
    assert run.best_val_accuracy > 0.9


@pytest.mark.slow
def test_five_thousand_mnist_images_train_to_the_end(trainer: Server, visit: Callable[..., Visit]) -> None:
    window = visit(trainer, "?dataset=mnist&training_images=5000&epochs=30&hidden=128-relu")
    watch_epochs(window)

    run = run_of(trainer, train(window))
    shown = to_its_end(window)

    assert len(shown) > 3
    assert shown[-1] == 30
    assert (run_of(trainer, run.id).test_accuracy or 0) > 0.9


@pytest.mark.slow
def test_several_networks_train_with_a_band_and_each_is_opened_and_downloaded(
    trainer: Server, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    window = visit(trainer, "?dataset=digits&repeats=2&folds=3&epochs=40&schedule=plateau&patience=1&shift=0.05")
    watch_epochs(window)

    run = run_of(trainer, train(window))
    shown = to_its_end(window)

    assert run.members == 6
    assert shown[-1] == 40
    window.see("Lines: the mean of 6 networks.").see("± 1 standard deviation")
    assert window.page.evaluate(
        "document.querySelector('.mlp-chart').data.filter(({uid}) => uid.endsWith('band')).length"
    )
    choose(window, "Networks", "Network 5 · seed 2 · fold 2")
    window.see("Of 360 test examples, network 5 classifies")
    assert query(window)["member"] == "5"
    with window.page.expect_download() as download:
        window.button("Network 5 as .keras").click()
    file = tmp_path / "network.keras"
    download.value.save_as(file)
    assert "model.weights.h5" in zipfile.ZipFile(file).namelist()


@pytest.mark.slow
def test_the_form_shows_the_workers_as_soon_as_they_are_ready(trainer: Server, visit: Callable[..., Visit]) -> None:
    window = visit(trainer, "?dataset=iris")

    expect(window.page.get_by_test_id("stSidebar").get_by_text("1 worker: ")).to_be_visible(timeout=TRAINING)


@pytest.mark.slow
def test_stop_ends_a_training_in_the_middle_and_a_reload_finds_it(trainer: Server, visit: Callable[..., Visit]) -> None:
    window = visit(trainer, "?dataset=digits&epochs=1000&batch_size=1")
    run_id = train(window)
    expect(curves(window)).to_have_attribute("data-epochs", re.compile(r"[1-9]"), timeout=TRAINING)

    window.page.reload()
    window.button("Stop").click()

    window.see("Stopped by hand.")
    run = run_of(trainer, run_id)
    assert run.status == "stopped"
    assert 0 < run.epoch < 1000


@pytest.mark.slow
def test_a_diverged_training_suggests_a_smaller_learning_rate(trainer: Server, visit: Callable[..., Visit]) -> None:
    window = visit(trainer, "?dataset=digits&optimizer=sgd&learning_rate=100&loss=crossentropy&hidden=64-exponential")

    run_id = train(window)

    expect(window.page.get_by_text("Try a smaller learning rate")).to_be_visible(timeout=TRAINING)
    assert run_of(trainer, run_id).status == "diverged"


def test_the_picture_follows_the_table_of_layers(quiet: Server, visit: Callable[..., Visit]) -> None:
    window = visit(quiet, "?dataset=iris")
    expect(picture(window)).to_have_attribute("aria-label", "The network: 4 measurements, 32 ReLU, 3 softmax.")
    grid = window.page.get_by_test_id("stDataFrame").first
    expect(grid.get_by_test_id("glide-cell-1-0")).to_have_text("32")
    table = grid.bounding_box()
    assert table is not None

    window.page.mouse.click(table["x"] + 100, table["y"] + 1.5 * ROW)
    expect(grid.get_by_test_id("glide-cell-1-0")).to_have_attribute("aria-selected", "true")
    window.page.keyboard.press("Enter")
    expect(window.page.locator("#portal input")).to_be_focused()
    window.page.keyboard.press("ControlOrMeta+A")
    window.page.keyboard.type("64", delay=100)
    expect(window.page.locator("#portal input")).to_have_value("64")
    window.page.keyboard.press("Enter")

    expect(picture(window)).to_have_attribute("aria-label", "The network: 4 measurements, 64 ReLU, 3 softmax.")
    window.see("(4 + 1) × 64 = 320")
    wait_for_address(window, "hidden=64-relu")

    window.click("Add a layer")
    window.see("(64 + 1) × 64 = 4,160")
    window.click("Remove last layer").click("Remove last layer")
    window.see("(4 + 1) × 3 = 15")
    wait_for_address(window, "hidden=none")


def test_what_is_typed_counts_even_when_train_is_pressed_at_once(quiet: Server, visit: Callable[..., Visit]) -> None:
    window = visit(quiet, "?dataset=iris")

    field(window, "Epochs").fill("17")
    run_id = train(window)

    assert run_of(quiet, run_id).spec.epochs == 17
    window.button("Stop").click()
    window.see("Stopped by hand.")


def test_a_wrong_value_is_reported_beside_its_field_and_nothing_is_trained(
    quiet: Server, visit: Callable[..., Visit]
) -> None:
    window = visit(quiet, "?dataset=iris")
    sentence = "Epochs: 0 was given; allowed is a whole number from 1 to 1,000."

    field(window, "Epochs").fill("0")
    field(window, "Epochs").press("Enter")
    window.see(sentence)
    window.button("Train").click()

    window.see("This cannot be trained yet")
    expect(window.page.get_by_text(sentence)).to_have_count(2)
    expect(field(window, "Epochs")).to_have_value("0")
    assert "run" not in query(window)


def test_a_shared_link_opens_with_the_form_filled_in(quiet: Server, visit: Callable[..., Visit]) -> None:
    window = visit(quiet, "?dataset=wine&hidden=12-tanh-0.3,7-relu&optimizer=sgd&momentum=0.9&epochs=44")
    window.click("Share")
    link = window.page.get_by_test_id("stCode").inner_text().strip()

    other = visit(quiet, link.removeprefix(quiet.url), locale="ja-JP", phone=True)

    assert link.startswith(quiet.url)
    expect(picture(other)).to_have_attribute("aria-label", re.compile("13 .*12 tanh.*7 ReLU.*3 softmax"))
    assert query(other) == query(window)


def test_back_undoes_the_last_change_of_the_form(quiet: Server, visit: Callable[..., Visit]) -> None:
    window = visit(quiet, "?dataset=iris")
    field(window, "Epochs").fill("21")
    field(window, "Epochs").press("Enter")
    wait_for_address(window, "epochs=21")
    window.idle()

    window.page.go_back()

    expect(field(window, "Epochs")).to_have_value("10")
    assert "epochs" not in query(window)


def test_nothing_is_lost_when_the_language_changes(quiet: Server, visit: Callable[..., Visit]) -> None:
    window = visit(quiet, "?dataset=digits&hidden=12-sigmoid&epochs=44&loss=mse&l2=0.01")

    for label in ("日本語", "English", "日本語"):
        window.page.get_by_text(label, exact=True).click()
        expect(window.button("学習" if label == "日本語" else "Train")).to_be_visible()
        window.idle()

    expect(field(window, "エポック数")).to_have_value("44")
    expect(picture(window)).to_have_attribute("aria-label", re.compile("12 シグモイド"))
    window.page.get_by_text("損失・正則化・早期終了").click()
    expect(window.page.get_by_role("combobox", name="損失")).to_have_value("平均二乗誤差")
    settings = {"dataset": "digits", "hidden": "12-sigmoid", "epochs": "44", "loss": "mse", "l2": "0.01"}
    assert query(window) == {**settings, "lang": "ja"}

    window.page.reload()
    expect(window.button("学習")).to_be_visible()
    expect(field(window, "エポック数")).to_have_value("44")


def test_a_run_is_copied_into_the_form(quiet: Server, visit: Callable[..., Visit]) -> None:
    window = visit(quiet, "?run=1&dataset=iris")

    window.click("Copy into the form")

    wait_for_address(window, "dataset=wine&.*hidden=9-mish")
    assert query(window) == {"dataset": "wine", "hidden": "9-mish", "l2": "0.01", "epochs": "5", "run": "1"}


def test_settings_for_several_networks_go_into_the_address_and_back(quiet: Server, visit: Callable[..., Visit]) -> None:
    window = visit(quiet, "?dataset=digits&schedule=plateau&patience=7&shift=0.1&zoom=0.15")
    window.page.get_by_text("Repeats and cross-validation").click()
    field(window, "Repeats").fill("4")
    field(window, "Repeats").press("Enter")
    window.see("4 networks")
    choose(window, "Folds", "5")
    window.see("20 networks")
    wait_for_address(window, "folds=5")

    other = visit(quiet, window.page.url.removeprefix(quiet.url))

    several = {"repeats": "4", "folds": "5", "schedule": "plateau", "patience": "7"}
    assert query(other) == query(window) == {"dataset": "digits", **several, "shift": "0.1", "zoom": "0.15"}
    other.see("20 networks")


@pytest.mark.parametrize(("phone", "scheme"), [(False, "light"), (True, "dark")])
def test_a_network_of_several_is_opened_and_back_returns_to_all(
    quiet: Server, visit: Callable[..., Visit], phone: bool, scheme: str
) -> None:
    window = visit(quiet, "?run=2", phone=phone, scheme=scheme)
    window.see("Lines: the mean of 2 networks.").see("1 network that diverged is left out.")

    choose(window, "Networks", "Network 2 · seed 5")
    window.see("Network 2 diverged in epoch 5")
    wait_for_address(window, "member=2")
    expect(curves(window)).to_have_attribute("data-epochs", "4")
    assert not window.scrolls_sideways()

    window.page.go_back()
    window.see("Lines: the mean of 2 networks.")
    assert "member" not in query(window)
    expect(curves(window)).to_have_attribute("data-epochs", "8")


def test_all_networks_are_shown_in_a_table_and_as_dots(quiet: Server, visit: Callable[..., Visit]) -> None:
    window = visit(quiet, "?run=2&member=3")

    expect(window.page.locator(".mlp-picture circle")).to_have_count(4)
    expect(window.page.locator(".mlp-picture title", has_text="Network 3 · seed 6")).to_have_count(2)
    window.page.get_by_text("All 3 networks", exact=True).click()
    expect(window.page.get_by_test_id("stDataFrame").get_by_text("Network 2 · seed 5")).to_have_count(1)


def test_the_epochs_are_shown_as_a_table_and_can_be_downloaded(
    quiet: Server, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    window = visit(quiet, "?run=1")
    window.page.get_by_text("Epochs as a table").click()

    with window.page.expect_download() as download:
        window.button("CSV").click()

    file = tmp_path / "epochs.csv"
    download.value.save_as(file)
    lines = file.read_text().splitlines()
    assert lines[0] == "epoch,loss,accuracy,val_loss,val_accuracy,seconds,learning_rate"
    assert [line.split(",")[0] for line in lines[1:]] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
def test_on_a_phone_the_form_closes_when_the_run_starts(
    quiet: Server, visit: Callable[..., Visit], locale: str
) -> None:
    window = visit(quiet, "?dataset=iris", locale=locale, phone=True)
    expect(picture(window)).to_be_visible()
    assert not window.scrolls_sideways()

    window.click("Set up and train" if locale == "en-US" else "設定して学習")
    sidebar = window.page.get_by_test_id("stSidebar")
    expect(sidebar).to_be_in_viewport()
    sidebar.get_by_role("button", name="Train" if locale == "en-US" else "学習", exact=True).click()

    expect(sidebar).not_to_be_in_viewport()
    stop = window.button("Stop" if locale == "en-US" else "停止")
    expect(stop).to_be_in_viewport()
    assert not window.scrolls_sideways()
    stop.click()
    expect(window.button("Train again" if locale == "en-US" else "もう一度学習")).to_be_visible()
