"""The database's tables, as numbered migrations. One that has shipped is never edited: add the next."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("mlplab")


@migrations()
def m0001_runs_epochs_snapshots_workers(db: Database) -> None:
    """Runs with their queue state and summary, epochs, snapshots, and the processes that are alive."""
    for statement in (_RUNS, *_RUNS_INDEXES, _EPOCHS, _SNAPSHOTS, _WORKERS, _DASHBOARDS):
        db.execute(statement)


@migrations()
def m0002_members(db: Database) -> None:
    """Runs of several networks: the state of each one, and the mean and standard deviation of every epoch."""
    for statement in (*_RUNS_OF_MEMBERS, _MEMBERS, _EPOCH_SUMMARIES):
        db.execute(statement)


@migrations()
def m0003_members_of_every_run(db: Database) -> None:
    """A row in `members` and summaries of its epochs also for each run of one network that has started."""
    db.execute(_MEMBER_OF_ONE)
    db.execute(_SUMMARIES_OF_ONE)


@migrations()
def m0004_order_of_possible_values(db: Database) -> None:
    """The index of the leaderboard's order takes an impossible accuracy for an unknown one."""
    db.execute("DROP INDEX IF EXISTS runs_by_rank")
    db.execute(_RUNS_BY_RANK)


@migrations()
def m0005_running_losses(db: Database) -> None:
    """The running loss within the epochs of each run."""
    db.execute(_RUNNING_LOSSES)


@migrations()
def m0006_fair_queue(db: Database) -> None:
    """The turns of the owners, what a run costs, leases by a monotonic clock, and what a crashed run had reached."""
    for statement in _FAIR_QUEUE:
        db.execute(statement)


def unknown_migrations(db: Database) -> list[str]:
    """The migrations of a database that this version does not have, so that a newer one must have written it."""
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    return [migration.name for migration in migrations.applied(db) if migration.name not in known]


