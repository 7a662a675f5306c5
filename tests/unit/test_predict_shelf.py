from pathlib import Path

import numpy as np
import pytest

from mlpcore.errors import SnapshotError
from mlpcore.inference import Layer, Network, save_network
from mlpcore.ui.predict.shelf import Shelf


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    layer = Layer(np.zeros((4, 3), np.float32), np.zeros(3, np.float32), "softmax")
    paths = [tmp_path / f"{number}.safetensors" for number in range(3)]
    for path in paths:
        save_network(path, Network((layer,), "iris", (4,), 1, 1))
    return paths


def test_a_network_is_read_once_and_again_when_its_file_has_changed(files: list[Path]):
    shelf = Shelf(1000)
    first = shelf.network(files[0], 1, 100)

    assert shelf.network(files[0], 1, 100) is first
    assert shelf.network(files[0], 2, 100) is not first


def test_the_network_that_was_used_longest_ago_makes_way(files: list[Path]):
    shelf = Shelf(250)
    first, second = (shelf.network(path, 1, 100) for path in files[:2])
    shelf.network(files[0], 1, 100)
    shelf.network(files[2], 1, 100)

    assert len(shelf) == 2
    assert shelf.network(files[0], 1, 100) is first
    assert shelf.network(files[1], 1, 100) is not second


def test_a_network_larger_than_the_room_stays_alone(files: list[Path]):
    shelf = Shelf(0)
    shelf.network(files[0], 1, 100)
    second = shelf.network(files[1], 1, 100)

    assert len(shelf) == 1
    assert shelf.network(files[1], 1, 100) is second


def test_a_file_that_cannot_be_used_takes_no_room(files: list[Path], tmp_path: Path):
    shelf = Shelf(100)
    kept = shelf.network(files[0], 1, 100)
    with pytest.raises(SnapshotError):
        shelf.network(tmp_path / "gone.safetensors", 1, 100)

    assert shelf.network(files[0], 1, 100) is kept
