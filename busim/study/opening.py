"""Loading scenarios, checking them in full, and opening what an earlier run has left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from busim import demand, scenario, sim
from busim import network as networks
from busim.errors import InputError
from busim.model.network import RoadNetwork
from busim.policy.registry import PolicyRegistry
from busim.scenario import Scenario
from busim.scenario.data import find
from busim.scenario.overrides import Overrides
from busim.study.duties_file import duties_of
from busim.study.hindsight_file import read_hindsight
from busim.study.log_file import read_log
from busim.study.manifest import read_manifest
from busim.study.outcome import riders_of, travel_times
from busim.study.result import Run
from busim.study.store import REQUESTS, SCENARIO, read_kpis, read_tables


def load(path: str | Path, overrides: Overrides = ()) -> Scenario:
    """Read a scenario file and check all of it.

    Parameters
    ----------
    path
        A TOML file, or the name of one that comes with busim, such as ``quick.toml``.
    overrides
        Values by key, such as ``{"fleet.size": 20}``, or texts ``section.key=value`` as given to ``--set``.

    Raises
    ------
    InputError
        With every problem: file, line, key, value, what is allowed.
    """
    return scenario.load(path, overrides, PolicyRegistry())


def check(chosen: Scenario) -> dict[str, Any]:
    """Check a scenario together with its map, its requests and its strategies, and tell what it comes to.

    Raises
    ------
    InputError
        With what does not fit.
    """
    spec = chosen.spec
    network = networks.compile(spec.map)
    requests = riders_of(spec, network)
    sim.build(spec, network, requests, travel_times(spec, network), duties=duties_of(spec, requests))
    return {
        "scenario": chosen.name,
        "date": spec.date,
        "seed": spec.seed,
        "map": network.name,
        "service": spec.service.mode,
        "dispatch": spec.dispatch.strategy,
        "buses": len(spec.fleet.buses),
        "requests": len(requests),
        "fingerprint": chosen.fingerprint,
    }


def open_run(folder: str | Path) -> Run:
    """Open a run folder.

    Raises
    ------
    InputError
        If it is no run folder, or something in it is missing or broken.
    """
    folder = Path(folder)
    if not folder.is_dir():
        what = "is a file, not a run folder" if folder.exists() else "there is no such folder"
        raise InputError.single(str(folder), what, "give the folder that `busim run` has written")
    manifest = read_manifest(folder)
    if "error" in manifest:
        what = f"holds only the log of a run that failed: {manifest['error']}"
        raise InputError.single(str(folder), what, "run the scenario again")
    log = read_log(folder)
    if log.sha256() != manifest["log_sha256"]:
        what = "the event log is not the one that the run wrote (its hash differs)"
        raise InputError.single(str(folder), what, "run the scenario again")
    chosen = scenario.load(folder / SCENARIO)
    tables = read_tables(folder, manifest["tables"])
    requests = demand.read_requests(folder / REQUESTS, networks.compile(chosen.spec.map))
    kpis, hindsight = read_kpis(folder), read_hindsight(folder)
    return Run(chosen, log, requests, tables, kpis, manifest, folder, hindsight)


def open_map(name: str) -> RoadNetwork:
    """Read a map: a GraphML file, or that of a scenario; also those that come with busim, by name.

    Raises
    ------
    InputError
        If it cannot be used, with all that is wrong with it.
    """
    if name.endswith(".toml"):
        return networks.compile(scenario.load(name).spec.map)
    path = find(name, (Path(),))
    if path is None or not path.is_file():
        what = "there is no such file" if path is None else "is a folder, not a file"
        raise InputError.single(name, what, "give a GraphML file, or a scenario")
    return networks.load_graphml(path)
