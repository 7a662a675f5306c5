"""What went wrong, as a sentence: from an exception, or from the way a worker process ended."""

from __future__ import annotations

import signal

from mlpcore.errors import MLPLabError
from mlpcore.i18n.messages import N_, Message

REPLACE_ME = 75
"""The exit code of a worker that ended on purpose and wants to be replaced at once."""

_MEMORY_CLASSES = {"MemoryError", "ResourceExhaustedError"}
_MEMORY_SIGNS = ("RESOURCE_EXHAUSTED", "out of memory", "OUT_OF_MEMORY", "OOM when", "Dst tensor is not initialized")
"""TensorFlow's words for a full memory; the last is what a copy to a full GPU says."""

_OUT_OF_MEMORY = Message(
    N_(
        "There is not enough memory on {device} for this run. Try a smaller network, a smaller batch, or fewer"
        " training examples."
    )
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that memory ran out, in Python, NumPy or the engine."""
    names = {cls.__name__ for cls in type(error).__mro__}
    return bool(names & _MEMORY_CLASSES) or any(sign in str(error) for sign in _MEMORY_SIGNS)


def because_of(error: BaseException, device: str | None) -> Message:
    """Why a run failed that ended with this exception."""
    if isinstance(error, MLPLabError):
        return error.message
    if is_out_of_memory(error):
        return Message(_OUT_OF_MEMORY.text, {"device": device or "CPU"})
    if isinstance(error, ImportError):
        return Message(
            N_("A part that training needs cannot be loaded ({reason}). Install the requirements again."),
            {"reason": _first_line(error)},
        )
    if isinstance(error, OSError):
        return Message(
            N_(
                "A file of this run cannot be read or written: {reason}. Check that the disk is not full and the data"
                " folder is writable."
            ),
            {"reason": _first_line(error)},
        )
    return Message(
        N_("Training ended with an unexpected error, {name}: {reason}. The log below says where."),
        {"name": type(error).__name__, "reason": _first_line(error)},
    )


def death(code: int) -> Message:
    """Why a worker process ended with this exit code; negative ones are signals, as `subprocess` tells them."""
    if code == -_SIGKILL:
        return Message(
            N_(
                "The worker process was killed, most likely because the memory of this machine was full. Try a"
                " smaller network, a smaller batch or fewer workers."
            )
        )
    if code == REPLACE_ME:
        return Message(N_("What this run told could not be recorded: the database was locked, or the disk was full."))
    if code < 0:
        return Message(
            N_("The worker process crashed ({signal}). The log may say why."),
            {"signal": _signal_name(-code)},
        )
    return Message(N_("The worker process ended with exit code {code}. The log may say why."), {"code": code})


_SIGKILL = 9


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
