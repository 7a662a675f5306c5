"""A run's code as a Python script."""

from __future__ import annotations

from mlpcore.i18n.messages import N_, Translate
from mlpcore.keras_export.lines import foreign, remark
from mlpcore.keras_export.lines import width as width_of
from mlpcore.keras_export.origin import Origin
from mlpcore.keras_export.sections import Section, introduction, sections, title
from mlpcore.spec import RunSpec

_RULE = 72


def script(origin: Origin, say: Translate = str) -> str:
    """The script; its comments are in the language of `say` (a gettext function; English without one)."""
    # A name or note must not get into the first two lines, where Python looks for the file's encoding.
    head = [*remark(title(origin, say)), "#", *(line for told in introduction(origin, say) for line in remark(told))]
    parts = [*head, *names(origin.spec, say)]
    for section in sections(origin, say):
        parts += ["", *_heading(section), *section.code, ""]
    return "\n".join(parts).rstrip() + "\n"


def names(spec: RunSpec, say: Translate) -> list[str]:
    """The run's name and note as comment lines, none where it has none."""
    named = ["#", f"# {say(N_('Name'))}", *foreign(spec.name)] if spec.name else []
    noted = ["#", f"# {say(N_('Note'))}", *foreign(spec.note)] if spec.note else []
    return [*named, *noted]


def _heading(section: Section) -> list[str]:
    rule = "-" * (_RULE - len("# --- ") - width_of(section.title) - 1)
    defines = section.code[0].startswith("def ")
    text = [line for paragraph in section.text for line in remark(paragraph)]
    return [f"# --- {section.title} {rule}", *text, "", *([""] if defines else [])]
