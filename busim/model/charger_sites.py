"""Which charging sites a scenario has: its own, or every charger of the map."""

from __future__ import annotations

import numpy as np

from busim.model.network import Places
from busim.model.specs import ChargerSpec, ScenarioSpec

STOP_KINDS = ("stop", "terminal", "metro_station")  # places at which riders board
CONNECT_S = 150  # time to plug in and out where the map's chargers do not tell


def charger_specs(spec: ScenarioSpec, places: Places) -> tuple[ChargerSpec, ...]:
    """Give the scenario's chargers, or every charger of the map: one plug of 60 kW where the map does not say."""
    if spec.charging.sites:
        return spec.charging.sites
    blank = np.full(len(places), np.nan)
    plugs, power = places.attributes.get("plugs", blank), places.attributes.get("power_kw", blank)
    return tuple(
        ChargerSpec(
            places.ids[i], int(np.nan_to_num(plugs[i], nan=1)), float(np.nan_to_num(power[i], nan=60)), CONNECT_S
        )
        for i in range(len(places))
        if places.kinds[i] == "charger"
    )
