"""What tests read in the markup of a figure."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from mlpcore.paths import PROJECT

STYLES = (PROJECT / "mlpcore/ui/components/pickable/figures.css").read_text()
"""The style sheet of all figures."""

NAUGHTY = '<b>"&'
"""A name that would be an element if it were not escaped."""


def parsed(markup: str) -> ElementTree.Element:
    """The figure, which must be well-formed XML."""
    return ElementTree.fromstring(markup)


def classes(markup: str) -> set[str]:
    """The classes of its elements that the style sheet of the figures may know."""
    return {name for element in parsed(markup).iter() for name in element.get("class", "").split()}


def declarations(selector: str) -> str:
    """What the style sheet of the figures says about exactly this selector; empty where it has no rule for it."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", STYLES, flags=re.DOTALL))
    return "".join(body for selectors, body in rules if selector in [each.strip() for each in selectors.split(",")])


def picks(markup: str) -> list[str]:
    """What choosing the parts of the figure sends, in their order."""
    return [element.get("data-pick", "") for element in parsed(markup).iter() if element.get("data-pick")]


def words(markup: str) -> list[str]:
    """The texts in a picture."""
    return ["".join(element.itertext()) for element in parsed(markup).iter("text")]
