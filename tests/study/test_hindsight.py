"""Days in hindsight: the live run read back to the last second, better plans that an independent drive confirms."""

import itertools
import json
import signal

import numpy as np
import pytest
from click.testing import CliRunner

from busim import study
from busim.cli.app import program
from busim.core.day_search import _take_out, _undo, make_search
from busim.core.lns import nearest_requests
from busim.errors import InputError
from busim.planning.day_plan import DaySettings, _load, _tidy, plan_day
from busim.rng import stream
from busim.study.hindsight import _fixed_parts, hindsight
from busim.study.hindsight_check import BusPlan, evaluate, measured
from busim.study.hindsight_data import day_data, live_routes, to_visits
from busim.study.hindsight_live import ALIGHT, BOARD, Visit, live_day, parts_of

SMALL = ("scenario.end=08:00:00", "demand.rides_per_day=500", "fleet.size=2")
ROUGH = ("travel.noise_cv=0.4", "travel.profile=weekday", "fleet.standing_kw=8", "fleet.battery_kwh=7")
CHARGING = ("charging.strategy=threshold", "charging.below=0.8", "charging.until=0.95")
FICKLE = ("demand.cancel_share=0.2", "demand.no_show_share=0.1")
QUICK = DaySettings(iterations=60)


def small_day(*overrides, seed=1):
    """Run a small morning in memory."""
    return study.run(study.load("quick.toml", [*SMALL, *overrides]), seed=seed)


def whole_cost(made, plan):
    """Weigh a plan together with what no plan can change."""
    day = measured(live_day(made))
    outlook = evaluate(day, plan)
    assert not outlook.faults
    return outlook.cost + sum(_fixed_parts(day, made).values())


def own_plan(day):
    """Give what the buses did."""
    return [BusPlan(bus.visits, bus.leave_home_s) for bus in day.buses]


@pytest.mark.parametrize("overrides", [(), (*ROUGH, *CHARGING)], ids=["plain", "rough"])
@pytest.mark.parametrize("seed", [1, 2])
def test_live_run_read_back_costs_what_its_kpi_says(overrides, seed):
    """The log alone gives each bus's route; driven again, it costs the KPI to the last digit, also on noisy roads."""
    made = small_day(*overrides, seed=seed)
    assert sum(parts_of(made.tables, made.scenario.spec).values()) == pytest.approx(made.kpis["cost"], abs=1e-6)
    assert whole_cost(made, own_plan(measured(live_day(made)))) == pytest.approx(made.kpis["cost"], abs=1e-6)
    assert overrides != (*ROUGH, *CHARGING) or made.tables["charges"].num_rows


@pytest.mark.parametrize("seed", [1, 2])
def test_live_run_with_no_shows_read_back_costs_no_more(seed):
    """Nobody is waited for who will not come, so that a rider behind may board a little sooner; nobody later."""
    made = small_day(*FICKLE, seed=seed)
    day = measured(live_day(made))
    assert made.kpis["no_show"] > 0
    assert whole_cost(made, own_plan(day)) <= made.kpis["cost"] + 1e-6
    pickup = made.tables["rides"]["pickup_s"]
    boarded = evaluate(day, own_plan(day)).boarded_s
    was_served = made.tables["rides"]["outcome"] == "served"
    assert np.all(boarded[was_served] <= pickup[was_served])


QUICKLY = {("insertion", ()), ("batch", ()), ("nearest", (*ROUGH, *CHARGING))}  # lns searches for half a minute


@pytest.mark.parametrize(
    ("name", "more", "seed"),
    [pytest.param(name, more, seed, marks=[] if seed == 3 and (name, more) in QUICKLY else [pytest.mark.slow])
     for seed, name, more in itertools.product(
         (3, 4), ("insertion", "nearest", "batch", "lns", "rtv"), ((), (*ROUGH, *CHARGING)))],
)  # fmt: skip
def test_regret_is_never_negative(name, more, seed):
    """On small days of every kind a plan is found that is no dearer than the live one, and whose parts add up."""
    made = small_day(*more, f"dispatch.strategy={name}", seed=seed)
    found = hindsight(made, QUICK)
    assert found.regret >= 0.0
    assert sum(found.live.values()) == pytest.approx(made.kpis["cost"], abs=1e-6)
    assert found.trace[-1][1] == pytest.approx(sum(found.plan.values()), abs=1e-6) or not found.is_better


