import json
import re
from urllib.parse import parse_qsl

from mlpcore.paths import PROJECT
from mlpcore.spec import RunSpec, choices
from mlpcore.ui.train.form.address import to_spec

README = (PROJECT / "README.md").read_text()


def test_the_two_commands_stand_at_the_top():
    top = "\n".join(README.splitlines()[:12])

    assert ".venv/bin/pip install -r requirements.txt && .venv/bin/streamlit run dashboard.py" in top
    assert ".venv/bin/pip install -r requirements-dev.txt && .venv/bin/pytest" in top


def test_the_example_spec_is_valid():
    example = re.search(r"```json\n(.*?)```", README, re.DOTALL)

    assert RunSpec.from_json(example[1]).hidden[0].units == 128


def test_the_address_and_the_spec_of_the_network_that_reads_digits_are_the_same_setting():
    section = README.split("\n## A network that reads your digits\n")[1].split("\n## ")[0]
    address = re.search(r"^    \?(.+)$", section, re.MULTILINE)[1]
    spec = re.search(r"```json\n(.*?)```", section, re.DOTALL)[1]

    assert to_spec(dict(parse_qsl(address)), "iris") == (RunSpec.from_json(spec), [])


def test_every_file_and_picture_that_is_named_exists():
    for name in re.findall(r"\]\(([\w/.-]+)\)|`((?:docs/|\.ci/|requirements)[\w./-]+)`", README):
        assert (PROJECT / (name[0] or name[1])).exists(), name


def test_every_activation_and_optimizer_is_named():
    labels = [c.label for c in (*choices.ACTIVATIONS.values(), *choices.OPTIMIZERS.values())]

    assert [label for label in labels if label.lower() not in README.lower()] == []


def test_every_variable_that_the_code_reads_is_named():
    code = "\n".join(path.read_text() for path in (PROJECT / "mlpcore").rglob("*.py"))

    assert {name for name in re.findall(r"\bMLPCORE_[A-Z]+\b", code) if f"`{name}" not in README} == set()


def test_the_example_of_the_command_line_is_what_the_spec_accepts():
    example = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])

    assert set(example) <= set(RunSpec().to_dict())
