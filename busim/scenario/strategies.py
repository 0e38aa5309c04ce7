"""Sections ``[dispatch]``, ``[idling]`` and ``[objective]``: how buses are sent, and what is minimised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ConfigDict, Field

from busim.scenario.base import Section

STRATEGY = "strategy"


class Registry(Protocol):
    """Knows the strategies, so that this package need not."""

    def check(self, kind: str, strategy: str, parameters: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Find what is wrong with a strategy's name and parameters.

        Parameters
        ----------
        kind
            ``"dispatch"``, ``"idling"`` or ``"charging"``.

        Returns
        -------
        list of tuple
            Key (``"strategy"``, a parameter, or empty for the whole), what is wrong, remedy.
        """
        ...

    def names(self, kind: str) -> tuple[str, ...]:
        """List the strategies of a kind."""
        ...


class StrategySection(Section):
    """A strategy by name; all further keys are its parameters."""

    model_config = ConfigDict(extra="allow")

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that the file gave."""
        return dict(self.__pydantic_extra__ or {})


class DispatchSection(StrategySection):
    """Which bus takes which rider; further keys are parameters of the strategy."""

    strategy: str = Field("insertion", min_length=1, description="Strategy by name; `busim policies` lists them")


class IdlingSection(StrategySection):
    """Where buses without riders wait; further keys are parameters of the strategy."""

    strategy: str = Field("stay", min_length=1, description="Strategy by name; `busim policies` lists them")


class ObjectiveSection(Section):
    """What every strategy minimises, in seconds of one rider's waiting.

    By the conventions of appraisal a second of waiting counts twice, of walking 1.6 times and of being late three times
    a second of riding. Waiting is worth 32 CNY/h, twice the 16 CNY/h of riding (mean over the purposes); a kilometre
    costs about 0.9 CNY for energy, tyres and upkeep, so 100 s. A shift is paid whether the bus drives or stands.
    """

    wait: float = Field(1.0, ge=0, le=1e6, description="Per rider and second of waiting")
    ride: float = Field(0.5, ge=0, le=1e6, description="Per rider and second of riding")
    walk: float = Field(0.8, ge=0, le=1e6, description="Per rider and second of walking")
    late: float = Field(1.5, ge=0, le=1e6, description="Per rider and second late against a promise")
    drive: float = Field(0.0, ge=0, le=1e6, description="Per second driven")
    distance: float = Field(0.1, ge=0, le=1e6, description="Per metre driven")
    refusal: float = Field(3600.0, ge=0, le=1e9, description="Per rider turned away")
