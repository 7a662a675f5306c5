"""Elements of SVG and HTML as `Markup`: their content is escaped, so that no text can become an element."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

Attribute = str | float | None

_EMPTY = frozenset({"br", "circle", "image", "img", "path", "rect"})
"""Elements that need no closing tag when they are empty."""
_OPEN, _CLOSED, _ATTRIBUTE = Markup("<%s%s>%s</%s>"), Markup("<%s%s/>"), Markup(' %s="%s"')


def tag(name: str, /, *content: str, **attributes: Attribute) -> Markup:
    """An element: `tag("text", "a < b", x=3.5, font_size=12)` is `<text x="3.5" font-size="12">a &lt; b</text>`.

    Plain strings are escaped, in the content and in the attributes. An underscore in an attribute's name means a
    hyphen, one at its end nothing (`class_`); attributes that are None are left out; numbers are rounded to hundredths.
    """
    written = Markup("").join(
        _ATTRIBUTE % (key.rstrip("_").replace("_", "-"), _text(value))
        for key, value in attributes.items()
        if value is not None
    )
    if not content and name in _EMPTY:
        return _CLOSED % (name, written)
    return _OPEN % (name, written, together(content), name)


def together(parts: Iterable[str]) -> Markup:
    """Parts after each other; those that are no `Markup` are escaped."""
    return Markup("").join(parts)


def svg(
    width: float,
    height: float,
    description: str,
    *content: str,
    role: str = "img",
    largest: float | None = None,
    smallest: float | None = None,
    **attributes: Attribute,
) -> Markup:
    """A picture in the text's colour, as wide as its container but at most `largest` pixels (by default its own width).

    `description` is what a screen reader says. With a `smallest` width the picture scrolls where there is less room.
    """
    style = f"max-width:{_text(width if largest is None else largest)}px"
    if smallest is not None:
        style += f";min-width:{_text(smallest)}px"
    attributes = {"fill": "currentColor", "class": "fig-svg", "style": style, **attributes}
    box = f"0 0 {_text(width)} {_text(height)}"
    picture = tag("svg", *content, viewBox=box, role=role, aria_label=description, **attributes)
    return picture if smallest is None else scrolling(picture)


def scrolling(*content: str) -> Markup:
    """A box that scrolls sideways by itself where its content is too wide."""
    return tag("div", *content, class_="fig-scroll")


def _text(value: Attribute) -> str:
    return value if isinstance(value, str) else f"{round(float(value or 0), 2):.10g}"
