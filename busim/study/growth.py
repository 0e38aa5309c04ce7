"""How the time of a decision grows: with the fleet, and with what each bus has planned."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from busim import sim
from busim.core.compiled import KERNEL
from busim.core.view import View
from busim.errors import InputError
from busim.model.orders import Orders
from busim.model.specs import ScenarioSpec
from busim.policy.protocols import Dispatcher
from busim.policy.registry import PolicyRegistry
from busim.study.bench import WARM_UP
from busim.study.folder import draft
from busim.study.manifest import versions, write_json
from busim.study.workload import Workload, read_workload
from busim.study.workload_make import Size, write_size

FLEETS = (10, 30, 100, 300, 1000)
RIDERS = (4, 8, 16, 32)  # a bus and hour
SAME_RIDERS, SAME_FLEET = 16, 100  # what stays while the other grows
STREETS, TRIP_M = 32, 3000.0  # one town for all: the larger the fleet, the more buses are in reach of each rider
HOURS, SETTLE_S = 1, 900  # decisions of the first quarter of an hour, while plans are still empty, are left out
LEAST_RIDERS = 1600  # small fleets run several days, so that 95 % means something
LINEAR = 1.0
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Clocked:
    """A strategy whose decisions are timed: stands in its place, in runs that measure and in no others.

    Parameters
    ----------
    inner
        The strategy.
    took_s, open_riders, stops
        Of each decision once the town has settled: CPU seconds, riders without an answer, planned stops of all buses.
    """

    inner: Dispatcher
    took_s: list[float] = field(default_factory=list)
    open_riders: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)

    @property
    def every_s(self) -> int:
        """Decide as often as the strategy."""
        return self.inner.every_s

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell what the strategy tells."""
        return self.inner.unsupported(spec)

    def decide(self, view: View, rng: np.random.Generator) -> Orders:
        """Ask the strategy and note how long it took."""
        start = time.thread_time()
        orders = self.inner.decide(view, rng)
        took = time.thread_time() - start
        if view.now >= SETTLE_S:
            self.took_s.append(took)
            self.open_riders.append(len(view.open))
            self.stops.append(int(view.plans.length.sum()) - len(view.plans.length))  # but for the end of each shift
        return orders


@dataclass(frozen=True)
class Point:
    """Decisions at one size: buses, riders a bus and hour, how many, what stood before them, time of each [CPU us].

    ``us_per_rider`` is all decisions' time over all riders who waited for an answer in them.
    """

    buses: int
    riders_per_bus_h: int
    decisions: int
    open_riders: float
    stops_per_bus: float
    p50_us: float
    p95_us: float
    us_per_rider: float


@dataclass(frozen=True)
class Growth:
    """What was measured, and the slopes of the medians on logarithmic axes: 1 is linear.

    ``slope_fleet`` and ``slope_stops`` are fitted to all sizes; ``slope_largest`` lies between the two largest fleets,
    where what every decision costs anyway weighs least.
    """

    strategy: str
    kernel: str
    by_fleet: tuple[Point, ...]
    by_riders: tuple[Point, ...]
    slope_fleet: float
    slope_largest: float
    slope_stops: float

    def told(self) -> list[str]:
        """Tell the growth in words."""
        largest = f"between the two largest fleets the slope is {self.slope_largest:.2f}"
        return [f"{told(self.slope_fleet, 'buses')}; {largest}.", f"{told(self.slope_stops, 'planned stops')}."]

    def document(self) -> dict[str, Any]:
        """Give all as plain data."""
        return {**asdict(self), "told": self.told(), "versions": versions()}


