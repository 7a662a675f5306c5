import pytest

from mlpcore.workers.capacity import suitable_count, worker_count

GB = 1_000_000_000


@pytest.mark.parametrize(
    ("cores", "memory", "cloud", "count"),
    [
        (8, 16 * GB, False, 2),
        (2, 4 * GB, False, 2),
        (2, 3.9 * GB, False, 1),
        (1, 16 * GB, False, 1),
        (0.08, 0.7 * GB, False, 1),
        (8, float("inf"), False, 2),
        (8, 16 * GB, True, 1),
    ],
)
def test_workers_follow_from_cores_and_memory(cores, memory, cloud, count):
    assert suitable_count(cores, memory, cloud) == count


@pytest.mark.parametrize(("given", "count"), [("0", 0), ("1", 1), (" 5 ", 5), ("64", 64)])
def test_the_user_may_choose_the_number_of_workers(monkeypatch, given, count):
    monkeypatch.setenv("MLPCORE_WORKERS", given)

    assert worker_count() == count


@pytest.mark.parametrize("given", ["", "many", "-1", "1.5", "65", "²"])
def test_what_is_no_number_of_workers_counts_as_not_given(monkeypatch, given):
    monkeypatch.setenv("MLPCORE_WORKERS", given)

    assert worker_count() in (1, 2)
