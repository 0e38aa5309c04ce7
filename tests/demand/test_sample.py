"""Properties of a sampled day; all seeds are fixed."""

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy import stats

from busim.demand import expected_rides, sample
from busim.demand.profiles import MODEL_PURPOSES, hourly_shares
from busim.errors import InputError
from busim.model.requests import PURPOSES
from busim.rng import stream

START, END = 6 * 3600, 22 * 3600
DAY = 24 * 3600


def _only(spec, purpose):
    return replace(spec, purposes={name: float(name == purpose) for name in MODEL_PURPOSES})


def _days(spec, service, network, num, start_s=START, end_s=END):
    return [sample(spec, service, network, stream(seed, "demand"), start_s, end_s) for seed in range(num)]


def _columns(table):
    return [np.array(getattr(table, field.name)) for field in fields(table)]


def test_the_same_seed_gives_the_same_table(metro_town, spec, service):
    """Two samples agree in every column; another seed gives another day."""
    one, two, three = (sample(spec, service, metro_town, stream(s, "demand"), START, END) for s in (7, 7, 8))
    assert all(np.array_equal(a, b) for a, b in zip(_columns(one), _columns(two), strict=True))
    assert not np.array_equal(one.origin_x_m[:50], three.origin_x_m[:50])


@pytest.mark.parametrize("pulses", [False, True])
@pytest.mark.parametrize("day_type", ["weekday", "sunday"])
def test_the_mean_is_the_expected_one(metro_town, spec, service, day_type, pulses):
    """Over 40 days the mean number of riders lies within four standard errors of the expectation."""
    spec = replace(spec, day_type=day_type, pulses=pulses)
    counts = np.array([len(day) for day in _days(spec, service, metro_town, 40)])
    assert counts.mean() == pytest.approx(expected_rides(spec, START, END), abs=4 * counts.std() / 40**0.5)


def test_without_pulses_counts_are_poisson(grid, spec, service):
    """The variance of the day's riders is near their mean: between 0.55 and 1.65 of it over 60 days (99.9 %)."""
    spec = replace(_only(spec, "leisure"), pulses=False, rides_per_day=300.0)
    counts = np.array([len(day) for day in _days(spec, service, grid, 60)])
    assert 0.55 < counts.var(ddof=1) / counts.mean() < 1.65


def test_scale_doubles_the_expectation(grid, spec, service):
    """Twice the scale, twice the riders; no scale, no riders."""
    twice = replace(spec, scale=2.0)
    assert expected_rides(twice, START, END) == pytest.approx(2 * expected_rides(spec, START, END))
    ones, twos = (sum(len(day) for day in _days(each, service, grid, 10)) for each in (spec, twice))
    assert twos / ones == pytest.approx(2, rel=0.03)
    assert len(sample(replace(spec, scale=0.0), service, grid, stream(1, "demand"), START, END)) == 0


def test_a_slightly_larger_day_holds_the_smaller_one(metro_town, spec, service):
    """With 2 % more demand at least nine in ten riders are the same persons at the same time and place."""
    small, large = (
        sample(replace(spec, scale=scale), service, metro_town, stream(3, "demand"), START, END) for scale in (1, 1.02)
    )
    persons = [
        set(zip(t.earliest_s.tolist(), t.origin_x_m.tolist(), t.destination_x_m.tolist(), strict=True))
        for t in (small, large)
    ]
    assert len(persons[0] & persons[1]) > 0.9 * len(small)


def test_a_purpose_does_not_move_the_others(metro_town, spec, service):
    """With more factory workers, the students are the same."""
    more = replace(spec, purposes={**spec.purposes, "factory": 0.2})
    one, two = (sample(each, service, metro_town, stream(3, "demand"), START, END) for each in (spec, more))
    student = PURPOSES.index("student")
    assert np.array_equal(one.origin_x_m[one.purpose == student], two.origin_x_m[two.purpose == student])


