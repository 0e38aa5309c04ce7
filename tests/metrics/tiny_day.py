"""A line town of five nodes and a day of two buses and seven riders, all worked out by hand."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from busim.model import specs
from busim.model.events import NONE, Action, Kind, Reason
from busim.model.network import Places, RoadNetwork
from busim.model.requests import RequestTable

EDGE_M, EDGE_S = 500, 60
NODES = 5


def line_town() -> RoadNetwork:
    """Five nodes 500 m apart; edges 2k = k to k+1, 2k+1 = k+1 to k. Stops A-E at 0-4, a charger at 3, a depot at 0."""
    start = np.array([k + back for k in range(NODES - 1) for back in (0, 1)])
    end = np.array([k + 1 - back for k in range(NODES - 1) for back in (0, 1)])
    x_m = np.arange(NODES) * float(EDGE_M)
    num, none = len(start), ("",) * len(start)
    places = Places(
        ids=("depot", "A", "B", "C", "charger", "D", "E"),
        names=("Depot", "A", "B", "C", "Charger", "D", "E"),
        names_zh=("", "", "", "", "", "", ""),
        kinds=("depot", "stop", "stop", "stop", "charger", "stop", "stop"),
        zones=("west", "west", "west", "", "east", "east", "east"),
        node=np.array([0, 0, 1, 2, 3, 3, 4]),
        x_m=x_m[[0, 0, 1, 2, 3, 3, 4]],
        y_m=np.zeros(7),
        attributes={"plugs": np.array([np.nan] * 4 + [2.0] + [np.nan] * 2)},
    )
    return RoadNetwork(
        name="line town",
        node_id=tuple("01234"),
        x_m=x_m,
        y_m=np.zeros(NODES),
        lon=np.zeros(NODES),
        lat=np.zeros(NODES),
        is_signal=np.zeros(NODES, bool),
        edge_from=start,
        edge_to=end,
        edge_length_m=np.full(num, EDGE_M),
        edge_class=np.zeros(num, np.int64),
        edge_speed_kmh=np.full(num, 30.0),
        edge_bus=np.ones(num, bool),
        edge_climb_m=np.zeros(num),
        edge_name=none,
        edge_name_zh=none,
        edge_source=none,
        edge_confidence=none,
        edge_shape_m=tuple(np.array([[x_m[a], 0.0], [x_m[b], 0.0]]) for a, b in zip(start, end, strict=True)),
        places=places,
        areas=(),
        centre=(0.0, 0.0),
        fingerprint="line",
    )


def town_spec(line: specs.LineSpec | None = None) -> specs.ScenarioSpec:
    """Two buses of 10 kWh, a day from 0 to 3600 s, one charging site with one plug at the charger."""
    bus = specs.BusSpec(0, "depot", 0, 3600, 1.0)
    return specs.ScenarioSpec(
        name="tiny",
        date="2026-03-02",
        start_s=0,
        end_s=3600,
        seed=1,
        map=specs.MapSpec("line", None, NODES, EDGE_M, 30.0),
        fleet=specs.FleetSpec((specs.VehicleSpec("mini", 4, 0, 1, 10.0, 0.5, 1.0, 60.0, 40.0),), (bus, bus)),
        demand=specs.DemandSpec("file", None, 0, 1, "weekday", MappingProxyType({}), False, 0, 0, 0, True),
        service=specs.ServiceSpec("stop_to_stop", (), 300, 1.5, 300, 300, 800.0, 1.0, 10, 5, 5, 20, 20),
        line=line,
        dispatch=specs.StrategySpec("insertion"),
        idling=specs.StrategySpec("stay"),
        objective=specs.ObjectiveSpec(1.0, 0.5, 2.0, 10.0, 0.1, 0.01, 1000.0),
        charging=specs.ChargingSpec("threshold", MappingProxyType({}), 0.1, (specs.ChargerSpec("charger", 1, 60, 0),)),
        travel=specs.TravelSpec((0,), MappingProxyType({"default": (1.0,)}), 1.0, 0.0, 60),
        output=specs.OutputSpec(),
    )


def riders() -> RequestTable:
    """Seven riders; 0 books ahead, 1 brings a friend, 2 uses a wheelchair."""
    origin, destination = np.array([1, 1, 3, 0, 2, 4, 1]), np.array([3, 4, 0, 2, 0, 0, 2])
    zones = ("west", "west", "", "east", "east")
    return RequestTable(
        ids=tuple(f"r{i}" for i in range(7)),
        time_s=np.array([0, 10, 20, 30, 40, 3000, 3100]),
        earliest_s=np.array([60, 10, 20, 30, 40, 3000, 3100]),
        origin_x_m=origin * float(EDGE_M),
        origin_y_m=np.full(7, 50.0),
        destination_x_m=destination * float(EDGE_M),
        destination_y_m=np.zeros(7),
        origin_node=origin,
        destination_node=destination,
        origin_zone=tuple(zones[i] for i in origin),
        destination_zone=tuple(zones[i] for i in destination),
        party=np.array([1, 2, 1, 1, 1, 1, 1]),
        wheelchair=np.array([0, 0, 1, 0, 0, 0, 0], bool),
        purpose=np.array([0, 0, 1, 2, 5, 0, 0]),
        patience_s=np.full(7, -1),
    )


def row(time, kind, bus=NONE, rider=NONE, node=NONE, other=NONE, a=NONE, b=NONE, c=NONE, value=0.0):
    """One event, with the log's defaults."""
    return (time, int(kind), bus, rider, node, other, a, b, c, value)


