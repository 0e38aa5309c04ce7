"""Run folders that are broken in one way each."""

import json

import numpy as np
import pytest

from busim import study
from busim.errors import InputError


@pytest.fixture
def folder(tiny, tmp_path):
    """Give the folder of a complete run."""
    return study.run(tiny, out=tmp_path / "day").folder


def edit_manifest(folder, **changes):
    """Change entries of the manifest."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def flip_a_time(folder):
    """Change one event of the log."""
    with np.load(folder / "events.npz") as archive:
        columns = dict(archive)
    columns["time"][0] += 1
    np.savez_compressed(folder / "events.npz", **columns)


def cut(path):
    """Cut a file in the middle."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


BREAKS = {
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "manifest.json: cannot be read"),
    "manifest cut": (lambda f: cut(f / "manifest.json"), "manifest.json: cannot be read"),
    "manifest is a list": (lambda f: (f / "manifest.json").write_text("[]"), "no JSON object"),
    "manifest lacks keys": (lambda f: (f / "manifest.json").write_text("{}"), "'log_sha256' is missing"),
    "newer format": (lambda f: edit_manifest(f, format=99), "newer busim"),
    "no log": (lambda f: (f / "events.npz").unlink(), "holds no event log"),
    "log cut": (lambda f: cut(f / "events.npz"), "is not a readable event log"),
    "log changed": (flip_a_time, "its hash differs"),
    "no scenario": (lambda f: (f / "scenario.toml").unlink(), "scenario.toml"),
    "no tables": (lambda f: (f / "tables" / "rides.csv").unlink(), "rides.csv: cannot be read"),
    "table cut": (lambda f: cut(f / "tables" / "rides.csv"), "rides.csv"),
    "table emptied": (lambda f: (f / "tables" / "legs.csv").write_text(""), "legs.csv: column 'leg' is missing"),
    "text for a number": (
        lambda f: (f / "tables" / "legs.csv").write_text((f / "tables" / "legs.csv").read_text().replace("0,", "x,")),
        "legs.csv: column",
    ),
    "no kpis": (lambda f: (f / "kpis.json").unlink(), "kpis.json: cannot be read"),
    "kpi is a text": (lambda f: (f / "kpis.json").write_text('{"served": "many"}'), "'served' is not a number"),
    "no requests": (lambda f: (f / "tables" / "requests.csv").unlink(), "requests.csv"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_folder_is_told(folder, name):
    """Each break gives one clear error that names the file."""
    break_it, told = BREAKS[name]
    break_it(folder)
    with pytest.raises(InputError) as caught:
        study.open_run(folder)
    assert told in str(caught.value)


def test_not_a_folder(tmp_path):
    """A file, a missing folder and an empty folder are told apart."""
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    for name, told in (("file", "is a file"), ("none", "there is no such folder"), ("empty", "manifest.json")):
        with pytest.raises(InputError, match=told):
            study.open_run(tmp_path / name)
