"""Moments rebuilt from the log are those that the strategies saw live: places, plans, schedules, slacks, energy."""

from pathlib import Path

import numpy as np
import pytest

import busim.network
from busim import demand, scenario, sim
from busim.policy.registry import PolicyRegistry
from busim.rng import Streams
from busim.sim.playback import Playback, decision_row

QUICK = Path(__file__).parents[2] / "scenarios" / "quick.toml"
TOWN = ("map.kind=grid", "map.size=5", "demand.scale=2", "travel.profile=weekday", "scenario.end=08:30:00")
DAYS = {
    "as it is": (),
    "nearest": ("dispatch.strategy=nearest", "demand.scale=2"),
    "withdrawals": ("demand.cancel_share=0.2", "demand.no_show_share=0.2", "fleet.shift_start=07:30:00"),
    "noise": ("travel.noise_cv=0.4", "demand.scale=2"),
    "small batteries": ("fleet.battery_kwh=5", "demand.scale=2"),
    "small batteries, noise": ("fleet.battery_kwh=5", "demand.scale=2", "travel.noise_cv=0.4"),
    "swapped batteries": (
        "fleet.battery_kwh=6",
        "demand.scale=2",
        "charging.charger=[{place='charger', plugs=1, power_kw=10, swap_batteries=2, limit_kw=15}]",
    ),
    "charged with riders aboard, and overnight": (
        "fleet.battery_kwh=8",
        "fleet.start_charge=0.6",
        "fleet.shift_end=09:10:00",
        "charging.strategy=terminal",
        "charging.riders_aboard=true",
        "charging.overnight=plugs",
        "charging.charger=[{place='stop_6', power_kw=60, connect_s=20}, {place='depot', power_kw=20, limit_kw=15}]",
    ),
    "town with periods": TOWN,
    "town with periods, noise": (*TOWN, "travel.noise_cv=0.2"),
    "rounds, noise": ("dispatch.strategy=batch", "dispatch.every_s=20", "demand.scale=3", "travel.noise_cv=0.3"),
}


class Watcher:
    """A dispatcher that keeps a copy of each view before it lets another one decide."""

    def __init__(self, simulation):
        self.inner, self.world, self.seen = simulation.control.dispatcher, simulation.world, []

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def decide(self, view, rng):
        """Keep what is seen."""
        plans = [
            (view.plans.ints[b, :size].copy(), view.plans.floats[b, :size].copy())
            for b, size in enumerate(view.plans.length.tolist())
        ]
        fleet = view.fleet._make(array.copy() for array in view.fleet)
        sites = {name: getattr(view.chargers, name).tolist() for name in ("taken", "ready_s", "bus_site")}
        self.seen.append((len(self.world.rows), view.now, fleet, plans, view.open.tolist(), sites))
        return self.inner.decide(view, rng)


def watched(overrides):
    """Run a day with a watcher, and give a playback of its log beside what was seen."""
    spec = scenario.load(QUICK, overrides, PolicyRegistry()).spec
    network = busim.network.compile(spec.map)
    riders = demand.make(spec.demand, spec.service, network, Streams(spec.seed)["demand"], spec.start_s, spec.end_s)
    simulation = sim.build(spec, network, riders)
    watcher = simulation.control.dispatcher = Watcher(simulation)
    result = simulation.run()
    return Playback(spec, network, result.travel, result.riders, result.log), watcher.seen, result


@pytest.mark.parametrize("name", DAYS)
def test_each_decision_is_rebuilt_as_it_was_seen(name):
    """At every decision of a day all arrays of the rebuilt view are equal, number for number, to those seen live."""
    playback, seen, _ = watched(DAYS[name])
    assert len(seen) > 50
    for row, now, fleet, plans, waiting, sites in seen:
        playback.move_to(row)
        view = playback.view(now)
        for field, mine in view.fleet._asdict().items():
            np.testing.assert_array_equal(mine, getattr(fleet, field), err_msg=field)
        assert view.plans.length.tolist() == [len(ints) for ints, _ in plans]
        for bus, (ints, floats) in enumerate(plans):
            np.testing.assert_array_equal(view.plans.ints[bus, : len(ints)], ints)
            np.testing.assert_array_equal(view.plans.floats[bus, : len(ints)], floats)
        assert view.open.tolist() == waiting
        assert {name: getattr(view.chargers, name).tolist() for name in sites} == sites


@pytest.mark.parametrize("name", ["as it is", "nearest", "rounds, noise"])
def test_the_row_of_a_decision_is_found_from_any_of_its_answers(name):
    """From every row that a decision wrote, one finds the row before which it was taken."""
    _, seen, result = watched(DAYS[name])
    starts = [row for row, *_ in seen]
    checked = 0
    for row in np.flatnonzero(np.isin(result.log.kind, (2, 3))).tolist():
        start = max(r for r in starts if r <= row)
        if decision_row(result.log, row) != start:  # refused before anybody decided: no stop in reach
            assert result.log.kind[row - 1] == 1
            continue
        checked += 1
    assert checked > 50


def test_a_view_played_back_stays_as_it_was():
    """What is seen at one moment does not change as the playback moves on to a swap."""
    playback, seen, _ = watched(DAYS["swapped batteries"])
    before = playback.view(seen[0][1])
    playback.move_to(len(playback.log))
    assert before.chargers.ready_s.tolist() == [0]
    assert playback.chargers.ready_s.tolist() != [0]


def test_the_end_of_a_playback_is_the_end_of_the_day():
    """Played to its end, the log gives the final state; it cannot be played backwards."""
    playback, _, result = watched(DAYS["noise"])
    playback.move_to(len(result.log))
    assert playback.world.state.differences(result.state) == []
    with pytest.raises(ValueError, match="lies before row"):
        playback.move_to(0)
