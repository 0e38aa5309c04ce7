"""How reports call things: times, spans, places, riders, buses, reasons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from busim.metrics.places import place_at, site_places
from busim.model.events import NONE, Reason
from busim.model.network import Ints, RoadNetwork
from busim.model.requests import RequestTable
from busim.model.specs import ScenarioSpec
from busim.units import HOUR_S, MINUTE_S, clock

MEANING = {
    Reason.NO_STOP: "there is no stop within walking reach, or it lies outside the area served",
    Reason.NO_BUS: "it could not be there before the latest pick-up, even if it went at once",
    Reason.SEATS: "it has no place left for the party",
    Reason.RIDE_LIMIT: "the ride would have become longer than the rider is to ride",
    Reason.BATTERY: "its battery would not have lasted",
    Reason.PROMISE: "what it had promised to others left no room",
    Reason.SHIFT: "it would have been back too late for the end of its shift",
    Reason.NO_PATH: "there is no way for buses between the two stops",
    Reason.STRATEGY: "a bus could have come, but the strategy preferred to refuse",
    Reason.NO_LINE: "the line does not serve this trip",
}


def at(seconds: float) -> str:
    """Show a time of day; a dash where there is none."""
    return clock(seconds) if math.isfinite(seconds) and seconds < 1 << 29 else "-"


def span(seconds: float) -> str:
    """Show a length of time.

    >>> span(200), span(60), span(40), span(7500)
    ('3 min 20 s', '1 min', '40 s', '2 h 5 min')
    """
    whole = round(seconds)
    if whole >= HOUR_S:
        return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S} min".removesuffix(" 0 min")
    if whole >= MINUTE_S:
        return f"{whole // MINUTE_S} min {whole % MINUTE_S} s".removesuffix(" 0 s")
    return f"{whole} s"


def later(seconds: float) -> str:
    """Show a difference: ``3 min 20 s later``, ``40 s earlier``."""
    return f"{span(abs(seconds))} {'later' if seconds > 0 else 'earlier'}"


def count(number: int, one: str, many: str = "") -> str:
    """Show a number of things.

    >>> count(1, "bus", "buses"), count(2, "bus", "buses"), count(0, "rider")
    ('1 bus', '2 buses', '0 riders')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Join parts of a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


class Names:
    """Names of a day's places, riders and buses.

    Parameters
    ----------
    spec, network, requests
        Of the day.
    """

    def __init__(self, spec: ScenarioSpec, network: RoadNetwork, requests: RequestTable) -> None:
        self.spec, self.network, self.requests = spec, network, requests

    @cached_property
    def _place_at(self) -> Ints:
        return place_at(self.network, self.spec.line.stops if self.spec.line is not None else ())

    @cached_property
    def _zones(self) -> dict[str, str]:
        return {area.id: area.name or area.id for area in self.network.areas if area.kind == "zone"}

    def place(self, place: int) -> str:
        """Name a place of the map."""
        places = self.network.places
        return places.names[place] or places.names_zh[place] or places.ids[place]

    def node(self, node: int) -> str:
        """Name a node: the place that stands there, else the nearest one."""
        if node == NONE:
            return "nowhere"
        place = int(self._place_at[node])
        if place != NONE:
            return self.place(place)
        places, network = self.network.places, self.network
        if not len(places):
            return f"node {node}"
        away = np.hypot(places.x_m - network.x_m[node], places.y_m - network.y_m[node])
        return f"near {self.place(int(away.argmin()))}"

    def site(self, site: int) -> str:
        """Name a charging site."""
        return self.place(int(site_places(self.spec, self.network.places)[site]))

    def zone(self, zone: str) -> str:
        """Name a zone."""
        return self._zones.get(zone, zone) or "no zone"

    def rider(self, rider: int) -> str:
        """Name a rider: by the id of the request."""
        return self.requests.ids[rider]