def grow(
    strategy: str = "insertion",
    *,
    fleets: Sequence[int] = FLEETS,
    riders: Sequence[int] = RIDERS,
    progress: Progress | None = None,
) -> Growth:
    """Measure the time of each decision in one town, for more and more buses and for more and more riders.

    Parameters
    ----------
    strategy
        Dispatch strategy by name.
    fleets
        Sizes of the fleet, each with the same riders a bus and hour.
    riders
        Riders a bus and hour, all with the same fleet.
    progress
        Called with what is measured and the share done, from 0 to 1.

    Raises
    ------
    InputError
        If there is no such strategy.
    """
    wrong = PolicyRegistry().check("dispatch", strategy, {})
    if wrong:
        raise InputError.single("--strategy", wrong[0][1], wrong[0][2])
    sizes = [*((buses, SAME_RIDERS) for buses in fleets), *((SAME_FLEET, rate) for rate in riders)]
    sizes = list(dict.fromkeys(sizes))
    points = {}
    for k, (buses, rate) in enumerate(sizes):
        if progress is not None:
            progress(f"{buses} buses", k / len(sizes))
        points[buses, rate] = measure(strategy, buses, rate, days=max(1, LEAST_RIDERS // (buses * rate * HOURS)))
    by_fleet = tuple(points[buses, SAME_RIDERS] for buses in fleets)
    by_riders = tuple(points[SAME_FLEET, rate] for rate in riders)
    return summarise(strategy, by_fleet, by_riders)


def summarise(strategy: str, by_fleet: tuple[Point, ...], by_riders: tuple[Point, ...]) -> Growth:
    """Fit the slopes to what was measured."""
    buses, stops = [p.buses for p in by_fleet], [p.stops_per_bus for p in by_riders]
    half = [p.p50_us for p in by_fleet]
    slopes = slope(buses, half), slope(buses[-2:], half[-2:]), slope(stops, [p.p50_us for p in by_riders])
    return Growth(strategy, KERNEL, by_fleet, by_riders, *slopes)


def measure(strategy: str, buses: int, riders_per_bus_h: int, days: int = 1) -> Point:
    """Time the decisions of some days of one size; the town's first riders run once before, to load the kernels."""
    size = Size(STREETS, STREETS, buses, buses * riders_per_bus_h * HOURS, HOURS, TRIP_M)
    found: list[Clocked] = []
    for seed in range(1, days + 1):
        with tempfile.TemporaryDirectory(prefix="busim-growth-") as place:
            write_size("growth", size, seed, Path(place))
            workload = read_workload(Path(place), strategy)
        if seed == 1:
            _clock(workload, WARM_UP)
        found.append(_clock(workload, len(workload.riders)))
    took = 1e6 * np.array([seconds for each in found for seconds in each.took_s])
    open_riders = np.array([count for each in found for count in each.open_riders])
    stops = np.array([count for each in found for count in each.stops])
    p50, p95 = np.quantile(took, (0.5, 0.95)) if len(took) else (math.nan, math.nan)
    return Point(
        buses, riders_per_bus_h, len(took), _ratio(open_riders.sum(), len(took)),
        _ratio(stops.sum(), len(took) * buses), round(float(p50), 1), round(float(p95), 1),
        round(_ratio(took.sum(), open_riders.sum()), 1),
    )  # fmt: skip


def _clock(workload: Workload, count: int) -> Clocked:
    riders = workload.first(min(count, len(workload.riders)))
    day = sim.build(workload.spec, workload.network, workload.requests, workload.travel, riders)
    clocked = Clocked(day.control.dispatcher)
    day.control.dispatcher = clocked
    day.run()
    return clocked


def _ratio(total: float, count: float) -> float:
    return round(float(total) / float(count), 3) if count else math.nan


def slope(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Fit ``time = c * size ** slope`` by least squares on logarithms; ``nan`` for fewer than two sizes."""
    x, y = (np.log(np.array(values, np.float64)) for values in (sizes, times))
    if len(np.unique(x)) < 2:
        return math.nan
    return round(float(np.polyfit(x, y, 1)[0]), 3)


def told(found: float, what: str) -> str:
    """Tell a slope in words."""
    if not math.isfinite(found):
        return f"too few sizes to tell how a decision's time grows with {what}"
    kind = "at most linear" if found <= LINEAR else "more than linear"
    return f"twice the {what}: {2**found:.2f} times the time of a decision (slope {found:.2f}, {kind})"


def save(growth: Growth, folder: Path) -> Path:
    """Write growth.json and growth.png into a new folder; gives the folder.

    Raises
    ------
    InputError
        If the folder is taken or cannot be written.
    """
    from busim.plot import growth as pictures  # noqa: PLC0415  (matplotlib is slow to import)
    from busim.plot import style  # noqa: PLC0415

    fleet, stops = growth.by_fleet, growth.by_riders
    curves = (
        pictures.Curve("buses", *_columns([p.buses for p in fleet], fleet), growth.slope_fleet),
        pictures.Curve("planned stops a bus", *_columns([p.stops_per_bus for p in stops], stops), growth.slope_stops),
    )
    with draft(folder) as made:
        write_json(made.path / "growth.json", growth.document())
        title = f"Time of a decision, {growth.strategy} ({growth.kernel})"
        style.save(pictures.plot_page(curves, title), made.path / "growth.png")
        return made.finish()


def _columns(sizes: Sequence[float], points: Sequence[Point]) -> tuple[list[float], list[float], list[float]]:
    return list(sizes), [p.p50_us for p in points], [p.p95_us for p in points]
