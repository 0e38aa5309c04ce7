"""What a service costs in money, as plain data; defaults are those of a scenario file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CostSpec:
    """Prices, lifetimes, wages and rosters; amounts in CNY, real, of 2024.

    Parameters
    ----------
    discount_rate, bus_days_per_year
        Real rate per year; days per year on which a bus is in service (on the others it is in the workshop).
    bus_cny, bus_years, av_kit_cny, av_kit_years
        A bus without battery, and the part of its price, sensors and computer, that lives for another time.
    battery_cny_per_kwh, battery_usable_share, battery_residual_share, battery_cycles, battery_years
        Fitted, per kWh nominal; what of it can be used; what it is worth at its end, which comes after so many full
        cycles or so many years, whichever is first.
    charger_cny_per_kw, charger_years, transformer_cny_per_kw, transformer_years
        Per kW of all plugs.
    depot_place_cny, depot_years, land_cny_per_place_year
        Per bus.
    control_centre_cny, console_cny, control_cny_per_bus, control_centre_years
        Fit-out: whole, per console, per bus.
    maintenance_cny_per_km, cleaning_cny_per_bus_day
        Of the vehicle.
    av_upkeep_cny_per_bus_year, insurance_cny_per_bus_year, telecom_cny_per_bus_year
        Per bus and year.
    staffing
        ``"attendant"`` on board, ``"remote"`` operators, or ``"none"``.
    attendants_per_bus, buses_per_operator, supervisors
        Posts: on each bus in service, one for so many buses in service at that time, and all through the day.
    attendant_cny_per_month, operator_cny_per_month, supervisor_cny_per_month
        With the employer's on-costs.
    shift_h, least_shift_h, break_min, week_h, duty_share
        Longest shift, least that a shift is paid for, paid break within a shift that another covers, hours of a
        week's contract, and the share of these on duty (not on leave, ill or trained).
    control_overhead_share, control_overhead_cny_per_year, administration_share
        On the control centre's staff cost; rent and IT; on all operating cost.
    """

    discount_rate: float = 0.06
    bus_days_per_year: float = 340.0
    bus_cny: float = 1_100_000.0
    bus_years: float = 8.0
    av_kit_cny: float = 350_000.0
    av_kit_years: float = 5.0
    battery_cny_per_kwh: float = 900.0
    battery_usable_share: float = 0.9
    battery_residual_share: float = 0.1
    battery_cycles: float = 4000.0
    battery_years: float = 8.0
    charger_cny_per_kw: float = 700.0
    charger_years: float = 10.0
    transformer_cny_per_kw: float = 800.0
    transformer_years: float = 20.0
    depot_place_cny: float = 40_000.0
    depot_years: float = 30.0
    land_cny_per_place_year: float = 6_000.0
    control_centre_cny: float = 300_000.0
    console_cny: float = 80_000.0
    control_cny_per_bus: float = 15_000.0
    control_centre_years: float = 8.0
    maintenance_cny_per_km: float = 0.5
    cleaning_cny_per_bus_day: float = 30.0
    av_upkeep_cny_per_bus_year: float = 50_000.0
    insurance_cny_per_bus_year: float = 20_000.0
    telecom_cny_per_bus_year: float = 3_000.0
    staffing: str = "attendant"
    attendants_per_bus: float = 1.0
    buses_per_operator: float = 3.0
    supervisors: float = 1.0
    attendant_cny_per_month: float = 9_500.0
    operator_cny_per_month: float = 13_000.0
    supervisor_cny_per_month: float = 17_000.0
    shift_h: float = 8.0
    least_shift_h: float = 4.0
    break_min: float = 30.0
    week_h: float = 40.0
    duty_share: float = 0.85
    control_overhead_share: float = 0.2
    control_overhead_cny_per_year: float = 250_000.0
    administration_share: float = 0.08
