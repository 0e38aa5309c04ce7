"""Static planning: a whole day known in advance; the electric autonomous and the classic dial-a-ride problem."""

from __future__ import annotations

from busim.planning.benchmark import BenchmarkRow as BenchmarkRow
from busim.planning.benchmark import GapRow as GapRow
from busim.planning.benchmark import core_seconds as core_seconds
from busim.planning.benchmark import gap_table as gap_table
from busim.planning.benchmark import run_benchmark as run_benchmark
from busim.planning.benchmark import write_rows as write_rows
from busim.planning.checker import Verdict as Verdict
from busim.planning.checker import check as check
from busim.planning.generate import generate as generate
from busim.planning.instance import Instance as Instance
from busim.planning.planner import Moment as Moment
from busim.planning.planner import PlanResult as PlanResult
from busim.planning.planner import Settings as Settings
from busim.planning.planner import plan as plan
from busim.planning.read import read_instance as read_instance
from busim.planning.solution import Solution as Solution
from busim.planning.solution import read_solution as read_solution
