import signal

import pytest

from mlpcore.errors import DatasetError
from mlpcore.workers import failures


class ResourceExhaustedError(Exception):
    """Named like TensorFlow's."""


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        ResourceExhaustedError("OOM when allocating tensor with shape[4096,4096]"),
        RuntimeError("RESOURCE_EXHAUSTED: failed to allocate 40 GB"),
        RuntimeError("CUDA_ERROR_OUT_OF_MEMORY: out of memory"),
        RuntimeError("Failed copying input tensor from CPU to GPU: Dst tensor is not initialized."),
    ],
)
def test_running_out_of_memory_is_reported_with_the_device(error):
    assert failures.is_out_of_memory(error)
    assert str(failures.failure_message(error, "NVIDIA T4")).startswith("There is not enough memory on NVIDIA T4")


def test_an_error_with_a_sentence_keeps_it():
    error = DatasetError("The dataset {name} is not here.", name="mnist")

    assert failures.failure_message(error, None) is error.message


def test_an_unknown_error_is_named_and_a_long_one_is_cut():
    sentence = str(failures.failure_message(ValueError("x" * 5000), None))

    assert "ValueError" in sentence
    assert len(sentence) < 500


def test_braces_in_an_error_do_no_harm():
    assert "{a} {0}" in str(failures.failure_message(KeyError("{a} {0}"), None))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-signal.SIGKILL, "killed (signal 9)"),
        (-signal.SIGSEGV, "SIGSEGV"),
        (-99, "signal 99"),
        (3, "exit code 3"),
        (failures.REPLACE_WORKER, "could not be recorded"),
        (0, "exit code 0"),
    ],
)
def test_the_end_of_a_worker_process_is_explained_in_a_sentence(code, words):
    assert words in str(failures.exit_message(code))


@pytest.mark.parametrize(
    ("memory_was_full", "words"),
    [
        (True, "killed because the memory of this machine was full"),
        (False, "The system did not end it for lack of memory"),
        (None, "was full, or by a user or another program"),
    ],
)
def test_a_kill_is_put_down_to_memory_only_where_the_system_says_so(memory_was_full, words):
    assert words in str(failures.exit_message(-signal.SIGKILL, memory_was_full))
