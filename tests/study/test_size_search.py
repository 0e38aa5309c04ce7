"""The search for the smallest candidate: the test's error, plugs of a queue with a known wait, budget, interrupts."""

import math
from functools import cache

import numpy as np
import pytest
from scipy import stats

from busim.study.size_decision import decide, evidence, most_runs, slack_factor
from busim.study.size_search import FOUND, INTERRUPTED, NONE_MEETS, OUT_OF_RUNS, Rules, Search, Target, one_by_one

SESSION_MIN, OFFERED = 30.0, 3.2  # charging sessions, and how many are going on at a time
PLUGS = tuple(range(4, 12))
REPETITIONS, SEEDS, CUSTOMERS, WARM_UP = 100, 80, 400, 150


def erlang_wait(plugs):
    """Mean wait in M/M/c [min]: C(c, a) / (c mu - lambda), Erlang (1917)."""
    terms = [OFFERED**k / math.factorial(k) for k in range(plugs)]
    last = OFFERED**plugs / math.factorial(plugs) * plugs / (plugs - OFFERED)
    return last / (sum(terms) + last) * SESSION_MIN / (plugs - OFFERED)


@cache
def simulated_waits(plugs):
    """Mean waits of queues simulated side by side, by Kiefer and Wolfowitz [repetition x seed; min]."""
    rng = np.random.default_rng([1917, plugs])
    work = np.zeros((REPETITIONS * SEEDS, plugs))
    total = np.zeros(len(work))
    for customer in range(WARM_UP + CUSTOMERS):
        work = np.maximum(work - rng.exponential(SESSION_MIN / OFFERED, (len(work), 1)), 0.0)
        first = work.argmin(axis=1)
        rows = np.arange(len(work))
        total += work[rows, first] * (customer >= WARM_UP)
        work[rows, first] += rng.exponential(SESSION_MIN, len(work))
    return total / CUSTOMERS


def search_of(evaluate, targets, candidates=PLUGS, **rules):
    """Run a search to its end."""
    search = Search(one_by_one(evaluate), candidates, targets, Rules(**{"max_runs": 10_000, **rules}))
    search.go()
    return search


def test_closed_form_of_the_oracle():
    """The wait at 4 plugs and a load of 0.8 is 22.366 min."""
    assert erlang_wait(4) == pytest.approx(22.366, abs=1e-3)


@pytest.mark.parametrize(("most_min", "margin_min"), [(10.0, 2.5), (2.6, 0.4), (1.4, 0.2), (1.0, 0.2)])
def test_plugs_of_a_queue_with_a_known_wait(most_min, margin_min):
    """In at least 95 of 100 repetitions it finds the least plugs by Erlang's formula, or one within the margin."""
    target = Target("wait", True, most_min, margin_min, "wait")
    right = {
        next(c for c in PLUGS if erlang_wait(c) <= most_min + margin_min),
        next(c for c in PLUGS if erlang_wait(c) <= most_min - margin_min),
    }
    found = []
    for repetition in range(REPETITIONS):

        def evaluate(plugs, seed, repetition=repetition):
            waits = simulated_waits(plugs)
            return {"wait": float(waits[(repetition * SEEDS + seed) % len(waits)])}

        found.append(search_of(evaluate, [target], confidence=0.95).answer)
    assert sum(answer in right for answer in found) >= 95, found


def test_error_of_the_test_at_the_edge_of_the_margin():
    """With normal days whose mean is one margin off, at most the stated share of decisions is wrong; it is not idle."""
    rng = np.random.default_rng(2001)
    days = rng.normal(1.0, 4.0, (2000, 400))
    wrong, runs = 0, []
    for row in days:
        decision = decide(row, 1.0, 0.05, 8)
        assert decision.is_met is not None
        wrong += not decision.is_met
        runs.append(decision.runs)
    assert 0.005 < wrong / 2000 <= 0.05
    assert np.mean(runs) < most_runs(4.0, 1.0, 0.05, 8) / 2


def test_a_clear_case_takes_the_first_days_only():
    """Far from the target the first days decide; near to it more are asked for."""
    rng = np.random.default_rng(7)
    days = rng.normal(0.0, 1.0, 500)
    assert decide(days + 20, 1.0, 0.01, 8).runs == 8
    assert decide(days - 20, 1.0, 0.01, 8) == decide(days[:8] - 20, 1.0, 0.01, 8)
    assert decide(days + 0.5, 0.5, 0.01, 8).runs > 8


def test_a_small_margin_does_not_hold_up_a_clear_case():
    """Ten spreads away from the target the first days decide, however small the margin."""
    days = np.random.default_rng(8).normal(10.0, 1.0, 8)
    assert decide(days, 1e-6, 0.01, 8) == decide(days, 1.0, 0.01, 8)
    assert decide(-days, 1e-6, 0.01, 8).is_met is False


