"""Comparisons of short days: common riders, identical arms, sentences, folders, engines."""

import json

import numpy as np
import pytest

import busim
from busim.errors import InputError

HOUR = ("scenario.end=08:00:00",)


@pytest.fixture(scope="module")
def fleets():
    """Three buses, five, and five again, on four mornings."""
    vary = {"fleet.size": [3, 5, 5]}
    return busim.compare("quick.toml", vary, seeds=4, overrides=HOUR, jobs=1, kpis=["wait_p95", "service_rate"])


def test_arms_meet_the_same_riders(fleets):
    """The number of riders of a day is the same in every arm, and differs between days."""
    requests = fleets.runs["requests"].reshape(3, 4)
    assert (requests == requests[0]).all()
    assert len(set(requests[0])) > 1


def test_identical_arms_differ_by_exactly_zero():
    """Two arms that say the same have the same KPIs to the last bit, and are told so."""
    made = busim.compare("quick.toml", {"fleet.size": [4, 4]}, seeds=3, overrides=HOUR, jobs=1)
    assert np.array_equal(made.values[0], made.values[1], equal_nan=True)
    assert set(made.differences["verdict"]) <= {"same", "unknown"}
    assert (made.differences["difference"] == 0).all()
    assert "is the same as with 4 in every seed" in made.sentences[0]


def test_tables_and_sentences(fleets):
    """Names, numbers of rows, and Holm's p never below the unadjusted one."""
    assert fleets.arms == ("3", "5", "5 (2)")
    assert fleets.table.num_rows == 2 * 3
    told = fleets.differences
    assert told.num_rows == len(fleets.sentences) == 2 * 2
    assert (told["p_holm"] >= told["p"]).all()
    assert (told["low"] <= told["difference"]).all()
    assert fleets.sentences[0].startswith("5: Wait, 95 %")
    assert "<table>" in fleets._repr_html_()


def test_another_arm_to_compare_with(fleets):
    """Against the second arm the first one's differences change their sign."""
    again = busim.compare(
        "quick.toml", {"fleet.size": [3, 5]}, seeds=4, overrides=HOUR, jobs=1, kpis=["wait_p95"], against="5"
    )
    assert again.differences["difference"][0] == -fleets.differences["difference"][0]


def test_a_scenario_at_hand_is_varied_as_its_file_is(fleets):
    """A loaded scenario with overrides gives the same runs as its file with the same overrides."""
    made = busim.compare(busim.load("quick.toml", HOUR), {"fleet.size": [3, 5]}, seeds=4, jobs=1)
    assert np.array_equal(made.values, fleets.values[:2], equal_nan=True)


def test_named_scenarios_are_arms():
    """Scenarios by name keep their names."""
    few, many = (busim.load("quick.toml", [*HOUR, f"fleet.size={size}"]) for size in (3, 5))
    assert busim.compare({"few": few, "many": many}, seeds=2, jobs=1).arms == ("few", "many")


def test_results_do_not_depend_on_the_number_of_workers(fleets):
    """Two worker processes give the same KPIs as none, bit by bit."""
    made = busim.compare("quick.toml", {"fleet.size": [3, 5, 5]}, seeds=4, overrides=HOUR, jobs=2)
    assert np.array_equal(made.values, fleets.values, equal_nan=True)


def test_seeds_are_added_until_the_interval_is_narrow():
    """A wide wish is met by the first seeds, a narrow one adds some, one that is too narrow ends where told."""
    seen = {}
    for wish in ("60 min", "0.4 min", "0.001 min"):
        made = busim.compare(
            "quick.toml",
            {"fleet.size": [3, 4]},
            seeds=10,
            overrides=(*HOUR, "demand.rides_per_day=300"),
            jobs=1,
            until=f"wait_p95 +- {wish}",
            max_seeds=20,
        )
        seen[wish] = len(made.seeds)
        assert made.reached[0].is_reached == (made.reached[0].half <= made.reached[0].wanted)
        assert "wait_p95_s" in [kpi.name for kpi in made.kpis]
    assert seen["60 min"] == 10
    assert seen["60 min"] <= seen["0.4 min"] <= seen["0.001 min"] == 20


def test_the_folder_holds_all_of_it(fleets, tmp_path):
    """Tables, plots, the arms' scenarios, and a description; a second save does not overwrite it."""
    folder = fleets.save(tmp_path / "made")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    tables = {f"{name}.csv" for name in ("arms", "differences", "runs")}
    assert names == tables | {f"arm-{i}.toml" for i in (1, 2, 3)} | {
        "comparison.json",
        "plots/arms.png",
        "plots/differences.png",
    }
    assert json.loads((folder / "comparison.json").read_text())["seeds"] == [1, 2, 3, 4]
    with pytest.raises(InputError, match="exists already"):
        fleets.save(folder)
    assert fleets.plot(kpi="wait_p95_s").get_title(loc="left") == "Wait, 95 %"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"vary": {"fleet.size": [3]}}, "only one arm"),
        ({"vary": {"fleet.size": []}}, "has no values"),
        ({"vary": {"fleet.sze": [3, 4]}}, "did you mean 'size'"),
        ({"vary": {"dispatch.strategy": ["insertoin", "nearest"]}}, "did you mean 'insertion'"),
        ({"vary": {"fleet.size": [3, 4]}, "seeds": 1}, "at least 2 seeds"),
        ({"vary": {"fleet.size": [3, 4]}, "seeds": [1, 1]}, "stands twice"),
        ({"vary": {"fleet.size": [3, 4]}, "kpis": ["wait_p96_s"]}, "did you mean 'wait_p95_s'"),
        ({"vary": {"fleet.size": [3, 4]}, "against": "5"}, "there is no arm '5'"),
        ({"vary": {"fleet.size": [3, 4]}, "until": "wait_p95 +- 3 km"}, "'km' is no unit"),
        ({"vary": {"fleet.size": [3, 4]}, "until": "wait_p95 +- 20 s", "seeds": 5}, "at least 10 seeds"),
        ({"vary": {"fleet.size": [3, 4]}, "until": "wait_p95 +- 20 s", "max_seeds": 5}, "--max-seeds"),
        ({"vary": {"fleet.size": list(range(1, 40))}}, "too many to read"),
        ({"vary": {"fleet.size": [3, 4]}, "jobs": 0}, "--jobs"),
    ],
)
def test_mistakes_are_told_before_anything_runs(arguments, told, monkeypatch):
    """Each comes with a remedy, and no day is simulated."""
    monkeypatch.setattr("busim.study.tasks.simulate", lambda *_: pytest.fail("a run was started"))
    with pytest.raises(InputError) as caught:
        busim.compare("quick.toml", **{"jobs": 1, **arguments})
    assert told in str(caught.value)


def test_a_strategy_registered_here_runs_in_workers():
    """A class that only this process knows is taken along to the worker processes."""
    from busim.policy.nearest import Nearest
    from busim.policy.registry import register, strategies

    register("dispatch", "my_nearest", Nearest)
    try:
        made = busim.compare(
            "quick.toml", {"dispatch.strategy": ["nearest", "my_nearest"]}, seeds=2, overrides=HOUR, jobs=2
        )
    finally:
        del strategies("dispatch")["my_nearest"]
    assert set(made.differences["verdict"]) <= {"same", "unknown"}


def test_a_failing_arm_is_named(failing):
    """A strategy that raises is told with arm and seed."""
    with pytest.raises(InputError, match="broken, seed 1"):
        busim.compare({"broken": failing, "same": failing}, seeds=2, jobs=1)
