"""What a simulated day leaves: log, riders, tables, KPIs, and how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from busim import demand
from busim import network as networks
from busim.core.travel import TravelTimes
from busim.core.travel import build as build_travel
from busim.model.events import EventLog
from busim.model.hindsight import HindsightCosts
from busim.model.network import RoadNetwork
from busim.model.requests import RequestTable
from busim.model.specs import ScenarioSpec
from busim.model.table import Table
from busim.rng import Streams
from busim.scenario import Scenario

# Of the last scenario: the next run of a study mostly asks for the same.
_latest: list[tuple[Any, RoadNetwork, TravelTimes]] = []


def travel_times(spec: ScenarioSpec, network: RoadNetwork) -> TravelTimes:
    """Compile the travel times of a scenario: one matrix serves the whole fleet, at the slowest bus's top speed."""
    top_speed = min((vehicle.top_speed_kmh for vehicle in spec.fleet.vehicles), default=float("inf"))
    key = (spec.travel, top_speed, spec.start_s, spec.end_s)
    for known, its_network, travel in _latest:
        if its_network is network and known == key:
            return travel
    travel = build_travel(network, spec.travel, top_speed, (spec.start_s, spec.end_s))
    _latest[:] = [(key, network, travel)]
    return travel


def riders_of(spec: ScenarioSpec, network: RoadNetwork) -> RequestTable:
    """Make the riders of a scenario: the same ones for every strategy that is compared."""
    rng = Streams(spec.seed)["demand"]
    return demand.make(spec.demand, spec.service, network, rng, spec.start_s, spec.end_s)


@dataclass(frozen=True)
class Outcome:
    """What a simulated day leaves.

    Parameters
    ----------
    scenario
        What was simulated.
    log
        All that happened and was decided.
    requests
        The riders.
    tables
        By name: ``rides``, ``legs``, ``stops``, ``charges``, ...; each maps columns to arrays and has ``to_pandas()``.
    kpis
        Values by name, ``nan`` where a KPI has no denominator; ``busim kpi NAME`` explains each.
    manifest
        Seed, fingerprint, hash of the log, versions, CPU seconds by phase.
    """

    scenario: Scenario
    log: EventLog = field(repr=False)
    requests: RequestTable = field(repr=False)
    tables: Mapping[str, Table] = field(repr=False)
    kpis: Mapping[str, float] = field(repr=False)
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def costs_in_hindsight(self) -> HindsightCosts | None:
        """Give the day's cost beside that of a plan with all requests known, if it was looked back on."""
        return None

    @cached_property
    def network(self) -> RoadNetwork:
        """The road network."""
        return networks.compile(self.scenario.spec.map)

    @cached_property
    def travel(self) -> TravelTimes:
        """The planned travel times."""
        return travel_times(self.scenario.spec, self.network)
