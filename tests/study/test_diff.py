"""``busim diff``: who fared differently in two runs, on hand-made days and on real ones."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from busim import study
from busim.cli.app import program
from busim.errors import InputError
from busim.model.table import Table
from busim.study.diff import diff
from busim.study.diff_riders import largest, outcome_table

TINY = ("scenario.end=07:30:00", "demand.rides_per_day=300", "output.plots=false")


@pytest.fixture(scope="module")
def two():
    """Give a half-hour of the quick ring with two buses."""
    return study.run(study.load("quick.toml", (*TINY, "fleet.size=2")))


@pytest.fixture(scope="module")
def one():
    """Give the same half-hour with one bus."""
    return study.run(study.load("quick.toml", (*TINY, "fleet.size=1")))


def changed(run, **columns):
    """Give a run whose table of rides has other values: name=(row, value)."""
    rides = {name: column.copy() for name, column in run.tables["rides"].items()}
    for name, (row, value) in columns.items():
        rides[name] = rides[name].astype(object if isinstance(value, str) else np.float64)
        rides[name][row] = value
    return replace(run, tables={**run.tables, "rides": Table(rides)})


def test_a_run_is_identical_to_itself(two):
    """Nothing differs."""
    found = diff(two, two)
    assert found.is_identical
    assert found.lines()[-1] == "The logs are identical, byte for byte."
    assert found.kpis.num_rows == 0
    assert found.document()["riders"] == []


def test_hand_made_changes_are_found(two):
    """A rider who is refused instead of served, and one who waits 100 s longer, are told with their ids."""
    first, second = np.flatnonzero(two.tables["rides"]["outcome"] == "served")[:2]
    wait = two.tables["rides"]["wait_s"][second]
    other = changed(changed(two, wait_s=(second, wait + 100)), outcome=(first, "refused"))
    found = diff(two, other)
    ids = two.tables["rides"]["id"]
    assert found.outcomes.row(0) == {"first": "served", "second": "refused", "riders": 1}
    assert [row["id"] for row in found.document()["riders"]] == [ids[first], ids[second]]
    assert found.riders["wait_change_s"][second] == pytest.approx(100)
    assert found.parting is None  # the logs are the same


def test_fewer_buses(two, one):
    """Of two runs on the same riders: the key that was set, the bus that is gone, waits, and the first event."""
    found = diff(two, one)
    assert found.settings == {"fleet.size": (2, 1)}
    assert found.only == (0, 0)
    assert np.isnan(found.buses["km_second"][1])
    told = "\n".join(found.lines())
    for part in (
        "fleet.size: 2 -> 1",
        "the same",
        "only in the first: bus 1",
        "longer for",
        "first event that differs",
    ):
        assert part in told
    assert found.riders["wait_second_s"] == pytest.approx(one.tables["rides"]["wait_s"], nan_ok=True)
    assert f"{len(found.document()['riders'])} riders fared differently" in repr(found)
    assert "<pre>" in found._repr_html_()


def test_other_riders(two):
    """With another seed the riders are others, and are not compared."""
    other = study.run(two.scenario, seed=2)
    found = diff(two, other)
    assert found.settings == {"scenario.seed": (1, 2)}
    assert found.only == (len(two.requests) - found.riders.num_rows, len(other.requests) - found.riders.num_rows)
    assert found.only[0] > 0


def test_kpis_that_differ(two, one):
    """The table holds both values and the change, and leaves out what is the same."""
    found = diff(two, one)
    rows = {row["kpi"]: row for row in (found.kpis.row(i) for i in range(found.kpis.num_rows))}
    assert "requests" not in rows
    assert rows["vehicle_km"]["change"] == pytest.approx(one.kpis["vehicle_km"] - two.kpis["vehicle_km"])


def test_outcomes_are_counted():
    """Changes come first, the most frequent first of all."""
    before = np.array(["served", "served", "refused", "served"], object)
    after = np.array(["served", "refused", "served", "refused"], object)
    table = outcome_table(Table({"outcome_first": before, "outcome_second": after}))
    assert table["riders"].tolist() == [2, 1, 1]
    assert table["first"].tolist() == ["served", "refused", "served"]


def test_largest():
    """The largest changes either way; what did not change, or is not known, is left out."""
    assert largest(np.array([0.0, 3.0, np.nan, -5.0, 1.0]), 2).tolist() == [3, 1]
    assert largest(np.zeros(3), 2).tolist() == []


def test_the_command(two, one, tmp_path):
    """The program compares two folders."""
    folders = [str(run.save(tmp_path / name, plots=False).folder) for name, run in (("a", two), ("b", one))]
    text = CliRunner().invoke(program, ["diff", *folders, "--most", "1"])
    assert text.exit_code == 0, text.output
    assert "Scenario\n  fleet.size: 2 -> 1" in text.stdout
    document = json.loads(CliRunner().invoke(program, ["diff", *folders, "--json"]).stdout)
    assert document["runs"] == folders
    assert not document["identical"]


def test_what_is_no_run(tmp_path, two):
    """A folder that is no run is bad input."""
    with pytest.raises(InputError, match="there is no such folder"):
        diff(two, tmp_path / "nowhere")
