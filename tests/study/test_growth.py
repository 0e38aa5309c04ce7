"""Growth of a decision's time: the fit, the words, and that measuring changes no decision."""

import json
import math

import numpy as np
import pytest

from busim import sim
from busim.errors import InputError
from busim.study import growth
from busim.study.workload import read_workload
from busim.study.workload_make import Size, write_size


def test_slope_of_powers():
    """Times that grow with a power of the size have that power as slope, whatever the factor."""
    sizes = (10, 30, 100, 300, 1000)
    for power in (0.0, 0.5, 1.0, 2.0):
        assert growth.slope(sizes, [7.0 * size**power for size in sizes]) == pytest.approx(power, abs=1e-3)


def test_slope_by_hand():
    """Three points off the line: least squares on the logarithms, worked out by hand (x = -1, 0, 1; y = 0, 0, 3)."""
    assert growth.slope((0.1, 1, 10), (1, 1, 1000)) == 1.5


def test_slope_needs_two_sizes():
    """One size tells no growth, and the words say so."""
    assert math.isnan(growth.slope((100,), (5.0,)))
    assert math.isnan(growth.slope((100, 100), (5.0, 6.0)))
    assert "too few sizes" in growth.told(math.nan, "buses")


def test_growth_in_words():
    """A slope up to 1 is at most linear; 1.2 is not."""
    assert growth.told(1.0, "buses") == (
        "twice the buses: 2.00 times the time of a decision (slope 1.00, at most linear)"
    )
    assert "more than linear" in growth.told(1.2, "buses")


@pytest.fixture
def town(tmp_path):
    """Give a small town with 3 buses and 90 riders in an hour."""
    write_size("small", Size(8, 8, 3, 90, 1, 1000.0), 1, tmp_path / "town")
    return read_workload(tmp_path / "town", "insertion")


def test_a_clock_changes_nothing(town):
    """A day whose decisions are timed has the same log, and one time for each decision after the first quarter."""
    plain = sim.build(town.spec, town.network, town.requests, town.travel, town.riders).run().log
    day = sim.build(town.spec, town.network, town.requests, town.travel, town.riders)
    clocked = growth.Clocked(day.control.dispatcher)
    day.control.dispatcher = clocked
    assert day.run().log.sha256() == plain.sha256()
    assert clocked.every_s == 0
    assert clocked.unsupported(town.spec) == ""
    assert len(clocked.took_s) == int(np.sum(town.requests.time_s >= growth.SETTLE_S)) > 0
    assert min(clocked.took_s) > 0
    assert min(clocked.stops) >= 0


def test_table_and_picture(monkeypatch, tmp_path):
    """Two fleets are measured, fitted, told and kept; the document is plain data."""
    monkeypatch.setattr(growth, "STREETS", 8)
    monkeypatch.setattr(growth, "LEAST_RIDERS", 1)
    monkeypatch.setattr(growth, "SAME_FLEET", 3)
    found = growth.grow(fleets=(2, 4), riders=(8, 16))
    assert [point.buses for point in found.by_fleet] == [2, 4]
    assert [point.riders_per_bus_h for point in found.by_riders] == [8, 16]
    assert all(0 < point.p50_us <= point.p95_us for point in (*found.by_fleet, *found.by_riders))
    assert found.by_riders[0].stops_per_bus < found.by_riders[1].stops_per_bus
    assert math.isfinite(found.slope_fleet)
    folder = growth.save(found, tmp_path / "kept")
    assert json.loads((folder / "growth.json").read_text())["told"] == found.told()
    assert (folder / "growth.png").stat().st_size > 10_000
    with pytest.raises(InputError, match="exists"):
        growth.save(found, folder)


def test_unknown_strategy():
    """A strategy that is not registered is told before anything is measured."""
    with pytest.raises(InputError, match="insertion"):
        growth.grow("insertoin")
