"""What a search has found: the answer, every candidate with its cost, and what one step smaller would mean."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import numpy as np

from busim.metrics import KPIS
from busim.metrics.cost import GROUPS
from busim.model.table import Table
from busim.study.headline import readable
from busim.study.size_search import FOUND, INTERRUPTED, NONE_MEETS, Search, Target, Tried
from busim.study.size_targets import Over
from busim.study.statistics import Estimate, mean_interval, paired

COST = "money_per_day_cny"
COSTS = (COST, "money_per_rider_cny", *(f"money_{group}_per_day_cny" for group in GROUPS))


@dataclass(frozen=True, repr=False)
class Sizing:
    """The outcome of a search for the smallest candidate that meets all targets.

    Parameters
    ----------
    name
        Of the scenario.
    over
        The key and its values.
    search
        The search as it ended, or was stopped.
    """

    name: str
    over: Over
    search: Search

    @property
    def answer(self) -> int | None:
        """The smallest value that meets all targets; None where none does, or it is not decided."""
        return self.search.answer

    @property
    def status(self) -> str:
        """``found``, ``none`` (no value meets the targets), ``out_of_runs`` or ``interrupted``."""
        return self.search.status

    @property
    def targets(self) -> tuple[Target, ...]:
        """What was asked for."""
        return self.search.targets

    @property
    def tried(self) -> list[Tried]:
        """Candidates with at least one run, in ascending order."""
        return [self.search.tried[value] for value in sorted(self.search.tried) if self.search.tried[value].runs]

    @property
    def table(self) -> Table:
        """One row per candidate tried.

        Columns: value, runs, verdict, per target's KPI the mean and half the 95 % interval, mean costs in CNY (of the
        day, per person served, by group), whether it is on the front of cost against service.
        """
        tried = self.tried
        columns: dict[str, Any] = {
            self.over.key: np.array([each.value for each in tried], np.int64),
            "runs": np.array([len(each.runs) for each in tried], np.int64),
            "verdict": np.array([_VERDICTS[each.verdict] for each in tried], object),
        }
        for kpi in self.kpis:
            found = [self.estimate(each, kpi) for each in tried]
            columns[kpi] = np.array([one.mean for one in found], np.float64)
            columns[f"{kpi}_half"] = np.array([one.half for one in found], np.float64)
        for kpi in COSTS:
            columns[kpi] = np.array([self.estimate(each, kpi).mean for each in tried], np.float64)
        columns["is_on_front"] = np.array(self.front, np.bool_)
        return Table(columns)

    @property
    def kpis(self) -> tuple[str, ...]:
        """The KPIs of the targets, each once."""
        return tuple(dict.fromkeys(target.kpi for target in self.targets))

    @property
    def front(self) -> list[bool]:
        """Tell per candidate whether no other one is cheaper and serves better by the first target's KPI."""
        kpi = self.kpis[0] if self.targets else COST
        sign = -1 if KPIS[kpi].direction == "higher" else 1
        points = [(self.estimate(each, COST).mean, sign * self.estimate(each, kpi).mean) for each in self.tried]
        return [not any(o[0] <= p[0] and o[1] <= p[1] and o != p for o in points) for p in points]

    def estimate(self, tried: Tried, kpi: str) -> Estimate:
        """Estimate a KPI's mean over days of a candidate; ``nan`` where it was not told."""
        return mean_interval([run.get(kpi, np.nan) for run in tried.runs])

    def sentences(self) -> list[str]:
        """Tell the outcome: the answer, one step smaller, cost, and what to be careful with."""
        return [self._headline(), *self._misses(), *self._smaller(), *self._cautions()]

    def _headline(self) -> str:
        key, rules, values = self.over.key, self.search.rules, self.over.values
        spent = f"({self.search.total_runs} runs)"
        if self.status == FOUND:
            place = f"the smallest value of {self.over}" if self.answer != values[0] else f"the least of {self.over}"
            sure = f"with {rules.confidence:.0%} confidence, up to {self._margins()}"
            return f"{key} = {self.answer} is {place} that meets all targets, {sure} {spent}."
        if self.status == NONE_MEETS:
            return f"No value of {self.over} meets all targets {spent}."
        low = f"more than {values[self.search.low]}" if self.search.low >= 0 else f"at least {values[0]}"
        is_known = self.search.high < len(values)
        high = f"at most {values[self.search.high]}" if is_known else "perhaps none of the range"
        why = "The search was interrupted" if self.status == INTERRUPTED else "The runs were used up"
        return f"{why} {spent}: the answer is {low}, {high}."

    def _margins(self) -> str:
        """Tell how near to each target either answer counts as right."""
        told = (f"{target.kpi} +- {' '.join(readable(target.kpi, target.margin)).strip()}" for target in self.targets)
        return f"a margin of {', '.join(dict.fromkeys(told))}"

    def _misses(self) -> list[str]:
        if self.status != NONE_MEETS or not self.tried:
            return []
        last = self.tried[-1]
        return [f"Even at {last.value}: {told}." for told in self._missed(last)]

    def _missed(self, tried: Tried) -> list[str]:
        missed = [target for target, is_met in zip(self.targets, tried.is_met, strict=True) if is_met is False]
        return [self._miss(target, tried) for target in missed]

    def _miss(self, target: Target, tried: Tried) -> str:
        unknown = int(np.isnan(tried.values(target.kpi)).sum())
        if unknown:
            return f"{target.kpi} could not be told on {unknown} of {len(tried.runs)} days: nothing to count it over"
        mean = " ".join(readable(target.kpi, self.estimate(tried, target.kpi).mean)).strip()
        return f"{mean} where {target.text} is asked for"

    def _smaller(self) -> list[str]:
        if self.status != FOUND:
            return []
        chosen = self.search.tried[self.search.candidates[self.search.high]]
        cost = self.estimate(chosen, COST).mean
        told = [] if np.isnan(cost) else [f"It costs {cost:,.0f} CNY per service day.".replace(",", " ")]
        if self.search.low < 0:
            return [*told, "Nothing smaller is in the range."]
        less = self.search.tried[self.search.candidates[self.search.low]]
        saved = cost - self.estimate(less, COST).mean
        what = f"One step smaller, {less.value}: " + " and ".join(self._missed(less))
        return [*told, what + ("." if np.isnan(saved) else f"; it saves {saved:,.0f} CNY per day.".replace(",", " "))]

    def _cautions(self) -> list[str]:
        """Tell where more is shown to serve worse, which the search takes for impossible."""
        found = []
        for less, more in zip(self.tried, self.tried[1:], strict=False):
            days = min(len(less.runs), len(more.runs))
            for target in {target.kpi: target for target in self.targets}.values():
                gain = paired(_slack(target, more)[:days], _slack(target, less)[:days])
                if gain.high < -target.margin:
                    found.append(f"Careful: {target.kpi} is worse at {more.value} than at {less.value}.")
        return found

    def document(self) -> dict[str, Any]:
        """Give the outcome as plain data."""
        rows = [self.table.row(i) for i in range(self.table.num_rows)]
        asked = [{"kpi": t.kpi, "target": t.text, "value": t.value, "margin": t.margin} for t in self.targets]
        return {
            "scenario": self.name,
            "key": self.over.key,
            "answer": self.answer,
            "status": self.status,
            "confidence": self.search.rules.confidence,
            "runs": self.search.total_runs,
            "targets": asked,
            "candidates": rows,
            "sentences": self.sentences(),
        }

    def rows(self) -> tuple[list[str], list[list[str]]]:
        """Give header and rows of the table for people."""
        header = [self.over.key, "runs", "verdict", *self.kpis, "CNY/day", "CNY/rider", *GROUPS]
        shown = []
        for each in self.tried:
            told = [_shown(kpi, self.estimate(each, kpi)) for kpi in self.kpis]
            money = [_money(self.estimate(each, kpi).mean) for kpi in COSTS]
            shown.append([str(each.value), str(len(each.runs)), _VERDICTS[each.verdict], *told, *money])
        return header, shown

    def plot(self, ax: Any = None) -> Any:
        """Draw the front of cost against service; gives the axes."""
        from busim.plot.size import plot_front  # noqa: PLC0415  (matplotlib is slow to import)

        targets = [(each.value, each.is_most, each.margin) for each in self.targets if each.kpi == self.kpis[0]]
        return plot_front(self.table, self.over.key, self.kpis[0], COST, targets, self.answer, ax)

    def __repr__(self) -> str:
        """Tell the outcome in one line."""
        return f"<Sizing {self._headline()}>"

    def _repr_html_(self) -> str:
        """Show the outcome in a notebook."""
        header, rows = self.rows()
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        told = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.sentences())
        return f"{told}<table><caption>{html.escape(self.name)}</caption><tr>{head}</tr>{body}</table>"


_VERDICTS = {True: "meets", False: "fails", None: "open"}


def _slack(target: Target, tried: Tried) -> list[float]:
    return [target.slack(run[target.kpi]) for run in tried.runs]


def _shown(kpi: str, found: Estimate) -> str:
    if np.isnan(found.mean):
        return "-"
    value, unit = readable(kpi, found.mean)
    half = "" if np.isnan(found.half) else f" +- {_half(kpi, found.half)}"
    return f"{value}{half} {unit}".strip()


def _half(kpi: str, half: float) -> str:
    return readable(kpi, half)[0]


def _money(value: float) -> str:
    if np.isnan(value):
        return "-"
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:.1f}"
