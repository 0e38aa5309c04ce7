"""The tables behind the model: shares add up, factors and shapes are what they say."""

import numpy as np
import pytest

from busim.demand import draws, matrices, people, profiles, trains
from busim.model.requests import PURPOSES

DAYS = tuple(profiles.DAY_FACTORS)


@pytest.mark.parametrize("day_type", DAYS)
@pytest.mark.parametrize("purpose", profiles.MODEL_PURPOSES)
def test_shares_of_hours(purpose, day_type):
    """Hourly shares add up to one, and directions are shares."""
    shares = profiles.hourly_shares(purpose, day_type)
    assert len(shares) == 24
    assert sum(shares) == pytest.approx(1)
    assert all(0 <= profiles.outward_share(purpose, day_type, hour) <= 1 for hour in range(24))
    assert profiles.day_factor(purpose, day_type, True) > 0


def test_commuters_leave_in_the_morning_and_students_on_friday():
    """The directions that the purposes are known for."""
    assert profiles.outward_share("commute", "weekday", 8) == 0.92
    assert profiles.outward_share("commute", "weekday", 18) == 0.08
    assert profiles.outward_share("student", "friday", 17) == 0.85
    assert profiles.outward_share("student", "sunday", 17) == 0.15
    assert profiles.outward_share("student", "weekday", 17) == 0.5


def test_vacation_empties_the_campuses():
    """Students stay away, metro riders become fewer, factories go on."""
    assert profiles.day_factor("student", "weekday", False) == 0.15
    assert profiles.day_factor("feeder", "weekday", False) == 0.6
    assert profiles.day_factor("factory", "weekday", False) == 1.0


@pytest.mark.parametrize("purpose", matrices.MATRICES)
def test_matrices_add_up(purpose):
    """Trips between districts are per cent of a purpose's trips, up to rounding of 49 cells."""
    assert np.array(matrices.MATRICES[purpose]).shape == (7, 7)
    assert np.sum(matrices.MATRICES[purpose]) == pytest.approx(100, abs=1.5)


def test_parties_have_their_means():
    """Mean party sizes: 1.08 commuters, 1.38 students, 1.78 leisure, 1.16 factory, 1.23 feeder."""
    u = (np.arange(10_000) + 0.5) / 10_000
    means = [people.parties(np.full(len(u), k), u).mean() for k in range(5)]
    assert means == pytest.approx([1.08, 1.38, 1.78, 1.16, 1.23], abs=0.0001)
    assert len(PURPOSES) == len(people.PARTIES)


def test_patience_is_weibull_at_a_line_and_the_scenarios_on_demand(service):
    """After 5, 10, 15 and 20 min 6, 30, 63 and 87 % of walk-up riders have left; on demand the scenario decides."""
    from dataclasses import replace

    u = (np.arange(10_000) + 0.5) / 10_000
    leisure = np.full(len(u), PURPOSES.index("leisure"))
    waits = people.patience_s(leisure, u, replace(service, mode="line", patience_s=600))
    left = [(waits <= 60 * minutes).mean() for minutes in (5, 10, 15, 20)]
    assert left == pytest.approx([0.062, 0.304, 0.632, 0.871], abs=0.001)
    assert set(people.patience_s(leisure, u, service)) == {-1}


def test_leads_have_their_mean():
    """Who books ahead does so at least ten minutes, and in the mean as long as asked."""
    u = (np.arange(10_000) + 0.5) / 10_000
    leads = people.leads_s(np.zeros(len(u)), u, 0.5, 3600)
    assert leads.min() >= 600
    assert leads.mean() == pytest.approx(3600, rel=0.01)
    assert not people.leads_s(np.full(len(u), 0.6), u, 0.5, 3600).any()


def test_walks_from_the_train():
    """Nine in ten are at the kerb within about 4.3 min."""
    u = (np.arange(10_000) + 0.5) / 10_000
    assert np.quantile(people.walks_to_kerb_s(u), 0.9) == pytest.approx(256, abs=3)


def test_trains_run_from_first_to_last_with_their_headways():
    """06:30 to 22:30; every four minutes in the peaks, every seven between them."""
    day = trains.timetable_s("weekday")
    day = day[day < 86400]
    assert day[0] == 6.5 * 3600
    assert 22.5 * 3600 <= day[-1] <= 22.7 * 3600
    gaps = np.diff(day)
    assert set(gaps[(day[:-1] >= 7.1 * 3600) & (day[:-1] < 9.5 * 3600)]) == {240}
    assert set(gaps[(day[:-1] >= 9.6 * 3600) & (day[:-1] < 16.5 * 3600)]) == {420}
    assert set(np.diff(trains.timetable_s("sunday")[:100])) == {360}


@pytest.mark.parametrize("mean", [0.01, 0.7, 5.0, 60.0, 2000.0])
def test_counts_are_poisson(mean):
    """Inverted counts have mean and variance of the Poisson distribution and never fall with the mean."""
    u = (np.arange(20_000) + 0.5) / 20_000
    counts = np.array([draws.poisson(x, mean) for x in u])
    assert counts.mean() == pytest.approx(mean, rel=0.01)
    assert counts.var() == pytest.approx(mean, rel=0.02)
    more = np.array([draws.poisson(x, mean * 1.05) for x in u[::50]])
    assert np.all(more >= counts[::50])


def test_groups_and_clumps_have_their_means():
    """Group sizes are geometric with mean 2.5, clumped means keep theirs with half as much variance again."""
    u = (np.arange(100_000) + 0.5) / 100_000
    sizes = draws.geometric(u, 2.5)
    assert sizes.min() == 1
    assert sizes.mean() == pytest.approx(2.5, rel=0.01)
    loads = draws.clumped(u, np.full(len(u), 2.0), 2.5)
    assert loads.mean() == pytest.approx(2.0, rel=0.01)
    assert loads.var() == pytest.approx(2.0 * 1.5, rel=0.02)
