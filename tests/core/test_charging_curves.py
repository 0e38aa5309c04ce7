"""Charging: curves against closed forms, power shared between plugs, sites that keep their limit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from busim.core.charge_curve import capped, energy_after, make_curve, power_at, seconds_to
from busim.core.charge_share import water_level
from busim.core.charge_site import Session, SitePower

TAPER = ((0.0, 1.0), (0.8, 1.0), (1.0, 0.0))
shares = st.floats(0.0, 1.0)
powers = st.floats(1.0, 200.0)


@st.composite
def curves(draw):
    """Draw a curve: shares ascending from 0, powers never rising, the first above 0."""
    at = sorted(draw(st.sets(st.sampled_from([0.1, 0.25, 0.5, 0.7, 0.8, 0.95]), max_size=4)))
    falling = sorted((draw(st.floats(0.05, 1.0)) for _ in range(len(at) + 1)), reverse=True)
    points = tuple(zip((0.0, *at), (1.0, *falling[1:]), strict=True))
    return make_curve(points, draw(st.floats(5.0, 100.0)), draw(powers), is_stepped=draw(st.booleans()))


def cc_cv_hours(size, power, start, end, knee):
    """C1: Q (s* - s0) / P + Q (1 - s*) / P ln((1 - s*) / (1 - s1))."""
    flat = size * max(0.0, min(end, knee) - start) / power
    begin = max(start, knee)
    return flat + (size * (1 - knee) / power * math.log((1 - begin) / (1 - end)) if end > knee else 0.0)


def test_c1_by_its_check_value():
    """100 kWh at 60 kW from 20 to 95 % with the knee at 80 % take 1.4621 h."""
    curve = make_curve(TAPER, 100.0, 60.0)
    assert seconds_to(curve, 20.0, 95.0) / 3600 == pytest.approx(1.4621, abs=5e-5)
    assert math.isinf(seconds_to(curve, 20.0, 100.0))


@given(st.floats(5, 200), powers, st.floats(0, 0.9), st.floats(0.01, 1), st.floats(0.1, 0.95))
def test_cc_cv_equals_c1(size, power, start, part, knee):
    """Times of any constant power with a linear taper to nothing are those of C1, and lead back to the energy."""
    end = start + (0.99 - start) * part
    curve = make_curve(((0.0, 1.0), (knee, 1.0), (1.0, 0.0)), size, power)
    seconds = seconds_to(curve, start * size, end * size)
    assert seconds / 3600 == pytest.approx(cc_cv_hours(size, power, start, end, knee), rel=1e-9)
    assert energy_after(curve, start * size, seconds) == pytest.approx(end * size, rel=1e-9)


def test_steps_are_those_of_montoya():
    """Piecewise linear in time: 20 kWh at 40 kW, 10 at 20, 10 at 5 take half an hour, half an hour, two hours."""
    curve = make_curve(((0.0, 1.0), (0.5, 0.5), (0.75, 0.125)), 40.0, 40.0, is_stepped=True)
    ends = [seconds_to(curve, 0.0, energy) / 3600 for energy in (20.0, 30.0, 40.0)]
    assert ends == pytest.approx([0.5, 1.0, 3.0])
    assert energy_after(curve, 0.0, 2 * 3600) == pytest.approx(35.0)


@given(curves(), st.floats(0.01, 1.0), shares, shares, st.floats(1.0, 300.0))
def test_energy_and_time_are_inverse(curve, part, first, second, ceiling):
    """Whatever the curve and ceiling: the time to an energy leads to it, and two spans add up."""
    under = capped(curve, ceiling)
    size = curve[-1].high
    start, end = sorted((first * size, second * size))
    seconds = seconds_to(under, start, end)
    assert energy_after(under, start, seconds) == pytest.approx(end, rel=1e-6, abs=1e-9)
    half = energy_after(under, start, part * seconds)
    assert energy_after(under, half, (1 - part) * seconds) == pytest.approx(end, rel=1e-6, abs=1e-9)
    assert power_at(under, start) <= min(power_at(curve, start), ceiling) + 1e-9


@given(st.lists(st.floats(0, 200), max_size=8), st.floats(0, 500))
def test_water_filling_is_fair(wanted, limit):
    """All together keep the limit; nobody gets more than wanted; who gets less than wanted gets as much as anybody."""
    level = water_level(wanted, limit)
    given_kw = [min(kw, level) for kw in wanted]
    assert sum(given_kw) <= limit * (1 + 1e-12) + 1e-9
    short = [g for g, w in zip(given_kw, wanted, strict=True) if g < w]
    if short:
        assert sum(given_kw) == pytest.approx(limit)
        assert min(short) == pytest.approx(max(given_kw))
    else:
        assert given_kw == wanted


@settings(max_examples=60)
@given(st.data(), st.floats(10.0, 150.0), st.lists(curves(), min_size=1, max_size=5))
def test_a_site_keeps_its_limit(data, limit, all_curves):
    """Buses come and go as they like; at every moment, also between settlings, all plugs together keep the limit."""
    site, now, held = SitePower(limit), 0.0, {}
    for bus, curve in enumerate(all_curves):
        size = curve[-1].high
        held[bus] = data.draw(shares) * size
        site.join(bus, Session(curve, held[bus], size), now)
        assert site.power_kw <= limit * (1 + 1e-9)
        step = data.draw(st.floats(0.0, 3600.0))
        before = {b: site.energy_at(b, now) for b in site.sessions}
        after = {b: site.energy_at(b, now + step) for b in site.sessions}
        assert sum(after[b] - before[b] for b in after) <= limit * step / 3600 * (1 + 1e-9) + 1e-9
        now += step
        if data.draw(st.booleans()):
            assert site.leave(bus, now) <= size + 1e-9
        site.settle(now)
        assert site.power_kw <= limit * (1 + 1e-9)


def test_the_last_of_a_shared_limit_goes_to_who_wants_it():
    """Two batteries behind 60 kW: one almost full takes its 10 kW, the other the 50 that are left."""
    site = SitePower(60.0)
    curve = make_curve(((0.0, 1.0), (0.5, 1.0), (1.0, 0.0)), 50.0, 60.0)
    site.join(0, Session(curve, 50 * (1 - 10 / 120), 50.0), 0.0)
    site.join(1, Session(curve, 5.0, 50.0), 0.0)
    assert site.level_kw == pytest.approx(50.0)
    assert np.isclose(site.energy_at(1, 60.0) - 5.0, 50.0 / 60)
