"""A made-up day on a small grid, consistent enough to be drawn: eight buses, some three hundred riders."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from busim import network as networks
from busim.core import travel
from busim.metrics import summary, tables
from busim.model import specs
from busim.model.events import NONE, Action, EventLog, Kind, Reason
from busim.model.requests import RequestTable
from busim.plot import PlotData

START, END, BUSES = 6 * 3600, 14 * 3600, 8
GRID = specs.MapSpec("grid", None, 5, 500.0, 30.0)


def day_spec(line: specs.LineSpec | None = None, name: str = "A made-up day") -> specs.ScenarioSpec:
    """Eight buses from six to two."""
    bus = specs.BusSpec(0, "depot", START, END, 0.9)
    return specs.ScenarioSpec(
        name=name,
        date="2026-03-02",
        start_s=START,
        end_s=END,
        seed=1,
        map=GRID,
        fleet=specs.FleetSpec((specs.VehicleSpec("mini", 8, 0, 1, 40.0, 0.5, 1.0, 60.0, 40.0),), (bus,) * BUSES),
        demand=specs.DemandSpec("file", None, 0, 1, "weekday", MappingProxyType({}), False, 0, 0, 0, True),
        service=specs.ServiceSpec(
            "line" if line else "stop_to_stop", (), 600, 1.5, 300, 600, 800, 1.2, 10, 5, 5, 20, 20
        ),
        line=line,
        dispatch=specs.StrategySpec("insertion"),
        idling=specs.StrategySpec("stay"),
        objective=specs.ObjectiveSpec(1.0, 0.5, 2.0, 10.0, 0.1, 0.01, 1000.0),
        charging=specs.ChargingSpec("threshold", MappingProxyType({}), 0.1, ()),
        travel=specs.TravelSpec((0,), MappingProxyType({"default": (1.0,)}), 1.0, 0.0, 60),
        output=specs.OutputSpec(),
    )


def day_requests(network, rng, num=300) -> RequestTable:
    """Riders between random nodes."""
    size = network.num_nodes
    time = np.sort(rng.integers(START, END - 3600, num))
    origin = rng.integers(0, size, num)
    destination = (origin + rng.integers(1, size, num)) % size
    zones = ("north", "middle", "south")
    return RequestTable(
        ids=tuple(f"r{i}" for i in range(num)),
        time_s=time,
        earliest_s=time,
        origin_x_m=network.x_m[origin],
        origin_y_m=network.y_m[origin],
        destination_x_m=network.x_m[destination],
        destination_y_m=network.y_m[destination],
        origin_node=origin,
        destination_node=destination,
        origin_zone=tuple(zones[i % 3] for i in origin),
        destination_zone=tuple(zones[i % 3] for i in destination),
        party=rng.integers(1, 4, num),
        wheelchair=rng.random(num) < 0.1,
        purpose=rng.integers(0, 6, num),
        patience_s=np.full(num, -1),
    )


class Writer:
    """One bus that writes its events as it goes."""

    def __init__(self, bus, times):
        self.bus, self.times = bus, times
        self.time, self.node, self.rows = START, 0, []
        self.note(Kind.SHIFT_START, value=36.0)

    def note(self, kind, rider=NONE, other=NONE, a=NONE, b=NONE, value=0.0):
        """Write an event at the bus's time and node."""
        self.rows.append((self.time, int(kind), self.bus, rider, self.node, other, a, b, NONE, value))

    def drive(self, node):
        """Drive somewhere, 0.5 kWh per km."""
        metres = int(self.times.lengths[0, self.node, node])
        self.note(Kind.LEAVE, other=node)
        self.time += int(self.times.times[0, self.node, node]) + 10
        self.node = node
        self.note(Kind.ARRIVE, a=metres, b=10, value=0.0005 * metres)

    def charge(self):
        """Queue, then charge 15 kWh."""
        self.note(Kind.PLUG_WAIT, other=0)
        self.time += 300
        self.note(Kind.PLUG_IN, other=0)
        self.time += 900
        self.note(Kind.PLUG_OUT, other=0, value=15.0)

    def finish(self):
        """Stand until the end of the shift."""
        self.note(Kind.IDLE)
        self.time = max(self.time, END)
        self.note(Kind.SHIFT_END, value=0.2)


def serve_all(requests, times):
    """Give each rider to the next bus in turn that can come within 15 minutes; some leave, some are refused."""
    buses, rows = [Writer(bus, times) for bus in range(BUSES)], []
    for i in range(len(requests)):
        now, start, end = int(requests.time_s[i]), int(requests.origin_node[i]), int(requests.destination_node[i])
        rows.append((now, int(Kind.REQUEST), NONE, i, start, end, now + 900, 3000, 60, 90.0))
        bus = buses[i % BUSES]
        arrive = max(now, bus.time) + int(times.times[0, bus.node, start])
        if arrive > now + 900:
            kind, reason = (Kind.REFUSE, Reason.NO_BUS) if i % 3 else (Kind.ABANDON, NONE)
            rows.append((now, int(kind), NONE, i, NONE, NONE, int(reason), NONE, NONE, 0.0))
            continue
        rows.append((now, int(Kind.ACCEPT), bus.bus, i, start, end, 0, 0, now + 3000, float(arrive)))
        if bus.time < now:
            bus.note(Kind.IDLE)
            bus.time = now
        bus.drive(start)
        bus.note(Kind.BOARD, i, a=int(requests.party[i]), b=5)
        bus.drive(end)
        bus.note(Kind.ALIGHT, i, a=int(requests.party[i]), b=5)
        if i % 40 < BUSES:
            bus.drive(12)
            bus.charge()
    for bus in buses:
        bus.finish()
    return sorted([*rows, *(row for bus in buses for row in bus.rows)], key=lambda row: row[0])


def run_line(nodes, times):
    """Let four buses go round a line with two riders left behind at its second stop."""
    rows = []
    for number in range(4):
        bus = Writer(number, times)
        bus.time += 900 * number
        for k, node in enumerate(nodes):
            bus.note(Kind.SLOT, other=k, a=Action.LINE)
            if node != bus.node:
                bus.drive(node)
            if k == 1:
                bus.note(Kind.LEFT_BEHIND, number)
            bus.time += 20
        bus.finish()
        rows += bus.rows
    return sorted(rows, key=lambda row: row[0])


def make_day(kind: str = "demand", name: str = "A made-up day") -> PlotData:
    """Make a day: ``demand``, ``line``, ``loop`` or ``empty`` (nothing happens)."""
    network = networks.compile(GRID)
    requests = day_requests(network, np.random.default_rng(3))
    line = None
    if kind in ("line", "loop"):
        stops = tuple(f"stop_{i}" for i in (0, 1, 2, 7, 6, 5))
        line = specs.LineSpec("one", stops, kind == "loop", 900, (), 0.0, 0)
    spec = day_spec(line, name)
    times = travel.build(network, spec.travel, 40.0)
    nodes = (0, 1, 2, 7, 6, 5, 0, 1, 2, 7, 6, 5, 0) if kind == "loop" else (0, 1, 2, 7, 6, 5, 6, 7, 2, 1, 0)
    rows = {"demand": lambda: serve_all(requests, times), "empty": list}.get(kind, lambda: run_line(nodes, times))()
    made = tables(EventLog.from_rows(rows), spec, network, requests, times)
    return PlotData(made, summary(made, spec), spec, network)
