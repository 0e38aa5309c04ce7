"""What riders were told and what they got, read from the log alone."""

from __future__ import annotations

from collections import Counter

from busim.model.events import Kind
from busim.model.specs import ScenarioSpec
from busim.sim import SimResult
from busim.units import clock

_KINDS = (Kind.REQUEST, Kind.ACCEPT, Kind.REFUSE, Kind.ABANDON, Kind.BOARD, Kind.ALIGHT)


def histories(result: SimResult) -> list[dict[Kind, tuple[int, ...]]]:
    """Give each rider's events by kind: time, bus, node, other, a, b, c."""
    log = result.log
    told: list[dict[Kind, tuple[int, ...]]] = [{} for _ in range(len(result.riders))]
    rows = zip(*(getattr(log, n).tolist() for n in ("rider", "kind", "time", "bus", "node", "other", *"abc")))  # noqa: B905
    for rider, kind, *rest in rows:
        if kind in _KINDS:
            told[rider][Kind(kind)] = tuple(rest)
    return told


def breaches(result: SimResult, spec: ScenarioSpec) -> list[str]:
    """List broken promises: pick-ups after the window, long rides, late arrivals, wrong places, more than fit in."""
    found = [text for rider, told in enumerate(histories(result)) for text in _of_rider(rider, told)]
    return found + _loads(result, spec)


def _of_rider(rider: int, told: dict[Kind, tuple[int, ...]]) -> list[str]:
    asked, given = told.get(Kind.REQUEST), told.get(Kind.ACCEPT)
    on, off = told.get(Kind.BOARD), told.get(Kind.ALIGHT)
    if asked is None or given is None:
        return []
    found = []
    if Kind.REFUSE in told or Kind.ABANDON in told or on is None or off is None:
        found.append(f"rider {rider} was promised a ride at {clock(given[0])} and did not get it")
    if on is not None and (on[0] > asked[4] or on[2] != given[2]):
        found.append(
            f"rider {rider} was fetched at {clock(on[0])} at node {on[2]}, not by {clock(asked[4])} at {given[2]}"
        )
    if on is not None and off is not None and (off[0] - on[0] > asked[5] or off[0] > given[6] or off[2] != given[3]):
        limit = min(on[0] + asked[5], given[6])
        found.append(
            f"rider {rider} was set down at {clock(off[0])} at node {off[2]}, not by {clock(limit)} at {given[3]}"
        )
    return found


def _loads(result: SimResult, spec: ScenarioSpec) -> list[str]:
    seats: Counter[int] = Counter()
    chairs: Counter[int] = Counter()
    found, log, riders = [], result.log, result.riders
    for kind, bus, rider, time in zip(
        log.kind.tolist(), log.bus.tolist(), log.rider.tolist(), log.time.tolist(), strict=True
    ):
        if kind in (Kind.BOARD, Kind.ALIGHT):
            sign = 1 if kind == Kind.BOARD else -1
            seats[bus] += sign * int(riders.persons[rider])
            chairs[bus] += sign * int(riders.wheels[rider])
            vehicle = spec.fleet.vehicles[spec.fleet.buses[bus].vehicle]
            if seats[bus] > vehicle.seats + vehicle.standees or chairs[bus] > vehicle.wheelchair_places:
                found.append(f"bus {bus} carries more than fits at {clock(time)}")
    return found
