"""Costs in money: annuities, rosters, the hand-made day, and a check of the defaults worked out apart from the code."""

from dataclasses import replace

import pytest
from tiny_day import riders

from busim.errors import InputError
from busim.metrics import summary, tables
from busim.metrics.cost import GROUPS, DayUse, annuity, battery_life_years, by_group, day_use, money, money_table
from busim.metrics.cost_staff import paid_hours, remote_posts, yearly_hours
from busim.metrics.day import Day
from busim.model.cost_spec import CostSpec
from busim.model.energy_specs import ElectricitySpec
from busim.scenario import loads

HOUR = 3600
LONG_DAY = DayUse(((6 * HOUR, 22 * HOUR),) * 3, 150.0, 690.0, 3 * 108.8, 0.0, 16 * HOUR, 0.35 * 690)  # 230 km, 109 kWh
RING = '[map]\nkind = "ring"\n[fleet]\nsize = 2\ndepots = ["depot"]\n'


@pytest.mark.parametrize(
    ("rate", "years", "factor"), [(0.06, 8, 0.161), (0.08, 10, 0.149), (0.03, 30, 0.051), (0, 8, 1 / 8)]
)
def test_annuity_as_tabulated(rate, years, factor):
    """Annuity factors equal those of the tables of appraisal."""
    assert annuity(rate, years) == pytest.approx(factor, abs=5e-4)


def test_cost_per_km_as_worked_out_apart():
    """Bus, battery, attendant, energy, maintenance and software come to 8.9 CNY/km, with remote operators to 6.3.

    The check: 1.1 million CNY over 8 years at 8 %, 230 km on 340 days, posts of 16 h, energy of 0.35 CNY/km.
    """
    costs = CostSpec(discount_rate=0.08, av_kit_years=8)
    counted = ("buses", "automation kits", "batteries", "energy", "maintenance", "automation upkeep")
    attended, remote = (money(LONG_DAY, replace(costs, staffing=staffing)) for staffing in ("attendant", "remote"))
    assert sum(attended[name] for name in (*counted, "attendants")) / 690 == pytest.approx(8.9, abs=0.1)
    assert sum(remote[name] for name in (*counted, "remote operators")) / 690 == pytest.approx(6.3, abs=0.1)
    parts = {"buses": 1.67, "automation kits": 0.78, "batteries": 0.14, "attendants": 4.8, "automation upkeep": 0.64}
    for name, per_km in parts.items():
        assert attended[name] / 690 == pytest.approx(per_km, abs=0.06), name


def test_a_battery_ages_by_use_or_by_the_calendar():
    """At 37 MWh a year 50 kWh last 4000 cycles or 5.4 years; a bus that stands keeps them for 8 years."""
    assert battery_life_years(LONG_DAY, CostSpec()) == pytest.approx(5.4, abs=0.05)
    assert battery_life_years(replace(LONG_DAY, used_kwh=0.0), CostSpec()) == 8


@pytest.mark.parametrize(("post_h", "paid"), [(16, 17), (8, 8.5), (8.01, 9.01), (2.5, 4), (3.5, 4), (0, 0), (5, 5.5)])
def test_paid_hours(post_h, paid):
    """Shifts of 8 h with half an hour's break, short ones paid as 4 h."""
    assert paid_hours(post_h, CostSpec()) == pytest.approx(paid)


def test_persons_per_post():
    """A post of 16 h on every day takes 3.3 persons, one around the clock 4.9."""
    assert 16 * 365 / yearly_hours(CostSpec()) == pytest.approx(3.3, abs=0.05)
    assert 24 * 365 / yearly_hours(CostSpec()) == pytest.approx(4.9, abs=0.05)


def test_remote_posts_follow_the_buses_in_service():
    """Four buses from 6 to 10 and three more from 8 to 9 need two posts of 1:3, and a third for one hour."""
    shifts = ((6 * HOUR, 10 * HOUR),) * 4 + ((8 * HOUR, 9 * HOUR),) * 3
    assert remote_posts(shifts, CostSpec()) == [4, 4, 1]
    assert remote_posts((), CostSpec()) == []


