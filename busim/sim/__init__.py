"""The live simulation: SimPy drives, one bus process executes plans, every change goes through the world's record."""

from busim.sim.simulation import Given as Given
from busim.sim.simulation import SimResult as SimResult
from busim.sim.simulation import Simulation as Simulation
from busim.sim.simulation import build as build
