"""Runs in memory and in folders."""

import json
import shutil

import numpy as np
import pytest

import busim
from busim import study
from busim.errors import InputError, StrategyError
from busim.model.events import Action, Kind
from busim.model.orders import Assign, Orders, Replace, Stop
from busim.policy.insertion import Insertion
from busim.policy.registry import strategies
from busim.study.log_file import read_log
from busim.study.running import default_folder

EXPECTED = {"manifest.json", "scenario.toml", "events.npz", "kpis.json", "tables"}


def test_a_run_stays_in_memory_unless_asked(tiny, tmp_path, monkeypatch):
    """Without ``out`` nothing is written; ``save`` writes the same folder."""
    monkeypatch.chdir(tmp_path)
    run = study.run(tiny)
    assert run.folder is None
    assert list(tmp_path.iterdir()) == []
    saved, written = run.save("saved", plots=False), study.run(tiny, out="written")
    assert saved.folder is not None
    for path in (tmp_path / "saved").rglob("*"):
        other = tmp_path / "written" / path.relative_to(tmp_path / "saved")
        assert path.is_dir() or path.name == "manifest.json" or path.read_bytes() == other.read_bytes()
    assert written.log.sha256() == run.log.sha256()


def test_the_folder_is_complete(tiny, tmp_path):
    """Everything that the record promises stands in the folder; the manifest tells versions, seed, hashes, seconds."""
    run = study.run(tiny, out=tmp_path / "day", plots=True)
    names = {path.name for path in (tmp_path / "day").iterdir()}
    assert names == EXPECTED | {"plots", "report.html"}
    tables = {path.stem for path in (tmp_path / "day" / "tables").iterdir()}
    assert {"rides", "stops", "legs", "charges", "requests", "by_group"} <= tables
    manifest = json.loads((tmp_path / "day" / "manifest.json").read_text())
    assert manifest["log_sha256"] == run.log.sha256()
    assert manifest["seed"] == tiny.spec.seed
    assert {"python", "busim", "numpy", "scipy", "simpy"} <= set(manifest["versions"])
    assert {"map", "demand", "travel", "simulate", "metrics", "record", "plots"} <= set(manifest["cpu_s"])


def test_an_opened_run_is_the_same(tiny, tmp_path):
    """Log, riders, tables and KPIs come back from the folder exactly, types included."""
    run = study.run(tiny, out=tmp_path / "day")
    opened = study.open_run(tmp_path / "day")
    assert opened.log.sha256() == run.log.sha256()
    np.testing.assert_equal(dict(opened.kpis), dict(run.kpis))
    assert list(opened.tables) == list(run.tables)
    for name, table in run.tables.items():
        for column, values in table.items():
            again = opened.tables[name][column]
            np.testing.assert_array_equal(again, values)
            assert again.dtype.kind == values.dtype.kind or values.dtype.kind in "UO"
    assert vars(opened.requests).keys() == vars(run.requests).keys()
    for column, values in vars(run.requests).items():
        np.testing.assert_array_equal(vars(opened.requests)[column], values)


def test_the_scenario_in_the_folder_runs_again(tiny, tmp_path):
    """scenario.toml of a run folder is complete: it gives the same fingerprint and the same log."""
    first = study.run(tiny, seed=7, out=tmp_path / "day")
    again = study.run(study.load(tmp_path / "day" / "scenario.toml"))
    assert again.manifest["fingerprint"] == first.manifest["fingerprint"]
    assert again.log.sha256() == first.log.sha256()


def test_own_inputs_travel_with_the_run(tiny, tmp_path):
    """A user's requests are copied into the folder, which runs again after the originals are gone."""
    study.run(tiny, out=tmp_path / "first")
    (tmp_path / "own").mkdir()
    requests = tmp_path / "own" / "requests.csv"
    shutil.copyfile(tmp_path / "first" / "tables" / "requests.csv", requests)
    (tmp_path / "own" / "day.toml").write_text('extends = "quick.toml"\n[demand]\nfile = "requests.csv"\n')
    run = study.run(study.load(tmp_path / "own" / "day.toml"), out=tmp_path / "second", plots=False)
    assert run.manifest["inputs"]["requests"]["file"] == "requests.csv"
    shutil.rmtree(tmp_path / "own")
    assert study.run(study.open_run(tmp_path / "second").scenario).log.sha256() == run.log.sha256()


def test_inputs_with_clashing_names_are_refused(tiny, tmp_path):
    """An input named like a file of the run folder is told before anything runs."""
    run = study.run(tiny, out=tmp_path / "first")
    shutil.copyfile(run.folder / "tables" / "requests.csv", tmp_path / "kpis.json")
    (tmp_path / "day.toml").write_text('extends = "quick.toml"\n[demand]\nfile = "kpis.json"\n')
    with pytest.raises(InputError, match="same name"):
        study.run(study.load(tmp_path / "day.toml"), out=tmp_path / "second")


