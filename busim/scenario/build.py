"""From checked sections to the plain specs that the rest of busim works with."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from busim.model.cost_spec import CostSpec
from busim.model.specs import (
    BusSpec,
    ChargerSpec,
    ChargingSpec,
    DemandSpec,
    FleetSpec,
    LineSpec,
    MapSpec,
    ObjectiveSpec,
    OutputSpec,
    ScenarioSpec,
    ServiceSpec,
    StrategySpec,
    TravelSpec,
    VehicleSpec,
)
from busim.scenario.charging import ChargingSection
from busim.scenario.day import DaySection
from busim.scenario.demand import DemandSection
from busim.scenario.document import Document
from busim.scenario.electricity import electricity_spec
from busim.scenario.fleet import FleetSection
from busim.scenario.line import LineSection
from busim.scenario.service import ServiceSection
from busim.scenario.town import MapSection
from busim.scenario.travel import TravelSection
from busim.scenario.vehicle import vehicle_spec
from busim.units import MINUTE_S


@dataclass(frozen=True)
class Files:
    """Where the files that a scenario names were found."""

    map: Path | None = None
    requests: Path | None = None
    plan: Path | None = None


def build(document: Document, files: Files) -> ScenarioSpec:
    """Turn a checked document into its spec; deadlines are rounded down to whole seconds."""
    day = document.scenario
    is_line = document.service.mode == "line"
    return ScenarioSpec(
        name=day.name,
        date=day.date,
        start_s=day.start,
        end_s=day.end,
        seed=day.seed,
        map=_map(document.map, files.map),
        fleet=_fleet(document.fleet, day),
        demand=_demand(document.demand, day, files),
        service=_service(document.service),
        line=_line(document.line) if is_line else None,
        dispatch=StrategySpec(document.dispatch.strategy, document.dispatch.parameters),
        idling=StrategySpec(document.idling.strategy, document.idling.parameters),
        objective=ObjectiveSpec(**document.objective.model_dump()),
        charging=_charging(document.charging),
        travel=_travel(document.travel, day),
        output=OutputSpec(**document.output.model_dump()),
        electricity=electricity_spec(document.electricity, day),
        costs=CostSpec(**document.costs.model_dump()),
    )


def _floor_s(minutes: float) -> int:
    return math.floor(minutes * MINUTE_S + 1e-9)


def _map(section: MapSection, path: Path | None) -> MapSpec:
    return MapSpec(section.kind or "graphml", path, section.size, section.spacing_m, section.speed_kmh)


def _fleet(section: FleetSection, day: DaySection) -> FleetSpec:
    vehicles: list[VehicleSpec] = []
    buses: list[BusSpec] = []
    for _, group in section.groups():
        if group.size == 0:
            continue
        vehicle = vehicle_spec(group, day)
        if vehicle not in vehicles:
            vehicles.append(vehicle)
        start = day.start if group.shift_start is None else group.shift_start
        end = day.end if group.shift_end is None else group.shift_end
        charge = section.start_charge if group.start_charge is None else group.start_charge
        depots = group.depots or section.depots
        index = vehicles.index(vehicle)
        buses += [BusSpec(index, depots[i % len(depots)], start, end, charge) for i in range(group.size)]
    return FleetSpec(_with_own_names(vehicles), tuple(buses), section.return_to_depot)


def _with_own_names(vehicles: list[VehicleSpec]) -> tuple[VehicleSpec, ...]:
    named: list[VehicleSpec] = []
    for vehicle in vehicles:
        same = sum(other.name.split(" ")[0] == vehicle.name for other in named)
        named.append(replace(vehicle, name=f"{vehicle.name} {same + 1}") if same else vehicle)
    return tuple(named)


def _demand(section: DemandSection, day: DaySection, files: Files) -> DemandSpec:
    return DemandSpec(
        source="file" if section.is_file else "model",
        file=files.requests,
        rides_per_day=section.rides_per_day,
        scale=section.scale,
        day_type=day.kind,
        purposes=section.purposes.model_dump(),
        pulses=section.pulses,
        wheelchair_share=section.wheelchair_share,
        prebooked_share=section.prebooked_share,
        prebook_lead_s=_floor_s(section.prebook_lead_min),
        is_term=_is_term(day) if section.is_term is None else section.is_term,
        cancel_share=section.cancel_share,
        no_show_share=section.no_show_share,
        cancel_lead_s=_floor_s(section.cancel_lead_min),
        plan=files.plan,
    )


def _is_term(day: DaySection) -> bool:
    month, of_month = day.calendar.month, day.calendar.day
    return not (month in (2, 7, 8) or (month == 1 and of_month >= 15))


def _service(section: ServiceSection) -> ServiceSpec:
    patience = section.max_wait_min if section.patience_min is None else section.patience_min
    return ServiceSpec(
        mode=section.mode,
        zones=tuple(section.zones),
        max_wait_s=_floor_s(section.max_wait_min),
        ride_factor=section.ride_factor,
        ride_constant_s=_floor_s(section.ride_constant_min),
        patience_s=_floor_s(patience),
        max_walk_m=section.max_walk_m,
        walk_speed_mps=section.walk_speed_mps,
        stop_s=round(section.stop_s),
        board_s=section.board_s,
        alight_s=section.alight_s,
        wheelchair_board_s=section.wheelchair_board_s,
        wheelchair_alight_s=section.wheelchair_alight_s,
        no_show_wait_s=round(section.no_show_wait_s),
        meeting_points=section.meeting_points,
    )


def _line(section: LineSection) -> LineSpec:
    return LineSpec(
        name=section.name,
        stops=tuple(section.stops),
        is_loop=section.is_loop,
        headway_s=None if section.timetable else _floor_s(section.headway_min),
        timetable_s=tuple(section.timetable),
        headway_cv=section.headway_cv,
        layover_s=_floor_s(section.layover_min),
    )


def _charging(section: ChargingSection) -> ChargingSpec:
    sites = tuple(
        ChargerSpec(
            site.place,
            site.plugs,
            site.power_kw,
            round(site.connect_s),
            math.inf if site.limit_kw is None else site.limit_kw,
            site.efficiency,
            site.standby_kw,
            site.plug,
            site.swap_batteries,
            tuple(site.solar_kw),
        )
        for site in section.charger
    )
    return ChargingSpec(
        section.strategy,
        section.parameters,
        section.reserve,
        sites,
        section.margin,
        section.queue,
        section.riders_aboard,
        section.overnight,
        section.overnight_from or 0,
    )


def _travel(section: TravelSection, day: DaySection) -> TravelSpec:
    profile = section.resolved(day.kind, day.end)
    bin_s = _floor_s(section.noise_bin_min)
    return TravelSpec(profile.breaks_s, profile.factors, section.bus_factor, section.noise_cv, bin_s)
