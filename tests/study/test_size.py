"""``busim size`` on the quick ring: targets as people write them, costs of candidates, interrupts, bad input."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from busim import study
from busim.cli.app import program
from busim.errors import InputError
from busim.study import size as sizes
from busim.study.size import size
from busim.study.size_search import FOUND, NONE_MEETS
from busim.study.size_targets import parse_over, parse_targets

DAY = ("scenario.end=08:00:00", "demand.rides_per_day=300")
WAIT = "wait_mean_s <= 1.5 min"


@pytest.fixture(scope="module")
def found():
    """Give the smallest fleet of an hour of the quick ring."""
    return size("quick.toml", [WAIT], "fleet.size=1:7", first=4, jobs=1, overrides=DAY)


def test_the_answer_meets_the_target_and_one_less_does_not(found):
    """The neighbour below was tried and fails; means, verdicts and costs stand in the table."""
    table = found.table
    assert found.status == FOUND
    assert found.answer in (2, 3)
    verdicts = dict(zip(table["fleet.size"].tolist(), table["verdict"].tolist(), strict=True))
    assert (verdicts[found.answer], verdicts[found.answer - 1]) == ("meets", "fails")
    means = table["wait_mean_s"]
    assert (means[table["verdict"] == "meets"] < 90 + found.targets[0].margin).all()
    assert (np.diff(table["money_per_day_cny"]) > 0).all()


def test_every_candidate_met_the_same_days(found):
    """Costs and waits of a candidate are those of runs with the seeds of the first days."""
    one = found.tried[0]
    chosen = study.load("quick.toml", (*DAY, f"fleet.size={one.value}"))
    for seed, kpis in zip((1, 2), one.runs, strict=False):
        run = study.run(chosen, seed=seed)
        assert (kpis["wait_mean_s"], kpis["money_per_day_cny"]) == (
            run.kpis["wait_mean_s"],
            run.kpis["money_per_day_cny"],
        )


def test_sentences_and_notebook(found):
    """The outcome is told with its confidence, its cost, and what one step smaller would save."""
    told = found.sentences()
    assert told[0].startswith(f"fleet.size = {found.answer} is the smallest value of fleet.size 1 to 7 that meets")
    assert "90% confidence, up to a margin of wait_mean_s +- 0.1 min" in told[0]
    assert "CNY per service day" in told[1]
    assert f"One step smaller, {found.answer - 1}: " in told[2]
    assert "saves" in told[2]
    assert found._repr_html_().count("<tr>") == len(found.tried) + 1
    assert repr(found).startswith("<Sizing fleet.size = ")


def test_the_front_is_drawn(found):
    """The picture marks the target and labels every candidate."""
    ax = found.plot()
    assert {text.get_text() for text in ax.texts} >= {str(each.value) for each in found.tried}
    assert ax.get_xlabel().startswith("Wait, mean [min]")


def test_a_scenario_at_hand_is_searched_like_its_file(found):
    """A loaded scenario gives the same runs as its file with the same overrides."""
    again = size(study.load("quick.toml", DAY), [WAIT], "fleet.size=1:7", first=4, jobs=1)
    assert repr(again.search.tried) == repr(found.search.tried)  # as texts: nan is not equal to itself


def test_plugs_are_a_key_like_any_other():
    """Any whole number can be searched over; where the least already meets the target, nothing smaller is told."""
    site = 'charging.charger=[{place="charger"}]'
    made = size(
        "quick.toml", ["charge_min >= 10 %"], "charging.charger.0.plugs=1:3", first=3, jobs=1, overrides=(*DAY, site)
    )
    assert made.answer == 1
    assert "Nothing smaller is in the range." in made.sentences()


def test_a_target_that_no_value_meets():
    """It tells that none does, and by how much the largest misses it."""
    made = size("quick.toml", ["wait_mean_s <= 1 s"], "fleet.size=1:3", first=4, jobs=1, overrides=DAY)
    assert (made.status, made.answer) == (NONE_MEETS, None)
    assert made.sentences()[0].startswith("No value of fleet.size 1 to 3")
    assert made.sentences()[1].startswith("Even at 3: ")


def test_a_kpi_that_could_not_be_told():
    """A day without charging has no wait for a plug: the target is missed, and it is told why."""
    made = size("quick.toml", ["plug_wait_mean_s <= 5 min"], "fleet.size=1:2", first=3, jobs=1, overrides=DAY)
    assert made.status == NONE_MEETS
    assert "could not be told on" in made.sentences()[1]


def test_an_interrupted_search_says_what_it_knows(monkeypatch):
    """Ctrl-C in the middle: the note on the interrupt tells the bounds."""
    calls = []

    def perform(tasks):
        calls.append(len(tasks))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return engine(tasks)

    engine = sizes.engine_of(1)
    monkeypatch.setattr(sizes, "engine_of", lambda jobs, dask: perform)
    with pytest.raises(KeyboardInterrupt) as stopped:
        size("quick.toml", ["wait_mean_s <= 1 h"], "fleet.size=1:7", first=3, jobs=1, overrides=DAY)
    assert "The search was interrupted (3 runs): the answer is at least 1, at most 4." in stopped.value.__notes__


@pytest.mark.parametrize(
    ("targets", "margins", "told"),
    [
        (["wait_p95_s <= 8 min", "service_rat >= 98 %"], [], "did you mean 'service_rate'?"),
        (["wait_p95_s <= 8 km"], [], "'km' is no unit of wait_p95_s"),
        (["wait_p95_s < 8 min"], [], "cannot be read"),
        (["wait_p95_s >= 8 min"], [], "asks wait_p95_s to be bad"),
        (["service_rate >= 98"], [], "is a share, between 0 and 1"),
        (["plug_utilisation <= 20 %", "plug_utilisation >= 40 %"], [], "no day can meet both"),
        (["late_riders <= 0"], [], "is needed for late_riders"),
        ([], [], "is missing"),
        (["wait_p95_s <= 8 min"], ["ride_mean_s +- 1 min"], "there is no target for ride_mean_s"),
        (["wait_p95_s <= 8 min"], ["wait_p95_s +- 0 s"], "must be more than 0"),
    ],
)
def test_targets_that_make_no_sense(targets, margins, told):
    """What cannot be read, met, missed or met together is told before anything runs."""
    with pytest.raises(InputError) as caught:
        parse_targets(targets, margins)
    assert told in str(caught.value)


def test_units_and_margins():
    """Minutes, per cent and kilometres become the KPI's unit; margins are given or follow from the target."""
    made = parse_targets(
        ["wait_p95 <= 8 min", "service_rate >= 98 %", "vehicle_km <= 500", "served >= 100"], ["wait_p95 +- 20 s"]
    )
    assert [(each.kpi, each.is_most, each.value) for each in made] == [
        ("wait_p95_s", True, 480.0),
        ("service_rate", False, 0.98),
        ("vehicle_km", True, 500.0),
        ("served", False, 100.0),
    ]
    assert [each.margin for each in made] == pytest.approx([20, 0.005, 25, 5])


