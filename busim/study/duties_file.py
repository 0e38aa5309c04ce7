"""Plan files: what buses have to do from the start of their shifts, as JSON with riders by their ids."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from busim.errors import InputError, Problem, did_you_mean
from busim.model.duties import Duties, Duty
from busim.model.events import Action
from busim.model.requests import RequestTable
from busim.model.specs import ScenarioSpec

FORMAT = "busim day plan 1"
AGAIN = "plan this scenario again with `busim plan SCENARIO --out FILE`"
_ACTIONS = {"board": Action.PICKUP, "alight": Action.DROPOFF, "charge": Action.CHARGE}
_WORDS = {action: word for word, action in _ACTIONS.items()}


def duties_of(spec: ScenarioSpec, requests: RequestTable) -> Duties:
    """Read the plan that a scenario's day begins with; none gives no duties.

    Raises
    ------
    InputError
        With all that does not fit the scenario or its riders.
    """
    return {} if spec.demand.plan is None else read_duties(spec.demand.plan, spec, requests)


def read_duties(path: Path, spec: ScenarioSpec, requests: RequestTable) -> Duties:
    """Read a plan file.

    Raises
    ------
    InputError
        If it is no plan file, or with all that does not fit: bus, rider, order of stops.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError.single(str(path), f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError.single(path.name, f"is not a plan file: {error}", AGAIN) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError.single(path.name, f"is not a plan file: its format is not '{FORMAT}'", AGAIN)
    buses = document.get("buses")
    if not isinstance(buses, list):
        raise InputError.single(path.name, "is broken: 'buses' is not a list", AGAIN)
    reader = _Reader(path.name, spec, requests)
    for place, own in enumerate(buses):
        reader.read(place, own)
    reader.finish()
    return reader.duties


class _Reader:
    """Takes bus after bus and collects what does not fit."""

    def __init__(self, name: str, spec: ScenarioSpec, requests: RequestTable) -> None:
        self.name, self.spec, self.requests = name, spec, requests
        self.row = {rider: k for k, rider in enumerate(requests.ids)}
        self.duties: dict[int, tuple[Duty, ...]] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def read(self, place: int, own: Any) -> None:
        """Read one bus."""
        where = f"{self.name} buses[{place}]"
        if not isinstance(own, dict) or not isinstance(own.get("stops"), list) or not _is_whole(own.get("bus")):
            self._add(where, "needs 'bus', a whole number, and 'stops', a list", AGAIN)
            return
        bus, size = own["bus"], len(self.spec.fleet.buses)
        if not 0 <= bus < size or bus in self.duties:
            what = (
                f"bus {bus} stands in it twice"
                if bus in self.duties
                else f"there is no bus {bus}: the fleet has {size}"
            )
            self._add(where, what, AGAIN)
            return
        found = [self._duty(f"{where}.stops[{k}]", stop) for k, stop in enumerate(own["stops"])]
        self.duties[bus] = tuple(duty for duty in found if duty is not None)
        self._check_order(where, self.duties[bus])

    def _duty(self, where: str, stop: Any) -> Duty | None:
        action = _ACTIONS.get(str(stop.get("action"))) if isinstance(stop, dict) else None
        if action is None:
            self._add(where, f"its action must be one of {', '.join(_ACTIONS)}", AGAIN)
            return None
        if action == Action.CHARGE:
            keys = ("site", "start_s", "seconds")
            gain = stop.get("gain_kwh")
            is_number = isinstance(gain, int | float) and not isinstance(gain, bool) and gain >= 0
            if not all(_is_whole(stop.get(key)) and stop[key] >= 0 for key in keys) or not is_number:
                self._add(where, "a charge needs site, start_s, seconds and gain_kwh, none below 0", AGAIN)
                return None
            return Duty(
                action, site=stop["site"], start_s=stop["start_s"], dwell_s=stop["seconds"], gain_kwh=float(gain)
            )
        rider = stop.get("rider")
        if rider not in self.row:
            hint = did_you_mean(str(rider), self.row)
            self._add(where, f"the scenario has no rider '{rider}'", hint or "other seed or other riders? " + AGAIN)
            return None
        row = self.row[rider]
        if self.requests.earliest_s[row] <= self.requests.time_s[row]:
            self._add(
                where, f"rider '{rider}' has not booked ahead", "only riders who have can be planned before the day"
            )
        return Duty(action, rider=row)

    def _check_order(self, where: str, own: Sequence[Duty]) -> None:
        aboard: set[int] = set()
        for duty in own:
            name = self.requests.ids[duty.rider]
            if duty.action == Action.PICKUP:
                if duty.rider in self.seen:
                    self._add(where, f"rider '{name}' boards twice", AGAIN)
                self.seen.add(duty.rider)
                aboard.add(duty.rider)
            elif duty.action == Action.DROPOFF:
                if duty.rider not in aboard:
                    self._add(where, f"rider '{name}' gets off without having boarded", AGAIN)
                aboard.discard(duty.rider)
            elif aboard:
                self._add(where, "a charge while riders are aboard", AGAIN)
        for rider in sorted(aboard):
            self._add(where, f"rider '{self.requests.ids[rider]}' never gets off", AGAIN)

    def _add(self, where: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(where, what, remedy))

    def finish(self) -> None:
        """Raise what was found."""
        if self.problems:
            raise InputError(self.problems)


def duties_document(
    spec: ScenarioSpec, requests: RequestTable, duties: Duties, times: Mapping[tuple[int, int], int]
) -> dict[str, Any]:
    """Give duties as plain data; ``times`` has the start of each stop by bus and place, for people to read."""
    buses = []
    for bus, own in sorted(duties.items()):
        stops = []
        for k, duty in enumerate(own):
            stop: dict[str, Any] = {"action": _WORDS[duty.action]}
            if duty.action == Action.CHARGE:
                stop |= {"site": duty.site, "start_s": duty.start_s, "seconds": duty.dwell_s, "gain_kwh": duty.gain_kwh}
            else:
                stop |= {"rider": requests.ids[duty.rider], "start_s": times[bus, k]}
            stops.append(stop)
        buses.append({"bus": bus, "stops": stops})
    return {"format": FORMAT, "scenario": spec.name, "date": spec.date, "seed": spec.seed, "buses": buses}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
