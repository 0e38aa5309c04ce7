"""The program of the tariff strategy is small enough to be solved at every round."""

import time

import numpy as np
import pytest

from busim.core.charge_plan import ChargeProblem, plan_charging

BUSES, SLOTS = 50, 96


def whole_day():
    """Fifty buses over 24 hours in quarter hours: a tariff of three prices, eight plugs' power, a demand charge."""
    rng = np.random.default_rng(96)
    size = (BUSES, SLOTS)
    prices = np.select([np.arange(SLOTS) < 28, np.arange(SLOTS) < 44], [0.33, 0.54], 0.87)
    return ChargeProblem(
        energy=rng.uniform(20, 50, BUSES),
        floor=np.full(BUSES, 10.0),
        battery=np.full(BUSES, 50.0),
        use=rng.uniform(0.3, 2.0, size),
        most=np.full(size, 15.0),
        price=prices,
        capacity=np.full(SLOTS, 120.0),
        target=np.full(BUSES, 45.0),
        end_price=0.36,
        peak_price=4 * 1.2,
    )


@pytest.mark.slow
def test_a_day_of_fifty_buses_takes_half_a_second():
    """Measured in CPU seconds, best of five: 0.5 s on the machine of the README, twice that on a slow one."""
    spent = []
    for _ in range(5):
        begin = time.process_time()
        plan = plan_charging(whole_day())
        spent.append(time.process_time() - begin)
    assert plan.shape == (BUSES, SLOTS)
    assert np.all(plan.sum(axis=0) <= 120.0 + 1e-6)
    assert min(spent) < 1.0
