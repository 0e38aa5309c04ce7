"""What a bus needs to drive, and what electricity costs, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DriveSpec:
    """The physics of a type of bus on the road.

    Parameters
    ----------
    mass_kg
        Empty [kg].
    drag_area_m2
        Drag coefficient x frontal area [m2].
    rolling
        Rolling resistance, as a share of the weight.
    rotating
        Factor on the mass for what turns with the wheels.
    efficiency
        From battery to wheel.
    recuperation
        From wheel to battery, of braking energy.
    full_above
        Share of the battery up to which it takes what is recuperated.
    stop_share, stop_wait_s
        Share of the time lost against driving at the limit that goes into full stops (signals, crossings, queues)
        and not into slower driving; standing time of each such stop [s].
    temperature_c
        Of the air on the day: cold air is denser [degrees Celsius].
    """

    mass_kg: float
    drag_area_m2: float
    rolling: float = 0.010
    rotating: float = 1.06
    efficiency: float = 0.82
    recuperation: float = 0.64
    full_above: float = 0.95
    stop_share: float = 0.8
    stop_wait_s: float = 15.0
    temperature_c: float = 20.0


@dataclass(frozen=True)
class ElectricitySpec:
    """What electricity costs at the meter, and what it emits, by time of day.

    Parameters
    ----------
    breaks_s
        Starts of the price periods [s from midnight], ascending, the first 0; they repeat after 24 hours.
    price_per_kwh
        One price per period, in the scenario's money.
    demand_per_kw
        Demand charge for a day's highest quarter-hour mean at each site, in money per kW and day.
    overnight_per_kwh
        Price of energy bought back at the depot after the day.
    overnight_s, overnight_efficiency
        Time of day at which that is done [s]; from the meter to the battery, overnight.
    co2_kg_per_kwh
        Of the grid, one per hour of the day [24]; nothing counts as none.
    ageing_per_kwh
        Wear of the battery per kWh taken out of it, in money.
    currency
        Name of the money.
    """

    breaks_s: tuple[int, ...] = (0,)
    price_per_kwh: tuple[float, ...] = (0.0,)
    demand_per_kw: float = 0.0
    overnight_per_kwh: float = 0.0
    overnight_efficiency: float = 0.92
    overnight_s: int = 2 * 3600
    co2_kg_per_kwh: tuple[float, ...] = (0.0,) * 24
    ageing_per_kwh: float = 0.0
    currency: str = "CNY"
