"""Riders who booked ahead: planned before the day, written, read back, and carried exactly as planned."""

import json
from functools import cache

import numpy as np
import pytest
from click.testing import CliRunner

from busim import study
from busim.cli.app import program
from busim.errors import InputError
from busim.model.events import Kind
from busim.planning.day_plan import DaySettings
from busim.study.ahead import plan_ahead

BOOKED = ("demand.prebooked_share=1", "demand.rides_per_day=300", "fleet.size=3", "scenario.end=09:00:00")
CHARGING = (
    "charging.strategy=threshold",
    "charging.below=0.1",
    "fleet.battery_kwh=9",
    "fleet.standing_kw=3",
    "scenario.end=10:30:00",
)
QUICK = DaySettings(iterations=60)


@cache
def found_plan(*overrides):
    """Plan a morning whose riders have all booked ahead: once, for all tests that ask for the same."""
    return plan_ahead(study.load("quick.toml", [*BOOKED, *overrides]), QUICK)


def planned(tmp_path, *overrides):
    """Write the plan of such a morning; gives the plan and where it stands."""
    found, path = found_plan(*overrides), tmp_path / "plan.json"
    found.write(path)
    return found, path


@pytest.mark.parametrize("overrides", [(), CHARGING], ids=["plain", "charging"])
def test_day_without_other_riders_goes_exactly_as_planned(tmp_path, overrides):
    """With no noise and nobody else, every rider boards and alights when the plan said, and the kilometres agree."""
    found, path = planned(tmp_path, *overrides)
    made = study.run(study.load("quick.toml", [*BOOKED, *overrides, f"demand.plan={json.dumps(str(path))}"]))
    rides, served = made.tables["rides"], found.outlook.is_served
    assert served.sum() >= 20
    np.testing.assert_array_equal(rides["pickup_s"][served], found.outlook.boarded_s[served])
    np.testing.assert_array_equal(rides["dropoff_s"][served], found.outlook.alighted_s[served])
    promised = made.log.rider[made.log.kind == Kind.ACCEPT]
    assert set(np.flatnonzero(served).tolist()) <= set(promised.tolist())
    if not found.left:
        assert made.kpis["vehicle_km"] == pytest.approx(found.outlook.metres / 1000)
    charges = {(bus, stop.start_s) for bus, own in found.duties.items() for stop in own if stop.dwell_s}
    plugged = made.log.kind == Kind.PLUG_IN
    assert charges <= set(zip(made.log.bus[plugged].tolist(), made.log.time[plugged].tolist(), strict=True))
    assert bool(charges) == bool(overrides)


def test_planned_riders_come_first_and_others_are_fitted_in(tmp_path):
    """On a day with more riders than were planned the promises hold, and dispatch serves others beside them."""
    few = ("demand.prebooked_share=0.3", "demand.rides_per_day=500")
    found, path = planned(tmp_path, *few)
    made = study.run(study.load("quick.toml", [*BOOKED, *few, f"demand.plan={json.dumps(str(path))}"]))
    rides, served = made.tables["rides"], found.outlook.is_served
    assert (rides["outcome"][served] == "served").all()
    assert (rides["outcome"][~served] == "served").sum() > served.sum()
    assert np.nansum(rides["late_pickup_s"]) == 0


def test_plan_travels_with_the_run_and_is_verified(tmp_path):
    """The run folder carries the plan, so that the day can be run again from it alone."""
    _, path = planned(tmp_path)
    out = tmp_path / "day"
    sets = [part for key in BOOKED for part in ("--set", key)]
    told = CliRunner().invoke(
        program, ["run", "quick.toml", *sets, "--plan", str(path), "--no-plots", "--out", str(out)]
    )
    assert told.exit_code == 0, told.output
    path.unlink()
    assert (out / "plan.json").is_file()
    assert CliRunner().invoke(program, ["verify", str(out)]).exit_code == 0


def _broken(document, change):
    stops = document["buses"][0]["stops"]
    match change:
        case "format":
            document["format"] = "something"
        case "bus":
            document["buses"][0]["bus"] = 99
        case "rider":
            stops[0]["rider"] = "nobody"
        case "twice":
            stops.append(dict(stops[0]))
        case "order":
            stops.reverse()
        case "action":
            stops[0]["action"] = "fly"
        case "window":
            stops.sort(key=lambda stop: stop["action"] == "alight")
    return document


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("format", "is not a plan file"),
        ("bus", "there is no bus 99: the fleet has 3"),
        ("rider", "has no rider 'nobody'"),
        ("twice", "boards twice"),
        ("order", "without having boarded"),
        ("action", "must be one of board, alight, charge"),
        ("window", "bus 0"),
    ],
)
def test_plan_that_does_not_fit_is_told(tmp_path, change, told):
    """Another format, bus, rider or order, and a plan that would break a promise, are told as wrong input."""
    _, path = planned(tmp_path)
    path.write_text(json.dumps(_broken(json.loads(path.read_text()), change)))
    with pytest.raises(InputError, match=told):
        study.run(study.load("quick.toml", [*BOOKED, f"demand.plan={json.dumps(str(path))}"]))


def test_riders_who_have_not_booked_cannot_be_planned(tmp_path):
    """A plan of other riders than the scenario's, here those of another seed, is told rider by rider."""
    _, path = planned(tmp_path)
    others = study.load("quick.toml", [*BOOKED, "demand.prebooked_share=0.2", f"demand.plan={json.dumps(str(path))}"])
    with pytest.raises(InputError, match="has not booked ahead"):
        study.run(others)


def test_command_plans_a_scenario(tmp_path):
    """``busim plan SCENARIO`` writes the file and tells who is left; without bookings there is nothing to plan."""
    out = tmp_path / "plan.json"
    sets = [part for key in BOOKED for part in ("--set", key)]
    told = CliRunner().invoke(program, ["plan", "quick.toml", *sets, "--iterations", "40", "--out", str(out), "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout) == json.loads(out.read_text())
    nobody = CliRunner().invoke(program, ["plan", "quick.toml", "--set", "demand.prebooked_share=0"])
    assert nobody.exit_code == 2
