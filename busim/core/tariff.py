"""Price and emissions of electricity by time of day."""

from __future__ import annotations

import numpy as np

from busim.model.energy_specs import ElectricitySpec
from busim.model.network import Floats

DAY_S = 86_400
HOUR_S = 3600


def price_at(electricity: ElectricitySpec, time_s: Floats) -> Floats:
    """Look up the price at moments [n, money per kWh at the meter]; the periods repeat every day."""
    period = np.searchsorted(electricity.breaks_s, np.mod(time_s, DAY_S), side="right") - 1
    return np.asarray(electricity.price_per_kwh, np.float64)[period]


def co2_at(electricity: ElectricitySpec, time_s: Floats) -> Floats:
    """Look up the grid's emissions at moments [n, kg per kWh at the meter]."""
    hour = (np.mod(time_s, DAY_S) // HOUR_S).astype(np.int64)
    return np.asarray(electricity.co2_kg_per_kwh, np.float64)[hour]
