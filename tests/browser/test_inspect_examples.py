"""Look inside in a real browser: from a cell of the confusion matrix to its examples, to one of them, and onwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from harness import Server, Visit
from playwright.sync_api import Browser, expect

from mlpcore import datasets
from mlpcore.analysis.calibration import bin_numbers
from mlpcore.analysis.confusion import confusion_matrix
from mlpcore.analysis.predictions import Predictions, predict_test_set
from mlpcore.store.connection import opened
from tests.factory.networks import class_means, make_run_of_network

Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def answers() -> Predictions:
    """What the network of the server answers."""
    return predict_test_set(class_means("digits", sharpness=3), datasets.load_test("digits"))


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with a network that reads most digits, and one for flowers."""
    folder = tmp_path_factory.mktemp("answers")
    with opened(folder / "mlplab.db") as db:
        make_run_of_network(db, class_means("digits", sharpness=3), folder=folder)
        make_run_of_network(db, class_means("iris"), folder=folder)
    running = Server("dashboard.py", folder, MLPCORE_WORKERS="0")
    yield running
    running.stop()


def see_examples(window: Visit, numbers: Sequence[int]) -> None:
    """Wait until the gallery shows these examples."""
    cards = window.page.locator(".mlp-pickable [aria-label^=Example]")
    expect(cards).to_have_count(len(numbers))
    assert [int(card.get_attribute("data-pick") or 0) for card in cards.all()] == list(numbers)


def test_a_cell_leads_to_its_examples_and_one_of_them_to_another_view(look_inside: Open, answers: Predictions) -> None:
    worst = confusion_matrix(answers).most_confused(1)[0]
    examples = (answers.of_cell(worst.label, worst.predicted) + 1).tolist()
    window = look_inside("?view=mistakes")
    cell = window.page.locator(f'[data-pick="{worst.label}-{worst.predicted}"]')
    expect(cell.locator("text")).to_have_text(str(worst.count))
    cell.click()
    window.see(f"predicted as {worst.predicted}")
    see_examples(window, examples)
    # By keyboard, as a button.
    window.page.locator(f'[data-pick="{examples[0]}"]').press("Enter")
    dialog = window.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Example {examples[0]}: the network predicts {worst.predicted}")
    expect(dialog.locator("img")).to_have_count(1)
    dialog.get_by_role("button", name="Next", exact=True).click()
    expect(dialog).to_contain_text(f"Example {examples[1]}: the network predicts {worst.predicted}")
    expect(window.page).to_have_url(re.compile(f"example={examples[1]}"))
    window.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    window.idle()
    expect(window.page).not_to_have_url(re.compile("open="))
    # The same address shows the same, with the example that was open marked.
    window.page.locator(f'[data-pick="{examples[1]}"]').click()
    expect(dialog).to_be_visible()
    again = look_inside("?" + window.page.url.split("?")[1])
    expect(again.page.get_by_role("dialog")).to_contain_text(f"Example {examples[1]}: ")
    again.page.get_by_role("dialog").get_by_text("The prediction, calculated").click()
    expect(again.page.get_by_role("dialog")).to_have_count(0)
    expect(again.page).to_have_url(re.compile("view=arithmetic"))
    again.idle()


def test_a_bar_of_the_reliability_diagram_leads_to_its_examples(look_inside: Open, answers: Predictions) -> None:
    window = look_inside("?view=mistakes")
    column = window.page.locator('[data-pick="5"][aria-label*="Confidence"]')
    column.scroll_into_view_if_needed()
    column.click()
    window.see("a confidence of 50–60 %")
    see_examples(window, (np.flatnonzero(bin_numbers(answers) == 5)[:15] + 1).tolist())


def test_a_class_of_the_table_is_explained_when_it_is_clicked(look_inside: Open, answers: Predictions) -> None:
    matrix = confusion_matrix(answers)
    window = look_inside("?view=mistakes")
    window.page.locator('[data-pick="6"][aria-label^=Precision]').click()
    window.see(f"Of the {matrix.predicted[6]} examples predicted as 6, {matrix.correct[6]} are 6")


@pytest.mark.parametrize("query", ["?run=1", "?run=1&view=mistakes", "?run=2", "?run=1&example=3&open=1"])
def test_on_a_phone_in_japanese_nothing_is_wider_than_the_screen(look_inside: Open, query: str) -> None:
    window = look_inside(query, phone=True, locale="ja-JP", scheme="dark")
    expect(window.page.locator("[data-pick]").first).to_be_attached()
    assert not window.scrolls_sideways()
    width = window.page.viewport_size["width"]
    wider = window.page.locator("[data-pick], .mlp-picture *").evaluate_all(
        "(parts, width) => parts.filter((part) => part.getBoundingClientRect().correct > width + 1).length", width
    )
    assert wider == 0
    assert "**" not in window.page.inner_text("body")  # emphasis that Markdown did not take for one
