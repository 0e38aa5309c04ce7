"""Headways, and the wait that irregular ones cost."""

import dataclasses
import itertools

import numpy as np
import pytest
from tiny_day import riders, row

from busim.metrics import summary, tables
from busim.model.events import NONE, Action, EventLog, Kind
from busim.model.specs import LineSpec


def trip(bus, start_s, nodes):
    """Let a bus call at nodes, 60 s apart by 500 m, at once."""
    rows = [
        row(start_s, Kind.SHIFT_START, bus, node=nodes[0], value=10.0),
        row(start_s, Kind.PLAN, bus, a=0),
        *(row(start_s, Kind.SLOT, bus, node=n, other=i, a=Action.LINE) for i, n in enumerate(nodes)),
    ]
    for i, (here, there) in enumerate(itertools.pairwise(nodes)):
        rows.append(row(start_s + 60 * i, Kind.LEAVE, bus, node=here, other=there))
        rows.append(row(start_s + 60 * (i + 1), Kind.ARRIVE, bus, node=there, a=500 * abs(there - here), b=0))
    rows.append(row(start_s + 60 * (len(nodes) - 1), Kind.SHIFT_END, bus, node=nodes[-1]))
    return rows


def line_day(spec, town, times, starts, nodes=(0, 1, 2), **changes):
    """Run one bus per start along the nodes of the line A - B - C."""
    line = LineSpec("one", ("A", "B", "C"), False, 600, (), 0.0, 0)
    spec = dataclasses.replace(spec, line=dataclasses.replace(line, **changes))
    fleet = dataclasses.replace(spec.fleet, buses=spec.fleet.buses[:1] * len(starts))
    spec = dataclasses.replace(spec, fleet=fleet)
    rows = sorted((r for bus, start in enumerate(starts) for r in trip(bus, start, nodes)), key=lambda r: r[0])
    return tables(EventLog.from_rows(rows), spec, town, riders(), times), spec


def test_even_headways(spec, town, times):
    """Buses every 600 s: no spread, no excess wait."""
    day, spec = line_day(spec, town, times, [0, 600, 1200])
    values = summary(day, spec)
    assert day["headways"]["headway_s"].tolist() == [600] * 4  # two gaps at A and two at B; C is the end
    assert (values["headway_cv"], values["excess_wait_s"], values["bunching_share"]) == (0, 0, 0)


def test_uneven_headways(spec, town, times):
    """Gaps of 100 and 1100 s: the wait of a rider who comes at random is sum h^2 / (2 sum h)."""
    day, spec = line_day(spec, town, times, [0, 100, 1200])
    values = summary(day, spec)
    assert values["headway_mean_s"] == 600
    assert values["headway_cv"] == pytest.approx(500 / 600)
    assert values["excess_wait_s"] == pytest.approx((100**2 + 1100**2) / (2 * 1200) - 300)
    assert values["bunching_share"] == 0.5


def test_directions_apart(spec, town, times):
    """There and back: an inner stop has headways of each direction apart."""
    day, _ = line_day(spec, town, times, [0, 600], nodes=(0, 1, 2, 1, 0))
    found = day["headways"]
    assert found["headway_s"].tolist() == [600] * 4
    assert sorted(zip(found["place"].tolist(), found["is_outbound"].tolist(), strict=True)) == [
        (1, True),
        (2, False),
        (2, True),
        (3, False),
    ]


def test_loop_closes(spec, town, times):
    """On a loop the way from the last stop to the first counts as onward."""
    day, _ = line_day(spec, town, times, [0, 600], nodes=(0, 1, 2, 0), is_loop=True)
    assert day["headways"]["place"].tolist() == [1, 2, 3]
    assert day["headways"]["is_outbound"].all()


def test_timetable(spec, town, times):
    """With a timetable the scheduled headway is its mean, the scheduled wait follows its gaps."""
    day, spec = line_day(spec, town, times, [0, 300, 1200], headway_s=None, timetable_s=(0, 300, 1200))
    assert np.unique(day["headways"]["scheduled_s"]).tolist() == [600]
    assert summary(day, spec)["excess_wait_s"] == pytest.approx(0)


def test_empty_line_legs(spec, town, times):
    """A bus of the line that drives empty drives for the line."""
    day, spec = line_day(spec, town, times, [0])
    assert set(day["legs"]["use"]) == {"line"}
    assert summary(day, spec)["km_line_share"] == 1
    assert day["stops"]["place"].tolist() == [1, 2, 3]
    assert NONE not in day["stops"]["place"]
