"""The names of runs in lists: the user's or an automatic one, with what tells apart those that would be equal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from gettext import NullTranslations

from mlpcore.i18n.messages import isolated
from mlpcore.spec.automatic_name import SEPARATOR, automatic_name, name_parts
from mlpcore.spec.setting_text import ENGLISH
from mlpcore.store.run_record import Run


def run_name(run: Run, language: NullTranslations = ENGLISH) -> str:
    """The name that the user gave a run, else an automatic one; of a run with a problem its description."""
    if run.name:
        return run.name
    return run.description if run.problem is not None else automatic_name(run.spec, language)


def run_names(runs: Iterable[Run], language: NullTranslations = ENGLISH) -> dict[int, str]:
    """The names of the runs of one list by their ids, all different, in the order of the list.

    Where several would have the same name, each is followed by the settings that tell it apart, such as the seed, or
    where there are none by its number.
    """
    listed, groups = list(runs), dict[str, list[Run]]()
    for run in listed:
        groups.setdefault(run_name(run, language), []).append(run)
    names: dict[int, str] = {}
    for name, group in groups.items():
        suffixes = {group[0].id: ""} if len(group) == 1 else _told_apart(group, language)
        for run_id, suffix in suffixes.items():
            names[run_id] = f"{isolated(name)}{suffix}" if suffix else name
    names = {run.id: names[run.id] for run in listed}
    return names if len(set(names.values())) == len(names) else _with_numbers(names)


def _told_apart(group: Sequence[Run], language: NullTranslations) -> dict[int, str]:
    """For each of these runs the text after its name: the first setting that differs among them, and so on."""
    if len(group) == 1:
        return {group[0].id: ""}
    for key in _keys(group, language):
        subgroups: dict[str, list[Run]] = {}
        for run in group:
            subgroups.setdefault(_part(run, key, language), []).append(run)
        if len(subgroups) > 1:
            return {
                run_id: (f"{SEPARATOR}{text}" if text else "") + rest
                for text, subgroup in subgroups.items()
                for run_id, rest in _told_apart(subgroup, language).items()
            }
    return {run.id: f"{SEPARATOR}#{run.id}" for run in group}


def _keys(group: Sequence[Run], language: NullTranslations) -> dict[str, None]:
    """The settings of which the names of these runs can say something, in the order of the table."""
    return {key: None for run in group if run.problem is None for key in name_parts(run.spec, language)}


def _part(run: Run, key: str, language: NullTranslations) -> str:
    if run.problem is not None:
        return ""
    part = name_parts(run.spec, language).get(key)
    return "" if part is None else part.text


def _with_numbers(names: dict[int, str]) -> dict[int, str]:
    """The same where two names became equal only by what follows them, as with a name that a user wrote like this."""
    texts = list(names.values())
    return {
        run_id: name if texts.count(name) == 1 else f"{isolated(name)}{SEPARATOR}#{run_id}"
        for run_id, name in names.items()
    }
