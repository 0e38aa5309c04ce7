"""The complete scenario as a file: it runs again as it stands, and has a fingerprint."""

from __future__ import annotations

import shutil
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from busim.errors import InputError
from busim.scenario import load, loads, with_seed
from busim.scenario.data import data_root, find, shared_name
from busim.scenario.toml_write import dumps

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_PLAIN = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), _TEXT
)
_VALUE = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3), max_leaves=6
)


@given(st.dictionaries(_TEXT, _VALUE, max_size=4))
def test_what_is_written_reads_back_the_same(document):
    """Any document of plain values, lists and tables survives writing and reading."""
    assert tomllib.loads(dumps(document)) == document


def test_the_text_is_complete_and_gives_the_same_scenario(ring):
    """Every section stands in it, and reading it changes nothing."""
    first = loads(ring + '[scenario]\nend = "25:30"\n[dispatch]\nperiod_s = 30\n[[fleet.group]]\nvehicle = "navya"\n')
    again = loads(first.text)
    assert (again.spec, again.document, again.fingerprint) == (first.spec, first.document, first.fingerprint)
    assert again.text == first.text
    assert {"scenario", "map", "fleet", "demand", "service", "line", "objective", "output"} <= set(
        tomllib.loads(first.text)
    )


def test_the_text_of_an_extended_scenario_stands_alone():
    """The run folder's file needs no other scenario."""
    scenario = load("science_city_line.toml", ["fleet.size=3"])
    assert "extends" not in scenario.document
    again = loads(scenario.text)
    assert (again.fingerprint, again.spec) == (scenario.fingerprint, scenario.spec)


def test_the_fingerprint_does_not_depend_on_the_place(write, ring):
    """The same scenario with the same bytes of requests elsewhere, under another name, is the same."""
    text = ring + '[demand]\nfile = "{}"\n'
    write("a/riders.csv", "time,from,to\n")
    write("b/people.csv", "time,from,to\n")
    first, second = (
        load(write("a/x.toml", text.format("riders.csv"))),
        load(write("b/y.toml", text.format("people.csv"))),
    )
    assert first.fingerprint == second.fingerprint
    assert first.inputs["requests"] != second.inputs["requests"]


def test_the_fingerprint_follows_every_change(write, ring):
    """Another seed, another byte of an input, another parameter: another fingerprint."""
    riders = write("riders.csv", "time,from,to\n")
    path = write("x.toml", ring + '[demand]\nfile = "riders.csv"\n')
    seen = {
        load(path, changes).fingerprint for changes in ([], ["scenario.seed=2"], ["dispatch.x=1"], ["fleet.size=9"])
    }
    riders.write_text("time,from,to\n\n")
    assert len({*seen, load(path).fingerprint}) == 5


def test_integers_and_decimals_of_one_value_are_the_same_scenario(ring):
    """Ten minutes are ten minutes, with or without a point."""
    prints = {loads(ring, [f"service.max_wait_min={text}"]).fingerprint for text in ("9", "9.0", "0.9e1")}
    assert len(prints) == 1


def test_own_files_keep_their_bare_names(write, ring):
    """Beside copies of the inputs the text runs from any folder."""
    write("data/riders.csv", "time\n")
    scenario = load(write("x.toml", ring + '[demand]\nfile = "data/riders.csv"\n'))
    assert scenario.document["demand"]["file"] == "riders.csv"
    write("run/riders.csv", "time\n")
    assert load(write("run/scenario.toml", scenario.text)).fingerprint == scenario.fingerprint


def test_inputs_are_found_by_role():
    """The map brings the places and areas beside it; their hashes are told."""
    scenario = load("science_city.toml")
    assert set(scenario.inputs) == {"map", "places", "areas"} == set(scenario.input_sha256)
    assert scenario.document["map"]["path"] == "maps/science_city/science_city.graphml"
    assert scenario.spec.map.path == scenario.inputs["map"]


def test_a_copy_of_a_shipped_scenario_runs_elsewhere(tmp_path):
    """../maps/... is looked up in busim's data where it is not beside the file."""
    copy = shutil.copy(data_root() / "scenarios" / "science_city.toml", tmp_path / "copy.toml")
    assert load(copy).fingerprint == load("science_city.toml").fingerprint


def test_shipped_names_are_found_from_anywhere(tmp_path, monkeypatch):
    """The name quick.toml works in any folder; a file of one's own goes first."""
    monkeypatch.chdir(tmp_path)
    assert load("quick.toml").name == load("scenarios/quick.toml").name == "Quick ring"
    (tmp_path / "quick.toml").write_text('extends = "../scenarios/quick.toml"\n[scenario]\nname = "mine"\n')
    assert load("quick.toml").name == "mine"


def test_data_names(tmp_path):
    """Only files below maps/ and scenarios/ are busim's own."""
    assert shared_name(data_root() / "scenarios" / "quick.toml") == "scenarios/quick.toml"
    assert shared_name(tmp_path / "x.toml") is None
    assert shared_name(data_root() / "pyproject.toml") is None
    assert find("../nowhere/quick.toml", (tmp_path,)) is None


def test_with_seed(ring):
    """Only the seed changes, as if the file had said so."""
    scenario = loads(ring)
    other = with_seed(scenario, 5)
    assert other.fingerprint == loads(ring, ["scenario.seed=5"]).fingerprint != scenario.fingerprint
    assert (other.spec.seed, loads(other.text).spec, scenario.spec.seed) == (5, other.spec, 1)


@pytest.mark.parametrize("seed", [-1, 2**63, True, 1.5])
def test_with_a_bad_seed(ring, seed):
    """A seed is a whole number of at least 0 that fits TOML."""
    with pytest.raises(InputError, match="whole number"):
        with_seed(loads(ring), seed)
