"""The environment of background processes; the processes themselves are tested in `test_workers_pool`."""

from mlpcore.workers import processes


def test_background_processes_see_the_same_folders_from_wherever_they_work(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLPCORE_DATA", "here")
    monkeypatch.setenv("MLPCORE_DATASETS", "../there")

    environment = processes.environment()

    assert environment["MLPCORE_DATA"] == str(tmp_path / "here")
    assert environment["MLPCORE_DATASETS"] == str(tmp_path.parent / "there")


def test_what_the_user_set_for_the_numeric_libraries_stays(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")

    assert processes.environment()["OMP_NUM_THREADS"] == "3"
    assert processes.environment()["OPENBLAS_NUM_THREADS"] == "1"