_RUNS = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL DEFAULT '',
    study INTEGER,
    spec TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    starred INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'finished', 'stopped', 'diverged', 'failed')),
    created_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    trashed_at REAL,
    -- the queue
    worker TEXT,
    attempt INTEGER NOT NULL DEFAULT 0,
    crashes INTEGER NOT NULL DEFAULT 0,
    lease_until REAL,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    checkpoint TEXT,
    -- progress within the epoch
    epoch INTEGER NOT NULL DEFAULT 0,
    step INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL DEFAULT 0,
    running_loss REAL,
    progress_at REAL,
    -- how it was trained
    device TEXT,
    engine TEXT,
    versions TEXT,
    message TEXT,
    log TEXT NOT NULL DEFAULT '',
    -- what lists show of the spec
    dataset TEXT NOT NULL,
    layers TEXT NOT NULL,
    activation TEXT NOT NULL,
    optimizer TEXT NOT NULL,
    learning_rate REAL NOT NULL,
    dropout TEXT NOT NULL,
    batch_size INTEGER NOT NULL,
    epochs INTEGER NOT NULL,
    parameters INTEGER NOT NULL,
    validated INTEGER NOT NULL,
    -- summary over the members, kept in each epoch's transaction
    loss REAL, accuracy REAL, val_loss REAL, val_accuracy REAL,
    best_epoch INTEGER,
    best_loss REAL, best_accuracy REAL, best_val_loss REAL, best_val_accuracy REAL,
    test_loss REAL, test_accuracy REAL,
    kept_epoch INTEGER,
    stopped_early INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    model TEXT
) STRICT
"""

_RUNS_INDEXES = (
    """CREATE INDEX runs_by_rank ON runs (
        (CASE WHEN status IN ('failed', 'diverged') THEN 2 WHEN validated = 0 THEN 1 ELSE 0 END),
        best_val_accuracy DESC, id DESC
    ) WHERE trashed_at IS NULL""",
    "CREATE INDEX runs_waiting ON runs (id) WHERE status IN ('queued', 'running')",
    "CREATE INDEX runs_by_dataset ON runs (dataset, status)",
)

_EPOCHS = """
CREATE TABLE epochs (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    member INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    loss REAL, accuracy REAL, val_loss REAL, val_accuracy REAL,
    seconds REAL NOT NULL,
    learning_rate REAL NOT NULL,
    PRIMARY KEY (run, member, epoch)
) STRICT, WITHOUT ROWID
"""

_SNAPSHOTS = """
CREATE TABLE snapshots (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    member INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (run, member, epoch)
) STRICT, WITHOUT ROWID
"""

_WORKERS = """
CREATE TABLE workers (
    id TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('starting', 'idle', 'busy')),
    device TEXT,
    engine TEXT,
    started_at REAL NOT NULL,
    seen_at REAL NOT NULL
) STRICT
"""

_DASHBOARDS = """
CREATE TABLE dashboards (
    id TEXT PRIMARY KEY,
    seen_at REAL NOT NULL
) STRICT
"""

_RUNS_OF_MEMBERS = (
    "ALTER TABLE runs ADD COLUMN members INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE runs ADD COLUMN accuracy_sd REAL",
    "ALTER TABLE runs ADD COLUMN val_accuracy_sd REAL",
    "ALTER TABLE runs ADD COLUMN best_accuracy_sd REAL",
    "ALTER TABLE runs ADD COLUMN best_val_accuracy_sd REAL",
    "ALTER TABLE runs ADD COLUMN test_accuracy_sd REAL",
)

_MEMBERS = """
CREATE TABLE members (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    member INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    fold INTEGER,
    status TEXT NOT NULL DEFAULT 'training'
        CHECK (status IN ('training', 'finished', 'stopped early', 'diverged')),
    epoch INTEGER NOT NULL DEFAULT 0,
    kept_epoch INTEGER,
    test_loss REAL,
    test_accuracy REAL,
    model TEXT,
    PRIMARY KEY (run, member)
) STRICT, WITHOUT ROWID
"""

_EPOCH_SUMMARIES = """
CREATE TABLE epoch_summaries (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    loss REAL, accuracy REAL, val_loss REAL, val_accuracy REAL,
    loss_sd REAL, accuracy_sd REAL, val_loss_sd REAL, val_accuracy_sd REAL,
    seconds REAL NOT NULL,
    learning_rate REAL NOT NULL,
    PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID
"""

_RUNNING_LOSSES = """
CREATE TABLE running_losses (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position REAL NOT NULL,
    loss REAL NOT NULL,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID
"""

# A run has started if its worker recorded the device or an epoch. A spec that cannot be read gives the seed 0.
_MEMBER_OF_ONE = """
INSERT OR IGNORE INTO members (run, member, seed, status, epoch, kept_epoch, test_loss, test_accuracy, model)
SELECT
    id, 0,
    CASE WHEN json_valid(spec) THEN
        CASE typeof(json_extract(spec, '$.seed')) WHEN 'integer' THEN json_extract(spec, '$.seed') ELSE 0 END
    ELSE 0 END,
    CASE
        WHEN status = 'diverged' THEN 'diverged'
        WHEN status != 'finished' THEN 'training'
        WHEN epoch < epochs THEN 'stopped early'
        ELSE 'finished'
    END,
    epoch + (status = 'diverged'), kept_epoch, test_loss, test_accuracy, model
FROM runs WHERE members = 1 AND (device IS NOT NULL OR epoch > 0)
"""

_SUMMARIES_OF_ONE = """
INSERT OR IGNORE INTO epoch_summaries
    (run, epoch, loss, accuracy, val_loss, val_accuracy, seconds, learning_rate)
SELECT e.run, e.epoch, e.loss, e.accuracy, e.val_loss, e.val_accuracy, e.seconds, e.learning_rate
FROM epochs AS e JOIN runs AS r ON r.id = e.run WHERE r.members = 1 AND e.member = 0
"""

# The leaderboard's order: the same expressions as in `leaderboard.GROUP` and `leaderboard.SORT_COLUMNS`.
_RUNS_BY_RANK = """
CREATE INDEX runs_by_rank ON runs (
    (CASE WHEN status NOT IN ('queued', 'running', 'finished', 'stopped') THEN 2 WHEN validated = 0 THEN 1 ELSE 0 END),
    (CASE WHEN best_val_accuracy BETWEEN 0 AND 1 THEN best_val_accuracy END) DESC,
    id DESC
) WHERE trashed_at IS NULL
"""

_FAIR_QUEUE = (
    "ALTER TABLE runs ADD COLUMN cost REAL",
    "ALTER TABLE runs ADD COLUMN lease_monotonic REAL",
    "ALTER TABLE runs ADD COLUMN lease_boot TEXT",
    # The epochs of the checkpoint, and of the one from which the current attempt resumed.
    "ALTER TABLE runs ADD COLUMN checkpoint_epoch INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE runs ADD COLUMN resumed_epoch INTEGER NOT NULL DEFAULT 0",
    # What a run in training waits for, as a message; NULL while it trains.
    "ALTER TABLE runs ADD COLUMN waiting_for TEXT",
    *(
        f"ALTER TABLE {table} ADD COLUMN {column}"
        for table in ("workers", "dashboards")
        for column in ("seen_monotonic REAL", "seen_boot TEXT")
    ),
    # The owner with the lowest turn comes next; one who has none has never had a run claimed.
    "CREATE TABLE turns (owner TEXT PRIMARY KEY, turn INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX turns_by_turn ON turns (turn)",
    "CREATE INDEX runs_queued ON runs (owner, id) WHERE status = 'queued'",
    "CREATE INDEX runs_training ON runs (id) WHERE status = 'running'",
    "CREATE INDEX runs_by_owner ON runs (owner, dataset, id)",
)
