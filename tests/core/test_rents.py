"""The choice of trips by rents on riders, against all choices there are and against the integer program."""

import itertools
import math

import numpy as np
import pytest

from busim.core import packing, rent_search, rents
from busim.core.rents import Trip


def random_trips(rng, buses, riders):
    """Give trips of some buses, prices of the later riders, and a choice that is allowed."""
    first = [tuple(range(bus, riders // 2, buses)) for bus in range(buses)]  # the earlier riders must be carried
    trips = [Trip(bus, own, 0.0) for bus, own in enumerate(first)]
    for bus in range(buses):
        for _ in range(int(rng.integers(1, 7))):
            some = rng.choice(riders, int(rng.integers(0, 4)), replace=False)
            kept = [rider for rider in first[bus] if rng.random() < 0.7]
            trips.append(Trip(bus, tuple(sorted({*some.tolist(), *kept})), float(rng.integers(-40, 60))))
    price = {rider: float(rng.integers(20, 80)) for rider in range(riders // 2, riders)}
    return trips, price, list(range(buses))


def values_of(trips, price):
    """Give what each trip costs less the prices of its riders."""
    return [trip.cost - math.fsum(price.get(rider, 0.0) for rider in trip.riders) for trip in trips]


def is_allowed(choice, trips, price, riders):
    """Tell whether nobody rides twice and nobody without a price stays behind."""
    carried = [rider for j in choice for rider in trips[j].riders]
    return len(set(carried)) == len(carried) and set(range(riders)) - set(price) <= set(carried)


def least(trips, values, price, riders):
    """Go through all choices of one trip per bus; gives the least value that is allowed."""
    buses = sorted({trip.bus for trip in trips})
    groups = [[j for j, trip in enumerate(trips) if trip.bus == bus] for bus in buses]
    sums = (
        sum(values[j] for j in choice)
        for choice in itertools.product(*groups)
        if is_allowed(choice, trips, price, riders)
    )
    return min(sums)


def test_what_rents_choose_is_a_best_choice():
    """Where rents come to a proof, which they do mostly, no choice of trips that is allowed costs less."""
    rng, proven = np.random.default_rng(5), 0
    for _ in range(60):
        riders = int(rng.integers(4, 10))
        trips, price, seed = random_trips(rng, int(rng.integers(1, 5)), riders)
        values = values_of(trips, price)
        found = rents.best_together(trips, values, price, seed)
        if found is not None:
            proven += 1
            assert sorted(trips[j].bus for j in found) == sorted({trip.bus for trip in trips})
            assert is_allowed(found, trips, price, riders)
            assert sum(values[j] for j in found) == pytest.approx(least(trips, values, price, riders), abs=1e-6)
    assert proven > 45


def test_choices_cost_the_same_with_rents_and_without(monkeypatch):
    """Whether rents or HiGHS ended the search cannot be seen in what the choice costs."""
    rng, sums = np.random.default_rng(6), []
    cases = [random_trips(rng, 6, 14) for _ in range(8)]
    for best_together in (rents.best_together, lambda *_: None):
        monkeypatch.setattr(packing, "best_together", best_together)
        values = [(values_of(trips, price), packing.choose(trips, price, seed, 200)) for trips, price, seed in cases]
        sums.append([sum(value[j] for j in choice) for value, choice in values])
    assert sums[0] == pytest.approx(sums[1], abs=1e-6)


def test_the_search_ends_what_rents_began(monkeypatch):
    """After few turns, or none, the search among what is left finds a best choice, or gives up after so many steps."""
    (searched, tied), rng = (0, 0), np.random.default_rng(8)
    for turns in (1, 4):
        monkeypatch.setattr(rents, "_TURNS", turns)
        for _ in range(40):
            riders = int(rng.integers(4, 10))
            trips, price, seed = random_trips(rng, int(rng.integers(2, 5)), riders)
            values = values_of(trips, price)
            bound = sum(values[j] for j in seed)
            order = sorted(range(len(trips)), key=lambda j: trips[j].bus)
            market = rents._market([trips[j] for j in order], [values[j] for j in order], price)
            searched += not rents.clear(market, bound, turns)[0]
            found = rents.best_together(trips, values, price, seed)
            if found is None:  # several cost the same
                tied += 1
                continue
            assert is_allowed(found, trips, price, riders)
            assert sum(values[j] for j in found) == pytest.approx(least(trips, values, price, riders), abs=1e-6)
    assert searched > 40 > tied
    monkeypatch.setattr(rent_search, "_MOST_STEPS", 1)
    assert rents.best_together(trips, values, price, seed) is None
