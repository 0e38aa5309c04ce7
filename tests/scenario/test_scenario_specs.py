"""What a scenario file says arrives in the specs, in seconds, with defaults."""

from __future__ import annotations

import pytest

from busim.model.specs import ChargerSpec, LineSpec, MapSpec
from busim.scenario import loads
from busim.scenario.presets import PRESETS, climate_kw


def test_defaults(ring):
    """Ten Robobuses serve a Wednesday from six to ten at night, stop to stop."""
    spec = loads(ring).spec
    assert (spec.start_s, spec.end_s, spec.seed, spec.date) == (6 * 3600, 22 * 3600, 1, "2026-03-18")
    assert spec.map == MapSpec("ring", None, 12, 400.0, 40.0)
    assert len(spec.fleet.buses) == 10
    assert spec.fleet.vehicles[0].name == "robobus"
    assert (spec.service.mode, spec.service.zones, spec.line) == ("stop_to_stop", (), None)
    assert (spec.demand.source, spec.demand.file, spec.demand.day_type) == ("model", None, "weekday")
    assert (spec.dispatch.strategy, spec.idling.strategy, spec.charging.strategy) == ("insertion", "stay", "threshold")


def test_minutes_become_whole_seconds_rounded_down(ring):
    """A deadline of 0.999 minutes more is never stretched to the next second."""
    spec = loads(ring + "[service]\nmax_wait_min = 7.499\nride_constant_min = 2.5\n").spec
    assert (spec.service.max_wait_s, spec.service.ride_constant_s) == (449, 150)


@pytest.mark.parametrize(("given", "seconds"), [("", 480), ("patience_min = 12\n", 720)])
def test_patience_equals_the_wait_unless_given(ring, given, seconds):
    """Riders leave when the offered wait is over, or later if the file says so."""
    assert loads(ring + "[service]\nmax_wait_min = 8\n" + given).spec.service.patience_s == seconds


@pytest.mark.parametrize(
    ("written", "seconds"), [("06:30:00", 23400), ('"06:30"', 23400), ('"6:30"', 23400), ('"25:30"', 91800)]
)
def test_times_of_day(ring, written, seconds):
    """TOML times and texts mean the same; texts may pass midnight."""
    assert loads(ring + f'[scenario]\nstart = {written}\nend = "26:00"\n').spec.start_s == seconds


def test_buses_are_spread_evenly_over_depots():
    """Five buses over two depots: three and two, in turn."""
    spec = loads('[map]\nkind = "ring"\n[fleet]\nsize = 5\ndepots = ["west", "east"]\n').spec
    assert [bus.depot for bus in spec.fleet.buses] == ["west", "east", "west", "east", "west"]


def test_groups_take_what_they_do_not_give_from_the_fleet():
    """A group keeps the fleet's depots and shift; another type of bus leaves the fleet's parameters behind."""
    text = """
        [map]
        kind = "ring"
        [fleet]
        size = 2
        depots = ["west"]
        seats = 8
        shift_end = 14:00:00
        start_charge = 0.5
        [[fleet.group]]
        size = 1
        depots = ["east"]
        [[fleet.group]]
        size = 3
        vehicle = "ez10"
        start_charge = 1.0
    """
    fleet = loads(text).spec.fleet
    assert [(v.name, v.seats, v.standees) for v in fleet.vehicles] == [("robobus", 8, 0), ("ez10", 6, 6)]
    assert [(b.vehicle, b.depot, b.start_charge) for b in fleet.buses] == [
        *[(0, "west", 0.5)] * 2,
        (0, "east", 0.5),
        *[(1, "west", 1.0)] * 3,
    ]
    assert {bus.shift_end_s for bus in fleet.buses} == {14 * 3600}


def test_groups_alone_make_the_fleet(ring):
    """Where there are groups and no size, no ten buses appear besides."""
    assert len(loads(ring + "[[fleet.group]]\nsize = 3\n").spec.fleet.buses) == 3


def test_types_that_share_a_preset_get_names_of_their_own(ring):
    """Two batteries in the same preset are two types, told apart by name."""
    fleet = loads(ring + "size = 1\n[[fleet.group]]\nbattery_kwh = 60\n").spec.fleet
    assert [(v.name, v.battery_kwh) for v in fleet.vehicles] == [("robobus", 50.0), ("robobus 2", 60.0)]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_bus(ring, name):
    """Each preset arrives with places, a battery and a source."""
    vehicle = loads(ring + f'vehicle = "{name}"\n').spec.fleet.vehicles[0]
    assert vehicle.name == name
    assert vehicle.seats > 0
    assert 0 < vehicle.kwh_per_km < 1
    assert PRESETS[name].source


