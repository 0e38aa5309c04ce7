"""What a validated scenario says, as plain data: times in seconds, lengths in metres, names resolved later."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from busim.model.cost_spec import CostSpec
from busim.model.energy_specs import DriveSpec, ElectricitySpec


@dataclass(frozen=True)
class VehicleSpec:
    """One type of minibus.

    Parameters
    ----------
    seats, standees, wheelchair_places
        Places; a rider in a wheelchair takes a wheelchair place and no seat.
    battery_kwh
        Usable energy [kWh].
    kwh_per_km, standing_kw
        Traction energy per km on average, and power whenever the bus is in service: climate, computer, doors [kW].
    charge_kw
        The most the battery takes [kW].
    top_speed_kmh
        Cap on the speed of every edge [km/h].
    plug
        Type of plug; empty fits every charging site.
    drive
        The physics of driving; without it every kilometre takes ``kwh_per_km``, and nothing is recuperated.
    climate_kw, computer_kw
        Parts of ``standing_kw``; the rest are auxiliaries [kW].
    standing_by_hour_kw
        ``standing_kw`` by hour of the day, where the temperature changes; it then is their highest [24] or empty.
    charge_points, is_stepped
        The charging curve: (share of the battery, share of ``charge_kw``), the power linear between the points or
        constant up to the next; none for constant power.
    """

    name: str
    seats: int
    standees: int
    wheelchair_places: int
    battery_kwh: float
    kwh_per_km: float
    standing_kw: float
    charge_kw: float
    top_speed_kmh: float
    charge_points: tuple[tuple[float, float], ...] = ()
    is_stepped: bool = False
    plug: str = ""
    drive: DriveSpec | None = None
    climate_kw: float = 0.0
    computer_kw: float = 0.0
    standing_by_hour_kw: tuple[float, ...] = ()


@dataclass(frozen=True)
class BusSpec:
    """One bus: its type (index into ``FleetSpec.vehicles``), its depot's place, its shift [s] and first charge."""

    vehicle: int
    depot: str
    shift_start_s: int
    shift_end_s: int
    start_charge: float


@dataclass(frozen=True)
class FleetSpec:
    """All buses, and whether they drive home at the end of their shift."""

    vehicles: tuple[VehicleSpec, ...]
    buses: tuple[BusSpec, ...]
    return_to_depot: bool = True


@dataclass(frozen=True)
class ServiceSpec:
    """What riders are offered.

    Parameters
    ----------
    mode
        ``"stop_to_stop"``, ``"door_to_door"`` or ``"line"``.
    zones
        Districts served; empty for the whole map. Both ends of a ride lie in them.
    max_wait_s, ride_factor, ride_constant_s
        Latest pick-up is earliest + ``max_wait_s``; the longest ride is
        ``max(direct * ride_factor, direct + ride_constant_s)``.
    patience_s
        A rider who has waited so long leaves; equals ``max_wait_s`` unless given.
    max_walk_m, walk_speed_mps
        Reach of a stop along the straight line times 1.3, and the walking speed.
    stop_s, board_s, alight_s, wheelchair_board_s, wheelchair_alight_s
        Dwell: fixed part of a halt, and per person [s].
    no_show_wait_s
        How long a bus waits at the stop for a rider who does not come [s].
    meeting_points
        Stops among which dispatch chooses at each end of a trip, the nearest ones in reach; 1 = always the nearest.
    """

    mode: str
    zones: tuple[str, ...]
    max_wait_s: int
    ride_factor: float
    ride_constant_s: int
    patience_s: int
    max_walk_m: float
    walk_speed_mps: float
    stop_s: int
    board_s: float
    alight_s: float
    wheelchair_board_s: float
    wheelchair_alight_s: float
    no_show_wait_s: int = 120
    meeting_points: int = 1


@dataclass(frozen=True)
class LineSpec:
    """A fixed line.

    Parameters
    ----------
    stops
        Place ids in order; a loop returns from the last to the first, otherwise buses go there and back.
    headway_s, timetable_s
        Departures at the first stop, every ``headway_s`` or at the listed times [s]; one of the two.
    headway_cv
        Coefficient of variation of noise on departures (0 = punctual).
    layover_s
        Least pause at the end of a round [s].
    """

    name: str
    stops: tuple[str, ...]
    is_loop: bool
    headway_s: int | None
    timetable_s: tuple[int, ...]
    headway_cv: float
    layover_s: int


@dataclass(frozen=True)
class DemandSpec:
    """Who wants to ride: from the model, or from a file of requests.

    Parameters
    ----------
    source
        ``"model"`` or ``"file"``.
    file
        The requests, when ``source`` is ``"file"``.
    rides_per_day
        Expected requests of a whole weekday before ``scale`` and the day's factor, when modelled.
    scale
        Multiplies the number of riders.
    day_type
        ``"weekday"``, ``"friday"``, ``"saturday"``, ``"sunday"`` or ``"holiday"``.
    purposes
        Share of each purpose: commute, student, leisure, factory, feeder.
    pulses
        Whether feeder riders come in train-sized pulses and students at class ends.
    wheelchair_share, prebooked_share
        Shares of riders.
    prebook_lead_s
        Mean time between booking and earliest pick-up of those who book ahead [s].
    is_term
        Whether the universities teach (otherwise vacation factors hold).
    cancel_share, no_show_share
        Shares of riders who cancel, and who do not come to the stop.
    cancel_lead_s
        Mean time before the earliest pick-up at which those who cancel do so [s].
    plan
        File of duties that the day begins with, if any.
    """

    source: str
    file: Path | None
    rides_per_day: float
    scale: float
    day_type: str
    purposes: Mapping[str, float]
    pulses: bool
    wheelchair_share: float
    prebooked_share: float
    prebook_lead_s: int
    is_term: bool
    cancel_share: float = 0.0
    no_show_share: float = 0.0
    cancel_lead_s: int = 900
    plan: Path | None = None


