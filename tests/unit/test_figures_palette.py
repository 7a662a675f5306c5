"""One palette: figures, style sheets and the theme agree, and everything stands out from its background."""

from __future__ import annotations

import re
import tomllib

import pytest

from mlpcore.figures import palette
from mlpcore.paths import PROJECT
from mlpcore.spec.choices import STATUSES

THEMES = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text())["theme"]
UI = PROJECT / "mlpcore"


def luminance(color: str) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = (channel / 255 for channel in palette.channels(color))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio after WCAG 2.2, from 1 to 21."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_every_status_has_a_colour_on_which_text_can_be_read() -> None:
    assert set(palette.STATUS) == set(STATUSES)
    for shades in palette.STATUS.values():
        assert contrast(shades.light, THEMES["light"]["textColor"]) >= 4.5
        assert contrast(shades.dark, THEMES["dark"]["textColor"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_middle_tones_stand_out_from_the_background_of_both_themes(theme: str) -> None:
    for color in (palette.CORRECT, palette.WRONG, palette.POSITIVE, palette.NEGATIVE):
        assert contrast(color, THEMES[theme]["backgroundColor"]) >= 2.5


def test_text_on_buttons_and_on_neurons_can_be_read() -> None:
    on_primary = palette.BROWSER["on-primary"]
    assert contrast(on_primary.light, THEMES["light"]["primaryColor"]) >= 4.5
    assert contrast(on_primary.dark, THEMES["dark"]["primaryColor"]) >= 4.5
    for bright in (palette.NEURON_POSITIVE, palette.NEURON_NEGATIVE):
        assert contrast(palette.ON_BRIGHT, bright) >= 4.5
    assert contrast(palette.ON_DARK, palette.NEURON) >= 4.5


def test_the_style_sheet_has_the_colours_that_the_browser_draws_with() -> None:
    sheet = (UI / "ui" / "shell" / "page.css").read_text()
    properties = re.findall(r"--mlp-([\w-]+)-(light|dark): (#\w+);", sheet)
    written = {(name, theme): color for name, theme, color in properties}

    expected = {
        (name, theme): getattr(shades, theme) for name, shades in palette.BROWSER.items() for theme in ("light", "dark")
    }
    assert written == expected


@pytest.mark.parametrize("pattern", ["*.py", "*.js", "*.css"])
def test_colours_are_written_nowhere_else(pattern: str) -> None:
    allowed = {UI / "figures" / "palette.py", UI / "ui" / "shell" / "page.css"}
    colour = re.compile(r"""["'\s:(]#(?:[0-9a-fA-F]{3}){1,2}\b(?!["']?\s*\+)|\brgba?\(\s*\d""")

    colours = [
        f"{path.relative_to(PROJECT)}: {match[0].strip()}"
        for path in sorted(UI.rglob(pattern))
        if path not in allowed
        for match in colour.finditer(path.read_text(encoding="utf-8"))
    ]
    assert colours == []
