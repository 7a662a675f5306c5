"""The metrics of the networks that runs kept, in SQL: for lists, which sort by them and show them for every run.

The rule is that of `serving.kept_networks`: a run's figures are those after the epoch that was kept; without a result,
those after the best epoch. Of several networks they are the means over those that have one.
"""

from __future__ import annotations

from mlpcore.store.run_record import METRICS

_NO_EARLY_STOPPING = """instr(spec, '"early_stopping": null') > 0"""
"""Where nothing stops a run early, all of its networks are kept after the last epoch; older specs may not say so."""

_OF_MEMBERS = """(
    SELECT {value} FROM members AS m CROSS JOIN epochs AS e
    ON e.run = m.run AND e.member = m.member AND e.epoch = m.kept_epoch WHERE m.run = runs.id
)"""


KEPT_METRICS: dict[str, str] = {
    metric: f"""(CASE
        WHEN kept_epoch IS NULL OR (members = 1 AND kept_epoch = best_epoch) THEN best_{metric}
        WHEN (members = 1 AND kept_epoch = epoch) OR {_NO_EARLY_STOPPING} THEN {metric}
        ELSE {_OF_MEMBERS.format(value=f"avg(e.{metric})")} END)"""
    for metric in METRICS
}
"""The SQL expression of each metric of the kept networks of a row of `runs`."""


def _variance(metric: str) -> str:
    """The sample variance over the members, as an aggregate over `epochs AS e`; NULL for fewer than two."""
    mean, mean_square, count = f"avg(e.{metric})", f"avg(e.{metric} * e.{metric})", f"count(e.{metric})"
    return f"CASE WHEN {count} > 1 THEN max(0, {mean_square} - {mean} * {mean}) * {count} / ({count} - 1.0) END"


_ACCURACIES = tuple(metric for metric in METRICS if "accuracy" in metric)
_VARYING = f"members > 1 AND kept_epoch IS NOT NULL AND NOT {_NO_EARLY_STOPPING}"
_DEVIATIONS = {
    f"kept_{metric}_sd": f"""(CASE
        WHEN kept_epoch IS NULL THEN best_{metric}_sd WHEN NOT ({_VARYING}) THEN {metric}_sd END)"""
    for metric in _ACCURACIES
}
_VARIANCES = {
    f"kept_{metric}_variance": f"(CASE WHEN {_VARYING} THEN {_OF_MEMBERS.format(value=_variance(metric))} END)"
    for metric in _ACCURACIES
}

RUN_COLUMNS = ", ".join(
    [
        "runs.*",
        *(f"{sql} AS kept_{metric}" for metric, sql in KEPT_METRICS.items()),
        *(f"{sql} AS {name}" for name, sql in (_DEVIATIONS | _VARIANCES).items()),
    ]
)
"""What a query selects of `runs` for `run_record.from_row`."""
