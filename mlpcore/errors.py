"""The errors that a user can meet, each with a sentence that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlpcore.i18n.messages import Message, Translate


class MLPLabError(Exception):
    """Base of all errors that a page or the command line shows to its user.

    `str(error)` is the English sentence; `error.render(translate)` the one in the user's language.
    """

    def __init__(self, text: str | Message, /, **values: Any) -> None:
        self.message = text if isinstance(text, Message) else Message(text, values)
        super().__init__(str(self.message))

    def render(self, translate: Translate = str) -> str:
        """The sentence in the language of `translate`."""
        return self.message.render(translate)


class SpecError(MLPLabError):
    """A setting of a run is not allowed; `problems` maps each field (`"hidden.0.units"`) to its sentence."""

    def __init__(self, problems: Mapping[str, Message]) -> None:
        self.problems = dict(problems)
        super().__init__(next(iter(self.problems.values())))

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems.values())

    def render(self, translate: Translate = str) -> str:
        """All sentences, one per line."""
        return "\n".join(problem.render(translate) for problem in self.problems.values())


class DatasetError(MLPLabError):
    """A dataset is not on this machine, cannot be fetched, or is not what it should be."""


class PictureError(MLPLabError):
    """An uploaded or drawn picture cannot be read as a digit."""


class SnapshotError(MLPLabError):
    """The stored weights of a network are missing or damaged."""


class StoreError(MLPLabError):
    """The database cannot be opened or written."""


class DiskFullError(StoreError):
    """There is no room on the disk of the database."""


class QueueFullError(MLPLabError):
    """The queue holds as many waiting runs as it may."""


class LimitError(MLPLabError):
    """A visitor asks for more of the machine than the settings of this server allow."""


class UnusableRunError(MLPLabError):
    """The stored settings of a run are damaged, or this version of the program does not know them."""


class RunNotFoundError(MLPLabError):
    """No run has this id."""


class RunInTrashError(MLPLabError):
    """A run in the trash cannot be changed before it is restored."""


class NotOwnerError(MLPLabError):
    """The run was submitted by another visitor, so this one may not change it."""


class LeaseLostError(MLPLabError):
    """Another worker has taken this run over, so this one may no longer record anything of it."""


class TrainingError(MLPLabError):
    """A training cannot continue; the run fails with this sentence."""


class DivergedError(TrainingError):
    """The loss is no longer a finite number."""
