"""The forecast of a scenario's demand: the mean of many drawn days, none of which is the day that is simulated."""

from __future__ import annotations

import numpy as np

from busim import demand
from busim.core.forecast import Forecast
from busim.core.travel import TravelTimes
from busim.model.events import NONE
from busim.model.network import RoadNetwork
from busim.model.specs import ScenarioSpec
from busim.rng import Streams
from busim.sim.access import riders as make_riders

DAYS, SLOT_S = 6, 900


def profile(spec: ScenarioSpec, network: RoadNetwork, travel: TravelTimes) -> Forecast:
    """Draw days of the scenario's demand from a stream of their own, and count riders by boarding node and slot."""
    rng = Streams(spec.seed)["forecast"]
    edges = np.arange(spec.start_s, spec.end_s + SLOT_S, SLOT_S, dtype=np.float64)
    counts = np.zeros((len(edges) - 1, network.num_nodes))
    for _ in range(DAYS):
        drawn = demand.make(spec.demand, spec.service, network, rng, spec.start_s, spec.end_s)
        riders, reasons = make_riders(spec, network, drawn, travel)
        node, ready = riders.from_node[reasons == NONE], riders.earliest_s[reasons == NONE]
        slot = np.minimum((ready - spec.start_s) // SLOT_S, len(counts) - 1)
        np.add.at(counts, (slot, node), 1.0 / DAYS)
    return Forecast(edges, counts)
