"""The scenarios that come with busim are right, and fit their maps."""

from __future__ import annotations

import csv

import pytest

from busim.scenario import load
from busim.scenario.data import data_root, scenario_names

PLACES = data_root() / "maps" / "science_city" / "places.csv"


def test_there_are_at_least_three():
    """On demand, as a line, and a small one to learn with."""
    assert {"science_city.toml", "science_city_line.toml", "quick.toml"} <= set(scenario_names())


@pytest.mark.parametrize("name", scenario_names())
def test_each_loads_and_tells_a_story(name):
    """Each begins with a comment of several lines that says what it is about."""
    scenario = load(name)
    assert scenario.spec.fleet.buses
    head = (data_root() / "scenarios" / name).read_text(encoding="utf-8").split("\n\n[")[0]
    assert sum(line.startswith("# ") for line in head.splitlines()) >= 4


@pytest.mark.parametrize("name", ["science_city.toml", "science_city_line.toml"])
def test_places_and_zones_exist_on_the_map(name):
    """Depots, stops of the line and zones are those of places.csv."""
    spec = load(name).spec
    with PLACES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids, zones = {row["place_id"]: row for row in rows}, {row["zone"] for row in rows}
    assert {ids[bus.depot]["kind"] for bus in spec.fleet.buses} == {"depot"}
    assert set(spec.service.zones) <= zones
    stops = spec.line.stops if spec.line else ()
    assert {ids[stop]["kind"] for stop in stops} <= {"stop"}
    assert {ids[stop]["zone"] for stop in stops} <= set(spec.service.zones)


def test_the_line_has_the_same_riders_buses_and_day():
    """Only the service differs, so that the two can be compared."""
    demand, line = load("science_city.toml").spec, load("science_city_line.toml").spec
    for part in ("date", "start_s", "end_s", "seed", "map", "fleet", "demand", "objective", "charging", "travel"):
        assert getattr(demand, part) == getattr(line, part)
    assert demand.service.zones == line.service.zones
    assert (demand.service.mode, line.service.mode) == ("stop_to_stop", "line")


def test_the_science_city_day():
    """Thirty-six buses in sixteen hours, with noise."""
    spec = load("science_city.toml").spec
    assert (len(spec.fleet.buses), spec.end_s - spec.start_s) == (36, 16 * 3600)
    assert spec.travel.noise_cv > 0


def test_the_weather_days_differ_in_the_weather():
    """Heat and cold have the ordinary day's riders, buses and chargers; both take more power than a mild day."""
    mild = load("science_city.toml").spec
    for name, most_kw in (("heat.toml", 6.5), ("cold.toml", 3.5)):
        day = load(name).spec
        for part in ("start_s", "end_s", "seed", "map", "service", "objective", "charging", "travel"):
            assert getattr(day, part) == getattr(mild, part), part
        assert (day.demand.rides_per_day, day.demand.is_term) == (mild.demand.rides_per_day, True)
        vehicle, usual = day.fleet.vehicles[0], mild.fleet.vehicles[0]
        assert len(vehicle.standing_by_hour_kw) == 24
        assert max(vehicle.standing_by_hour_kw) > usual.standing_kw + 0.5
        assert vehicle.climate_kw <= most_kw
        assert max(day.electricity.price_per_kwh) > max(mild.electricity.price_per_kwh)  # the critical peak


def test_half_of_the_plugs_are_out():
    """The sites near the service have half of the plugs that the map gives them."""
    with PLACES.open(encoding="utf-8", newline="") as file:
        plugs = {row["place_id"]: row["plugs"] for row in csv.DictReader(file)}
    for site in load("plugs_out.toml").spec.charging.sites:
        assert site.plugs == int(float(plugs[site.place])) / 2


def test_the_line_s_terminal_has_plugs():
    """The strategy fits its scenario: a charging site stands at the line's first stop."""
    spec = load("line_terminal.toml").spec
    assert spec.line is not None
    assert spec.charging.strategy == "terminal"
    assert spec.line.stops[0] in {site.place for site in spec.charging.sites}
