"""A finished day as the arrays that the search of known days takes, and its routes back as visits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from busim.core.day_data import DayData
from busim.core.road_table import make_road_table
from busim.model.network import Floats, Ints
from busim.planning.day_plan import Route
from busim.study.hindsight_check import BusPlan
from busim.study.hindsight_live import ALIGHT, BOARD, CHARGE, PASS, LiveDay, Visit

NO_PRICE = 1e7  # stands for "whoever can be served, is", where a refusal has no price


def day_data(day: LiveDay) -> tuple[DayData, Ints]:
    """Lay a finished day out for the search.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    tuple
        The arrays, and the rider of each of their rows [n].
    """
    who, offers, spec, traffic = np.flatnonzero(day.offers.is_open), day.offers, day.spec, day.traffic
    buses, kinds = spec.fleet.buses, [spec.fleet.vehicles[bus.vehicle] for bus in spec.fleet.buses]
    weights, charges = spec.objective, day.charges
    passes = [visit for bus in day.buses for visit in bus.visits if visit.action == PASS]
    reserve = [spec.charging.reserve * kind.battery_kwh for kind in kinds]
    nodes = np.zeros(traffic.travel.times.shape[1])
    stops = np.concatenate((offers.from_node[who], offers.to_node[who], _whole(day.depot),
                            _whole([c.node for c in charges]), _whole([visit.node for visit in passes])))  # fmt: skip
    table = make_road_table(traffic.roads, stops)
    data = DayData(
        roads=traffic.roads,
        leg_row=table.row,
        leg_ends=table.ends,
        leg_period=table.period,
        leg_since=table.since,
        leg_grid=table.grid,
        leg_seconds=table.seconds,
        leg_metres=traffic.roads.tables.lengths,
        halt=float(spec.service.stop_s),
        to_charger_m=nodes,
        to_charger_s=nodes,
        origin=_whole(offers.from_node[who]),
        destination=_whole(offers.to_node[who]),
        persons=_whole(offers.persons[who]),
        wheels=_whole(offers.wheels[who]),
        earliest=_real(offers.earliest_s[who]),
        latest=_real(offers.latest_s[who]),
        longest=_real(offers.longest_s[who]),
        late_room=_real(offers.late_s[who]),
        board=_real(offers.board_s[who]),
        alight=_real(offers.alight_s[who]),
        share=_real(offers.party[who]),
        skip_cost=_real((weights.refusal or NO_PRICE) * offers.party[who]),
        serve_cost=_real(weights.walk * offers.walk_s[who] * offers.party[who]),
        block_node=_whole([charge.node for charge in charges]),
        block_in=_real([charge.plug_in_s for charge in charges]),
        block_out=_real([charge.plug_out_s for charge in charges]),
        block_gain=_real([charge.gain_kwh for charge in charges]),
        block_full=_real([charge.full_kwh for charge in charges]),
        via_node=_whole([visit.node for visit in passes]),
        via_halt=_real([visit.halt_s for visit in passes]),
        depot=_whole(day.depot),
        home=_whole(day.depot if spec.fleet.return_to_depot else np.full(len(buses), -1)),
        seats=_whole([kind.seats + kind.standees for kind in kinds]),
        places=_whole([kind.wheelchair_places for kind in kinds]),
        shift_start=_real([max(bus.shift_start_s, spec.start_s) for bus in buses]),
        shift_end=_real([max(bus.shift_end_s, did.home_s) for bus, did in zip(buses, day.buses, strict=True)]),
        energy=_real([bus.start_charge * kind.battery_kwh for bus, kind in zip(buses, kinds, strict=True)]),
        floor=_real([min(least, did.least_kwh) for least, did in zip(reserve, day.buses, strict=True)]),
        per_metre=_real([kind.kwh_per_km / 1000 for kind in kinds]),
        per_second=_real([kind.standing_kw / 3600 for kind in kinds]),
        wait=weights.wait,
        ride=weights.ride,
        late=weights.late,
        drive=weights.drive,
        distance=weights.distance,
    )
    return data, who


def live_routes(day: LiveDay, who: Ints) -> list[Route]:
    """Give what the buses did as routes."""
    num, charges, seen = len(who), len(day.charges), 0
    row = np.full(len(day.offers.is_open), -1)
    row[who] = np.arange(num)
    routes = []
    for bus in day.buses:
        codes = []
        for visit in bus.visits:
            if visit.action == PASS:
                codes.append(2 * num + charges + seen)
                seen += 1
            elif visit.action == CHARGE:
                codes.append(2 * num + visit.ref)
            else:
                codes.append(int(row[visit.ref]) + (num if visit.action == ALIGHT else 0))
        routes.append(Route(tuple(codes), (*(visit.leave_s for visit in bus.visits), bus.leave_home_s)))
    return routes


def to_visits(day: LiveDay, who: Ints, routes: Sequence[Route]) -> list[BusPlan]:
    """Give routes as visits again."""
    num, charges, halt = len(who), len(day.charges), float(day.spec.service.stop_s)
    passes = [visit for bus in day.buses for visit in bus.visits if visit.action == PASS]

    def visit(code: int, leave: float) -> Visit:
        if code < num:
            return Visit(BOARD, int(who[code]), int(day.offers.from_node[who[code]]), leave, halt)
        if code < 2 * num:
            rider = int(who[code - num])
            return Visit(ALIGHT, rider, int(day.offers.to_node[rider]), leave, halt)
        if code < 2 * num + charges:
            return Visit(CHARGE, code - 2 * num, day.charges[code - 2 * num].node, leave, halt)
        return passes[code - 2 * num - charges]._replace(leave_s=leave)

    return [
        BusPlan(tuple(visit(*each) for each in zip(route.seq, route.leave[:-1], strict=True)), route.leave[-1])
        for route in routes
    ]


def _whole(values: object) -> Ints:
    return np.asarray(values, np.int64)


def _real(values: object) -> Floats:
    return np.asarray(values, np.float64)
