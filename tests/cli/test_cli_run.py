"""``busim run``, ``check`` and ``plot`` from the command line."""

import json
import math

import pytest

from busim.study import open_run

SMALL = ("quick.toml", "--set", "scenario.end=08:00:00")


def test_run_prints_kpis_and_the_place_of_the_folder(busim, in_folder):
    """A run without --out goes to runs/, the next one beside it; stdout names the place."""
    first, second = busim("run", *SMALL, "--no-plots"), busim("run", *SMALL, "--no-plots")
    assert first.exit_code == second.exit_code == 0, first.output
    assert "Service rate" in first.stdout
    assert "runs/quick-ring-1" in first.stdout
    assert "runs/quick-ring-1-2" in second.stdout
    assert sorted(path.name for path in (in_folder / "runs").iterdir()) == ["quick-ring-1", "quick-ring-1-2"]


def test_stdout_is_one_json_document(busim, in_folder):
    """With --json, stdout holds one document with the KPIs, their units and the folder; nan is null."""
    document = busim.json("run", *SMALL, "--no-plots", "--seed", 5, "--out", "day")
    assert document["folder"] == "day"
    assert document["seed"] == 5
    assert set(document["units"]) == set(document["kpis"])
    assert document["kpis"]["requests"] == open_run(in_folder / "day").kpis["requests"]
    assert None in document["kpis"].values()  # this day has no line, so no headways
    assert all(value is None or math.isfinite(value) for value in document["kpis"].values())


def test_nothing_but_the_table_without_a_terminal(busim, in_folder, monkeypatch):
    """No progress bar where stderr is no terminal."""
    monkeypatch.setattr("busim.core.compiled.compiles_first", lambda: False)
    assert busim("run", *SMALL, "--no-plots").stderr == ""


def test_set_changes_the_scenario(busim, in_folder):
    """--set reaches the run, and the folder's scenario tells it."""
    busim.json("run", *SMALL, "--set", "fleet.size=2", "--no-plots", "--out", "two")
    assert len(open_run(in_folder / "two").scenario.spec.fleet.buses) == 2


def test_run_draws_plots_and_plot_draws_them_again(busim, in_folder):
    """Pictures stand in the run folder; ``busim plot`` makes the same ones from the folder alone."""
    busim.json("run", *SMALL, "--out", "day")
    drawn = {path.name: path.read_bytes() for path in (in_folder / "day" / "plots").glob("*.png")}
    assert len(drawn) >= 8
    made = busim.json("plot", "day", "--out", "again")["plots"]
    assert {path.split("/")[-1] for path in made} == set(drawn)
    assert {path.name: path.read_bytes() for path in (in_folder / "again").glob("*.png")} == drawn


def test_plot_of_an_unknown_name(busim, in_folder):
    """A plot that does not exist is told, with the near name."""
    busim.json("run", *SMALL, "--no-plots", "--out", "day")
    assert "did you mean 'waits'?" in busim.fails("plot", "day", "--only", "wait")


def test_check_tells_what_the_scenario_comes_to(busim, in_folder):
    """``check`` validates without running; no folder is written."""
    found = busim.json("check", "quick.toml")
    assert found["valid"]
    assert found["buses"] == 5
    assert list(in_folder.iterdir()) == []


