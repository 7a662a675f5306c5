"""Tables of measured figures with their targets, the figures of other tools, the machine and the versions."""

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
    """A measured figure and those it is compared with, all in `unit`; smaller is better.

    `target` is the value to reach; `others` are the values of other tools by name (measured earlier or in this run).
    """

    what: str
    value: float
    unit: str
    target: float | None = None
    others: Sequence[tuple[str, float]] = ()

    def row(self) -> str:
        """The figure as a row of a Markdown table."""
        target = "" if self.target is None else f"{self.target:g} {self.unit} ({self.value / self.target:.2f}×)"
        others = "; ".join(
            f"{name} {_rounded(value)} {self.unit} ({value / self.value:.1f}×)" for name, value in self.others
        )
        return f"| {self.what} | {_rounded(self.value)} {self.unit} | {target} | {others} |"


def print_figures(title: str, figures: Sequence[Figure], packages: Sequence[str] = ()) -> None:
    """Print the figures as a Markdown table below a line that names the machine and the versions."""
    print(f"## {title}\n\n{machine(packages)}\n")
    print("| what | measured | target (fraction of it) | others (ratio to ours) |\n|---|---|---|---|")
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


def _rounded(value: float) -> str:
    """A number with three significant digits, without an exponent."""
    return f"{float(f'{value:.3g}'):g}"


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
