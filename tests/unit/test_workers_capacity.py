import pytest

from mlpcore.workers import capacity
from mlpcore.workers.capacity import suitable, worker_count

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
    assert suitable(cores, memory, cloud) == count


@pytest.mark.parametrize(("given", "count"), [("0", 0), ("1", 1), (" 5 ", 5), ("64", 64)])
def test_the_user_may_choose_the_number_of_workers(monkeypatch, given, count):
    monkeypatch.setenv("MLPCORE_WORKERS", given)

    assert worker_count() == count


@pytest.mark.parametrize("given", ["", "many", "-1", "1.5", "65", "²"])
def test_what_is_no_number_of_workers_counts_as_not_given(monkeypatch, given):
    monkeypatch.setenv("MLPCORE_WORKERS", given)

    assert worker_count() in (1, 2)


def test_limits_of_the_control_groups_around_a_process_are_found(tmp_path, monkeypatch):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (inner / "memory.max").write_text("max\n")
    (inner / "cpu.max").write_text("max 100000\n")
    (tmp_path / "outer" / "memory.max").write_text(f"{GB // 100}\n")
    (tmp_path / "outer" / "cpu.max").write_text("20000 100000\n")
    monkeypatch.setattr(capacity, "CGROUP_ROOT", tmp_path)
    monkeypatch.setattr(capacity, "CGROUP_OF_PROCESS", tmp_path / "self")
    (tmp_path / "self").write_text("0::/outer/inner\n")

    assert capacity.memory_bytes() == GB // 100
    assert capacity.cores() == 0.2


def test_a_machine_without_control_groups_has_all_its_memory_and_cores(tmp_path, monkeypatch):
    monkeypatch.setattr(capacity, "CGROUP_OF_PROCESS", tmp_path / "none")

    assert capacity.memory_bytes() > GB / 10
    assert capacity.cores() >= 1
