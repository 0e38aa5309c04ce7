"""The corpus of broken files through the command line: exit code 2, one screen, no traceback, nothing left behind."""

import csv
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[1] / "bad_input"
SAMPLE = 7  # every so manieth file also goes through ``busim run``


def files(kind):
    """List the broken files of a kind: as the table of expectations names them."""
    with (CORPUS / kind / "expected.csv").open(encoding="utf-8", newline="") as table:
        return sorted({row["file"] for row in csv.DictReader(table)})


CASES = [(kind, name) for kind in ("scenario", "map", "requests") for name in files(kind)]


def scenario_of(kind, name, folder):
    """Give a scenario that is broken by the file."""
    path = CORPUS / kind / name
    if kind == "scenario":
        return path
    section = f'[map]\npath = "{path.as_posix()}"\n' if kind == "map" else f'[demand]\nfile = "{path.as_posix()}"\n'
    depots = '[fleet]\nsize = 2\ndepots = ["depot"]\n' if kind == "map" else 'extends = "quick.toml"\n'
    (folder / "day.toml").write_text(section + depots if kind == "map" else depots + section)
    return folder / "day.toml"


def test_the_corpus_is_large():
    """At least sixty broken files, of every kind."""
    assert len(CASES) >= 60
    assert {kind for kind, _ in CASES} == {"scenario", "map", "requests"}


@pytest.mark.parametrize(("kind", "name"), CASES, ids=[f"{kind}-{name}" for kind, name in CASES])
def test_check_tells_what_is_broken(busim, in_folder, monkeypatch, kind, name):
    """``busim check`` names the file, in at most one screen."""
    scenario = scenario_of(kind, name, in_folder)
    if kind == "scenario":
        monkeypatch.chdir(CORPUS / kind)  # files that extend others are told apart by their bare names
    message = busim.fails("check", scenario)
    assert message.startswith("Error: ")
    assert len(message.splitlines()) <= 40
    assert any(file in message for file in (Path(name).name, ".toml", "places.csv", "areas.geojson"))


@pytest.mark.parametrize(("kind", "name"), CASES[::SAMPLE], ids=[f"{kind}-{name}" for kind, name in CASES[::SAMPLE]])
def test_run_leaves_nothing_behind(busim, in_folder, kind, name):
    """``busim run`` fails the same way, and no folder stands anywhere, whole or half-written."""
    scenario = scenario_of(kind, name, in_folder)
    before = sorted(in_folder.rglob("*"))
    assert busim.fails("run", scenario, "--out", "runs/day").startswith("Error: ")
    assert sorted(in_folder.rglob("*")) == before


def test_map_info_tells_what_is_broken(busim):
    """``busim map info`` gives the same findings for a map alone."""
    for name in files("map")[::SAMPLE]:
        assert busim.fails("map", "info", CORPUS / "map" / name).startswith("Error: ")