def test_power_follows_the_temperature(ring):
    """Auxiliaries 0.8 + computer 1.2 + climate: 0.5 kW at 20 degrees, 3.8 at 35, or what the file says."""
    powers = [loads(ring + f"[scenario]\ntemperature_c = {t}\n").spec.fleet.vehicles[0].standing_kw for t in (20, 35)]
    assert powers == pytest.approx([2.5, 5.8])
    assert loads(ring + "standing_kw = 4\n").spec.fleet.vehicles[0].standing_kw == 4


@pytest.mark.parametrize(
    ("celsius", "heating", "kw"),
    [
        (0, "heat_pump", 3.6),
        (2.5, "heat_pump", 3.05),
        (-20, "resistive", 8.3),
        (45, "heat_pump", 5.5),
        (40, "resistive", 5.5),
    ],
)
def test_climate_is_linear_between_points_and_flat_beyond(celsius, heating, kw):
    """Half way between 0 and 5 degrees lies half way between the powers."""
    assert climate_kw(celsius, heating) == pytest.approx(kw)


@pytest.mark.parametrize(
    ("date", "kind"),
    [("2026-03-19", "weekday"), ("2026-03-20", "friday"), ("2026-03-21", "saturday"), ("2026-03-22", "sunday")],
)
def test_day_type_follows_the_date(ring, date, kind):
    """A Thursday, a Friday, a Saturday, a Sunday of March 2026."""
    assert loads(ring + f"[scenario]\ndate = {date}\n").spec.demand.day_type == kind


def test_holidays_must_be_named(ring):
    """A given day type wins over the date, for demand and for traffic."""
    spec = loads(ring + '[scenario]\nday_type = "holiday"\n').spec
    assert spec.demand.day_type == "holiday"
    assert spec.travel.breaks_s == (0, 6 * 3600, 10 * 3600, 20 * 3600)


@pytest.mark.parametrize(
    ("date", "is_term"), [("2026-01-14", True), ("2026-01-15", False), ("2026-02-28", False), ("2026-08-31", False)]
)
def test_universities_pause_by_date(ring, date, is_term):
    """From mid January to the end of February and in July and August nobody teaches, unless the file says so."""
    assert loads(ring + f"[scenario]\ndate = {date}\n").spec.demand.is_term is is_term
    assert loads(ring + f"[scenario]\ndate = {date}\n[demand]\nis_term = true\n").spec.demand.is_term is True


def test_weekday_speeds_are_free_share_times_hour_factor(ring):
    """A primary road between eight and nine: 0.85 x 0.60 of its limit, then 0.68 for the bus."""
    travel = loads(ring).spec.travel
    morning = travel.breaks_s.index(8 * 3600)
    assert travel.factors["primary"][morning] == pytest.approx(0.51)
    assert travel.factors["trunk"] == travel.factors["motorway"]
    assert travel.bus_factor == pytest.approx(0.68)
    assert {len(row) for row in travel.factors.values()} == {len(travel.breaks_s)}


def test_friday_afternoons_are_slower(ring):
    """From four to seven on Fridays factors are 7 % lower, at other hours they are the weekday's."""
    friday = loads(ring + "[scenario]\ndate = 2026-03-20\n").spec.travel
    at = dict(zip(friday.breaks_s, friday.factors["primary"], strict=True))
    assert at[14 * 3600] == pytest.approx(0.85 * 0.78)
    assert at[16 * 3600] == pytest.approx(0.85 * 0.78 * 0.93, abs=1e-4)
    assert at[19 * 3600] == pytest.approx(0.85 * 0.70)


def test_after_midnight_the_night_comes_again(ring):
    """A day that ends at 25:30 has a period from 24:00 with the speeds of the night."""
    travel = loads(ring + '[scenario]\nend = "25:30"\n').spec.travel
    assert travel.breaks_s[-1] == 24 * 3600
    assert travel.factors["primary"][-1] == travel.factors["primary"][0]