def test_search_and_check_agree_on_every_part_of_a_rough_day():
    """What the kernels cost a plan at, schedules kept up to date step by step, is what a drive from scratch gives."""
    made = small_day(*ROUGH, *CHARGING, seed=5)
    day = measured(live_day(made))
    data, who = day_data(day)
    found = plan_day(data, live_routes(day, who), DaySettings(iterations=120, hot=0.3))
    outlook = evaluate(day, to_visits(day, who, found.routes))
    assert not outlook.faults
    assert outlook.cost == pytest.approx(found.cost, abs=1e-6)
    assert found.cost < found.begun


def test_picture_has_a_pair_of_bars_per_part():
    """Each part of the cost has two bars, live and planned; what is zero in both is left out."""
    found = hindsight(small_day(seed=3), QUICK)
    axes = found.plot()
    parts = [name for name in found.live if found.live[name] or found.plan[name]]
    assert len(axes.patches) == 2 * len(parts)
    assert [label.get_text() for label in axes.get_yticklabels()] == parts
    assert "lateness" not in parts


def test_same_seed_same_plan_whatever_the_machine_does():
    """With a number of steps nothing but the seed decides."""
    made = small_day(seed=2)
    first, second = (hindsight(made, QUICK) for _ in range(2))
    assert first.document() == second.document()
    assert all(np.array_equal(first.stops[name], second.stops[name]) for name in first.stops)


def _orders(riders):
    """List all sequences in which some of the riders board and alight."""
    for count in range(len(riders) + 1):
        for chosen in itertools.combinations(riders, count):
            ends = [*chosen, *(-1 - rider for rider in chosen)]
            for order in itertools.permutations(ends):
                if all(order.index(rider) < order.index(-1 - rider) for rider in chosen):
                    yield order


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_tiny_day_equals_the_best_of_all_orders(seed):
    """One bus, up to three riders: no order of stops, each tried on the day's roads, is cheaper than the plan."""
    waits = ("service.max_wait_min=15", "service.patience_min=15")
    made = small_day("fleet.size=1", "demand.rides_per_day=60", "travel.noise_cv=0.3", *waits, seed=seed)
    day = measured(live_day(made))
    riders = np.flatnonzero(day.offers.is_open)[:3].tolist()
    day.offers.is_open[[r for r in range(len(day.offers.is_open)) if r not in riders]] = False
    nodes, halt = day.offers, float(day.spec.service.stop_s)
    best = np.inf
    for order in _orders(riders):
        plan = [
            Visit(BOARD, code, int(nodes.from_node[code]), -1.0, halt)
            if code >= 0
            else Visit(ALIGHT, -1 - code, int(nodes.to_node[-1 - code]), -1.0, halt)
            for code in order
        ]
        outlook = evaluate(day, [BusPlan(tuple(plan), -1.0)])
        best = best if outlook.faults else min(best, outlook.cost)
    data, who = day_data(day)
    empty = [type(route)() for route in live_routes(day, np.arange(len(day.offers.is_open)))]
    found = plan_day(data, empty, DaySettings(iterations=200))
    assert len(who) == len(riders) >= 2
    assert found.cost == pytest.approx(best, abs=1e-6)


def test_check_finds_what_a_plan_breaks():
    """Riders set down before they board, stops out of order, riders out of reach and forgotten charges are told."""
    made = small_day(*ROUGH, *CHARGING, seed=1)
    day = measured(live_day(made))
    own = own_plan(day)
    turned = [BusPlan(plan.visits[::-1], -1.0) for plan in own]
    assert any("cannot leave bus" in fault for fault in evaluate(day, turned).faults)
    lazy = [BusPlan(tuple(v for v in plan.visits if v.action != "charge"), plan.leave_home_s) for plan in own]
    assert "not every charge of the day stands in the plan once" in evaluate(day, lazy).faults
    late = [BusPlan(tuple(v._replace(leave_s=v.leave_s + 1500) for v in plan.visits), -1.0) for plan in own]
    assert any("late, more than" in fault for fault in evaluate(day, late).faults)
    stay = [BusPlan(tuple(v for v in plan.visits if v.action != ALIGHT), -1.0) for plan in own]
    assert any("riders aboard" in fault for fault in evaluate(day, stay).faults)


def test_charges_with_riders_aboard_are_not_planned_again():
    """It is told before the day is run: a plan leaves charges as they were, and moves riders."""
    with pytest.raises(InputError, match="may have had riders aboard"):
        study.run(study.load("quick.toml", [*SMALL, "charging.riders_aboard=true"]), hindsight=True)


def test_line_is_told_that_there_is_nothing_to_plan():
    """A fixed line has no plan to look back on."""
    line = ("service.mode=line", "line.is_loop=true", "line.stops=[stop_0,stop_3,stop_6,stop_9]")
    with pytest.raises(InputError, match="leaves nothing to plan"):
        study.run(study.load("quick.toml", [*SMALL, *line]), hindsight=True)


