"""Scenario files: TOML, checked in full, turned into the plain specs of ``busim.model``."""

from busim.scenario.document import schema as schema
from busim.scenario.load import load as load
from busim.scenario.load import loads as loads
from busim.scenario.load import with_seed as with_seed
from busim.scenario.presets import PRESETS as PRESETS
from busim.scenario.scenario import Scenario as Scenario
from busim.scenario.strategies import Registry as Registry

__all__ = ["PRESETS", "Registry", "Scenario", "load", "loads", "schema", "with_seed"]
