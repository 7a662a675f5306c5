"""Kinds of damage that a stored run can have, and functions that damage a row."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

DAMAGED_SPECS: dict[str, Any] = {
    "no JSON": "{this is no JSON",
    "empty text": "",
    "no text": b"\x00\xff\xfe{}",
    "a list": "[]",
    "a number": "3",
    "null": "null",
    "deeply nested": "[" * 100_000,
    "no settings": "{}",
    "no hidden layers": {"hidden": ...},
    "no optimizer": {"optimizer": ...},
    "unknown dataset": {"dataset": "cifar10"},
    "unknown activation": {"hidden": [{"units": 8, "activation": "swoosh", "dropout": 0}]},
    "unknown optimizer": {"optimizer": {"name": "muon", "learning_rate": 0.1}},
    "unknown loss": {"loss": "hinge"},
    "unknown schedule": {"schedule": {"name": "zigzag"}},
    "unknown preparation": {"prepare": "upside down"},
    "unknown optimizer setting": {"optimizer": {"name": "adam", "learning_rate": 0.1, "gamma": 1}},
    "other dataset than in lists": {"dataset": "iris", "batch_size": 8},
    "dataset is a number": {"dataset": 7},
    "dataset is a list": {"dataset": ["digits"]},
    "hidden is null": {"hidden": None},
    "hidden is text": {"hidden": "128"},
    "a layer is a number": {"hidden": [128]},
    "a layer is text": {"hidden": ["relu"]},
    "units are text": {"hidden": [{"units": "many", "activation": "relu", "dropout": 0}]},
    "units are huge": {"hidden": [{"units": 10**30, "activation": "relu", "dropout": 0}]},
    "optimizer is text": {"optimizer": "adam"},
    "optimizer is null": {"optimizer": None},
    "learning rate is a list": {"optimizer": {"name": "adam", "learning_rate": [0.1]}},
    "learning rate is NaN": {"optimizer": {"name": "adam", "learning_rate": float("nan")}},
    "schedule is a number": {"schedule": 1},
    "augmentation is text": {"augment": "much"},
    "epochs are infinite": {"epochs": float("inf")},
    "epochs are huge": {"epochs": 10**300},
    "batch size is null": {"batch_size": None},
    "seed is an object": {"seed": {"of": "love"}},
    "repeats are huge": {"repeats": 10**9},
    "folds are text": {"folds": "five"},
    "name is a list": {"name": ["a"]},
}
"""Arguments of `damage_spec`, by what is wrong: a text or bytes instead of the JSON, or values for some settings.

`...` removes a setting.
"""

DAMAGED_MESSAGES = {
    "no JSON": "The loss is",
    "a list": "[]",
    "null": "null",
    "no text": '{"values": {}}',
    "no values": '{"text": "Stopped by hand."}',
    "empty text": '{"text": "", "values": {}}',
    "text is a number": '{"text": 3, "values": {}}',
    "values are a list": '{"text": "Stopped.", "values": [1]}',
    "a value is missing": '{"text": "There is no run {run}: it may have been deleted permanently.", "values": {}}',
    "a value has the wrong type": '{"text": "Try {rate:g}.", "values": {"rate": "slow"}}',
    "placeholders that reach into objects": '{"text": "{run.__class__.__mro__[5]}", "values": {"run": 1}}',
    "an open brace": '{"text": "{", "values": {}}',
}

IMPOSSIBLE_COLUMNS = {
    "unknown status": "status = 'nonsense'",
    "parameters are 0": "parameters = 0",
    "parameters are negative": "parameters = -1",
    "parameters are huge": "parameters = 9223372036854775807",
    "other parameters than the settings say": "parameters = parameters + 1",
    "epochs are 0": "epochs = 0",
    "other epochs than the settings say": "epochs = epochs + 1",
    "members are 0": "members = 0",
    "epoch is negative": "epoch = -1",
    "epoch is huge": "epoch = 9223372036854775807",
    "attempts are negative": "attempt = -1",
    "attempts are huge": "attempt = 9223372036854775807",
    "crashes are negative": "crashes = -1000000",
    "crashes are huge": "crashes = 9223372036854775807",
}
"""SQL assignments of values that no run can have to columns that pages rely on, so that the run cannot be used."""

DAMAGED_COLUMNS = {
    "versions are no JSON": "versions = '{keras'",
    "versions are a list": "versions = '[1]'",
    "versions nest": 'versions = \'{"keras": {"a": [1]}}\'',
    "created in the far future": "created_at = 1e300",
    "created before history": "created_at = -1e300",
    "times are infinite": "created_at = 9e999, started_at = 9e999, ended_at = -9e999, trashed_at = NULL",
    "figures are infinite": "best_val_accuracy = 9e999, accuracy = -9e999, loss = 9e999, seconds = 9e999",
    "no test accuracy": "test_accuracy = NULL",
    "negative accuracies": "test_accuracy = -3, best_val_accuracy = -1, accuracy = -0.1, val_accuracy = -2",
    "accuracies above 1": "test_accuracy = 17.5, best_val_accuracy = 17.5, accuracy_sd = 40, val_accuracy = 1.01",
    "negative losses": "loss = -1, best_loss = -2, val_loss = -3, best_val_loss = -4, test_loss = -5",
    "no best epoch": "best_epoch = NULL, kept_epoch = NULL",
    "kept epoch that was never trained": "kept_epoch = 999",
    "layers are odd": "layers = '--->'",
    "names are odd": "activation = 'odd', optimizer = '<b>', dropout = 'x', engine = 'none', device = '*'",
    "texts are no UTF-8": "name = CAST(x'fffe41' AS TEXT), note = CAST(x'00ff' AS TEXT), log = CAST(x'ff' AS TEXT)",
    "texts with control characters": "name = 'a' || char(0) || char(27) || char(8238) || 'b', device = char(10)",
    "paths lead elsewhere": "model = '../../../etc/passwd'",
}
"""SQL assignments that damage other columns, by what is wrong; the settings are intact."""


def damage_spec(db: Database, run_id: int, damaged: str | bytes | dict[str, Any]) -> int:
    """Damage the stored settings of a run, which is returned."""
    if isinstance(damaged, dict):
        stored = json.loads(db.execute("SELECT spec FROM runs WHERE id = ?", [run_id]).fetchone()[0]) | damaged
        damaged = json.dumps({name: value for name, value in stored.items() if value is not ...})
    db.execute("UPDATE runs SET spec = CAST(? AS TEXT) WHERE id = ?", [damaged, run_id])
    return run_id


def damage_message(db: Database, run_id: int, stored: str) -> int:
    """Damage the reason for which a run ended; the run is returned."""
    db.execute("UPDATE runs SET message = ? WHERE id = ?", [stored, run_id])
    return run_id


def damage_columns(db: Database, run_id: int, assignments: str) -> int:
    """Damage other columns of a run, also with values that the table does not allow; the run is returned."""
    db.execute("PRAGMA ignore_check_constraints = ON")
    db.execute(f"UPDATE runs SET {assignments} WHERE id = ?", [run_id])
    db.execute("PRAGMA ignore_check_constraints = OFF")
    return run_id