def _requests():
    table = riders()
    for i in range(7):
        stop = (NONE, NONE) if i == 3 else (int(table.origin_node[i]), int(table.destination_node[i]))
        yield row(
            int(table.time_s[i]), Kind.REQUEST, rider=i, node=stop[0], other=stop[1],
            a=int(table.earliest_s[i]) + 300, b=420, c=80 if i != 3 else NONE, value=0.0,
        )  # fmt: skip


def day_rows():
    """Give the day; in the comments what it should amount to."""
    ask = list(_requests())
    pickup, plug = Action.PICKUP, Action.CHARGE
    return [
        row(0, Kind.SHIFT_START, 0, node=0, value=10.0),
        row(0, Kind.SHIFT_START, 1, node=0, value=10.0),
        ask[0], row(0, Kind.ACCEPT, 0, 0, 1, 3, 0, 0, 500, 70.0),
        row(0, Kind.LEAVE, 0, node=0, other=1, value=0.0),
        ask[1], row(10, Kind.ACCEPT, 0, 1, 1, 4, 1, 2, 190, 80.0),
        ask[2], row(20, Kind.ACCEPT, 1, 2, 3, 0, 0, 0, 600, 200.0),
        row(20, Kind.LEAVE, 1, node=0, other=3, value=0.1),
        ask[3], row(30, Kind.REFUSE, rider=3, a=Reason.NO_STOP),
        ask[4], row(40, Kind.REFUSE, rider=4, a=Reason.SEATS),
        # bus 0 stops at node 1 at 60, doors open at 70: rider 0 waits 10 s from 60, riders 1 wait 65 s from 10
        row(70, Kind.ARRIVE, 0, node=1, a=500, b=10, value=0.25),
        row(70, Kind.BOARD, 0, 0, 1, a=1, b=5),
        row(75, Kind.BOARD, 0, 1, 1, a=2, b=10),
        row(85, Kind.LEAVE, 0, node=1, other=3, value=0.0),
        # bus 1 turns at node 2 for nothing better than to go on to node 3: 1000 m + 500 m
        row(140, Kind.TURN, 1, node=2, other=3, a=1000, value=0.5),
        # rider 0 rides 215 - 70 = 145 s where 120 s is direct
        row(215, Kind.ARRIVE, 0, node=3, a=1000, b=10, value=0.5),
        row(215, Kind.ALIGHT, 0, 0, 3, a=1, b=5),
        row(220, Kind.LEAVE, 0, node=3, other=4, value=0.0),
        row(230, Kind.ARRIVE, 1, node=3, a=500, b=10, value=0.25),
        row(230, Kind.WAIT, 1, node=3, a=400),
        # rider 2 (wheelchair) boards at 400: 380 s after 20, 80 s over the limit of 300 s
        row(290, Kind.ARRIVE, 0, node=4, a=500, b=10, value=0.25),
        # riders 1 alight at 290: 100 s over the promised 190; ride 215 s of 180 s direct
        row(290, Kind.ALIGHT, 0, 1, 4, a=2, b=10),
        row(300, Kind.PLAN, 0, a=0), row(300, Kind.SLOT, 0, node=3, other=0, a=plug, value=600),
        row(300, Kind.SLOT, 0, node=0, a=Action.END),
        row(300, Kind.LEAVE, 0, node=4, other=3, value=0.0),
        row(360, Kind.ARRIVE, 0, node=3, a=500, b=0, value=0.25),
        row(360, Kind.PLUG_WAIT, 0, node=3, other=0, value=0.0),
        row(400, Kind.BOARD, 1, 2, 3, a=1, b=20),
        row(420, Kind.LEAVE, 1, node=3, other=0, value=0.1),
        row(480, Kind.PLUG_IN, 0, node=3, other=0, value=0.05),
        row(610, Kind.ARRIVE, 1, node=0, a=1500, b=10, value=0.75),
        row(610, Kind.ALIGHT, 1, 2, 0, a=1, b=20),
        row(630, Kind.IDLE, 1, node=0, value=0.0),
        row(1080, Kind.PLUG_OUT, 0, node=3, other=0, value=1.0),
        row(1080, Kind.IDLE, 0, node=3, value=0.0),
        row(1200, Kind.PLAN, 1, a=0), row(1200, Kind.SLOT, 1, node=2, a=Action.MOVE),
        row(1200, Kind.SLOT, 1, node=0, a=Action.END),
        row(1200, Kind.LEAVE, 1, node=0, other=2, value=0.2),
        row(1320, Kind.ARRIVE, 1, node=2, a=1000, b=0, value=0.5),
        row(1320, Kind.IDLE, 1, node=2, value=0.0),
        row(1400, Kind.LEAVE, 1, node=2, other=0, value=0.0),
        row(1520, Kind.ARRIVE, 1, node=0, a=1000, b=0, value=0.5),
        row(1520, Kind.SHIFT_END, 1, node=0, value=0.0),
        ask[5], row(3000, Kind.ACCEPT, 0, 5, 4, 0, 0, 0, 4000, 3070.0),
        row(3010, Kind.LEFT_BEHIND, 0, 5, 4),
        ask[6], row(3100, Kind.SLOT, 0, 6, 1, a=pickup),
        row(3400, Kind.ABANDON, 0, 6),
        row(3600, Kind.SHIFT_END, 0, node=3, value=0.7),
    ]  # fmt: skip
