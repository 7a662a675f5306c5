import pytest

from mlpcore.errors import PictureError, SpecError
from mlpcore.i18n.messages import Message, isolated

GERMAN = {"{field} is wrong.": "{field} ist falsch.", "Units": "Neuronen"}


def translate(text: str) -> str:
    return GERMAN.get(text, text)


def test_a_message_is_rendered_in_a_language_with_the_messages_within_it():
    message = Message("{field} is wrong.", {"field": Message("Units")})

    assert str(message) == "Units is wrong."
    assert message.render(translate) == "Neuronen ist falsch."


def test_a_message_survives_json():
    message = Message("{field} is {count} times wrong.", {"field": Message("Units"), "count": 3})

    assert Message.from_json(message.to_json()) == message


def test_braces_that_a_user_typed_are_not_read_as_placeholders():
    assert str(Message("No file {name}.", {"name": "{0.__class__}"})) == "No file {0.__class__}."


def test_an_error_reads_as_its_sentence():
    assert str(PictureError("The file {name} is empty.", name="x.png")) == "The file x.png is empty."


def test_a_spec_error_has_all_its_sentences_one_per_line():
    error = SpecError({"a": Message("{field} is wrong.", {"field": Message("Units")}), "b": Message("No.")})

    assert error.render(translate).splitlines() == ["Neuronen ist falsch.", "No."]


@pytest.mark.parametrize("name", ["", "group A", "実験 12", "run #3 (50 %)", "é ½ ☆"])
def test_a_name_that_runs_from_left_to_right_stays_as_it_is(name: str) -> None:
    assert isolated(name) == name


@pytest.mark.parametrize("name", ["שלום", "مجموعة 1", "a\u202eb", "שלום\u2069 12"])
def test_a_name_from_right_to_left_is_isolated_from_its_sentence(name: str) -> None:
    text = isolated(name)
    assert (text[0], text[-1]) == ("\u2068", "\u2069")
    assert text[1:-1] == name.replace("\u2069", "")