@pytest.mark.parametrize(
    "text", ["fleet.size", "fleet.size=5", "fleet.size=9:5", "fleet.size=5:5", "a=1:9:0", "a=1:99999"]
)
def test_ranges_that_make_no_sense(text):
    """A range needs a least and a greatest value, in this order, not too far apart."""
    with pytest.raises(InputError, match="--over"):
        parse_over(text)


def test_a_range_with_a_step():
    """Values go by the step from the least."""
    assert parse_over("fleet.size = 5:12:3").values == (5, 8, 11)


def test_everything_wrong_is_told_together():
    """Targets, range and options are looked at together."""
    with pytest.raises(InputError) as caught:
        size("quick.toml", ["wait <= 3"], "fleet.size", confidence=2, first=1, max_runs=0, jobs=1)
    assert [problem.where for problem in caught.value.problems] == [
        *("--target", "--over", "--confidence", "--first", "--max-runs")
    ]


def test_a_key_that_the_scenario_does_not_have():
    """A misspelt key is told with the near name."""
    with pytest.raises(InputError, match="did you mean 'size'"):
        size("quick.toml", [WAIT], "fleet.sise=1:7", jobs=1)


def test_the_command(tmp_path):
    """The program prints one JSON document, and draws the picture."""
    picture = tmp_path / "front.png"
    words = [
        "size",
        "quick.toml",
        "--target",
        WAIT,
        "--over",
        "fleet.size=2:4",
        "--first",
        "3",
        "--jobs",
        "1",
        "--plot",
        str(picture),
    ]
    sets = [word for each in DAY for word in ("--set", each)]
    done = CliRunner().invoke(program, [*words, *sets, "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["key"] == "fleet.size"
    assert document["status"] in ("found", "none")
    assert all(row["money_staff_per_day_cny"] > 0 for row in document["candidates"])
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_cannot_be_written(tmp_path, monkeypatch):
    """It is told before anything runs."""
    monkeypatch.setattr("busim.study.tasks.simulate", lambda *_: pytest.fail("a run was started"))
    (tmp_path / "file").write_text("")
    picture = tmp_path / "file" / "front.png"
    words = ["size", "quick.toml", "--target", WAIT, "--over", "fleet.size=2:4", "--plot", str(picture)]
    done = CliRunner().invoke(program, words)
    assert done.exit_code == 2
    assert f"{picture.parent}: cannot be written: Not a directory" in done.stderr