def test_check_finds_what_only_the_map_can_tell(busim):
    """A depot that the map does not have is bad input, with the near name."""
    message = busim.fails("check", "quick.toml", "--set", 'fleet.depots=["depott"]')
    assert "did you mean 'depot'?" in message


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "nowhere.toml"], "nowhere.toml"),
        (["run", "quick.toml", "--set", "fleet.sise=3"], "did you mean 'size'?"),
        (["run", "quick.toml", "--set", "fleet.size"], "fleet.size"),
        (["run", "quick.toml", "--seed", "-1"], "at least 0"),
        (["run", "quick.toml", "--seed", "one"], "--seed"),
        (["run", "quick.toml", "--set", "dispatch.strategy=insertoin"], "did you mean 'insertion'?"),
        (["run"], "SCENARIO"),
        (["rum", "quick.toml"], "did you mean 'run'?"),
        (["run", "quick.toml", "--no-plot"], "--no-plots"),
        (["plot", "nowhere"], "there is no such folder"),
        (["map", "info", "nowhere.graphml"], "there is no such file"),
        (["kpi", "wait_maen_s"], "did you mean 'wait_mean_s'?"),
        (["policies", "nearst"], "did you mean 'nearest'?"),
        (["bench", "nowhere"], "node.csv"),
        (["bench", "nowhere", "--strategy", "insertoin"], "did you mean 'insertion'?"),
        (["bench", "nowhere", "--make", "huge"], "known: L, M, S, T"),
    ],
)
def test_bad_input_is_told_with_place_and_remedy(busim, in_folder, arguments, told):
    """Bad input gives exit code 2, a short message on stderr, no traceback, and leaves nothing behind."""
    assert told in busim.fails(*arguments)
    assert list(in_folder.iterdir()) == []


def test_a_fault_of_ours_is_told_shortly(busim, in_folder, monkeypatch):
    """Anything unforeseen gives exit code 1 and how to report it; the traceback comes with BUSIM_DEBUG=1."""

    def broken(*_arguments):
        raise ZeroDivisionError("seven by none")

    monkeypatch.setattr("busim.study.load", broken)
    monkeypatch.delenv("BUSIM_DEBUG", raising=False)
    message = busim.fails("run", "quick.toml", code=1)
    assert "ZeroDivisionError: seven by none" in message
    assert "report" in message
    monkeypatch.setenv("BUSIM_DEBUG", "1")
    result = busim("run", "quick.toml")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr


def test_a_failing_strategy_is_told_on_one_screen(busim, in_folder):
    """A strategy that raises gives exit code 2, few lines however long its own message, and the place of the log."""
    from busim.policy.nearest import Nearest
    from busim.policy.registry import register, strategies

    class Wordy(Nearest):
        """Raises at once."""

        def decide(self, view, rng):
            raise RuntimeError("a line\n" * 100)

    register("dispatch", "wordy", Wordy)
    try:
        message = busim.fails("run", *SMALL, "--set", "dispatch.strategy=wordy", "--out", "day")
    finally:
        del strategies("dispatch")["wordy"]
    assert "raised RuntimeError: a line" in message
    assert message.endswith("The log up to there is kept in day.partial\n")


def test_json_of_the_lists(busim):
    """``kpi`` and ``policies`` give complete dictionaries."""
    kpis = busim.json("kpi")
    assert all(each["formula"] and each["unit"] and each["direction"] for each in kpis)
    assert {"insertion", "nearest", "threshold"} <= {each["name"] for each in busim.json("policies")}
    assert busim.json("kpi", "wait_mean_s")["unit"] == "s"
    assert "parameter" in busim("policies", "threshold").stdout


def test_schema_is_a_schema(busim):
    """``schema`` prints JSON Schema with the sections."""
    document = json.loads(busim("schema").stdout)
    assert {"scenario", "map", "fleet", "demand"} <= set(document["properties"])


def test_map_info_and_plot(busim, in_folder):
    """A scenario's map is told and drawn."""
    assert busim.json("map", "info", "quick.toml")["nodes"] == 12
    made = busim.json("map", "plot", "quick.toml", "--out", "ring.png")["plots"]
    assert made == ["ring.png"]
    assert (in_folder / "ring.png").read_bytes().startswith(b"\x89PNG")


def test_kpis_are_told_before_pictures_are_drawn(busim, in_folder, monkeypatch):
    """The table stands on the screen when drawing begins; with --json nothing is printed before the document."""
    printed = []
    monkeypatch.setattr("busim.cli.progress.click.echo", lambda text, **_: printed.append(text))
    monkeypatch.setattr("busim.study.pictures.draw_all", lambda *_, **__: printed.append("drawing"))
    busim("run", *SMALL, "--out", "day")
    assert ["Service rate" in text for text in printed][:2] == [True, False]
    assert printed[1] == "drawing"
    printed.clear()
    busim("run", *SMALL, "--out", "other", "--json")
    assert printed[0] == "drawing"
