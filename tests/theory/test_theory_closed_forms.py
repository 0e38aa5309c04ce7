"""The closed forms themselves, against their published values."""

import closed_forms
import pytest


@pytest.mark.parametrize(
    ("places", "load", "queue", "wait"),
    [(8, 0.8, 7.3725, 3.2598), (8, 0.95, 15.7163, 7.8396), (10, 0.9, 12.1012, 4.2229), (15, 0.8, 12.7012, 2.7922)],
)
def test_bulk_service(places, load, queue, wait):
    """Mean queue before a bus and mean wait with buses every 5 min."""
    assert closed_forms.bulk_queue(places * load, places) == pytest.approx(queue, abs=5e-5)
    assert closed_forms.bulk_wait(5.0, places, load) == pytest.approx(wait, abs=5e-5)


@pytest.mark.parametrize(("servers", "load", "wait"), [(2, 0.8, 53.333), (4, 0.8, 22.366), (4, 0.9, 59.082)])
def test_queue_with_random_service(servers, load, wait):
    """Waits of M/M/c with a mean service of 30 min."""
    assert closed_forms.mmc_wait(30.0, servers, load) == pytest.approx(wait, abs=1e-3)


@pytest.mark.parametrize(("servers", "load", "wait"), [(2, 0.8, 27.0985), (4, 0.8, 11.5828), (4, 0.9, 29.999)])
def test_queue_with_fixed_service(servers, load, wait):
    """Waits of M/D/c with a service of 30 min."""
    assert closed_forms.mdc_wait(30.0, servers, load) == pytest.approx(wait, abs=1e-3)


@pytest.mark.parametrize(("buses", "plugs", "wait"), [(10, 2, 28.000), (20, 3, 57.302), (50, 8, 35.589)])
def test_finite_fleet(buses, plugs, wait):
    """Q3: buses that drive 180 and charge 40 min on average."""
    assert closed_forms.finite_fleet_wait(buses, plugs, 180.0, 40.0) == pytest.approx(wait, abs=1e-3)
