"""Reading instance files: quirks, and a corpus of broken ones."""

import numpy as np
import pytest
from planning_worlds import DARP, EADARP

from busim.errors import InputError
from busim.planning import read_instance


def test_eadarp_fields(tiny):
    """Numbers land where they belong; an open window is clipped to the horizon."""
    assert (tiny.num_requests, tiny.num_buses, len(tiny.station)) == (2, 2, 2)
    assert tiny.late[0] == 120.0
    assert tiny.travel[0, 2] == 6.0
    assert list(tiny.node_id[tiny.origin]) == [7, 8]
    assert (tiny.drive_weight, tiny.excess_weight, tiny.end_ratio[0]) == (0.75, 0.25, 0.5)


def test_matrix_is_doubled(tmp_path):
    """A matrix after the weights replaces the plane, in units of two minutes."""
    path = tmp_path / "u.txt"
    path.write_text(EADARP + "\n".join(" ".join(["0.5"] * 12) for _ in range(12)) + "\n")
    assert np.all(read_instance(path).travel == 1.0)


@pytest.mark.parametrize("count", [4, 2])
def test_darp_counts_riders_itself(tmp_path, count):
    """The header's second number may be nodes or riders, the depot may stand again at the end."""
    path = tmp_path / "d.txt"
    path.write_text(DARP.replace("1 4 100", f"1 {count} 100") + "5 0 0 0 0 0 90\n")
    instance = read_instance(path)
    assert instance.num_requests == 2
    assert instance.late[0] == 90.0
    assert instance.late[1] == 90.0


def test_visits_can_be_replicated(tiny_file):
    """A header that asks for two visits gives two to each station, and so does the caller."""
    assert list(read_instance(tiny_file, visits=3).visits) == [3, 3]
    tiny_file.write_text(EADARP.replace("2 1 120", "2 2 120", 1))
    assert list(read_instance(tiny_file).visits) == [2, 2]


BROKEN = {
    "other kind": ("hello\nworld\n", "header"),
    "empty": ("", "header"),
    "header words": (EADARP.replace("2 2 1 1 2 1 120", "2 x 1 1 2 1 120"), ":1"),
    "missing node row": (EADARP.replace("4 8 0 2 -1 0 1440\n", ""), ":5"),
    "short node row": (EADARP.replace("2 3 0 2 1 20 30", "2 3 0 2 1 20"), ":3.*7"),
    "negative window": (EADARP.replace("2 3 0 2 1 20 30", "2 3 0 2 1 -20 30"), ":3.*window"),
    "window upside down": (EADARP.replace("2 3 0 2 1 20 30", "2 3 0 2 1 30 20"), ":3.*window"),
    "negative service": (EADARP.replace("1 0 4 2 1", "1 0 4 -2 1"), ":2.*service"),
    "nan": (EADARP.replace("1 0 4 2 1", "1 nan 4 2 1"), ":2.*nan"),
    "unknown station": (EADARP.replace("11 12\n", "11 99\n"), ":18.*99"),
    "station count": (EADARP.replace("11 12\n", "11\n"), ":18.*expected 2"),
    "too few ride times": (EADARP.replace("20 20\n", "20\n"), ":19.*expected 2"),
    "too few buses": (EADARP.replace("3 3\n", "3\n"), ":20.*expected 2"),
    "ratio": (EADARP.replace("0.5 0.5\n", "0.5 5\n"), "ratio"),
    "cut short": (EADARP.replace("0.055\n0.75 0.25\n", ""), "ends where"),
    "loads do not match": (EADARP.replace("3 6 4 2 -1", "3 6 4 2 -2"), ":4.*loads"),
    "matrix too small": (EADARP + "1 2 3\n", "matrix"),
    "darp odd": (DARP.replace("4 6 0 1 -1 0 1440\n", ""), "pick-up and a drop-off"),
    "darp count": (DARP.replace("1 4 100", "1 9 100"), "neither"),
    "darp order": (DARP.replace("3 5 0 1 -1 5 20", "7 5 0 1 -1 5 20"), "numbered"),
    "darp without depot": (DARP.replace("0 0 0 0 0 0 1440\n", ""), "depot"),
    "darp nan": (DARP.replace("2 2 0 1 1", "2 NaN 0 1 1"), ":4.*NaN"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_is_rejected_with_file_and_row(tmp_path, name):
    """Each broken file is refused with its name and, where there is one, the row."""
    text, pattern = BROKEN[name]
    path = tmp_path / "broken.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=pattern) as caught:
        read_instance(path)
    assert "broken.txt" in str(caught.value)


def test_missing_file_and_binary_file(tmp_path):
    """A file that is not there or not text is told as such."""
    with pytest.raises(InputError, match="cannot be read"):
        read_instance(tmp_path / "nowhere.txt")
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InputError, match="not a text"):
        read_instance(tmp_path / "b.txt")


def test_all_problems_at_once(tmp_path):
    """Several mistakes are told together."""
    path = tmp_path / "many.txt"
    path.write_text(EADARP.replace("20 20\n", "20\n").replace("11 12\n", "11 99\n"))
    with pytest.raises(InputError) as caught:
        read_instance(path)
    assert len(caught.value.problems) == 2
