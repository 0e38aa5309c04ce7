"""Running scenarios and keeping what comes of them."""

from busim.study.opening import check as check
from busim.study.opening import load as load
from busim.study.opening import open_map as open_map
from busim.study.opening import open_run as open_run
from busim.study.result import Run as Run
from busim.study.running import run as run
from busim.study.running import run_into as run_into

__all__ = ["Run", "check", "load", "open_map", "open_run", "run", "run_into"]
