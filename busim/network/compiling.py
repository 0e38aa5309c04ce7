"""The one way from a scenario's map section to a road network."""

from __future__ import annotations

from busim.errors import InputError, did_you_mean
from busim.model.network import RoadNetwork
from busim.model.specs import MapSpec
from busim.network import towns
from busim.network.assemble import assemble

_KEPT = 8
_made: dict[tuple[object, ...], RoadNetwork] = {}


def compile(spec: MapSpec) -> RoadNetwork:  # noqa: A001  (the verb of the field; used as network.compile)
    """Make the network that a scenario asks for; the same object again for the same map.

    Raises
    ------
    InputError
        If the map cannot be used, with all that is wrong with it.
    """
    if spec.kind not in towns.KINDS:
        known = towns.KINDS
        raise InputError.single("map.kind", f"'{spec.kind}' is no kind of map", did_you_mean(spec.kind, known))
    key = (spec.kind, spec.size, spec.spacing_m, spec.speed_kmh)
    network = _made.pop(key, None)
    if network is None:
        network = assemble(towns.draw(*key))
    _made[key] = network
    if len(_made) > _KEPT:
        del _made[next(iter(_made))]
    return network
