"""Broken maps: each gives a short message with the place, and nothing else."""

import csv
from pathlib import Path

import pytest

from busim import network
from busim.errors import InputError
from busim.model.specs import MapSpec

CORPUS = Path(__file__).parents[1] / "bad_input" / "map"
with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as table:
    CASES = list(csv.DictReader(table))
MAX_LINES = 25


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_broken_map_names_place_and_problem(case):
    """The message fits a screen, and names the element and what is wrong with it."""
    with pytest.raises(InputError) as raised:
        network.compile(MapSpec("graphml", CORPUS / case["file"], 0, 0.0, 0.0))
    message = str(raised.value)
    assert case["where"] in message
    assert case["what"] in message
    assert len(message.splitlines()) <= MAX_LINES


def test_every_file_of_the_corpus_is_expected():
    """No broken map lies there untested."""
    found = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*.graphml")}
    assert found == {case["file"] for case in CASES}


def test_missing_file():
    """A file that is not there is bad input."""
    with pytest.raises(InputError, match="no such file"):
        network.load_graphml("nowhere.graphml")


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        (MapSpec("grdi", None, 3, 400.0, 40.0), "did you mean 'grid'"),
        (MapSpec("graphml", None, 3, 400.0, 40.0), "is missing"),
        (MapSpec("line", None, 1, 400.0, 40.0), "at least 2"),
        (MapSpec("ring", None, 2, 400.0, 40.0), "at least 3"),
        (MapSpec("line", None, 3, float("nan"), 40.0), "no positive number"),
        (MapSpec("line", None, 3, 400.0, 0.0), "no positive number"),
    ],
)
def test_broken_spec(spec, what):
    """A map section that cannot be drawn is bad input."""
    with pytest.raises(InputError, match=what):
        network.compile(spec)


def test_problems_of_one_kind_are_told_as_one(tmp_path):
    """A thousand edges without a length make one short message with some of their names."""
    nodes = "".join(
        f'<node id="{i}"><data key="x">{106 + i / 1e5}</data><data key="y">29</data></node>' for i in range(1001)
    )
    edges = "".join(f'<edge source="{i}" target="{i + 1}"><data key="h">primary</data></edge>' for i in range(1000))
    keys = '<key id="x" for="node" attr.name="x"/><key id="y" for="node" attr.name="y"/>'
    keys += '<key id="h" for="edge" attr.name="highway"/>'
    path = tmp_path / "town.graphml"
    path.write_text(
        f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{keys}'
        f'<graph edgedefault="directed">{nodes}{edges}</graph></graphml>'
    )
    with pytest.raises(InputError) as raised:
        network.load_graphml(path)
    assert len(raised.value.problems) == 1
    assert "0 -> 1" in str(raised.value)
    assert "and 995 more" in str(raised.value)
