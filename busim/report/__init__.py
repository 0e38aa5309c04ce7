"""Reports on finished days: why things came as they did."""

from busim.report.day import FinishedDay as FinishedDay
from busim.report.explain_bus import explain_bus as explain_bus
from busim.report.explain_find import find_bus as find_bus
from busim.report.explain_find import find_rider as find_rider
from busim.report.explain_refusals import explain_refusals as explain_refusals
from busim.report.explain_rider import explain_rider as explain_rider
from busim.report.explanation import Explanation as Explanation
from busim.report.explanation import Grid as Grid
from busim.report.late import explain_late as explain_late