def test_command_tells_regret_and_keeps_it(tmp_path):
    """``busim run --hindsight`` prints the table, and the folder has it as JSON and its stops."""
    out = tmp_path / "day"
    sets = [part for key in SMALL for part in ("--set", key)]
    told = CliRunner().invoke(
        program, ["run", "quick.toml", *sets, "--no-plots", "--hindsight-steps", "60", "--out", str(out), "--json"]
    )
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)["hindsight"]
    kept = json.loads((out / "hindsight.json").read_text())
    assert kept == document
    assert kept["regret"] == pytest.approx(kept["live"]["cost"] - kept["plan"]["cost"])
    assert "not a bound" in kept["caveat"]
    assert (out / "tables" / "hindsight.csv").read_text().startswith("bus,")
    assert study.open_run(out).kpis["cost"] == pytest.approx(kept["live"]["cost"])
    assert CliRunner().invoke(program, ["run", "quick.toml", "--hindsight-steps", "0"]).exit_code == 2


@pytest.mark.slow
def test_science_city_in_hindsight():
    """A working day of 3 000 riders on noisy roads: the plan saves between 4 and 30 % and serves more riders."""
    made = study.run(study.load("science_city.toml"))
    found = hindsight(made, DaySettings(iterations=1000))
    assert 0.04 < found.regret_share < 0.30
    assert {name: plan - live for name, _, live, plan in found.facts}["Served riders"] > 0


def test_look_back_is_read_back_and_drawn_again(tmp_path):
    """``open_run`` gives the same look back, and ``busim plot`` draws its picture; a day without one has neither."""
    made = study.run(study.load("quick.toml", SMALL), seed=1, hindsight=DaySettings(iterations=20))
    kept = study.open_run(made.save(tmp_path / "day", plots=False).folder)
    assert kept.hindsight.document() == made.hindsight.document()
    assert all(np.array_equal(kept.hindsight.stops[name], column) for name, column in made.hindsight.stops.items())
    told = CliRunner().invoke(program, ["plot", str(tmp_path / "day"), "--only", "hindsight"])
    assert told.exit_code == 0, told.output
    assert (tmp_path / "day" / "plots" / "hindsight.png").is_file()
    (tmp_path / "day" / "hindsight.json").write_text('{"live": 3}')
    told = CliRunner().invoke(program, ["plot", str(tmp_path / "day")])
    assert told.exit_code == 2
    assert "hindsight.json" in told.stderr
    (tmp_path / "day" / "hindsight.json").unlink()
    assert study.open_run(tmp_path / "day").hindsight is None
    told = CliRunner().invoke(program, ["plot", str(tmp_path / "day"), "--only", "hindsight"])
    assert told.exit_code == 2
    assert "--hindsight" in told.stderr


def test_search_cut_short_keeps_the_best_plan_so_far():
    """At Ctrl-C, or when a machine is too slow, the search ends with what it has, and says how far it came."""
    made = small_day(seed=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("busim.planning.day_plan.LIMIT_S", 1e-3)
        slow = hindsight(made, DaySettings())
    assert 0 < slow.steps < slow.planned_steps
    assert slow.regret >= 0.0
    pressed, handler = [], signal.getsignal(signal.SIGINT)

    def press(_phase, share):
        if share > 0.1 and not pressed:
            pressed.append(share)
            signal.raise_signal(signal.SIGINT)

    ended = hindsight(made, DaySettings(iterations=400), progress=press)
    assert pressed
    assert 40 <= ended.steps <= 80
    assert ended.planned_steps == 400
    assert ended.regret >= 0.0
    assert signal.getsignal(signal.SIGINT) is handler


def test_riders_who_cannot_be_carried_without_another_go_with_him():
    """Taking riders out hardly ever fails: whoever can no longer be carried goes along and is put back in."""
    made = small_day(*ROUGH, *CHARGING, seed=3)
    day = measured(live_day(made))
    data, who = day_data(day)
    search = make_search(data, 200, nearest_requests(np.ones((len(who), len(who))), 20), stream(1, "day"))
    _load(data, search, live_routes(day, who))
    _tidy(data, search)
    before, taken = search.current.owner.copy(), []
    for _ in range(40):
        search.touched[:] = 0
        taken.append(_take_out(data, search, 4))
        out = search.pending[: taken[-1]]
        assert (search.current.owner[out] == -1).all()
        assert (search.current.cost < np.inf).all()
        _undo(search)
        assert (search.current.owner == before).all()
    assert np.mean(np.array(taken) > 0) > 0.9
