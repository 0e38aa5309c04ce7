"""Waits for a plug against queueing theory: Poisson arrivals or a fleet, random or fixed times, several plugs."""

from dataclasses import replace

import closed_forms
import numpy as np
import pytest
import worlds
from worlds import START_S

from busim import sim
from busim.model.events import Kind
from busim.model.specs import ChargerSpec

SERVICE_S = 1800
DRIVE_S, CHARGE_S = 180 * 60, 40 * 60
POOL = 400  # buses at hand; far more than ever queue


def mean_wait(seed, plugs, load, num_charges, *, is_fixed):
    """Send buses to one site at random times; give the mean wait for a plug, from the log [s]."""
    rng = np.random.default_rng([1909, seed])
    world, site = _site(plugs)
    gaps = rng.exponential(SERVICE_S / (plugs * load), num_charges)
    arrivals = START_S + 1 + np.rint(np.cumsum(gaps)).astype(int)
    lengths = np.full(num_charges, SERVICE_S)
    if not is_fixed:
        lengths = np.maximum(1, np.rint(rng.exponential(SERVICE_S, num_charges))).astype(int)

    def arrive():
        for k in range(num_charges):
            yield world.env.timeout(int(arrivals[k]) - world.now)
            world.env.process(site.charge(k % POOL, 0, int(lengths[k])))

    done = world.env.process(arrive())
    world.env.run(until=done)
    world.env.run(until=world.now + 100 * SERVICE_S)
    return _waits(world.rows, num_charges)


def _site(plugs):
    far = START_S + 10**9  # the buses' own day begins long after: here only their charging is looked at
    spec = worlds.scenario(
        buses=POOL,
        shift=(far, far + 3600),
        vehicle={"battery_kwh": 1e6, "standing_kw": 0.0},
        sites=[ChargerSpec("charger", plugs, 60.0, 0)],
    )
    spec = replace(spec, start_s=START_S)
    network = worlds.network_of(spec)
    simulation = sim.build(spec, network, worlds.requests(network, []))
    return simulation.world, simulation.control.plugs


def fleet_wait(seed, buses, plugs, days):
    """Let a fleet drive and charge in turn, both for random times; give the mean wait for a plug, from the log [s]."""
    rng = np.random.default_rng([1947, seed])
    world, site = _site(plugs)

    def live(bus):
        while True:
            yield world.env.timeout(max(1, round(rng.exponential(DRIVE_S))))
            yield from site.charge(bus, 0, max(1, round(rng.exponential(CHARGE_S))))

    for bus in range(buses):
        world.env.process(live(bus))
    world.env.run(until=START_S + days * 86_400)
    came, waits = {}, []
    for time, kind, bus, *_ in world.rows:
        if kind == Kind.PLUG_WAIT:
            came[bus] = time
        elif kind == Kind.PLUG_IN and time > START_S + 86_400:
            waits.append(time - came[bus])
    return float(np.mean(waits))


def _waits(rows, num_charges):
    came, waits = {}, []
    for time, kind, bus, *_ in rows:
        if kind == Kind.PLUG_WAIT:
            assert bus not in came, "a bus came again before it was served: the pool is too small"
            came[bus] = time
        elif kind == Kind.PLUG_IN:
            waits.append(time - came.pop(bus))
    assert len(waits) == num_charges
    return float(np.mean(waits[num_charges // 20 :]))


def agree(plugs, load, expected, *, is_fixed, runs=6, num_charges=4000):
    """Compare the mean of independent runs with theory, within three standard errors."""
    means = [mean_wait(k, plugs, load, num_charges, is_fixed=is_fixed) for k in range(runs)]
    spread = 3 * float(np.std(means, ddof=1)) / runs**0.5
    assert spread < 0.35 * expected
    assert float(np.mean(means)) == pytest.approx(expected, abs=spread)


@pytest.mark.parametrize(("plugs", "load"), [(2, 0.8), (4, 0.8)])
def test_q1_random_charging_times(plugs, load):
    """Exponential charging times of 30 min on average: the waits are those of M/M/c (Erlang 1917)."""
    agree(plugs, load, closed_forms.mmc_wait(SERVICE_S, plugs, load), is_fixed=False)


@pytest.mark.parametrize(("plugs", "load"), [(2, 0.8), (4, 0.8)])
def test_q2_fixed_charging_times(plugs, load):
    """Charging times of 30 min each: the waits are those of M/D/c (Crommelin 1932)."""
    agree(plugs, load, closed_forms.mdc_wait(SERVICE_S, plugs, load), is_fixed=True)


@pytest.mark.slow
@pytest.mark.parametrize("is_fixed", [False, True])
def test_q1_q2_under_high_load(is_fixed):
    """The same at nine tenths of what four plugs can do."""
    form = closed_forms.mdc_wait if is_fixed else closed_forms.mmc_wait
    agree(4, 0.9, form(SERVICE_S, 4, 0.9), is_fixed=is_fixed, runs=10, num_charges=20_000)


@pytest.mark.parametrize(("buses", "plugs", "days"), [(10, 2, 20), pytest.param(50, 8, 30, marks=pytest.mark.slow)])
def test_q3_a_fleet_that_charges_in_turn(buses, plugs, days):
    """A finite fleet, both times exponential: the waits are those of M/M/c//N (Palm 1947), to three standard errors."""
    means = [fleet_wait(seed, buses, plugs, days) for seed in range(6)]
    spread = 3 * float(np.std(means, ddof=1)) / len(means) ** 0.5
    expected = closed_forms.finite_fleet_wait(buses, plugs, DRIVE_S, CHARGE_S)
    assert spread < 0.25 * expected
    assert float(np.mean(means)) == pytest.approx(expected, abs=spread)
