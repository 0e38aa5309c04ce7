"""Riders who cancel or do not show up, and bookings for buses whose shift begins later; a block takes 50 s."""

from dataclasses import replace

import checker
import numpy as np
import pytest
import worlds
from worlds import START_S

from busim import sim
from busim.model.events import NONE, Kind
from busim.rng import stream
from busim.sim.withdrawals import Withdrawals, draw


def day(rows, cancel=None, no_show=(), spec=None, **changes):
    """Run a day on which these riders cancel (at these times) or do not come, and have the checker look at it."""
    spec = spec or worlds.scenario(**changes)
    network = worlds.network_of(spec)
    table = worlds.requests(network, rows)
    simulation = sim.build(spec, network, table)
    size = range(len(rows))
    times = np.array([(cancel or {}).get(rider, NONE) for rider in size], np.int64)
    simulation.world.withdrawals = Withdrawals(times, np.array([rider in no_show for rider in size]))
    result = simulation.run()
    assert checker.check(result.log, spec, network, table) == []
    return result


def times(result, kind, **which):
    """Give the times of a kind of event, from the start of service."""
    return [row["time"] - START_S for row in worlds.events(result, kind, **which)]


def test_a_bus_waits_for_a_rider_who_does_not_come_and_goes_on():
    """At the stop at 160, it waits 120 s, then fetches the next rider, who stands a block further on."""
    result = day([(START_S + 60, 2, 5), (START_S + 60, 3, 5)], no_show={0})
    assert times(result, Kind.NO_SHOW) == [280]
    assert times(result, Kind.BOARD) == [280 + 50]
    assert times(result, Kind.ALIGHT) == [280 + 150]


def test_a_bus_waits_only_as_long_as_nobody_gets_late():
    """The second rider has to be fetched by 260 s: the bus leaves his neighbour's stop at 210, not at 280."""
    result = day([(START_S + 60, 2, 5), (START_S + 60, 3, 5)], no_show={0}, service={"max_wait_s": 200})
    assert times(result, Kind.NO_SHOW) == [210]
    assert times(result, Kind.BOARD) == [260]


def test_the_time_a_bus_waits_is_a_key():
    """With no wait at all the bus goes on at once."""
    spec = worlds.scenario()
    spec = replace(spec, service=replace(spec.service, no_show_wait_s=0))
    result = day([(START_S + 60, 2, 5)], no_show={0}, spec=spec)
    assert times(result, Kind.NO_SHOW) == [160]
    assert not worlds.events(result, Kind.BOARD)


def test_a_cancelled_ride_is_not_driven():
    """On its way from 0 to 7 when the rider cancels at 130 s, the bus stops at the next node, 3, at 150 s."""
    result = day([(START_S, 7, 5)], cancel={0: START_S + 130})
    assert times(result, Kind.CANCEL) == [130]
    assert worlds.events(result, Kind.ARRIVE)[0]["node"] == 3
    assert not worlds.events(result, Kind.BOARD)


def test_who_is_aboard_does_not_cancel():
    """A rider who has boarded at 100 s is brought to the stop, whatever was drawn for 120 s."""
    result = day([(START_S, 2, 5)], cancel={0: START_S + 120})
    assert (times(result, Kind.ALIGHT), times(result, Kind.CANCEL)) == ([250], [])


def test_a_cancellation_makes_nobody_ride_too_long():
    """Fetched sooner, one would sit too long in a bus that waits for a third: then it fetches him as planned.

    The bus fetches A at stop 1 (50 s, three who board for 300 s), B at 2 (400 s), C at 3, who has booked for 900 s, and
    sets B down at 4 at 1050 s, after 650 of the 750 s that he may ride. Without A he would be fetched at 100 s.
    """
    service = {"board_s": 100.0, "ride_constant_s": 0, "ride_factor": 7.5, "max_wait_s": 900}
    rows = [(START_S, 1, 7, {"party": 3}), (START_S, 2, 4), (START_S, 3, 5, {"earliest": START_S + 900})]
    spec = worlds.scenario(service=service)
    spec = replace(spec, objective=replace(spec.objective, ride=0.0))  # so that going back to C costs more
    before, after = day(rows, spec=spec), day(rows, cancel={0: START_S + 10}, spec=spec)
    assert (times(before, Kind.BOARD, rider=1), times(before, Kind.ALIGHT, rider=1)) == ([400], [1050])
    assert (times(after, Kind.BOARD, rider=1), times(after, Kind.ALIGHT, rider=1)) == ([400], [1050])
    assert times(after, Kind.WAIT, bus=0) == [100, 550]  # for B, then for C


def test_withdrawals_are_the_same_whatever_the_strategy_and_grow_with_the_share():
    """They depend on seed and riders alone; doubling the share keeps all who withdrew before."""
    rows = [(START_S + 5 * k, k % 7, 7, {"earliest": START_S + 5 * k + 1800 * (k % 2)}) for k in range(300)]
    network = worlds.town()
    riders = sim.build(worlds.scenario(), network, worlds.requests(network, rows)).world.state.riders

    def drawn(share):
        spec = worlds.scenario()
        demand = replace(spec.demand, cancel_share=share, no_show_share=share, cancel_lead_s=600)
        return draw(replace(spec, demand=demand), riders, stream(1, "withdrawals"))

    none, some, more = drawn(0.0), drawn(0.1), drawn(0.2)
    assert not (none.cancel_s != NONE).any()
    assert not none.no_show.any()
    cancels = some.cancel_s != NONE
    assert 15 <= cancels.sum() <= 50
    assert 15 <= some.no_show.sum() <= 50
    assert not (cancels & some.no_show).any()
    assert np.array_equal(more.cancel_s[cancels], some.cancel_s[cancels])
    assert (some.cancel_s[cancels] > riders.ask_s[cancels]).all()
    logs = [
        sim.build(
            replace(worlds.scenario(dispatch=name), demand=replace(worlds.DEMAND, cancel_share=0.2)),
            network,
            worlds.requests(network, rows),
        ).world.withdrawals.cancel_s
        for name in ("insertion", "batch")
    ]
    assert np.array_equal(*logs)


def test_riders_book_for_a_bus_whose_shift_has_not_begun():
    """Asked at 08:01 for 08:40, with the only bus on duty from 08:30: accepted at once, and fetched in time."""
    spec = worlds.scenario()
    late = replace(spec.fleet.buses[0], shift_start_s=START_S + 1800)
    spec = replace(spec, fleet=replace(spec.fleet, buses=(late,)))
    rows = [(START_S + 60, 2, 5, {"earliest": START_S + 2400}), (START_S + 120, 3, 5)]
    result = day(rows, spec=spec)
    accepted = worlds.events(result, Kind.ACCEPT)
    assert [(row["rider"], row["time"] - START_S) for row in accepted] == [(0, 60)]
    assert times(result, Kind.SHIFT_START) == [1800]
    assert times(result, Kind.BOARD) == [2400]
    assert times(result, Kind.REFUSE, rider=1) == [120]  # who wants to ride at once has no bus


@pytest.mark.parametrize(("standees", "aboard"), [(0, 2), (1, 3)])
def test_seated_only_is_a_matter_of_standees(standees, aboard):
    """In a bus of two seats a third rider of the same trip is taken only where one may stand."""
    rows = [(START_S, 2, 5), (START_S, 2, 5), (START_S, 2, 5)]
    service = {"max_wait_s": 120, "patience_s": 120}
    result = day(rows, vehicle={"seats": 2, "standees": standees}, service=service)
    assert len(worlds.events(result, Kind.BOARD)) == aboard
