"""Sweeps: the same table whoever runs them, however often they are cut off."""

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import busim
from busim.errors import InputError
from busim.study.design import Range, latin_hypercube, unit_hypercube
from busim.study.study_file import read_study
from busim.study.study_folder import study_folder

ROOT = Path(__file__).parents[2]
HOUR = ("scenario.end=08:00:00",)
HALF_HOUR = ("scenario.end=07:30:00",)
STUDY = """
[study]
scenario = "quick.toml"
seeds = 3
kpis = ["wait_p95_s"]
[set]
scenario.end = 08:00:00
[vary]
fleet.size = [3, 4]
demand.scale = [0.5, 1.0]
"""


@pytest.fixture
def study(tmp_path):
    """Write a study of four cells with three seeds each."""
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Run that study without interruption."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "study.toml").write_text(STUDY)
    return busim.sweep(folder / "study.toml", out=folder / "out", jobs=1)


def results(out):
    """Read the bytes of the results."""
    return (out / "results.csv").read_bytes()


def test_the_table_is_tidy(whole):
    """A row per run with its cell, keys, seed and folder; each folder opens as a run with the same KPIs."""
    table = whole.table
    assert table.num_rows == 4 * 3
    assert table["fleet.size"].tolist() == [3] * 6 + [4] * 6
    row = table.row(5)
    run = busim.open_run(whole.folder / row["run"])
    assert run.manifest["seed"] == row["seed"]
    assert run.kpis["wait_p95_s"] == row["wait_p95_s"]
    assert whole.summary.num_rows == 4
    assert "<table>" in whole._repr_html_()


def test_what_is_done_is_not_run_again(whole, monkeypatch):
    """A second sweep into the same folder only reads, and writes the same table."""
    before = results(whole.folder)
    monkeypatch.setattr("busim.study.tasks.run_in_folder", lambda *_, **__: pytest.fail("a run was started"))
    made = busim.sweep(whole.folder.parent / "study.toml", out=whole.folder, jobs=1)
    assert results(made.folder) == before


def test_drafts_of_killed_workers_are_swept_away(whole):
    """Also those beside a run that is complete; whatever else stands there is left alone."""
    run = next((whole.folder / "runs").iterdir())
    draft, other = (run.with_name(f"{name}.tmp-77-abc") for name in (run.name, "other"))
    for path in (draft, other):
        path.mkdir()
    busim.sweep(whole.folder.parent / "study.toml", out=whole.folder, jobs=1)
    assert (draft.exists(), other.exists()) == (False, True)
    other.rmdir()


def test_without_a_folder_only_kpis_are_kept(whole, study):
    """The same values, no files."""
    made = busim.sweep(study, jobs=1)
    assert np.array_equal(made.values, whole.values, equal_nan=True)
    assert [path.name for path in study.parent.iterdir()] == ["study.toml"]


def test_shards_make_the_same_table(whole, study, tmp_path):
    """Three shards fill the folder; then the whole sweep only puts the table together."""
    for part in (1, 2, 3):
        assert busim.sweep(study, out=tmp_path / "out", shard=f"{part}/3", jobs=1).table.num_rows == 4
    busim.sweep(study, out=tmp_path / "out", jobs=1)
    assert results(tmp_path / "out") == results(whole.folder)


def test_killed_in_the_middle_and_started_again(whole, study, tmp_path):
    """After kill -9 the same command goes on, and its table is that of the uninterrupted sweep, byte for byte."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "busim", "sweep", str(study), "--out", str(out), "--jobs", "1", "--no-plots"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while len([path for path in out.glob("runs/*") if ".tmp-" not in path.name]) < 3:
        assert time.monotonic() < end
        assert killed.poll() is None
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert not (out / "results.csv").exists()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert results(out) == results(whole.folder)
    assert list(out.glob("runs/*.tmp-*")) == []


def test_workers_that_die_are_replaced(whole, study, tmp_path):
    """A worker killed by the system is replaced, and nothing is missing in the end."""
    code = f"""
