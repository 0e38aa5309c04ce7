"""What energy and charging add to the computing time of a day, in runs that alternate."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from busim import network, sim
from busim.model.specs import ScenarioSpec
from busim.scenario import load
from busim.study.outcome import riders_of, travel_times

MOST, PAIRS = 1.25, 5


def without_energy(spec: ScenarioSpec) -> ScenarioSpec:
    """Give the same day with batteries that nothing empties."""
    free = {"drive": None, "battery_kwh": 1e6, "kwh_per_km": 0.0, "standing_kw": 0.0}
    fleet = replace(spec.fleet, vehicles=tuple(replace(kind, **free) for kind in spec.fleet.vehicles))
    return replace(spec, fleet=fleet, charging=replace(spec.charging, strategy="none", parameters={}))


@pytest.mark.slow
def test_energy_and_charging_add_a_quarter_at_most():
    """The science city's day with and without, in turn: the ratio of the least CPU seconds, which noise only raises."""
    spec = load("science_city.toml").spec
    town = network.compile(spec.map)
    requests, travel = riders_of(spec, town), travel_times(spec, town)

    def cpu_s(day: ScenarioSpec) -> float:
        begin = time.process_time()
        sim.build(day, town, requests, travel).run()
        return time.process_time() - begin

    free = without_energy(spec)
    cpu_s(spec), cpu_s(free)
    spent = [(cpu_s(spec), cpu_s(free)) for _ in range(PAIRS)]
    assert min(a for a, _ in spent) / min(b for _, b in spent) <= MOST
