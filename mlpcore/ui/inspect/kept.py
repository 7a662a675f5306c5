"""The kept epochs of a network, as far as their files can be read."""

from __future__ import annotations

from mlpcore.errors import SnapshotError
from mlpcore.inference import Network
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _


def network_of(subject: Subject, epoch: int) -> Network | None:
    """The network behind an epoch; None where its file is gone or cannot be used."""
    try:
        return subject.network_of(epoch)
    except SnapshotError:
        return None


def epoch_name(epoch: int) -> str:
    """An epoch in a sentence."""
    return _("the untrained network") if epoch == 0 else _("epoch {epoch}").format(epoch=epoch)


def unreadable(epochs: list[int]) -> str:
    """A sentence that names the epochs whose files cannot be read."""
    names = _(", ").join(epoch_name(epoch) for epoch in epochs)
    return _("These saved networks are missing or damaged and left out: {epochs}.").format(epochs=names)