import os, signal, threading, time, glob
import busim
def kill():
    me = os.getpid()
    while True:
        for stat in glob.glob("/proc/[0-9]*/stat"):
            try:
                words = open(stat).read().rsplit(")", 1)[1].split()
                line = open(stat.replace("stat", "cmdline")).read()
            except OSError:
                continue
            runs = [name for name in glob.glob({str(tmp_path)!r} + "/out/runs/*") if ".tmp-" not in name]
            if int(words[1]) == me and "loky" in line and "resource" not in line and len(runs) >= 2:
                os.kill(int(stat.split("/")[2]), signal.SIGKILL)
                print("killed", flush=True)
                return
        time.sleep(0.005)
threading.Thread(target=kill, daemon=True).start()
busim.sweep({str(study)!r}, out={str(tmp_path / "out")!r}, jobs=2)
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["killed"]
    assert results(tmp_path / "out") == results(whole.folder)


@pytest.mark.slow
def test_dask_equals_serial(whole, study, tmp_path):
    """Two Dask worker processes give the same table as none."""
    pytest.importorskip("distributed")
    code = f"""
if __name__ == "__main__":
    from distributed import LocalCluster
    import busim
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        busim.sweep({str(study)!r}, out={str(tmp_path / "out")!r}, dask=cluster.scheduler_address)
"""
    script = tmp_path / "script.py"
    script.write_text(code)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, str(script)], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert results(tmp_path / "out") == results(whole.folder)


def test_memory_does_not_grow_with_the_number_of_runs():
    """After a warm-up a run leaves hardly a block of memory in use, where its log alone has thousands."""

    def held(seeds):
        made = busim.sweep("quick.toml", {"fleet.size": [3]}, seeds=seeds, overrides=HALF_HOUR, jobs=1)
        gc.collect()
        return sys.getallocatedblocks(), made

    held(6)
    few, many = held(2)[0], held(22)[0]
    assert (many - few) / 20 < 100


def test_cells_that_say_the_same_are_run_once(tmp_path):
    """Equal cells share their run folders and have a row each."""
    made = busim.sweep("quick.toml", {"fleet.size": [3, 3]}, seeds=2, overrides=HOUR, out=tmp_path / "out", jobs=1)
    assert made.table.num_rows == 4
    assert len(list((tmp_path / "out" / "runs").iterdir())) == 2


def test_failed_runs_are_told_and_the_others_kept(failing, tmp_path):
    """A strategy that raises in one cell leaves its rows empty, with the error."""
    vary = {"dispatch.strategy": ["nearest", "failing"]}
    made = busim.sweep(failing, vary, seeds=2, out=tmp_path / "out", jobs=1)
    assert [bool(error) for error in made.table["error"]] == [False, False, True, True]
    assert np.isnan(made.table["served"]).tolist() == [False, False, True, True]
    with pytest.raises(InputError, match="no run succeeded"):
        busim.sweep(failing, {"fleet.size": [2]}, seeds=2, jobs=1)


def test_a_full_disk_ends_the_sweep_at_once(study, tmp_path, monkeypatch):
    """The system's own words are told, and that what is done stays."""
    monkeypatch.setattr("busim.study.saving.write_start", full_disk)
    with pytest.raises(InputError, match="No space left on device") as caught:
        busim.sweep(study, out=tmp_path / "out", jobs=1)
    assert "0 of 12 runs are kept" in caught.value.__notes__[0]


def full_disk(folder, scenario):
    """Fail as the system does."""
    raise OSError(28, "No space left on device", str(folder))


def test_one_sweep_at_a_time(study, tmp_path):
    """A second sweep into a folder in use is refused."""
    pytest.importorskip("fcntl")
    with study_folder(tmp_path / "out"), pytest.raises(InputError, match="another sweep is at work"):
        busim.sweep(study, out=tmp_path / "out", jobs=1)


