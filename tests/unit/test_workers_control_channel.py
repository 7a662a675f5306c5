import os
import threading

from mlpcore.workers.control_channel import Command, ControlChannel
from tests.waiting import wait_until


def test_commands_arrive_as_lines_and_the_end_of_the_pool_lets_the_run_finish():
    ended = threading.Event()
    channel = ControlChannel(on_end=ended.set)
    reading, writing = os.pipe()
    channel.listen(reading)

    os.write(writing, b"fin")
    os.write(writing, b"ish\nser")
    wait_until(lambda: channel.current is Command.FINISH)
    os.write(writing, b"ve\n")
    wait_until(lambda: channel.current is Command.SERVE)
    os.write(writing, b"nonsense\nfinish\n")
    wait_until(lambda: channel.current is Command.FINISH)
    os.write(writing, b"serve\n")
    wait_until(lambda: channel.current is Command.SERVE)
    os.close(writing)
    wait_until(lambda: channel.current is Command.FINISH)

    assert not ended.is_set()
    assert not channel.must_end
    os.close(reading)


def test_the_command_to_end_is_final():
    calls = []
    channel = ControlChannel(on_end=lambda: calls.append("end"))
    channel.receive(Command.END)
    channel.receive(Command.SERVE)
    channel.receive(Command.END)

    assert channel.must_end
    assert calls == ["end"]
