"""Why a run failed, as a sentence: from an exception, or from the exit code of a worker process."""

from __future__ import annotations

import signal

from mlpcore.errors import MLPLabError
from mlpcore.i18n.messages import N_, Message

REPLACE_WORKER = 75
"""The exit code of a worker that ended on purpose and is to be replaced at once."""

_MEMORY_CLASSES = {"MemoryError", "ResourceExhaustedError"}
_MEMORY_PHRASES = ("RESOURCE_EXHAUSTED", "out of memory", "OUT_OF_MEMORY", "OOM when", "Dst tensor is not initialized")
"""What the engines' errors contain when memory is full; the last is TensorFlow's error for a copy to a full GPU."""

_SIGKILL = 9  # signal.SIGKILL, which Windows does not have

_OUT_OF_MEMORY = Message(
    N_(
        "There is not enough memory on {device} for this run. Try a smaller network, a smaller batch, or fewer"
        " training examples."
    )
)


_KILLED = {
    True: N_(
        "The worker process was killed because the memory of this machine was full. Try a smaller network, a smaller"
        " batch or fewer workers."
    ),
    False: N_(
        "The worker process was killed from outside (signal 9), by a user or another program. The system did not end it"
        " for lack of memory."
    ),
    None: N_(
        "The worker process was killed (signal 9): because the memory of this machine was full, or by a user or another"
        " program. If it happens again, try a smaller network, a smaller batch or fewer workers."
    ),
}
"""Why a process was killed, by whether memory was full."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that memory ran out, in Python, NumPy or the engine."""
    names = {cls.__name__ for cls in type(error).__mro__}
    return bool(names & _MEMORY_CLASSES) or any(phrase in str(error) for phrase in _MEMORY_PHRASES)


def failure_message(error: BaseException, device: str | None) -> Message:
    """Why a run failed whose training raised this exception; `device` is the GPU's name or `CPU`, if it is known."""
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


def exit_message(code: int, memory_was_full: bool | None = None) -> Message:
    """Why a worker process ended with this exit code; a negative one is minus a signal's number, as in `subprocess`.

    `memory_was_full` says whether the system has ended a process for lack of memory; None where that is not known.
    """
    if code == -_SIGKILL:
        return Message(_KILLED[memory_was_full])
    if code == REPLACE_WORKER:
        return Message(
            N_("The progress of this run could not be recorded: the database was locked, or the disk was full.")
        )
    if code < 0:
        return Message(
            N_("The worker process crashed ({signal}). The log may say why."),
            {"signal": _signal_name(-code)},
        )
    return Message(N_("The worker process ended with exit code {code}. The log may say why."), {"code": code})


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