def test_a_swap_station_costs_its_shelf(log, spec, town, times):
    """Four spare batteries of 10 kWh beside the two in the buses, and four places of 60 kW in place of one plug."""
    swap = replace(spec, charging=replace(spec.charging, sites=(replace(spec.charging.sites[0], spares=4),)))
    use, plain = (day_use(Day(tables(log, each, town, riders(), times), each)) for each in (swap, spec))
    assert (use.battery_kwh, plain.battery_kwh) == (60.0, 20.0)
    assert (use.plugs_kw, plain.plugs_kw) == (240.0, 60.0)


def test_the_hand_made_day(log, spec, town, times):
    """Two buses with 7.5 km and 4.9 kWh, an hour of posts paid as four, one plug of 60 kW."""
    spec = replace(spec, electricity=ElectricitySpec(price_per_kwh=(0.5435,), overnight_per_kwh=0.5435))
    bought = 4.9 / 0.92 * 0.5435
    items = money(DayUse(((0, 3600), (0, 3600)), 20.0, 7.5, 4.9, 60.0, 3600, bought), spec.costs)
    hour = 12 * 9500 / (365 / 7 * 40 * 0.85)
    assert items["attendants"] == pytest.approx(2 * 4 * hour)
    assert items["maintenance"] == pytest.approx(7.5 * 0.5)
    assert items["energy"] == bought
    assert items["chargers"] == pytest.approx(60 * (700 * 0.13587 + 800 * 0.08718) / 365, rel=1e-4)
    kpis = summary(tables(log, spec, town, riders(), times), spec)
    total = sum(items.values())
    assert kpis["money_per_day_cny"] == pytest.approx(total)
    assert kpis["money_per_rider_cny"] == pytest.approx(total / 4)  # three riders, one with a friend
    assert kpis["money_per_vehicle_km_cny"] == pytest.approx(total / 7.5)
    assert kpis["money_staff_share"] == pytest.approx(by_group(items)["staff"] / total)
    for group in GROUPS:
        assert kpis[f"money_{group}_per_day_cny"] == pytest.approx(by_group(items)[group])


def test_groups_hold_every_item_once(day, spec):
    """Nothing is left out of the groups or counted twice; the table's shares are the whole."""
    items = money(LONG_DAY, CostSpec())
    assert [name for names in GROUPS.values() for name in names] == list(items)
    assert sum(by_group(items).values()) == pytest.approx(sum(items.values()))
    assert money_table(Day(day, spec))["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize("staffing", ["attendant", "remote", "none"])
def test_more_buses_cost_more(staffing):
    """Every item of a larger fleet is at least that of a smaller one."""
    costs = CostSpec(staffing=staffing)
    small = money(LONG_DAY, costs)
    large = money(replace(LONG_DAY, shifts_s=LONG_DAY.shifts_s * 2, battery_kwh=300.0), costs)
    assert all(large[name] >= small[name] for name in small if name != "batteries")
    assert sum(large.values()) > sum(small.values())


def test_the_section_reaches_the_spec():
    """Keys of [costs] replace the defaults, and the complete text holds them all."""
    scenario = loads(RING + '[costs]\nstaffing = "remote"\nbuses_per_operator = 5\n')
    assert scenario.spec.costs == CostSpec(staffing="remote", buses_per_operator=5)
    assert loads(scenario.text).spec.costs == scenario.spec.costs


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("bus_cny = -1", "bus_cny"),
        ("av_kit_cny = 2e6", "at most bus_cny"),
        ("least_shift_h = 9", "at most shift_h"),
        ('staffing = "robot"', "attendant"),
        ("bus_price = 3", "costs"),
        ("battery_usable_share = 90", "at most 1"),
    ],
)
def test_bad_keys_are_told(line, told):
    """A value out of range, an unknown key, parts greater than their whole: each is named."""
    with pytest.raises(InputError) as caught:
        loads(RING + f"[costs]\n{line}\n")
    assert told in str(caught.value)
