import os
import threading

from mlpcore.workers.control_channel import Order, Orders


def test_orders_come_as_lines_and_the_end_of_the_pool_lets_the_run_finish():
    ended = threading.Event()
    orders = Orders(on_end=ended.set)
    reading, writing = os.pipe()
    orders.follow(reading)

    os.write(writing, b"fin")
    os.write(writing, b"ish\nser")
    wait_for(orders, Order.FINISH)
    os.write(writing, b"ve\n")
    wait_for(orders, Order.SERVE)
    os.write(writing, b"nonsense\nfinish\n")
    wait_for(orders, Order.FINISH)
    os.write(writing, b"serve\n")
    wait_for(orders, Order.SERVE)
    os.close(writing)
    wait_for(orders, Order.FINISH)

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


def wait_for(orders: Orders, order: Order) -> None:
    for _ in range(1000):
        if orders.current is order:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{order} did not come")