def test_a_file_in_the_place_of_the_folder(study, tmp_path, monkeypatch):
    """What cannot be written is told before anything runs."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("busim.study.tasks.run_in_folder", lambda *_, **__: pytest.fail("a run was started"))
    for out in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(InputError, match=f"{out}: cannot be (written|made): Not a directory"):
            busim.sweep(study, out=out, jobs=1)


def test_a_disk_that_is_full_already(study, tmp_path, monkeypatch):
    """It is told before anything runs, with the name of the folder that was asked for."""

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("busim.study.study_folder.tempfile.NamedTemporaryFile", fail)
    with pytest.raises(InputError, match=f"{tmp_path / 'out'}: cannot be made: No space left on device"):
        busim.sweep(study, out=tmp_path / "out", jobs=1)
    assert not (tmp_path / "out").exists()


def test_latin_hypercubes_meet_every_part_once():
    """Each tenth of each range holds exactly one of ten points; whole ranges stay whole; the seed decides."""
    points = unit_hypercube(10, 3, 1)
    assert (np.sort((points * 10).astype(int), axis=0) == np.arange(10)[:, None]).all()
    assert not np.array_equal(points, unit_hypercube(10, 3, 2))
    sizes = [settings[0].value for settings in latin_hypercube([Range("fleet.size", 2, 5, "")], 40, 1)]
    assert sorted(sizes) == [2] * 10 + [3] * 10 + [4] * 10 + [5] * 10


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (STUDY.replace("seeds = 3", "sedes = 3"), "study.toml:4 study.sedes: there is no key 'sedes' here"),
        (STUDY.replace("[3, 4]", "[]"), "study.toml:9 vary.fleet.size: has no values"),
        (STUDY.split("[vary]", maxsplit=1)[0], "nothing is varied"),
        (STUDY.split("[vary]", maxsplit=1)[0] + "[vary]\n", "is empty: nothing is varied"),
        (STUDY.replace("seeds = 3", "seeds = 1"), "study.toml:4 study.seeds: there must be at least 2 seeds"),
        (STUDY.replace("[3, 4]", f"{list(range(1000))}").replace("[0.5, 1.0]", f"{list(range(1000))}"), "1000000"),
        (STUDY.replace("wait_p95_s", "wait_p96_s"), "did you mean 'wait_p95_s'"),
        (STUDY.replace("fleet.size", "fleet.sze"), "study.toml:9 vary.fleet.sze"),
        (STUDY.replace("[vary]", "[range]"), "study.samples: is missing"),
        (STUDY + "[range]\nfleet.size = [1, 2]\n", "a study has one design"),
        (STUDY.replace("[vary]", "vary = 3\n[x]"), "vary"),
        ("[study]\nscenario = 3\n[vary]\nfleet.size = [1, 2]\n", "must be a file name in quotes"),
    ],
)
def test_broken_studies_are_told_before_anything_runs(text, told, tmp_path, monkeypatch):
    """With file, line, key, and what may have been meant."""
    monkeypatch.setattr("busim.study.tasks.simulate", lambda *_: pytest.fail("a run was started"))
    (tmp_path / "study.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        busim.sweep(tmp_path / "study.toml", jobs=1)
    assert told in str(caught.value)


def test_study_files_spell_out_cases(tmp_path):
    """A list of cases, each with its name; keys may be nested or quoted with dots."""
    text = '[study]\nscenario = "quick.toml"\n[[case]]\nname = "few"\nfleet.size = 2\n[[case]]\n"fleet.size" = 6\n'
    (tmp_path / "study.toml").write_text(text)
    cases = read_study(tmp_path / "study.toml").cases
    assert [(case.name, case.settings[0].override) for case in cases] == [("few", "fleet.size=2"), ("", "fleet.size=6")]


@pytest.mark.parametrize(
    ("vary", "kind"),
    [
        ({"fleet.size": [2, 3, 4], "demand.scale": [0.5, 1.0, 1.5]}, "heat map"),
        ({"fleet.size": [2, 3], "dispatch.strategy": ["nearest", "insertion"]}, "lines"),
        ({"dispatch.strategy": ["nearest", "insertion"]}, "points"),
    ],
)
def test_plots_suit_what_is_varied(vary, kind):
    """Two keys of numbers make a heat map, a number and a word lines with bands, a word alone points."""
    ax = busim.sweep("quick.toml", vary, seeds=2, overrides=HOUR, jobs=1, kpis=["wait_p95"]).plot()
    assert bool(ax.images) == (kind == "heat map")
    assert (len(ax.lines) == 2) == (kind == "lines")
    if kind == "lines":
        assert all(tick == round(tick) for tick in ax.get_xticks())  # of whole numbers


@pytest.mark.parametrize("shard", ["0/3", "4/3", "x", "1", "1/0"])
def test_shards_are_parts(shard, study):
    """What is no part of several is refused."""
    with pytest.raises(InputError, match="must be a part of several"):
        busim.sweep(study, shard=shard, jobs=1)
