"""The running loss of a run within its epochs: points that a chart draws faintly, at most a few thousand of them.

The position of a point is in epochs: 2.35 is within the third one. The last epochs have up to `POINTS_PER_EPOCH`
points, those before them fewer and fewer as the run grows.
"""

from __future__ import annotations

from sqlite_utils import Database

from mlpcore.events import Progress
from mlpcore.store.connection import finite_or_none

POINTS_PER_EPOCH = 200
DENSE_EPOCHS = 10
"""How many epochs keep all of their points; older ones are thinned once in as many epochs."""
MAX_OLD_POINTS = 1000
"""How many points all older epochs have together."""
MAX_POINTS = MAX_OLD_POINTS + 2 * DENSE_EPOCHS * POINTS_PER_EPOCH


def record(db: Database, run_id: int, event: Progress) -> None:
    """Add a point, unless the last one is too near. Part of a transaction that is fenced by the run's claim."""
    loss = finite_or_none(event.loss)
    if loss is not None and event.steps > 0:
        position = round(event.epoch - 1 + event.step / event.steps, 6)
        db.execute(
            "INSERT INTO running_losses (run, position, loss) SELECT :run, :position, :loss"
            " WHERE NOT EXISTS (SELECT 1 FROM running_losses WHERE run = :run AND position > :nearest)",
            {"run": run_id, "position": position, "loss": loss, "nearest": position - 0.999 / POINTS_PER_EPOCH},
        )


def continue_after(db: Database, run_id: int, epoch: int) -> None:
    """Delete the points of the epochs after this one: they are trained (again)."""
    db.execute("DELETE FROM running_losses WHERE run = ? AND position > ?", [run_id, epoch])


def thin(db: Database, run_id: int, epoch: int) -> None:
    """After this epoch, keep of older ones at most `MAX_OLD_POINTS` points, evenly spread: the last of each part."""
    if epoch % DENSE_EPOCHS or epoch <= DENSE_EPOCHS:
        return
    db.execute(
        """
        DELETE FROM running_losses WHERE run = :run AND position <= :old AND position NOT IN (
            SELECT max(position) FROM running_losses WHERE run = :run AND position <= :old
            GROUP BY CAST(position * :parts / :old AS INTEGER)
        )
        """,
        {"run": run_id, "old": epoch - DENSE_EPOCHS, "parts": MAX_OLD_POINTS},
    )


def points_after(db: Database, run_id: int, position: float = 0.0) -> list[tuple[float, float]]:
    """The points (position, loss) of a run after the cursor `position`, in order."""
    rows = db.execute(
        "SELECT position, loss FROM running_losses WHERE run = ? AND position > ? ORDER BY position", [run_id, position]
    )
    return [(at, loss) for at, loss in rows if finite_or_none(loss) is not None]
