"""What knowing the future would have saved: a finished day planned again with all of its requests known."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from busim.errors import BusimError, InputError
from busim.metrics.day import Day, mean
from busim.model.hindsight import HindsightCosts
from busim.model.specs import ScenarioSpec
from busim.model.table import Table
from busim.planning.day_plan import DaySettings, plan_day
from busim.study.hindsight_check import BusPlan, Outlook, evaluate, measured
from busim.study.hindsight_data import NO_PRICE, day_data, live_routes, to_visits
from busim.study.hindsight_live import LiveDay, live_day, parts_of
from busim.study.outcome import Outcome
from busim.study.phases import Progress

CAVEAT = (
    "A heuristic plan, not a bound: a better one may exist, so the true regret may be larger. It knows every request "
    "and every delay of the day beforehand; charging stays as it was."
)


@dataclass(frozen=True, repr=False)
class Hindsight:
    """A day as it went, and as it was planned with all requests known.

    Parameters
    ----------
    strategy
        The live strategy.
    live, plan
        Generalised cost by what it is for.
    facts
        Figures of both: (name, unit, live, plan).
    stops
        The plan's stops: bus, action, rider, node, times [s], metres, persons aboard, energy [kWh].
    steps, planned_steps
        Of the search: made, and meant to be made; fewer where a limit of time or the user ended it.
    trace
        Cost of the best plan as the search went on: (step, cost).
    is_better
        Whether a better plan than the live run's own was found; otherwise ``plan`` is that.
    """

    strategy: str
    live: Mapping[str, float]
    plan: Mapping[str, float]
    facts: Sequence[tuple[str, str, float, float]]
    stops: Table = field(repr=False)
    steps: int
    planned_steps: int
    trace: Sequence[tuple[int, float]]
    is_better: bool

    @property
    def regret(self) -> float:
        """What knowing the future would have saved, in the scenario's own objective [points]; at least this much."""
        return sum(self.live.values()) - sum(self.plan.values())

    @property
    def regret_share(self) -> float:
        """Regret as a share of the live cost."""
        cost = sum(self.live.values())
        return self.regret / cost if cost else 0.0

    def document(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {
            "strategy": self.strategy,
            "regret": self.regret,
            "regret_share": self.regret_share,
            "is_better": self.is_better,
            "live": {**self.live, "cost": sum(self.live.values())},
            "plan": {**self.plan, "cost": sum(self.plan.values())},
            "facts": [
                {"name": name, "unit": unit, "live": _or_none(live), "plan": _or_none(plan)}
                for name, unit, live, plan in self.facts
            ],
            "steps": self.steps,
            "planned_steps": self.planned_steps,
            "trace": [list(point) for point in self.trace],
            "caveat": CAVEAT,
        }

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Give it as a table for people: what, live, planned, and the change from the one to the other."""
        parts = [(name, self.live[name], self.plan[name]) for name in self.live if self.live[name] or self.plan[name]]
        parts.append(("generalised cost", sum(self.live.values()), sum(self.plan.values())))
        rows = [(name.capitalize(), *_points(live, plan)) for name, live, plan in parts]
        for name, unit, live, plan in self.facts:
            digits = 0 if float(live).is_integer() and float(plan).is_integer() else 1
            rows.append((f"{name}{', ' + unit if unit else ''}", *_points(live, plan, digits)))
        return rows

    def plot(self, ax: Any = None) -> Any:
        """Draw the cost by parts, live and planned."""
        from busim.plot.hindsight import plot_costs  # noqa: PLC0415  (matplotlib is slow to import)

        return plot_costs(HindsightCosts(self.strategy, self.live, self.plan), ax)

    def __repr__(self) -> str:
        """Tell it in one line."""
        return f"<Hindsight: {self.regret:.0f} points, {100 * self.regret_share:.1f} % of {self.strategy}'s cost>"

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in self.rows()
        )
        return f"<table><caption>{html.escape(repr(self))}</caption>{rows}</table><p>{html.escape(CAVEAT)}</p>"


def hindsight(made: Outcome, settings: DaySettings | None = None, *, progress: Progress | None = None) -> Hindsight:
    """Plan a finished day again with all of its requests known.

    Parameters
    ----------
    made
        The run.
    settings
        How long to search; by default a number of steps that follows from riders and kernels.
    progress
        Called with the phase's name and its share done.

    Raises
    ------
    InputError
        If the day was a fixed line's, which leaves nothing to plan, or buses may charge with riders aboard.
    """
    spec = made.scenario.spec
    check_hindsight(spec)
    day = measured(live_day(made))
    data, who = day_data(day)
    begin = live_routes(day, who)
    watch = None if progress is None else lambda share: progress("hindsight", share)
    found = plan_day(data, begin, settings or DaySettings(seed=spec.seed), watch)
    own = [BusPlan(bus.visits, bus.leave_home_s) for bus in day.buses]
    planned = to_visits(day, who, found.routes)
    outlook = evaluate(day, planned)
    if outlook.faults:
        raise BusimError(f"the plan in hindsight did not pass its check: {'; '.join(outlook.faults[:5])}")
    live, fixed = parts_of(made.tables, spec), _fixed_parts(day, made)
    plan = {name: outlook.parts[name] + fixed.get(name, 0.0) for name in live}
    is_better = _worth(plan, outlook, day) < _worth(live, evaluate(day, own), day)
    if not is_better:
        plan, outlook = dict(live), evaluate(day, own)
    facts = _facts(day, made, outlook, is_better)
    offset = sum(plan.values()) - found.cost if is_better else 0.0
    trace = tuple((step, cost + offset) for step, cost in found.trace)
    return Hindsight(
        strategy=spec.dispatch.strategy,
        live=live,
        plan=plan,
        facts=facts,
        stops=_table(outlook, made),
        steps=found.steps,
        planned_steps=found.planned_steps,
        trace=trace,
        is_better=is_better,
    )


def check_hindsight(spec: ScenarioSpec) -> None:
    """Make sure that a scenario's days can be planned in hindsight.

    Raises
    ------
    InputError
        If it is a fixed line, or buses may charge with riders aboard.
    """
    if spec.charging.riders_aboard:
        what = "charges stay as they were, and may have had riders aboard, whom a plan could not move to other buses"
        raise InputError.single("--hindsight", what, "set charging.riders_aboard=false")
    if spec.service.mode == "line":
        what = "a fixed line leaves nothing to plan: its buses go the same way whoever rides"
        raise InputError.single("--hindsight", what, "run a scenario on demand, with service.mode=stop_to_stop")


def _worth(parts: Mapping[str, float], outlook: Outlook, day: LiveDay) -> float:
    """Weigh a plan; where a refusal has no price, whoever can be served comes first."""
    left = int(day.offers.party[day.offers.is_open & ~outlook.is_served].sum())
    return sum(parts.values()) + (0.0 if day.spec.objective.refusal else NO_PRICE * left)


def _fixed_parts(day: LiveDay, made: Outcome) -> dict[str, float]:
    """Give the cost of riders whom no plan can help: out of reach, never set down, or gone for reasons of their own."""
    rides, weights, rest = made.tables["rides"], day.spec.objective, ~day.offers.is_open
    turned_away = np.isin(rides["outcome"], ("refused", "abandoned")) & rest
    return {
        "wait": weights.wait * float(np.nansum((rides["wait_s"] * rides["party"])[rest])),
        "ride": weights.ride * float(np.nansum((rides["ride_s"] * rides["party"])[rest])),
        "lateness": weights.late * float(Day(made.tables, day.spec).late_s[rest] @ rides["party"][rest]),
        "refusal": weights.refusal * int(rides["party"][turned_away].sum()),
    }


def _facts(day: LiveDay, made: Outcome, outlook: Outlook, is_better: bool) -> list[tuple[str, str, float, float]]:
    own, offers, served = Day(made.tables, day.spec), day.offers, outlook.is_served
    live = {
        ("Served riders", ""): float(own.count("served")),
        ("Driven", "km"): own.metres / 1000,
        ("Mean wait", "min"): mean(own.rides["wait_s"][own.is_served]) / 60,
        ("Mean ride", "min"): mean(own.rides["ride_s"][own.is_served]) / 60,
    }
    ride = (outlook.alighted_s - outlook.boarded_s)[served]
    wait = (outlook.boarded_s - offers.earliest_s)[served]
    others = float((own.is_served & ~offers.is_open).sum())
    planned = [float(served.sum()) + others, outlook.metres / 1000, mean(wait) / 60, mean(ride) / 60]
    values = planned if is_better else list(live.values())
    return [(name, unit, before, after) for ((name, unit), before), after in zip(live.items(), values, strict=True)]


def _table(outlook: Outlook, made: Outcome) -> Table:
    """Tabulate the plan's stops; riders by their ids."""
    stops, ids = outlook.stops, made.requests.ids
    who = [ids[stop.ref] if stop.action in ("board", "alight") else "" for stop in stops]
    whole = ("bus", "node", "ready_s", "start_s", "depart_s", "metres", "on_board")
    columns: dict[str, Any] = {name: np.array([getattr(stop, name) for stop in stops], np.int64) for name in whole}
    columns["action"] = np.array([stop.action for stop in stops], dtype=np.str_)
    columns["rider"] = np.array(who, dtype=np.str_)
    columns["energy_kwh"] = np.array([stop.energy_kwh for stop in stops], np.float64)
    return Table(columns)


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _points(live: float, plan: float, digits: int = 0) -> tuple[str, str, str]:
    change = round(plan - live, digits)
    texts = [f"{live:,.{digits}f}", f"{plan:,.{digits}f}", f"{change:+,.{digits}f}" if change else "0"]
    return texts[0].replace(",", " "), texts[1].replace(",", " "), texts[2].replace(",", " ")
