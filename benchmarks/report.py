"""Tables of measured figures: what, how much, against what, and the ratio, with machine and versions."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Figure:
    """A measured figure and those it is held against, all in `unit`; smaller is better.

    `target` is what it should reach, `others` what others need by name (measured elsewhere or in this run).
    """

    what: str
    value: float
    unit: str
    target: float | None = None
    others: Sequence[tuple[str, float]] = ()

    def row(self) -> str:
        """The figure as a row of a Markdown table."""
        target = "" if self.target is None else f"{self.target:g} {self.unit} ({self.value / self.target:.2f}×)"
        others = "; ".join(f"{name} {value:.3g} {self.unit} ({value / self.value:.1f}×)" for name, value in self.others)
        return f"| {self.what} | {self.value:.3g} {self.unit} | {target} | {others} |"


def show(title: str, figures: Sequence[Figure], packages: Sequence[str] = ()) -> None:
    """Print the figures as a Markdown table under a line that says where they were measured."""
    print(f"## {title}\n\n{machine(packages)}\n")
    print("| what | measured | to reach (share of it) | others (how many times ours) |\n|---|---|---|---|")
    for figure in figures:
        print(figure.row())
    print(flush=True)


def machine(packages: Sequence[str] = ()) -> str:
    """Processor, cores, memory and versions in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB{load}; Python {platform.python_version()}, {versions}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
