"""``busim verify``: a run run again from its folder, untouched or tampered with."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from busim import study
from busim.cli.app import program
from busim.errors import InputError
from busim.model.events import NONE, EventLog, Kind
from busim.study.event_words import Names, event_text
from busim.study.log_compare import compare_logs
from busim.study.verify import verify

TINY = ("scenario.end=07:30:00", "fleet.size=2", "demand.rides_per_day=300", "output.plots=false")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Give the folder of a short run."""
    folder = tmp_path_factory.mktemp("verify") / "day"
    study.run(study.load("quick.toml", TINY), out=folder)
    return folder


@pytest.fixture
def folder(original, tmp_path):
    """Give a copy of it, to be tampered with."""
    return shutil.copytree(original, tmp_path / "day")


def change_log(folder, change):
    """Let a function change the columns of a folder's log."""
    path = folder / "events.npz"
    with np.load(path) as archive:
        columns = {name: archive[name] for name in archive.files}
    np.savez_compressed(path, **change(columns))


def change_json(folder, name, **values):
    """Change entries of a JSON file."""
    path = folder / name
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def topics(found):
    """List what a verification found, by topic."""
    return [topic for topic, _ in found.findings]


def test_an_untouched_run_is_identical(original):
    """The same log comes out, byte for byte; nothing differs."""
    found = verify(original)
    assert found.is_identical
    assert found.findings == ()
    assert found.parting is None
    assert len(set(found.log_sha256.values())) == 1
    assert found.lines() == [f"{original}: identical, byte for byte."]


def test_the_first_altered_event_is_named(folder):
    """Of two altered events the first is told, with both rows and the column."""

    def change(columns):
        columns["node"][[40, 60]] += 1
        return columns

    change_log(folder, change)
    found = verify(folder)
    assert not found.is_identical
    assert topics(found) == ["log"]
    assert (found.parting.row, found.parting.changed["node"]) == (40, 2)
    before, after = found.parting.columns["node"]
    assert before == after + 1
    assert found.parting.first != found.parting.second
    assert "number 41" in "\n".join(found.lines())


def test_a_log_that_was_cut(folder):
    """Where the folder's log has ended, that is told."""
    change_log(folder, lambda columns: {name: column[:50] for name, column in columns.items()})
    found = verify(folder)
    assert (found.parting.row, found.parting.first) == (50, "the log has ended")


def test_a_changed_scenario(folder):
    """A scenario that was edited afterwards gives another day, and its fingerprint tells."""
    path = folder / "scenario.toml"
    path.write_text(path.read_text().replace("max_wait_min = 8", "max_wait_min = 3"))
    assert {"scenario", "log"} <= set(topics(verify(folder)))


def test_another_seed_in_the_scenario(folder):
    """A changed seed is told as such."""
    path = folder / "scenario.toml"
    path.write_text(path.read_text().replace("seed = 1\n", "seed = 2\n"))
    assert ("scenario", "the seed was 1, scenario.toml has 2") in verify(folder).findings


def test_other_versions_alone_do_not_matter(folder):
    """A run of another version of a library whose log comes out the same is identical, and the version is told."""
    manifest = json.loads((folder / "manifest.json").read_text())
    change_json(folder, "manifest.json", versions={**manifest["versions"], "numpy": "1.0"})
    change_json(folder, "manifest.json", platform={**manifest["platform"], "machine": "abacus"})
    found = verify(folder)
    assert found.is_identical
    assert topics(found) == ["version", "platform"]
    assert "numpy was 1.0" in found.findings[0][1]


def test_embellished_kpis_and_tables(folder):
    """KPIs and tables that do not follow from the log are told."""
    change_json(folder, "kpis.json", service_rate=1.5)
    path = folder / "tables" / "buses.csv"
    header, first, *rest = path.read_text().splitlines()
    cells = first.split(",")
    cells[header.split(",").index("km")] = "9999"
    path.write_text("\n".join([header, ",".join(cells), *rest]) + "\n")
    found = verify(folder)
    assert not found.is_identical
    assert topics(found) == ["kpis", "tables"]
    assert found.findings[0][1].endswith("service_rate")
    assert found.findings[1][1].endswith(": km")


def test_a_changed_input_file(tmp_path):
    """A file of requests that was changed beside the run is named."""
    made = study.run(study.load("quick.toml", TINY), out=tmp_path / "model")
    shutil.copy(tmp_path / "model" / "tables" / "requests.csv", tmp_path / "mine.csv")
    chosen = study.load("quick.toml", (*TINY, f"demand.file={tmp_path / 'mine.csv'}"))
    folder = study.run(chosen, out=tmp_path / "file").folder
    assert verify(folder).is_identical
    lines = (folder / "mine.csv").read_text().splitlines()
    (folder / "mine.csv").write_text("\n".join(lines[:-1]) + "\n")
    assert len(made.requests) == len(lines) - 1
    assert ("input", "the requests file mine.csv has changed") in verify(folder).findings
    (folder / "mine.csv").unlink()
    with pytest.raises(InputError, match=r"mine\.csv"):
        verify(folder)


def test_what_is_no_run(tmp_path):
    """A missing folder, and one without a manifest, are bad input."""
    with pytest.raises(InputError, match="there is no such folder"):
        verify(tmp_path / "nowhere")
    with pytest.raises(InputError, match="cannot be read"):
        verify(tmp_path)


def test_the_command(original, folder):
    """The exit code is 0 for an identical run and 1 for another; --json tells the first difference."""
    assert CliRunner().invoke(program, ["verify", str(original)]).exit_code == 0

    def change(columns):
        columns["value"][10] += 0.5
        return columns

    change_log(folder, change)
    done = CliRunner().invoke(program, ["verify", str(folder), "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["first_difference"]["row"] == 10


def log_of(*rows):
    """Make a log of rows, each a dictionary of columns."""
    blank = dict.fromkeys(("bus", "rider", "node", "other", "a", "b", "c"), NONE)
    names = ("time", "kind", *blank, "value")
    return EventLog.from_rows([tuple({**blank, "value": 0.0, **row}[name] for name in names) for row in rows])


def test_bits_are_compared():
    """Nan equals itself, minus zero does not equal zero."""
    row = {"time": 3, "kind": Kind.IDLE}
    assert compare_logs(log_of({**row, "value": np.nan}), log_of({**row, "value": np.nan})) is None
    assert compare_logs(log_of({**row, "value": 0.0}), log_of({**row, "value": -0.0})).row == 0


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_event_has_words(kind):
    """Each kind can be told, also with columns that make no sense."""
    log = log_of({"time": 25500, "kind": kind, "bus": 2, "rider": 7, "a": 999})
    told = event_text(log, 0)
    assert told.startswith("07:05:00 ")
    assert len(told) > 15


def test_an_unknown_kind_is_told_by_its_number():
    """A log that was tampered with can still be told."""
    assert event_text(log_of({"time": 0, "kind": 999, "bus": 1}), 0) == "00:00:00 kind 999, bus 1"


def test_words_name_riders_and_places():
    """Names replace numbers where they are known."""
    names = Names(lambda rider: f"r{rider}", lambda node: {3: "Gate"}[node])
    log = log_of({"time": 60, "kind": Kind.BOARD, "bus": 1, "rider": 5, "node": 3, "a": 2})
    assert event_text(log, 0, names) == "00:01:00 rider r5 boards bus 1 at Gate, party of 2"
