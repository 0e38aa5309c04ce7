"""Types of minibus by name, and their power for climate; press and trade figures hold to about 20 %.

Batteries of these buses are not published unless said; they and all traction figures are estimates, calibrated so that
the published ranges result at 20 degrees.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A type of minibus.

    Places, usable energy [kWh], mean traction [kWh/km], powers [kW], speed cap [km/h], sources; mass empty [kg] and
    drag coefficient x frontal area [m2].
    """

    title: str
    seats: int
    standees: int
    wheelchair_places: int
    battery_kwh: float
    kwh_per_km: float
    auxiliary_kw: float
    computer_kw: float
    charge_kw: float
    top_speed_kmh: float
    mass_kg: float
    drag_area_m2: float
    source: str


PRESETS = {
    "robobus": Preset(
        *("WeRide Robobus (Yutong), 5.5 m", 10, 0, 1, 50.0, 0.31, 0.8, 1.2, 82.0, 40.0, 4300.0, 2.8),
        source="10 seats, 4300 kg, 40 km/h, 120 km in 8 h, charged in 1 h: Uncrewed Systems 58 (2024); "
        "energy: estimate",
    ),
    "xiaoyu": Preset(
        *("Yutong Xiaoyu 2.0, 5.5 m", 10, 0, 1, 50.0, 0.27, 0.8, 1.2, 40.0, 30.0, 4300.0, 2.8),
        source="10 seated, 100-150 km, charge within 2 h, 30 km/h automated: rcn.asia (2021); energy: estimate",
    ),
    "apolong": Preset(
        *("Apolong, 4.3 m", 8, 6, 1, 40.0, 0.23, 0.8, 1.2, 30.0, 40.0, 3000.0, 2.6),
        source="8 seated, 6 standing, 100 km after 2 h, run at 20-40 km/h: chinaservicesinfo (2018); energy: estimate",
    ),
    "longzhou_one": Preset(
        *("QCraft Longzhou One, about 5.9 m", 9, 0, 1, 50.0, 0.34, 0.8, 1.2, 82.0, 50.0, 4600.0, 2.9),
        source="9 seats in Suzhou (another source says 18 passengers), up to 50 km/h: Pandaily, todaychina.cc; "
        "energy: estimate",
    ),
    "ez10": Preset(
        *("EasyMile EZ10, 4 m", 6, 6, 1, 30.0, 0.12, 0.5, 0.9, 6.0, 25.0, 2100.0, 2.8),
        source="6 and 6, 20-25 km/h in service, about 6 h to charge, 0.4-0.5 kWh/km in a slow trial: "
        "lautomobile.aci.it (2016), automobile-entreprise (2017); battery: estimate",
    ),
    "navya": Preset(
        *("Navya Autonom, 4.8 m", 11, 4, 1, 15.0, 0.14, 0.6, 1.0, 3.3, 25.0, 2400.0, 2.8),
        source="11 seated and 4, 20-25 km/h in service: electrive (2018); 16.5 kWh nominal, 3.3 kW in and out: "
        "Bongiovanni, Kaspi and Geroliminis (2019)",
    ),
    "ejest": Preset(
        *("Karsan e-Jest, 6 m, with a driver (for size)", 10, 12, 1, 79.0, 0.28, 0.8, 0.0, 77.0, 70.0, 3600.0, 3.4),
        source="22 passengers, 88 kWh, 210 km, DC 80 % in 55 min: busplaner (2020); 90 % usable: estimate",
    ),
}

# Electric power for climate [kW] with 4 riders aboard, steady, by outside temperature: an estimate from a heat balance.
_CELSIUS = (-5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0)
CLIMATE_KW = {
    "heat_pump": (5.1, 3.6, 2.5, 1.6, 0.9, 0.5, 1.2, 2.4, 3.8, 5.5),
    "resistive": (8.3, 6.6, 4.9, 3.2, 1.5, 0.5, 1.2, 2.4, 3.8, 5.5),
}


CHARGE_CURVE = ((0.0, 1.0), (0.8, 1.0), (1.0, 0.2))
_COLD_C = (-5.0, 0.0, 10.0)
_COLD_USABLE, _COLD_CHARGING = (0.88, 0.92, 1.0), (0.4, 0.6, 1.0)  # of LFP: an estimate


def cold_factors(temperature_c: float) -> tuple[float, float]:
    """Give the shares of a battery's energy and of its charging power that the cold leaves, linear between points."""
    bounded = min(max(temperature_c, _COLD_C[0]), _COLD_C[-1])
    right = 1 if bounded <= _COLD_C[1] else 2
    share = (bounded - _COLD_C[right - 1]) / (_COLD_C[right] - _COLD_C[right - 1])
    usable, charging = (
        table[right - 1] + share * (table[right] - table[right - 1]) for table in (_COLD_USABLE, _COLD_CHARGING)
    )
    return usable, charging


RECUPERATED_BELOW_0_C = 0.7  # share of what is recuperated otherwise: a cold battery takes less; an estimate
_ROLLING_PER_C = 0.004  # rolling resistance is 8 % higher at 0 degrees than at 20


def drive_factors(temperature_c: float) -> tuple[float, float]:
    """Give what multiplies rolling resistance and recuperation at a temperature; both are 1 at 20 degrees."""
    rolling = 1.0 + _ROLLING_PER_C * min(max(20.0 - temperature_c, 0.0), 40.0)
    return rolling, RECUPERATED_BELOW_0_C if temperature_c < 0 else 1.0


def climate_kw(temperature_c: float, heating: str) -> float:
    """Give the power for heating or cooling, linear between the table's points and constant beyond them.

    Parameters
    ----------
    temperature_c
        Outside [degrees Celsius].
    heating
        ``"heat_pump"`` or ``"resistive"``.
    """
    table = CLIMATE_KW[heating]
    bounded = min(max(temperature_c, _CELSIUS[0]), _CELSIUS[-1])
    right = min(bisect_right(_CELSIUS, bounded), len(_CELSIUS) - 1)
    left = right - 1
    share = (bounded - _CELSIUS[left]) / (_CELSIUS[right] - _CELSIUS[left])
    return table[left] + share * (table[right] - table[left])
