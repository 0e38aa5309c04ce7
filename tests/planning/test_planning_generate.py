"""Generated instances: like the published ones of their family, and the same for the same seed."""

import numpy as np
import pytest

from busim.errors import InputError
from busim.planning import Settings, generate, plan


@pytest.mark.parametrize("family", ["a", "u"])
def test_generated_instance_is_that_of_its_seed(family):
    """The same arguments give the same instance, another seed another one; ways keep the triangle inequality."""
    first, again, other = (generate(12, 3, 0.4, seed, family=family) for seed in (1, 1, 2))
    assert np.array_equal(first.travel, again.travel)
    assert np.array_equal(first.early, again.early)
    assert not np.array_equal(first.travel, other.travel)
    detour = (first.travel[:, :, None] + first.travel[None, :, :]).min(axis=1)
    assert np.all(first.travel <= detour + 1e-5)
    width = first.late - first.early
    assert (np.minimum(width[first.pickup], width[first.dropoff]) == 15.0).all()


def test_city_has_places_that_are_station_and_depot_alike():
    """Instances of type u have more places than buses, each with a charger and room for one bus at the end."""
    city = generate(30, 4, family="u")
    assert len(city.destination) == len(city.station) == 9
    assert (city.places == 1).all()
    assert np.allclose(city.travel[city.destination, city.station], 0.0)
    assert (city.travel != city.travel.T).any()


def test_small_city_is_planned():
    """A city of six riders is served by two buses that have to keep 70 % of their batteries."""
    result = plan(generate(6, 2, 0.7, seed=1, family="u"), Settings(seconds=None, iterations=30))
    assert result.is_feasible


def test_unknown_family_is_told():
    """A family that is none names the one that is nearest, or those there are."""
    with pytest.raises(InputError, match="family"):
        generate(5, 1, family="x")
