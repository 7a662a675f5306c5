"""Cross-validation: which examples each member trains on, and that each fold is a training of its own."""

from __future__ import annotations

import numpy as np
import pytest

from mlpcore import datasets
from mlpcore.errors import TrainingError
from mlpcore.events import Member, Started
from mlpcore.spec import RunSpec
from mlpcore.training.member_seeds import Split, splits_of
from tests.factory.trainings import SMALL, assert_alike, ends, epochs, trained

UNEVEN = SMALL | {"training_images": 129, "epochs": 2, "folds": 4}
"""33 images validate the first fold and 32 each other one, so 96 train it (3 batches), and 97 the others (4)."""


def labels() -> np.ndarray:
    return datasets.load("digits").train_labels


def drawn_splits(**settings) -> list[Split]:
    return splits_of(RunSpec.from_dict({"dataset": "digits", **settings}), labels())


@pytest.mark.parametrize(("folds", "images"), [(2, 1437), (5, 333), (7, 200), (20, 1001)])
def test_each_image_validates_exactly_once_and_trains_all_other_folds(folds: int, images: int):
    splits = drawn_splits(folds=folds, training_images=images)
    drawn = np.sort(np.concatenate([split.validation for split in splits]))

    assert len(splits) == folds
    assert len(np.unique(drawn)) == len(drawn) == images
    for split in splits:
        np.testing.assert_array_equal(np.sort(np.concatenate([split.training, split.validation])), drawn)


@pytest.mark.parametrize(("folds", "images"), [(2, 1437), (5, 333), (7, 200), (20, 1001)])
def test_folds_differ_by_at_most_one_image_in_all_and_of_each_class(folds: int, images: int):
    splits = drawn_splits(folds=folds, training_images=images)
    counts = np.array([np.bincount(labels()[split.validation], minlength=10) for split in splits])

    assert np.ptp(counts.sum(axis=1)) <= 1
    assert np.ptp(counts, axis=0).max() <= 1


def test_another_seed_deals_other_folds_of_other_images_and_the_same_seed_the_same():
    first, again, other = (drawn_splits(folds=3, training_images=90, seed=seed)[0] for seed in (1, 1, 2))
    repeated = drawn_splits(folds=3, training_images=90, seed=1, repeats=2)

    np.testing.assert_array_equal(first.validation, again.validation)
    assert set(first.validation) != set(other.validation)
    np.testing.assert_array_equal(repeated[0].validation, first.validation)
    np.testing.assert_array_equal(repeated[3].validation, other.validation)


def test_repeats_without_folds_each_split_with_their_own_seed():
    first, second = drawn_splits(repeats=2, training_images=100, seed=4)

    assert (len(first.training), len(first.validation)) == (90, 10)
    assert set(first.validation) != set(second.validation)
    np.testing.assert_array_equal(drawn_splits(training_images=100, seed=5)[0].training, second.training)


def test_a_class_with_too_few_images_is_refused_with_its_name_and_what_to_do():
    with pytest.raises(TrainingError) as caught:
        drawn_splits(folds=20, training_images=60)

    sentence = str(caught.value)
    assert "Cross-validation with 20 folds needs at least 20 examples of each class" in sentence
    assert "choose fewer folds or more training examples" in sentence
    rarest = np.bincount(labels()[seen_by(60)], minlength=10)
    assert f"only {rarest.min()} of class {rarest.argmin()} here" in sentence


def seen_by(images: int) -> np.ndarray:
    return drawn_splits(training_images=images, validation_split=0)[0].training


@pytest.mark.slow
def test_a_run_with_too_few_images_of_a_class_raises_before_it_trains(data_folder):
    with pytest.raises(TrainingError, match="choose fewer folds"):
        trained(SMALL | {"training_images": 60, "folds": 20})


@pytest.mark.slow
def test_a_fold_has_the_curve_of_the_network_trained_alone_on_its_images(data_folder, monkeypatch):
    folds = trained(UNEVEN)
    spec = RunSpec.from_dict(UNEVEN)
    parts = splits_of(spec, labels())

    assert isinstance(folds[0], Started)
    assert folds[0].members == tuple(Member(5, fold) for fold in range(4))
    assert [len(part.training) for part in parts] == [96, 97, 97, 97]
    for member, part in enumerate(parts):
        monkeypatch.setattr("mlpcore.training.loop.splits_of", lambda *_, part=part: [part])
        alone = trained(UNEVEN | {"folds": 0}, f"alone-{member}")
        curve = [end.members[member] for end in ends(folds)]
        assert_alike(curve, [end.members[0] for end in ends(alone)])
        assert folds[-1].members[member].test_loss == pytest.approx(alone[-1].members[0].test_loss, rel=1e-4)


@pytest.mark.slow
def test_the_batches_of_an_epoch_cover_the_images_of_each_member_once(monkeypatch):
    from mlpcore.training.device_data import on_device
    from mlpcore.training.group import Group
    from mlpcore.training.group_sizes import split_into_groups
    from mlpcore.training.member_seeds import members_of

    spec = RunSpec.from_dict(UNEVEN)
    parts = splits_of(spec, labels())
    groups = split_into_groups(range(4), parts, spec.batch_size, 100)
    assert groups == [[0], [1, 2, 3]]
    for numbers, steps in zip(groups, (3, 4), strict=True):
        group = Group(spec, numbers, members_of(spec), parts)
        group.state = group.untrained_state()
        group.move_to_device()
        calls = []
        own = group.steps.train
        monkeypatch.setattr(group.steps, "train", lambda *a, own=own, calls=calls: calls.append(a) or own(*a))
        sums = [
            found for _, found in group.train(1, np.full(len(numbers), 0.001, np.float32), on_device("digits").train)
        ]
        monkeypatch.undo()

        _, order, counts, *_ = calls[0]
        for index, number in enumerate(numbers):
            seen = np.asarray(order)[index, : int(counts[index])]
            np.testing.assert_array_equal(np.sort(seen), np.sort(parts[number].training))
        assert [step for *_, first, end, _ in calls for step in range(first, end)] == list(range(steps))
        assert sums[-1][2].tolist() == [len(parts[number].training) for number in numbers]


@pytest.mark.slow
def test_folds_with_the_same_spec_give_the_same_bits(data_folder):
    assert epochs(trained(UNEVEN)) == epochs(trained(UNEVEN, "2"))