@pytest.mark.parametrize("purpose", ["commute", "leisure", "factory", "student"])
def test_hourly_shares_are_met(grid, spec, service, purpose):
    """Riders by hour of the day fit the purpose's profile (chi-square, p above 0.001)."""
    spec = replace(_only(spec, purpose), pulses=False, rides_per_day=3000.0)
    days = _days(spec, service, grid, 4, 0, DAY)
    counts = sum(np.bincount(day.earliest_s // 3600, minlength=24) for day in days)
    shares = np.array(hourly_shares(purpose, "weekday"))
    assert not counts[shares == 0].any()
    expected = shares[shares > 0] * counts.sum()
    assert stats.chisquare(counts[shares > 0], expected).pvalue > 0.001


def test_metro_riders_follow_their_hours_in_trainloads_too(metro_town, spec, service):
    """Trains bring in every hour what the profile says, within six standard deviations of the clumped counts."""
    spec = replace(_only(spec, "feeder"), rides_per_day=3000.0)
    counts = sum(np.bincount(day.earliest_s // 3600, minlength=24) for day in _days(spec, service, metro_town, 6))
    expected = np.array(hourly_shares("feeder", "weekday")) * 3000 * 6
    busy = np.arange(7, 22)
    assert np.all(np.abs(counts - expected)[busy] < 6 * np.sqrt(2.5 * expected[busy]))


@pytest.mark.parametrize("purpose", ["feeder", "student"])
def test_pulses_raise_the_variance(metro_town, spec, service, purpose):
    """Riders per minute vary clearly more about their mean with trainloads and classes than without."""
    spec = replace(_only(spec, purpose), rides_per_day=3000.0)
    window = (12 * 3600 + 600, 12 * 3600 + 1500) if purpose == "student" else (16 * 3600, 18 * 3600)
    ratios = []
    for pulses in (False, True):
        days = _days(replace(spec, pulses=pulses), service, metro_town, 12, *window)
        minutes = np.array(
            [np.bincount((day.earliest_s - window[0]) // 60, minlength=(window[1] - window[0]) // 60) for day in days]
        )
        ratios.append(minutes.var() / minutes.mean())
    assert ratios[1] > 1.4 * ratios[0]


def test_students_leave_class_together(metro_town, spec, service):
    """In the quarter hour after the morning's classes come half of the students of noon."""
    spec = replace(_only(spec, "student"), rides_per_day=3000.0)
    days = _days(spec, service, metro_town, 8, 12 * 3600, 13 * 3600)
    times = np.concatenate([day.earliest_s for day in days]) - 12 * 3600
    assert ((times >= 600) & (times < 1500)).mean() == pytest.approx(0.5, abs=0.04)


def test_ends_lie_in_the_districts_served(city, spec, service):
    """With three districts served, both ends of every ride lie in them, by name and by outline."""
    from busim.network import zones_of

    zones = ("UT", "CJQ", "XY")
    table = sample(spec, replace(service, zones=zones), city, stream(2, "demand"), START, END)
    assert len(table) > 1500
    assert set(table.origin_zone) | set(table.destination_zone) == set(zones)
    assert zones_of(city.areas, table.origin_x_m, table.origin_y_m) == list(table.origin_zone)
    assert zones_of(city.areas, table.destination_x_m, table.destination_y_m) == list(table.destination_zone)


def test_trips_between_districts_follow_the_matrix(city, spec, service):
    """Of shopping trips from home before noon, the districts' shares are those of the matrix (chi-square)."""
    from busim.demand.matrices import LEISURE, ZONES

    spec = replace(_only(spec, "leisure"), rides_per_day=30_000.0, pulses=False)
    table = sample(spec, service, city, stream(2, "demand"), 0, 13 * 3600)
    pairs = np.zeros((7, 7))
    for a, b in zip(table.origin_zone, table.destination_zone, strict=True):
        pairs[ZONES.index(a), ZONES.index(b)] += 1
    matrix = np.array(LEISURE) / np.sum(LEISURE)
    expected = (0.75 * matrix + 0.25 * matrix.T) * len(table)
    often = expected > 5
    scaled = expected[often] * pairs[often].sum() / expected[often].sum()
    assert stats.chisquare(pairs[often], scaled).pvalue > 0.001


def test_metro_riders_begin_or_end_at_a_station(city, spec, service):
    """One end is within 100 m of a station, the other within its catchment; stations get their shares."""
    spec = replace(_only(spec, "feeder"), rides_per_day=5000.0)
    table = sample(spec, service, city, stream(2, "demand"), START, END)
    ids = ("daxuecheng", "chenjiaqiao_metro", "weidianyuan", "jiandingpo")
    at = np.array([city.places.index[name] for name in ids])
    x_m, y_m = city.places.x_m[at][:, None], city.places.y_m[at][:, None]
    start = np.hypot(table.origin_x_m - x_m, table.origin_y_m - y_m)
    end = np.hypot(table.destination_x_m - x_m, table.destination_y_m - y_m)
    near = np.minimum(start, end)
    assert near.min(axis=0).max() < 110
    shares = np.bincount(near.argmin(axis=0), minlength=4) / len(table)
    assert shares == pytest.approx([0.40, 0.22, 0.22, 0.16], abs=0.04)
    far = np.where(start < end, end, start)[near.argmin(axis=0), np.arange(len(table))]
    assert np.quantile(far, 0.99) < 4000


@pytest.mark.parametrize("town", ["ring", "grid", "metro_town", "city"])
def test_trips_are_worth_a_ride(town, request, spec, service):
    """Ends are apart by 500 m or 15 % of a small map, at other nodes, and not at one stop."""
    network = request.getfixturevalue(town)
    table = sample(spec, service, network, stream(4, "demand"), START, END)
    apart = np.hypot(table.origin_x_m - table.destination_x_m, table.origin_y_m - table.destination_y_m)
    assert apart.min() >= (250 if town == "ring" else 500)
    assert np.all(table.origin_node != table.destination_node)
    assert np.all(np.diff(table.time_s) >= 0)
    assert list(table.ids) == sorted(table.ids)
    stops = np.array([kind == "stop" for kind in network.places.kinds])
    x_m, y_m = network.places.x_m[stops], network.places.y_m[stops]
    nearest = [
        np.hypot(x[:, None] - x_m, y[:, None] - y_m).argmin(axis=1)
        for x, y in ((table.origin_x_m, table.origin_y_m), (table.destination_x_m, table.destination_y_m))
    ]
    assert np.all(nearest[0] != nearest[1])


def test_ends_scatter_about_the_stops(grid, spec, service):
    """Riders walk to their stop: some dozen to some hundred metres."""
    table = sample(spec, service, grid, stream(4, "demand"), START, END)
    x_m, y_m = grid.places.x_m, grid.places.y_m
    away = np.hypot(table.origin_x_m[:, None] - x_m, table.origin_y_m[:, None] - y_m).min(axis=1)
    assert 60 < np.median(away) < 200
    assert away.max() < 420


def test_nodes_are_those_of_buses(city, spec, service):
    """Every rider's node is on a road that buses use, and is the nearest such node off the motorways."""
    from busim.demand.locate import riders_nodes

    table = sample(spec, service, city, stream(4, "demand"), START, END)
    nodes = riders_nodes(city)
    away = np.hypot(table.origin_x_m[:, None] - city.x_m[nodes], table.origin_y_m[:, None] - city.y_m[nodes])
    assert np.array_equal(nodes[away.argmin(axis=1)], table.origin_node)


def test_shares_of_riders(grid, spec, service):
    """Wheelchairs, bookings ahead and parties have the shares asked for; bookings lie within the service day."""
    spec = replace(spec, rides_per_day=20_000.0, wheelchair_share=0.03, prebooked_share=0.2)
    table = sample(spec, service, grid, stream(4, "demand"), START, END)
    num = len(table)
    assert table.wheelchair.mean() == pytest.approx(0.03, abs=4 * (0.03 * 0.97 / num) ** 0.5)
    assert (table.earliest_s > table.time_s).mean() == pytest.approx(0.2, abs=4 * (0.2 * 0.8 / num) ** 0.5 + 0.001)
    assert table.time_s.min() >= START
    assert np.all((table.earliest_s >= START) & (table.earliest_s < END))
    assert set(table.party.tolist()) == {1, 2, 3, 4, 5}


def test_a_day_may_run_past_midnight(grid, spec, service):
    """After midnight the next day's first hours follow."""
    spec = replace(_only(spec, "leisure"), rides_per_day=20_000.0)
    table = sample(spec, service, grid, stream(4, "demand"), 23 * 3600, 26 * 3600)
    hours = np.bincount(table.earliest_s // 3600, minlength=26)
    assert hours[23:].tolist() == pytest.approx([200, 200, 0], abs=4 * 200**0.5)


def test_a_map_without_places_uses_its_nodes(grid, spec, service):
    """Trips on a bare road network begin and end about its nodes."""
    none = np.zeros(len(grid.places), np.bool_)
    empty = replace(
        grid.places,
        **dict.fromkeys(("ids", "names", "names_zh", "kinds", "zones"), ()),
        node=grid.places.node[none],
        x_m=grid.places.x_m[none],
        y_m=grid.places.y_m[none],
        attributes={},
    )
    table = sample(spec, service, replace(grid, places=empty), stream(4, "demand"), START, END)
    assert len(table) > 1500
    assert len(set(table.origin_node.tolist())) == grid.num_nodes


def test_a_district_that_the_map_lacks_is_told(city, spec, service):
    """An unknown zone is bad input, with the nearest known one."""
    with pytest.raises(InputError, match="no zone 'XYZ'") as caught:
        sample(spec, replace(service, zones=("UT", "XYZ")), city, stream(4, "demand"), START, END)
    assert "XY" in caught.value.problems[0].remedy
