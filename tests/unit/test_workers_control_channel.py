import os
import threading

from mlpcore.workers.control_channel import Order, Orders
from tests.waiting import wait_until


def test_orders_come_as_lines_and_the_end_of_the_pool_lets_the_run_finish():
    ended = threading.Event()
    orders = Orders(on_end=ended.set)
    reading, writing = os.pipe()
    orders.follow(reading)

    os.write(writing, b"fin")
    os.write(writing, b"ish\nser")
    wait_until(lambda: orders.current is Order.FINISH)
    os.write(writing, b"ve\n")
    wait_until(lambda: orders.current is Order.SERVE)
    os.write(writing, b"nonsense\nfinish\n")
    wait_until(lambda: orders.current is Order.FINISH)
    os.write(writing, b"serve\n")
    wait_until(lambda: orders.current is Order.SERVE)
    os.close(writing)
    wait_until(lambda: orders.current is Order.FINISH)

    assert not ended.is_set()
    assert not orders.must_end
    os.close(reading)


def test_the_order_to_end_is_final():
    told = []
    orders = Orders(on_end=lambda: told.append("end"))
    orders.give(Order.END)
    orders.give(Order.SERVE)
    orders.give(Order.END)

    assert orders.must_end
    assert told == ["end"]