@dataclass(frozen=True)
class StrategySpec:
    """A strategy by name with the parameters that the file gave; the registry checks them."""

    strategy: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ObjectiveSpec:
    """What every strategy minimises: weights per second, metre or rider.

    Parameters
    ----------
    wait, ride, walk, late
        Per rider and second of waiting, riding, walking, and being late against a promise.
    drive, distance
        Per second and per metre driven.
    refusal
        Per rider turned away.
    """

    wait: float
    ride: float
    walk: float
    late: float
    drive: float
    distance: float
    refusal: float


@dataclass(frozen=True)
class ChargerSpec:
    """A charging site at a place of the map.

    Parameters
    ----------
    plugs, power_kw
        Number of plugs, and the power of each at the battery [kW].
    connect_s
        Time to get into position and connect [s].
    limit_kw
        The most that all plugs give together [kW]; plugs share it.
    efficiency
        From the meter to the battery.
    standby_kw
        What the site takes all day without giving any [kW].
    plug
        Type of plug; empty fits every bus.
    spares
        Charged batteries at hand where batteries are swapped instead of charged, each charged again at ``power_kw``;
        0 for a site with plugs. A swap takes ``connect_s``.
    solar_kw
        Of the site's own panels by hour of the day, at the meter's side [24], or none.
    """

    place: str
    plugs: int
    power_kw: float
    connect_s: int
    limit_kw: float = math.inf
    efficiency: float = 0.92
    standby_kw: float = 0.0
    plug: str = ""
    spares: int = 0
    solar_kw: tuple[float, ...] = ()

    @property
    def most_kw(self) -> float:
        """Give the most that all its plugs, or places on its shelf, take together [kW]."""
        return min(self.limit_kw, (self.spares or self.plugs) * self.power_kw)


@dataclass(frozen=True)
class ChargingSpec:
    """Charging: the strategy, the reserve that no plan may touch, and the sites.

    Parameters
    ----------
    reserve
        Share of the battery that no bus falls below.
    sites
        The chargers; empty means every charger of the map.
    margin
        Share of the battery that planning leaves untouched above the reserve, for what roads and queues cost more.
    queue
        Who gets the next plug: a name in ``busim.core.queue_rules``.
    riders_aboard
        Whether a bus may charge with riders aboard where the plug stands at a stop.
    overnight
        ``"bought"``: what batteries are short of the morning in the evening is priced, not charged; ``"plugs"``: a bus
        whose shift has ended at a depot with plugs charges there, until it holds what it began with.
    overnight_from_s
        Before which no such charge begins [s].
    """

    strategy: str
    parameters: Mapping[str, Any]
    reserve: float
    sites: tuple[ChargerSpec, ...]
    margin: float = 0.0
    queue: str = "first_come"
    riders_aboard: bool = False
    overnight: str = "bought"
    overnight_from_s: int = 0


@dataclass(frozen=True)
class TravelSpec:
    """Speeds by hour and class, and their noise.

    Parameters
    ----------
    breaks_s
        Starts of the periods [s from midnight], ascending, the first 0.
    factors
        Per road class (and ``"default"``), one speed factor per period.
    bus_factor
        Multiplies every speed: signals not modelled, cautious automated driving.
    noise_cv, noise_bin_s
        Coefficient of variation of an edge's travel time per time bin (0 = none), and the bin's length [s].
    """

    breaks_s: tuple[int, ...]
    factors: Mapping[str, tuple[float, ...]]
    bus_factor: float
    noise_cv: float
    noise_bin_s: int


@dataclass(frozen=True)
class MapSpec:
    """Where the road network comes from.

    Parameters
    ----------
    kind
        ``"graphml"``, or a synthetic town: ``"line"``, ``"ring"``, ``"grid"``.
    path
        The GraphML file, when ``kind`` says so; ``places.csv`` and ``areas.geojson`` are looked for beside it.
    size, spacing_m, speed_kmh
        Of synthetic towns: nodes (per side of a grid), distance between nodes, speed.
    """

    kind: str
    path: Path | None
    size: int
    spacing_m: float
    speed_kmh: float


@dataclass(frozen=True)
class OutputSpec:
    """What a run writes: ``log_format`` is ``"npz"`` or ``"parquet"``; whether plots are drawn."""

    log_format: str = "npz"
    plots: bool = True


@dataclass(frozen=True)
class ScenarioSpec:
    """A whole scenario: one service day."""

    name: str
    date: str
    start_s: int
    end_s: int
    seed: int
    map: MapSpec
    fleet: FleetSpec
    demand: DemandSpec
    service: ServiceSpec
    line: LineSpec | None
    dispatch: StrategySpec
    idling: StrategySpec
    objective: ObjectiveSpec
    charging: ChargingSpec
    travel: TravelSpec
    output: OutputSpec
    electricity: ElectricitySpec = field(default_factory=ElectricitySpec)
    costs: CostSpec = field(default_factory=CostSpec)
