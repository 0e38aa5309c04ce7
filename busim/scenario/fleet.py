"""Section ``[fleet]``: the buses, their types, depots and shifts."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from busim.errors import did_you_mean
from busim.scenario.base import Clock, Finding, KeyPath, PlaceId, Section, Share, Wrong
from busim.scenario.presets import PRESETS
from busim.units import clock


def _known(name: str) -> str:
    if name not in PRESETS:
        raise Wrong(f"there is no type of bus '{name}'", did_you_mean(name, PRESETS))
    return name


PresetName = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(PRESETS)})]
Depots = Annotated[list[PlaceId], Field(min_length=1)]
_AS_PRESET = "; not given: as the preset"
DEFAULT_SIZE = 10


class VehicleKeys(Section):
    """Parameters of a type of bus, each replacing the preset's."""

    seats: int | None = Field(None, ge=0, le=60, description="Seats" + _AS_PRESET)
    standees: int | None = Field(None, ge=0, le=80, description="Standing places" + _AS_PRESET)
    wheelchair_places: int | None = Field(None, ge=0, le=6, description="Wheelchair places" + _AS_PRESET)
    battery_kwh: float | None = Field(None, ge=1, le=600, description="Usable energy" + _AS_PRESET)
    kwh_per_km: float | None = Field(
        None,
        ge=0,
        le=5,
        description="Traction energy per km, whatever the speed, load and slope; not given: by the physics of the keys "
        "from `mass_kg` to `recuperation_up_to`",
    )
    mass_kg: float | None = Field(
        None, ge=300, le=30_000, description="Empty bus; Robobus 4300 (Uncrewed Systems 2024)" + _AS_PRESET
    )
    drag_area_m2: float | None = Field(
        None, ge=0.3, le=12, description="Drag coefficient x frontal area; 2.8 (2.4-3.4), an estimate" + _AS_PRESET
    )
    rolling: float | None = Field(
        None,
        ge=0.003,
        le=0.05,
        description="Rolling resistance at 20 degrees, as a share of the weight; 0.010 (0.008-0.013; wet +10 %), an "
        "estimate for van tyres; not given: 0.010",
    )
    rotating: float | None = Field(
        None,
        ge=1,
        le=1.5,
        description="Factor on the mass for what turns; 1.06 (1.04-1.10), an estimate; not given: 1.06",
    )
    drive_efficiency: float | None = Field(
        None,
        ge=0.3,
        le=1,
        description="From battery to wheel; 0.82 (battery 0.97 x inverter and motor 0.88 x gear 0.96), an estimate; "
        "not given: 0.82",
    )
    recuperation: float | None = Field(
        None,
        ge=0,
        le=1,
        description="From wheel to battery, of braking energy; 0.64 (0-0.75), below 0 degrees x 0.7, an estimate; "
        "not given: 0.64",
    )
    recuperation_up_to: Share | None = Field(
        None, description="Share of the battery above which nothing is recuperated; an estimate; not given: 0.95"
    )
    stop_share: Share | None = Field(
        None,
        description="Share of the time lost against the speed limit that goes into full stops, at signals and in "
        "queues, and not into slower driving; 0.8 (0.4-1.0), an estimate; not given: 0.8",
    )
    stop_wait_s: float | None = Field(
        None, ge=1, le=120, description="Standing time of each such stop; 15 (10-30), an estimate; not given: 15"
    )
    standing_kw: float | None = Field(
        None,
        ge=0,
        le=30,
        description="Power in service beside traction; not given: `auxiliary_kw`, `computer_kw`, and climate by "
        "`scenario.temperature_c`",
    )
    auxiliary_kw: float | None = Field(
        None, ge=0, le=20, description="Steering, pumps, doors, lights; 0.8 (0.5-1.5), an estimate" + _AS_PRESET
    )
    computer_kw: float | None = Field(
        None,
        ge=0,
        le=20,
        description="Automated driving, sensors and radio; 1.2 (0.5-1.5, older ones 2-3): Rajkumar, CMU Mobility21"
        + _AS_PRESET,
    )
    heating: Literal["heat_pump", "resistive"] | None = Field(
        None, description="How the bus is heated; not given: `heat_pump`"
    )
    charge_kw: float | None = Field(None, ge=0.5, le=600, description="The most the battery takes" + _AS_PRESET)
    plug: str | None = Field(
        None, max_length=30, description="Type of plug, as the chargers' `plug`; not given: fits every charger"
    )
    charge_curve: list[list[Share]] | None = Field(
        None,
        description="Power by charge: pairs of (share of the battery, share of `charge_kw`), from 0 up, power never "
        "rising; not given: `[[0, 1], [0.8, 1], [1, 0.2]]`, constant and then tapering, an estimate for LFP",
    )
    charge_in_steps: bool | None = Field(
        None, description="Whether each power holds until the next point, instead of changing towards it; not given: no"
    )
    top_speed_kmh: float | None = Field(None, ge=5, le=120, description="Cap on speed" + _AS_PRESET)


