"""What the address asks the view Images for: which class, which cell of the confusion matrix, how much confidence."""

from __future__ import annotations

import re

import numpy as np

from mlpcore import formatting
from mlpcore.analysis.calibration import BINS, places
from mlpcore.ui.inspect import address
from mlpcore.ui.inspect.subject import Subject


def label(subject: Subject) -> int:
    """The class; without one the first."""
    return address.number("class", 0, subject.info.classes - 1) or 0


def cell(subject: Subject) -> tuple[int, int]:
    """The true class and the answer; without them the pair that is confused most."""
    found = re.fullmatch("([0-9]{1,4})-([0-9]{1,4})", address.get("cell"))
    if found and max(asked := (int(found[1]), int(found[2]))) < subject.info.classes:
        return asked
    answers = subject.answers
    wrong = answers.wrong()
    if len(wrong) == 0:
        return 0, 0
    pairs = answers.labels[wrong] * subject.info.classes + answers.predicted[wrong]
    most = int(np.bincount(pairs).argmax())
    return most // subject.info.classes, most % subject.info.classes


def confidence(subject: Subject) -> int:
    """The bin of confidence; without one the lowest that is not empty."""
    asked = address.number("bin", 0, BINS - 1)
    return int(places(subject.answers).min()) if asked is None else asked


def percents(place: int) -> str:
    """The range of a bin of confidence."""
    return formatting.percent_range(place / BINS, (place + 1) / BINS)
