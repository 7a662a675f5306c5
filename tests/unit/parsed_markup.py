"""What tests read in the markup of a figure."""

from __future__ import annotations

from xml.etree import ElementTree

NAUGHTY = '<b>"&'
"""A name that would be an element if it were not escaped."""


def parsed(markup: str) -> ElementTree.Element:
    """The figure, which must be well-formed XML."""
    return ElementTree.fromstring(markup)


def picks(markup: str) -> list[str]:
    """What choosing the parts of the figure sends, in their order."""
    return [element.get("data-pick", "") for element in parsed(markup).iter() if element.get("data-pick")]


def words(markup: str) -> list[str]:
    """The texts in a picture."""
    return ["".join(element.itertext()) for element in parsed(markup).iter("text")]
