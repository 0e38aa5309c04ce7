"""One site's power over time: who charges there, how fast while plugs share a limit, how much until when."""

from __future__ import annotations

import math
from dataclasses import dataclass

from busim.core.charge_curve import Curve, capped, energy_after, power_at, seconds_to
from busim.core.charge_share import water_level

STEP_S = 60  # while plugs share a limit, what each gives is settled anew so often


@dataclass
class Session:
    """A bus that charges: its curve at this site, energy held at a moment and energy wanted [kWh, s]."""

    curve: Curve
    energy_kwh: float
    target_kwh: float
    at: float = 0.0


class SitePower:
    """Follows the buses that charge at one site.

    The level, the most that any plug gives, is set so that the site keeps its limit, and again whenever a bus comes
    or goes and every ``STEP_S`` while the limit binds. In between, what each battery takes can only fall, so that the
    limit holds at every moment. Nobody ever gets less than an equal share of the limit among all plugs.

    Parameters
    ----------
    limit_kw
        Of the site; infinite for none.
    """

    def __init__(self, limit_kw: float) -> None:
        self.limit_kw, self.level_kw = limit_kw, math.inf
        self.sessions: dict[int, Session] = {}

    def settle(self, now: float) -> None:
        """Charge everybody up to now at the level that held, then set it anew."""
        if math.isinf(self.limit_kw):
            return  # nobody depends on anybody
        for bus, session in self.sessions.items():
            session.energy_kwh, session.at = self.energy_at(bus, now), now
        wanted = [_wanted(session) for session in self.sessions.values()]
        self.level_kw = water_level(wanted, self.limit_kw)

    def energy_at(self, bus: int, now: float) -> float:
        """Give the energy that a bus holds at a moment from the last settling on [kWh]."""
        session = self.sessions[bus]
        reached = energy_after(capped(session.curve, self.level_kw), session.energy_kwh, now - session.at)
        return min(session.target_kwh, reached)

    def join(self, bus: int, session: Session, now: float) -> None:
        """Let a bus begin."""
        self.settle(now)
        session.at = now
        self.sessions[bus] = session
        self.settle(now)

    def leave(self, bus: int, now: float) -> float:
        """Let a bus go; gives the energy that it holds [kWh]."""
        energy = self.energy_at(bus, now)
        self.settle(now)
        del self.sessions[bus]
        self.settle(now)
        return energy

    def seconds_left(self, bus: int) -> float:
        """Give the time until a bus holds what it wants if the level stays as it is [s]."""
        session = self.sessions[bus]
        return seconds_to(capped(session.curve, self.level_kw), session.energy_kwh, session.target_kwh)

    @property
    def power_kw(self) -> float:
        """Give the power of all plugs at the moment that was settled last [kW]."""
        return sum(min(_wanted(session), self.level_kw) for session in self.sessions.values())


def _wanted(session: Session) -> float:
    return power_at(session.curve, session.energy_kwh) if session.energy_kwh < session.target_kwh else 0.0
