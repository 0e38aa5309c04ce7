"""Whatever the charging strategy: nobody is stranded, nobody charges with riders aboard, energy adds up."""

import numpy as np
import pytest
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_sim_properties import TOWNS, riders, verify

from busim.model.events import Cause, Kind
from busim.model.specs import ChargerSpec
from busim.policy import registry

STRATEGIES = sorted(set(registry.BUILT_IN["charging"]) - {"none"})
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
MANY = settings(FEW, max_examples=40)


@st.composite
def tight_days(draw, strategy, noise=(0.0,)):
    """Draw a day on which batteries last for a part of it, and buses are more than plugs."""
    plugs, power = draw(st.integers(1, 2)), draw(st.sampled_from([10.0, 40.0]))
    sites = [ChargerSpec("charger", plugs, power, draw(st.sampled_from([0, 60])))]
    if draw(st.booleans()):
        sites.append(ChargerSpec("stop_1", 1, 20.0, 30))
    return worlds.scenario(
        buses=draw(st.integers(2, 4)),
        town_map=TOWNS[draw(st.sampled_from(sorted(TOWNS)))],
        start_charge=draw(st.sampled_from([0.5, 0.9])),
        vehicle={
            "battery_kwh": draw(st.sampled_from([6.0, 12.0])),
            "standing_kw": draw(st.sampled_from([0.5, 2.0])),
            "kwh_per_km": 0.4,
            "charge_kw": 30.0,
            "charge_points": draw(st.sampled_from([(), ((0.0, 1.0), (0.8, 1.0), (1.0, 0.2))])),
        },
        service={"mode": "door_to_door", "max_wait_s": 600, "patience_s": 900},
        charging=strategy,
        reserve=0.15,
        sites=sites,
        travel={"noise_cv": draw(st.sampled_from(noise))},
    )


def check(strategy, data, most):
    """Run a day without noise: every rule holds; below its reserve a bus falls only in a queue, and the log says so."""
    spec, rows = data.draw(tight_days(strategy)), data.draw(riders(most=most))
    verify(spec, rows)
    result = worlds.run(spec, rows)
    rows = np.flatnonzero(result.log.kind == Kind.LOW).tolist()
    told = [(int(result.log.time[k]), int(result.log.bus[k]), Cause(result.log.a[k]).name) for k in rows]
    assert [each for each in told if each[2] != "QUEUE"] == []  # standing takes energy, in a queue as anywhere
    out = result.log.kind == Kind.PLUG_OUT
    assert np.all(result.log.value[out] >= 0)


@pytest.mark.parametrize("strategy", STRATEGIES)
@FEW
@given(data=st.data())
def test_no_bus_is_stranded(strategy, data):
    """On quiet roads no strategy takes a bus below its reserve, and the ledgers of energy close."""
    check(strategy, data, 15)


@pytest.mark.slow
@pytest.mark.parametrize("strategy", STRATEGIES)
@MANY
@given(data=st.data())
def test_no_bus_is_stranded_on_many_days(strategy, data):
    """The same on more and busier days."""
    check(strategy, data, 30)
