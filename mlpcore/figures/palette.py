"""The colours of figures, by what they mean.

Figures use the text's own colour and middle tones that stand out from the light and from the dark background, so
that one picture serves both themes. What must differ between the themes is a `Shades`. The colours of text,
backgrounds and curves are the theme's, in `.streamlit/config.toml`; what the browser draws finds the same shades as
custom properties in `mlpcore/ui/shell/page.css`.
"""

from __future__ import annotations

from dataclasses import dataclass

_BLUE, _AMBER, _RED = "#3d8ed0", "#d0902f", "#d64545"

CORRECT, WRONG = _BLUE, _RED
CORRECT_TEXT, WRONG_TEXT = f"var(--st-blue-text-color,{CORRECT})", f"var(--st-red-text-color,{WRONG})"
CORRECT_MARK, WRONG_MARK = "✓", "✗"
"""Signs beside the colours, which are never alone."""

POSITIVE, NEGATIVE = _BLUE, _AMBER
VALUE, MARKED = _BLUE, _AMBER
"""What is measured, and the one that is chosen among them."""
DEAD, SATURATED = _RED, _AMBER
"""Dead neurons, and saturated ones, which are nearly always at an end of their range."""
FRAME = _RED
"""A frame over a picture: neither ink nor one of the two colours of signed numbers."""

DIGIT_BACKGROUND, DIGIT_INK = "#1b2726", "#f2efe6"
NEURON, NEURON_POSITIVE, NEURON_NEGATIVE = "#141f28", "#8cceff", "#ffc468"
"""A neuron that is not active, and the most active ones; dark in both themes, so that brightness means the same."""
ON_BRIGHT, ON_DARK = "#0d1a22", "#dde6ea"
"""Text on a bright and on a dark neuron."""


@dataclass(frozen=True)
class Shades:
    """A colour in the light and in the dark theme."""

    light: str
    dark: str


STATUS: dict[str, Shades] = {
    "queued": Shades("#e4e2da", "#3a4644"),
    "running": Shades("#cfe2f5", "#1f4b6e"),
    "finished": Shades("#dcebd9", "#234a33"),
    "stopped": Shades("#f3e6c4", "#574817"),
    "diverged": Shades("#f6d5cf", "#6a2f2a"),
    "failed": Shades("#f6d5cf", "#6a2f2a"),
}
"""The background of each status of a run."""

BROWSER: dict[str, Shades] = {
    "best-epoch": Shades("#e0a100", "#ffd54a"),
    "on-primary": Shades("#ffffff", "#0d1a22"),
}
"""What the browser draws by itself: the custom properties `--mlp-NAME-light` and `--mlp-NAME-dark`."""


def text_shade(percent: int) -> str:
    """The text's colour, with this opacity in percent, as CSS."""
    return f"color-mix(in srgb,currentColor {percent}%,transparent)"


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue, each 0 to 255, of a colour such as #3d8ed0."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
