"""Little's law holds exactly on a log: the integral of how many there are is the sum of how long each stays."""

import numpy as np
import pytest
import worlds
from worlds import START_S

from busim import metrics
from busim.model.events import Kind
from busim.model.specs import ChargerSpec, StrategySpec


@pytest.fixture(scope="module")
def day():
    """Run a busy day with small batteries and one plug: log, tables."""
    rng = np.random.default_rng(1961)
    rows = [(START_S + int(t), *rng.choice(9, 2, replace=False).tolist()) for t in np.sort(rng.integers(0, 6000, 150))]
    spec = worlds.scenario(
        buses=4,
        shift=(START_S, START_S + 20_000),
        town_map=worlds.map_spec("ring", 9),
        vehicle={"battery_kwh": 5.0, "charge_kw": 20.0},
        charging=StrategySpec("threshold", {"below": 0.5, "least_min": 0.0}),
        reserve=0.2,
        sites=[ChargerSpec("charger", 1, 20.0, 60)],
    )
    network = worlds.network_of(spec)
    table = worlds.requests(network, rows)
    result = worlds.run(spec, rows)
    return result, metrics.tables(result.log, spec, network, table, result.travel)


def integral(result, up, down):
    """Integrate the number between two kinds of event over the day, from the log alone [s]."""
    log = result.log
    steps = np.where(np.isin(log.kind, up), 1, 0) - np.where(np.isin(log.kind, down), 1, 0)
    assert steps.sum() == 0, "everyone who came has left by the end of the day"
    return int((np.cumsum(steps)[:-1] * np.diff(log.time)).sum())


def test_waiting(day):
    """Waiting riders: the integral of their number is the sum of their waits."""
    result, tables = day
    rides = tables["rides"]
    served = rides["outcome"] == "served"
    assert served.sum() > 50
    assert integral(result, [Kind.REQUEST], [Kind.BOARD, Kind.REFUSE]) == rides["wait_s"][served].sum()


def test_on_board(day):
    """Riders on board, likewise: their number over time against their rides."""
    result, tables = day
    assert integral(result, [Kind.BOARD], [Kind.ALIGHT]) == np.nansum(tables["rides"]["ride_s"])


def test_at_the_charger(day):
    """Buses waiting for a plug, and buses at one."""
    result, tables = day
    charges = tables["charges"]
    assert charges.num_rows >= 3
    assert charges["wait_s"].max() > 0
    assert integral(result, [Kind.PLUG_WAIT], [Kind.PLUG_IN]) == charges["wait_s"].sum()
    plugged = (charges["plug_out_s"] - charges["plug_in_s"]).sum()
    assert integral(result, [Kind.PLUG_IN], [Kind.PLUG_OUT]) == plugged
