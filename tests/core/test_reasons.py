"""All insertions of a rider, measured without pruning, against the kernel that gives up at the first broken rule."""

import math

import insertion_reference as ref
import numpy as np
import pytest

from busim.core.fleet import origin_of
from busim.core.insertion import Limits, evaluate
from busim.core.reasons import trials


def cases(seed, count):
    """Give random cases and riders."""
    rng = np.random.default_rng([20260318, seed])
    for _ in range(count):
        case = ref.random_case(rng)
        yield case, ref.random_rider(rng, case, tight=rng.random() < 0.5)


def test_what_fits_and_what_it_costs_is_as_in_the_kernel():
    """On random cases an insertion breaks nothing exactly where the kernel finds it feasible, at the same cost."""
    seen = {True: 0, False: 0}
    for case, rider in cases(5, 250):
        fleet, plans, costs = ref.as_arrays(case)
        found = trials(fleet, plans.arrays, rider, case.now, case.travel.tables, costs)
        places = [(b, p, q) for b, bus in enumerate(case.buses) for p, q in ref.places(bus)]
        assert sorted(places) == list(zip(found.bus.tolist(), found.p.tolist(), found.q.tolist(), strict=True))
        for i, (b, p, q) in enumerate(sorted(places)):
            limits = Limits(int(fleet.seats[b]), int(fleet.wheel_places[b]), float(fleet.reserve[b]))
            rows, size = (plans.ints[b], plans.floats[b]), int(plans.length[b])
            origin = origin_of(fleet, b, case.now)
            cost = evaluate(*rows, size, origin, rider, p, q, limits, case.travel.tables, costs)
            assert bool(found.fits[i]) == (cost < math.inf)
            if cost < math.inf:
                assert found.cost[i] == pytest.approx(cost, abs=1e-9)
            seen[cost < math.inf] += 1
    assert min(seen.values()) > 300


@pytest.mark.parametrize(
    ("field", "loosened"),
    [
        ("late_s", lambda case, rider: (case, rider._replace(latest=math.inf))),
        ("over_s", lambda case, rider: (case, rider._replace(longest=math.inf))),
        ("seats", lambda case, rider: (_with(case, seats=999), rider)),
        ("energy_kwh", lambda case, rider: (_with(case, reserve=-math.inf), rider)),
    ],
)
def test_what_breaks_one_rule_alone_fits_without_it(field, loosened):
    """Of insertions that break just one rule, each fits once that rule is lifted; those that keep it do not change."""
    checked = 0
    for case, rider in cases(6, 250):
        fleet, plans, costs = ref.as_arrays(case)
        tight = trials(fleet, plans.arrays, rider, case.now, case.travel.tables, costs)
        easier, same = loosened(case, rider)
        fleet, plans, costs = ref.as_arrays(easier)
        loose = trials(fleet, plans.arrays, same, case.now, case.travel.tables, costs)
        rules = ("late_s", "over_s", "seats", "wheel_places", "others_s", "home_s", "energy_kwh")
        broken = np.array([getattr(tight, rule) > 0 for rule in rules])
        alone = (broken.sum(axis=0) == 1) & (getattr(tight, field) > 0)
        assert loose.fits[alone].all()
        assert np.array_equal(loose.fits[getattr(tight, field) == 0], tight.fits[getattr(tight, field) == 0])
        checked += int(alone.sum())
    assert checked > 20


def _with(case, **changes):
    for bus in case.buses:
        for name, value in changes.items():
            setattr(bus, name, value)
    return case
