"""The rows of the table of settings: what a setting is called, which values it takes, and where it appears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["integer", "number", "flag", "choice", "text", "layers", "variant", "group"]
"""What a setting's value is.

A `choice` is the name of one of its options. A `variant` is a choice whose options have settings of their own, as in
`{"name": "sgd", "momentum": 0.9}`. A `group` holds several settings, as in `{"rotation": 10}`; `layers` is a list of
groups.
"""

PLAIN: tuple[Kind, ...] = ("integer", "number", "flag", "choice", "text")
"""The kinds whose value is a single number, flag or text."""


@dataclass(frozen=True)
class Range:
    """Allowed numbers: both ends included, unless `above` says that the lower one is not."""

    low: float
    high: float
    above: bool = False

    def __contains__(self, value: float) -> bool:
        return (self.low < value if self.above else self.low <= value) and value <= self.high


@dataclass(frozen=True)
class Setting:
    """One setting: what it is called, which values it takes, and where it appears.

    Name and value:
        name: its name in a spec, unique among all settings, including those of variants and groups.
        label, help: what the form calls it and how it explains it, in English; translated where they are shown.
        kind: see `Kind`.
        allowed: the limits of a number, or of the length of a text.
        default: the value where none is given; only for settings of variants, since all others have a dataclass field.
        off: the value that means "switched off" and lies outside of `allowed`; it needs `empty`.
        options: what a choice or variant offers, by name; each has a `label`.
        parts: the settings of a group or layer, and those that all options of a variant share.

    In the form:
        section: the key of its section in the form (`ui.train.form.sections.SECTIONS`).
        half: whether it shares its line with a neighbour.
        step: what the buttons of a number's field add or subtract; 0 for a tenth of the value.
        empty: what an empty field says: "off", "all". A number that has it may be switched off.
        switch: the label of the switch that turns it on; a setting without a switch is off while its field is empty.
        proposed: the value that the form proposes when the setting is switched on.
        multiline: whether a text may have several lines.

    Elsewhere:
        address: its name in the Train page's address, where that is not `name`.
        export: its group among the constants at the top of exported code (`fields.EXPORT_GROUPS`).
        column: whether the leaderboard has a column for it.
        short: how a run's automatic name writes a value, "dropout {value}"; by default the label and the value.
        named: when the automatic name contains it: where it is "changed" from its default, "always", or only "apart",
            to tell runs apart whose names would be equal.
        written: how tables write a number, unless as `formatting.setting` does: "percent", or "digits" alone.
        compiled: whether the compiled training step depends on it, so that runs that differ in it cannot share one.
    """

    name: str
    label: str
    help: str = ""
    kind: Kind = "number"
    allowed: Range | None = None
    default: Any = None
    off: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Setting] = field(default_factory=dict)
    section: str = ""
    half: bool = False
    step: float = 1
    empty: str = ""
    switch: str = ""
    proposed: float | None = None
    multiline: bool = False
    address: str = ""
    export: str = ""
    column: bool = False
    short: str = ""
    named: Literal["changed", "always", "apart"] = "changed"
    written: Literal["", "percent", "digits"] = ""
    compiled: bool = True

    @property
    def optional(self) -> bool:
        """Whether it is a number that may be switched off, with the value `off`."""
        return self.kind in ("integer", "number") and bool(self.empty)

    def is_off(self, value: Any) -> bool:
        """Whether this value means that the setting is switched off."""
        return self.optional and bool(value == self.off)

    @property
    def address_name(self) -> str:
        """The name of this setting in the Train page's address."""
        return self.address or self.name


@dataclass(frozen=True)
class Choice:
    """An option of a choice or variant: its label, what it does, and the settings that only it has."""

    label: str
    description: str = ""
    parameters: Mapping[str, Setting] = field(default_factory=dict)


def table(*settings: Setting) -> dict[str, Setting]:
    """Settings by their names, in order."""
    return {setting.name: setting for setting in settings}


def own_settings(setting: Setting) -> Iterator[Setting]:
    """The settings within a layer, group or variant, each name once."""
    rows = dict(setting.parts)
    for option in setting.options.values():
        for name, parameter in getattr(option, "parameters", {}).items():
            rows.setdefault(name, parameter)
    yield from rows.values()