def test_own_factors(ring):
    """Given factors replace the profile of the day."""
    travel = loads(ring + "[travel]\nbreaks = [00:00:00, 07:00:00]\nfactors = { default = [1, 0.5] }\n").spec.travel
    assert (travel.breaks_s, travel.factors) == ((0, 25200), {"default": (1.0, 0.5)})


def test_line_and_chargers(ring):
    """A line exists only where the mode says so; chargers and timetables arrive in order."""
    text = (
        ring
        + """
        [line]
        stops = ["stop_0", "stop_6"]
        timetable = [06:00:00, 06:20:00]
        [[charging.charger]]
        place = "charger"
        plugs = 3
    """
    )
    assert loads(text).spec.line is None
    spec = loads(text, ["service.mode=line"]).spec
    assert spec.line == LineSpec("line", ("stop_0", "stop_6"), False, None, (21600, 22800), 0.0, 120)
    assert spec.charging.sites == (ChargerSpec("charger", 3, 60.0, 120),)


def test_strategy_parameters_are_kept_as_they_are(ring):
    """All further keys of a strategy's section are its parameters."""
    spec = loads(ring + '[dispatch]\nstrategy = "batch"\nperiod_s = 30\n[dispatch.limits]\nnodes = 5\n').spec
    assert spec.dispatch.parameters == {"period_s": 30, "limits": {"nodes": 5}}
    assert spec.charging.parameters == {}


def test_a_negative_price_is_allowed_with_a_warning(ring):
    """Whoever is paid for charging is told so once."""
    own = 'tariff = "own"\nbreaks = [00:00:00, 07:00:00]\nprice_per_kwh = [-0.1, 0.3]\n'
    with pytest.warns(UserWarning, match="the lowest price is -0.1: charging is paid for"):
        spec = loads(ring + f"[electricity]\n{own}").spec
    assert spec.electricity.price_per_kwh == (-0.1, 0.3)


@pytest.mark.parametrize(
    ("tariff", "month", "expected"),
    [
        ("chongqing", 3, {0: 0.3308, 7: 0.5435, 11: 0.8696, 17: 0.5435, 20: 0.8696, 22: 0.5435, 23: 0.3308}),
        ("chongqing", 8, {0: 0.3308, 7: 0.5435, 11: 0.8696, 12: 1.0435, 14: 0.8696, 17: 0.5435, 20: 0.8696}),
        ("chengdu", 3, {0: 0.2602, 7: 0.5464, 10: 0.7536}),
        ("europe", 8, {0: 1.40, 6: 1.95, 8: 2.35, 11: 1.75, 17: 2.50, 21: 1.40}),
        ("flat", 8, {0: 0.5435}),
    ],
)
def test_named_tariffs_by_month_and_hour(ring, tariff, month, expected):
    """Prices of each period, the critical peak of August and other months included."""
    text = ring + f'[electricity]\ntariff = "{tariff}"\n[scenario]\ndate = 2026-{month:02d}-18\n'
    electricity = loads(text).spec.electricity
    found = dict(zip((s // 3600 for s in electricity.breaks_s), electricity.price_per_kwh, strict=True))
    assert {hour: found[hour] for hour in expected} == expected


def test_heat_and_cold_change_the_bus(ring):
    """At -5 degrees: less battery and recuperation, more rolling resistance, denser air; a flat rate has none."""
    warm, cold = (loads(ring + f"[scenario]\ntemperature_c = {t}\n").spec.fleet.vehicles[0] for t in (20, -5))
    assert cold.battery_kwh == pytest.approx(0.88 * warm.battery_kwh)
    assert cold.drive.rolling == pytest.approx(1.10 * warm.drive.rolling)
    assert cold.drive.recuperation == pytest.approx(0.7 * warm.drive.recuperation)
    assert loads(ring + "kwh_per_km = 0.4\n").spec.fleet.vehicles[0].drive is None


def test_climate_by_the_hour_takes_the_highest_for_plans(ring):
    """24 temperatures make 24 powers."""
    hours = [20] * 12 + [35] * 12
    vehicle = loads(ring + f"[scenario]\ntemperature_by_hour_c = {hours}\n").spec.fleet.vehicles[0]
    assert vehicle.standing_by_hour_kw == (2.5,) * 12 + (5.8,) * 12
    assert vehicle.standing_kw == 5.8