def test_seed_and_progress(tiny):
    """Another seed gives other riders; progress runs from 0 to 1 in each phase."""
    seen = []
    run = study.run(tiny, seed=3, progress=lambda phase, share: seen.append((phase, share)))
    assert run.scenario.spec.seed == 3
    assert run.log.sha256() != study.run(tiny).log.sha256()
    assert ("simulate", 0.0) in seen
    assert ("metrics", 1.0) in seen
    assert any(phase == "simulate" and 0 < share < 1 for phase, share in seen)


def test_a_failing_strategy_leaves_its_log(failing, tmp_path):
    """Nothing stands under the asked name; the log up to the error is kept, and the message says where."""
    with pytest.raises(StrategyError, match="KeyError: 'third rider'") as caught:
        study.run(failing, out=tmp_path / "day")
    assert [path.name for path in tmp_path.iterdir()] == ["day.partial"]
    assert str(tmp_path / "day.partial") in caught.value.__notes__[0]
    assert {"events.npz", "manifest.json", "scenario.toml"} == {p.name for p in (tmp_path / "day.partial").iterdir()}
    with pytest.raises(InputError, match="run that failed"):
        study.open_run(tmp_path / "day.partial")


TINY = ("scenario.end=08:00:00", "fleet.size=2", "output.plots=false")
NONSENSE = {
    "unknown bus": (
        Orders((Assign(0, 99, 0, 0),)),
        r"Assign\(rider=0, bus=99, .*there is no bus 99; buses are 0 ... 1",
    ),
    "past time": (Orders((Replace(0, 0, (Stop(0, Action.MOVE, latest_s=60.0),)),)), r"Replace\(bus=0, .* s late"),
    "two orders": (Orders((Assign(0, 0, 0, 0), Assign(0, 1, 0, 0))), r"Assign\(rider=0, bus=1, .*planned, not open"),
    "no orders": ("bus 1, please", "returned 'bus 1, please', not Orders"),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_leaves_the_log_up_to_there(answer, tmp_path, monkeypatch):
    """The error names strategy, time and order; the log that is kept ends at that time, with the request before it."""
    decision, what = answer

    class Foolish(Insertion):
        """Returns nonsense."""

        def decide(self, view, rng):
            return decision

    monkeypatch.setitem(strategies("dispatch"), "foolish", Foolish)
    scenario = study.load("quick.toml", (*TINY, "dispatch.strategy=foolish"))
    with pytest.raises(StrategyError, match=f"strategy 'foolish' at 07:.*{what}") as caught:
        study.run(scenario, out=tmp_path / "day")
    assert [path.name for path in tmp_path.iterdir()] == ["day.partial"]
    log = read_log(tmp_path / "day.partial")
    assert log.time[-1] == caught.value.time_s
    assert (log.kind == Kind.REQUEST).sum() == 1


def test_a_run_shows_itself(tiny):
    """In a notebook a run is a small table; what comes from the scenario is escaped."""
    run = study.run(tiny)
    shown = run._repr_html_()
    assert shown.count("<tr>") == len(run.headline())
    assert "Service rate" in shown
    assert repr(run).startswith("<Run 'Quick ring', seed 1, ")


def test_a_run_draws(tiny):
    """One plot by name, on axes that are handed in or new; a wrong name is told."""
    run = study.run(tiny)
    ax = run.plot("waits")
    assert run.plot("states", ax=ax) is ax
    with pytest.raises(InputError, match="did you mean 'states'"):
        run.plot("state")


def test_tables_become_pandas(tiny):
    """Where pandas is installed, a table becomes a frame with the same columns."""
    pytest.importorskip("pandas")
    rides = study.run(tiny).tables["rides"]
    frame = rides.to_pandas()
    assert list(frame.columns) == list(rides)
    assert len(frame) == rides.num_rows


def test_default_folder_is_a_plain_name(tiny):
    """The default folder's name has letters, digits and hyphens alone."""
    assert str(default_folder(tiny)).replace("\\", "/") == "runs/quick-ring-1"


def test_parquet_holds_the_same_log(tmp_path):
    """The log's hash does not depend on the file format."""
    pytest.importorskip("pyarrow")
    small = ("scenario.end=08:00:00", "output.plots=false")
    npz = study.run(study.load("quick.toml", small), out=tmp_path / "npz")
    parquet = study.run(study.load("quick.toml", (*small, "output.log_format=parquet")), out=tmp_path / "parquet")
    assert (tmp_path / "parquet" / "events.parquet").is_file()
    assert npz.log.sha256() == parquet.log.sha256() == study.open_run(tmp_path / "parquet").log.sha256()


def test_parquet_without_pyarrow_is_told_before_the_run(tmp_path, monkeypatch):
    """A missing package is told at once, with the name of the extra."""
    chosen = study.load("quick.toml", ("output.log_format=parquet",))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"busim\[parquet\]"):
        study.run(chosen, out=tmp_path / "day")
    assert list(tmp_path.iterdir()) == []


def test_the_public_names_work(tmp_path):
    """The short form: load, run, open."""
    run = busim.run(busim.load("quick.toml", ["scenario.end=08:00:00"]), out=tmp_path / "day", plots=False)
    assert busim.open_run(run.folder).kpis["served"] == run.kpis["served"] > 0
