"""In which unit people read a KPI: times in minutes, shares in per cent."""

from __future__ import annotations

import math

from busim.metrics.kpi import Kpi

_SHARES = ("_share", "_rate", "_min", "_utilisation")


def read_in(kpi: Kpi) -> tuple[float, str]:
    """Give the factor from the KPI's own unit to the one that people read, and that; empty for ratios."""
    if kpi.unit == "s":
        return 1 / 60, "min"
    if kpi.unit == "1":
        return (100.0, "%") if kpi.name.endswith(_SHARES) else (1.0, "")
    return 1.0, kpi.unit


def digits_for(half: float) -> int:
    """Choose decimals so that half an interval's width is shown with two digits."""
    if not math.isfinite(half) or half <= 0:
        return 2
    return min(4, max(0, 1 - math.floor(math.log10(half))))
