"""Commands ``compare`` and ``sweep``."""

import pytest

HOUR = ("--set", "scenario.end=08:00:00", "--jobs", "1", "--no-plots")


def test_compare_prints_tables_and_sentences(busim, in_folder):
    """KPIs per arm, paired differences, a sentence each, and the folder."""
    result = busim("compare", "quick.toml", "--vary", "fleet.size=3,5", "--seeds", "3", "--kpi", "wait_p95", *HOUR)
    assert result.exit_code == 0, result.output
    assert "5: " in result.stdout
    assert "Differences to 3" in result.stdout
    assert (in_folder / "runs" / "compare-quick" / "differences.csv").is_file()


def test_compare_as_json(busim, in_folder):
    """The same as one document; a second comparison takes the next name."""
    arguments = ("compare", "quick.toml", "--vary", "fleet.size=3,5", "--seeds", "2", *HOUR)
    first, second = busim.json(*arguments), busim.json(*arguments)
    assert [arm["name"] for arm in first["arms"]] == ["3", "5"]
    assert len(first["differences"]) == 8
    assert second["folder"].endswith("compare-quick-2")
    assert second["differences"] == first["differences"]


def test_sweep_prints_cells_and_files(busim, in_folder):
    """A row per cell; the same again as a document."""
    arguments = ("sweep", "quick.toml", "--vary", "fleet.size=3,5", "--seeds", "2", *HOUR)
    assert "results.csv" in busim(*arguments).stdout
    document = busim.json(*arguments)
    assert document["runs"] == 4
    assert document["failed"] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("compare", "quick.toml", "--vary", "fleet.size=3,x"), "--vary fleet.size=x"),
        (("compare", "quick.toml", "--vary", "dispatch.strategy=nearst,nearest"), "did you mean 'nearest'"),
        (("compare", "quick.toml", "--vary", "fleet.size="), "needs a key and values"),
        (("sweep", "quick.toml", "--vary", "fleet.size=3,4", "--seeds", "9000"), "--allow-many"),
        (("sweep", "nowhere.toml", "--vary", "fleet.size=3,4"), "there is no such file"),
    ],
)
def test_mistakes(busim, in_folder, arguments, told):
    """Exit code 2, a message, and nothing is written."""
    assert told in busim.fails(*arguments)
    assert list(in_folder.iterdir()) == []
