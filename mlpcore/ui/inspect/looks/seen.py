"""What the network is asked about: one example as it receives it, and one class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlpcore.inference import Network
from mlpcore.inference.activations import Array
from mlpcore.inference.network import Pass
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import escaped


@dataclass(frozen=True)
class Seen:
    """The pass of one example, and the class `label`, whose name is among `names`, in the user's language."""

    subject: Subject
    network: Network
    passed: Pass
    names: Sequence[str]
    label: int

    @property
    def name(self) -> str:
        """The class's name for Markdown."""
        return escaped(self.names[self.label])

    @property
    def received(self) -> Array:
        """What enters the network, in the shape of the dataset's examples."""
        return np.asarray(self.passed.received[0].reshape(self.subject.info.input_shape))
