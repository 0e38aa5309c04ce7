"""Events of the log in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from busim.metrics.places import place_at
from busim.model.events import NONE, Action, EventLog, Kind, Reason
from busim.model.network import RoadNetwork
from busim.model.requests import RequestTable
from busim.units import clock

# {node} and {other} are places, {site} is the number of a charging site, {until}, {early} and {late} are times of day.
_PHRASES = {
    "REQUEST": "rider {rider} asks for a ride from {node} to {other}, pick-up by {until}, ride at most {b} s",
    "ACCEPT": "{bus} takes rider {rider} from {node} to {other}, pick-up planned for {planned}",
    "STOPS": "rider {rider} is sent to other stops, from {node} to {other}, pick-up by {until}, ride at most {b} s",
    "REFUSE": "rider {rider} is refused: {reason}",
    "ABANDON": "rider {rider} gives up waiting",
    "CANCEL": "rider {rider} cancels",
    "NO_SHOW": "rider {rider} does not come to {bus}",
    "BOARD": "rider {rider} boards {bus} at {node}, party of {a}",
    "ALIGHT": "rider {rider} leaves {bus} at {node}, party of {a}",
    "LEFT_BEHIND": "rider {rider} is left behind by {bus} at {node}",
    "PLAN": "{bus} gets a new plan behind its first {a} stops",
    "SLOT": "{bus} plans {action} at {node} between {early} and {late}, rider {rider}",
    "DONE": "{bus} has carried out the first stop of its plan",
    "UNPLAN": "rider {rider} is taken out of the plan of {bus}",
    "SHIFT_START": "{bus} starts its shift at {node} with {value:.2f} kWh",
    "LEAVE": "{bus} leaves {node} for {other}",
    "TURN": "{bus} turns at {node} towards {other} after {a} m",
    "ARRIVE": "{bus} arrives at {node} after {a} m, {value:.3f} kWh used",
    "IDLE": "{bus} has nothing to do at {node}",
    "WAIT": "{bus} waits at {node} until {until}",
    "PLUG_WAIT": "{bus} joins the queue for a plug of site {site} at {node}",
    "PLUG_IN": "{bus} is plugged in at site {site}, {node}",
    "PLUG_OUT": "{bus} is unplugged at site {site}, {node}, with {value:.2f} kWh more",
    "SHIFT_END": "{bus} ends its shift at {node}",
}


@dataclass(frozen=True)
class Names:
    """What riders and nodes are called.

    Parameters
    ----------
    rider, node
        From an index to a name; an index that does not exist is shown as it is.
    """

    rider: Callable[[int], str] = str
    node: Callable[[int], str] = "node {}".format

    @classmethod
    def of(cls, network: RoadNetwork, requests: RequestTable) -> Names:
        """Take names from the map's places and the riders' ids."""
        at = place_at(network).tolist()

        def rider(index: int) -> str:
            return requests.ids[index] if 0 <= index < len(requests) else str(index)

        def node(index: int) -> str:
            is_place = 0 <= index < len(at) and at[index] != NONE
            return f"{network.places.names[at[index]]} (node {index})" if is_place else f"node {index}"

        return cls(rider, node)


def event_text(log: EventLog, row: int, names: Names | None = None) -> str:
    """Tell an event in words, with its time of day.

    Parameters
    ----------
    log, row
        Which event of which log.
    names
        Of riders and nodes; without them they are told by number.
    """
    names = names or Names()
    whole = {column.name: int(getattr(log, column.name)[row]) for column in fields(EventLog) if column.name != "value"}
    value, kind = float(log.value[row]), _named(Kind, whole["kind"])
    phrase = _PHRASES.get(kind)
    when = _clock(whole["time"])
    if phrase is None:
        columns = [f"{name} {number}" for name, number in whole.items() if number != NONE and name not in _TOLD]
        return f"{when} {', '.join([kind, *columns, *([f'value {value:g}'] if value else [])])}"
    return f"{when} " + phrase.format(
        rider=names.rider(whole["rider"]) if whole["rider"] != NONE else "none",
        bus=f"bus {whole['bus']}",
        node=names.node(whole["node"]) if whole["node"] != NONE else "nowhere",
        other=names.node(whole["other"]) if whole["other"] != NONE else "nowhere",
        site=whole["other"],
        a=whole["a"],
        b=whole["b"],
        until=_clock(whole["a"]),
        early=_clock(whole["b"]),
        late=_clock(whole["c"]),
        planned=_clock(value),
        action=_named(Action, whole["a"]).lower(),
        reason=_named(Reason, whole["a"]).lower(),
        value=value,
    )


_TOLD = ("time", "kind")


def _named(names: type[Kind] | type[Action] | type[Reason], number: int) -> str:
    return names(number).name if number in names.__members__.values() else f"{names.__name__.lower()} {number}"


def _clock(seconds: float) -> str:
    return clock(seconds) if 0 <= seconds < 1e7 else "any time"
