"""Collecting figures and ratios, and printing them with the machine they were taken on."""

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Report:
    """What was measured: figures for information, ratios that must hold."""

    figures: list[tuple[str, str]] = field(default_factory=list)
    ratios: list[tuple[str, float, float, bool]] = field(default_factory=list)

    def figure(self, name: str, value: float, unit: str) -> None:
        """An absolute figure."""
        self.figures.append((name, f"{value:,.2f} {unit}" if value < 100 else f"{value:,.0f} {unit}"))

    def at_least(self, name: str, ratio: float, bound: float) -> None:
        """A ratio that must not be below its bound."""
        self.ratios.append((f"{name} (at least {bound:g})", ratio, bound, ratio >= bound))

    def at_most(self, name: str, ratio: float, bound: float) -> None:
        """A ratio that must not be above its bound."""
        self.ratios.append((f"{name} (at most {bound:g})", ratio, bound, ratio <= bound))

    @property
    def holds(self) -> bool:
        """Whether every ratio holds."""
        return all(held for *_, held in self.ratios)

    def show(self) -> None:
        """Prints everything."""
        print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores, {_cpu()}")
        for name, value in self.figures:
            print(f"  {name:<64} {value}")
        for name, ratio, _, held in self.ratios:
            print(f"  {'ok  ' if held else 'FAIL'} {name:<59} {ratio:.2f}")


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown CPU"
    )
