"""Electricity at the meter on the hand-made day: one kWh charged at half past seven, 3.9 kWh missing at the end."""

from dataclasses import replace

import numpy as np
import pytest
from tiny_day import day_rows, riders, row

from busim.metrics import summary, tables
from busim.metrics.bill import bill
from busim.metrics.day import Day
from busim.metrics.site_power import site_power_table
from busim.model.energy_specs import ElectricitySpec
from busim.model.events import EventLog, Kind
from busim.model.specs import ChargerSpec
from busim.model.table import Table

PRICES = ElectricitySpec(
    breaks_s=(0, 900),
    price_per_kwh=(0.8, 0.5),
    demand_per_kw=1.2,
    overnight_per_kwh=0.3,
    overnight_efficiency=0.9,
    overnight_s=7200,
    co2_kg_per_kwh=(0.6, 0.5, 0.4, *(0.0,) * 21),
    ageing_per_kwh=0.25,
)
# 1 kWh within the first quarter hour at 0.92, and 0.1 kW of standby in the hour; 20 + 1 - 4.9 = 16.1 kWh at the end.
WALL, NIGHT = 1 / 0.92 + 0.1, 3.9 / 0.9
PEAK = 4 * (1 / 0.92 + 0.025)
COST = (1 / 0.92 + 0.025) * 0.8 + 0.075 * 0.5 + PEAK * 1.2 + NIGHT * 0.3
WANTED = {
    "wall_kwh": WALL + NIGHT,
    "wall_kwh_overnight": NIGHT,
    "wall_kwh_per_km": (WALL + NIGHT) / 7.5,
    "wall_kwh_per_passenger_km": (WALL + NIGHT) / 5.5,
    "peak_kw": PEAK,
    "energy_cost_cny": COST,
    "energy_cost_per_km_cny": COST / 7.5,
    "energy_price_mean_cny": COST / (WALL + NIGHT),
    "demand_charge_cny": PEAK * 1.2,
    "battery_wear_cny": 4.9 * 0.25,
    "co2_kg": WALL * 0.6 + NIGHT * 0.4,
    "co2_g_per_passenger_km": 1000 * (WALL * 0.6 + NIGHT * 0.4) / 5.5,
    "money_energy_per_day_cny": COST,
    "reserve_violations": 0,
}


@pytest.fixture(scope="module")
def priced(spec):
    """Give the scenario with prices and a site that takes 0.1 kW all the time."""
    site = replace(spec.charging.sites[0], standby_kw=0.1)
    return replace(spec, electricity=PRICES, charging=replace(spec.charging, sites=(site,)))


@pytest.mark.parametrize("name", WANTED)
def test_value(log, priced, town, times, name):
    """Each KPI equals its formula worked out by hand."""
    found = summary(tables(log, priced, town, riders(), times), priced)
    assert found[name] == pytest.approx(WANTED[name])


def test_emptying_batteries_is_not_cheap(log, priced, town, times):
    """Without the charge the day costs the kWh at the price of the night instead: nothing comes for free."""
    made = tables(log, priced, town, riders(), times)
    rows = [r if r[1] != Kind.PLUG_OUT else (*r[:-1], 0.0) for r in day_rows()]
    empty = tables(EventLog.from_rows(rows), priced, town, riders(), times)
    more = bill(Day(empty, priced)).overnight - bill(Day(made, priced)).overnight
    assert more == pytest.approx(1 / 0.9 * 0.3)


def test_a_bus_below_its_reserve_is_counted_once_each_time(log, priced, town, times):
    """Bus 1 ends at 71 %: with a reserve of 75 % it has been below it once, bus 0 with 79 % before its charge not."""
    low = replace(priced, charging=replace(priced.charging, reserve=0.75))
    assert summary(tables(log, low, town, riders(), times), low)["reserve_violations"] == 1


def test_power_follows_the_curve_and_the_site_s_level(spec):
    """A bus fills at 60 kW until the site's level falls to 6 kW: 1 kWh in the first minute, then 0.1 in each."""
    site = ChargerSpec("charger", 2, 60.0, 0, limit_kw=60.0, efficiency=1.0)
    session = Table(
        {
            "bus": np.array([0]),
            "site": np.array([0]),
            "plug_in_s": np.array([840]),
            "plug_out_s": np.array([1200.0]),
            "energy_kwh": np.array([1.5]),
            "charge_before": np.array([0.2]),
        }
    )
    levels = [row(840, Kind.POWER, other=0, value=60.0), row(900, Kind.POWER, other=0, value=6.0)]
    found = site_power_table(session, EventLog.from_rows(levels), [site], spec)
    assert found["battery_kwh"].tolist() == pytest.approx([1.0, 0.5, 0.0, 0.0])
    assert found["power_kw"].tolist() == pytest.approx([4.0, 2.0, 0.0, 0.0])
    assert found["start_s"].tolist() == [0, 900, 1800, 2700]