def test_evidence_is_seldom_found_where_there_is_none():
    """With a mean of 0 the factor ever passes 1 / 0.1 in at most a tenth of cases, whenever one looks."""
    days = np.random.default_rng(1976).normal(0.0, 3.0, (2000, 300))
    passed = np.mean([evidence(row).max() > np.log(10) for row in days])
    assert 0.02 < passed <= 0.1


def test_evidence_by_numeric_integration():
    """The factor is that of the t density with the mean in spreads drawn from N(0, 1), against a mean of 0."""
    days = np.array([0.3, 1.9, 0.8, 2.2, 1.1])
    t = days.mean() / days.std(ddof=1) * np.sqrt(5)
    shift = np.linspace(-8, 8, 4001)
    drawn = stats.nct.pdf(t, 4, shift * np.sqrt(5)) * stats.norm.pdf(shift)
    factor = np.trapezoid(drawn, shift) / stats.t.pdf(t, 4)
    assert evidence(days)[-1] == pytest.approx(np.log(factor), rel=1e-6)


def test_slack_factor():
    """With 10 first days and an error of 0.05, h^2 = 9 (0.1^(-2/9) - 1) = 6.013."""
    assert slack_factor(0.05, 10) == pytest.approx(9 * (0.1 ** (-2 / 9) - 1))
    assert slack_factor(0.05, 10) == pytest.approx(6.013, abs=1e-3)


def test_days_without_spread_are_decided_at_once():
    """Identical days need no more; exactly on the target is met."""
    assert decide([0.0] * 8, 0.1, 0.01, 8).is_met is True
    assert decide([-1e-9] * 8, 0.1, 0.01, 8).is_met is False
    assert decide([1.0] * 7, 0.1, 0.01, 8).is_met is None


def test_what_could_not_be_told_is_not_met():
    """A KPI that is nan misses its target."""
    assert decide([5.0, math.nan], 0.1, 0.01, 8).is_met is False


@pytest.mark.parametrize("answer", range(3, 14))
def test_bisection_finds_every_place(answer):
    """Without noise the answer is exact wherever it lies, in at most log2(n + 1) candidates."""
    target = Target("served", False, 0.98, 0.001, "served")
    search = search_of(lambda size, seed: {"served": 0.99 if size >= answer else 0.5}, [target], range(3, 13))
    assert (search.status, search.answer) == ((FOUND, answer) if answer < 13 else (NONE_MEETS, None))
    assert len(search.tried) <= 4


def test_all_targets_have_to_be_met():
    """The answer is the smallest that meets both of two targets."""
    wait, served = Target("wait", True, 8, 0.1, ""), Target("served", False, 0.9, 0.01, "")

    def day(size, seed):
        return {"wait": 40 / size, "served": min(1.0, size / 10)}

    assert search_of(day, [wait], range(1, 20)).answer == 5
    assert search_of(day, [wait, served], range(1, 20)).answer == 9


def noisy(size, seed):
    """Make a day whose wait is 60 / size, give or take 1."""
    return {"wait": 60 / size + float(np.random.default_rng([size, seed]).normal(0, 1))}


CLOSE = Target("wait", True, 6.0, 0.1, "wait <= 6")


def test_runs_are_spent_where_it_is_close():
    """The candidate on the edge takes most of the runs."""
    search = search_of(noisy, [Target("wait", True, 6.0, 0.2, "")], range(1, 40))
    runs = {value: len(tried.runs) for value, tried in search.tried.items()}
    assert search.answer in (9, 10, 11)
    assert max(runs, key=runs.get) in (9, 10, 11)
    assert runs[20] == 8


def test_a_budget_ends_the_search_with_what_is_known():
    """When the runs are used up, the first that met is known, the one at work is open."""
    search = search_of(noisy, [CLOSE], range(1, 40), max_runs=100)
    assert search.status == OUT_OF_RUNS
    assert search.total_runs == 100
    assert search.answer is None
    assert (search.low, search.candidates[search.high]) == (-1, 20)
    assert search.tried[10].verdict is None


def test_batches_change_nothing():
    """The answer and the runs it rests on are the same however many runs are asked for at a time."""
    searches = [search_of(noisy, [Target("wait", True, 6.0, 0.2, "")], range(1, 40), batch=batch) for batch in (1, 7)]
    assert searches[0].tried == searches[1].tried
    assert searches[0].answer == searches[1].answer


def test_an_interrupt_leaves_what_is_known():
    """The state after an interrupt tells the bounds that were found."""

    def interrupted(size, seed):
        if size < 15:
            raise KeyboardInterrupt
        return noisy(size, seed)

    search = Search(one_by_one(interrupted), range(1, 40), [CLOSE], Rules())
    with pytest.raises(KeyboardInterrupt):
        search.go()
    assert search.status == INTERRUPTED
    assert search.candidates[search.high] == 20