def curve_problem(points: list[list[float]]) -> str:
    """Tell what is wrong with a charging curve, or nothing."""
    if not points:
        return ""
    if any(len(point) != 2 for point in points):
        return "must be pairs of two shares"
    shares, powers = [point[0] for point in points], [point[1] for point in points]
    if shares[0] != 0.0:
        return f"must begin at a charge of 0, not {shares[0]:g}"
    if any(b <= a for a, b in pairwise(shares)):
        return "its charges must ascend"
    if any(b > a for a, b in pairwise(powers)):
        return "is not monotone: power rises with charge"
    return "" if powers[0] > 0.0 else "begins without power: no battery would ever charge"


class GroupSection(VehicleKeys):
    """Further buses of another type, depot or shift."""

    size: int = Field(1, ge=0, le=5000, description="Number of buses of this group")
    vehicle: PresetName | None = Field(None, description="Type of bus; not given: `fleet.vehicle`")
    depots: Depots | None = Field(None, description="Places of the depots; not given: `fleet.depots`")
    shift_start: Clock | None = Field(None, description="Start of the shift; not given: `fleet.shift_start`")
    shift_end: Clock | None = Field(None, description="End of the shift; not given: `fleet.shift_end`")
    start_charge: Share | None = Field(None, description="Share of the battery; not given: `fleet.start_charge`")


class FleetSection(VehicleKeys):
    """The buses: `size` of one type, and groups of further types."""

    size: int | None = Field(
        None, ge=0, le=5000, description="Number of buses; not given: 10, or 0 where there are groups"
    )
    vehicle: PresetName = Field("robobus", description="Type of bus: one of " + ", ".join(f"`{n}`" for n in PRESETS))
    depots: Depots = Field(description="Places of the depots; buses are spread evenly over them")
    shift_start: Clock | None = Field(None, description="Start of all shifts; not given: start of service")
    shift_end: Clock | None = Field(None, description="End of all shifts; not given: end of service")
    start_charge: Share = Field(0.9, description="Share of the battery at the start of the shift")
    return_to_depot: bool = Field(True, description="Whether buses drive home at the end of their shift")
    group: list[GroupSection] = Field([], description="Further buses, each table with the keys of `[[fleet.group]]`")

    def findings(self) -> list[Finding]:
        """Check that there are buses, with places, and that each shift has a length."""
        found: list[Finding] = []
        groups = self.groups()
        if not any(group.size for _, group in groups):
            found.append((("size",), "the fleet has no buses", "give size, or the size of a [[fleet.group]]"))
        for path, group in groups:
            preset = PRESETS[group.vehicle or self.vehicle]
            seats = preset.seats if group.seats is None else group.seats
            standees = preset.standees if group.standees is None else group.standees
            if seats + standees == 0:
                found.append(((*path, "seats"), "the bus has neither seats nor standing places", "give seats = 10"))
            what = curve_problem(group.charge_curve or [])
            if what:
                found.append(((*path, "charge_curve"), what, "write charge_curve = [[0, 1], [0.8, 1], [1, 0.2]]"))
            start, end = group.shift_start, group.shift_end
            if start is not None and end is not None and start >= end:
                what = f"must be later than shift_start ({clock(start)}), got {clock(end)}"
                found.append(((*path, "shift_end"), what, 'past midnight write, for example, "25:30"'))
        return found

    def groups(self) -> list[tuple[KeyPath, GroupSection]]:
        """Give the buses of the table itself and each group, complete, with their key paths below the section.

        A group that names no other type of bus also takes over the parameters of the bus.
        """
        own = {name: getattr(self, name) for name in GroupSection.model_fields}
        own["size"] = self.size if self.size is not None else (0 if self.group else DEFAULT_SIZE)
        resolved: list[tuple[KeyPath, GroupSection]] = [((), GroupSection.model_construct(**own))]
        for i, group in enumerate(self.group):
            below = {k: v for k, v in own.items() if group.vehicle is None or k not in VehicleKeys.model_fields}
            given = {k: getattr(group, k) for k in GroupSection.model_fields if getattr(group, k) is not None}
            resolved.append((("group", i), GroupSection.model_construct(**{**below, **given})))
        return resolved
