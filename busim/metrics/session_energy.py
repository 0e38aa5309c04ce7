"""What a charging session, or the battery that a swap left on the shelf, has taken by each moment."""

from __future__ import annotations

import numpy as np

from busim.core.charge_curve import Curve, capped, energy_after, make_curve
from busim.core.shelf import recharge_s, shelf_curve
from busim.model.events import EventLog, Kind
from busim.model.network import Floats
from busim.model.specs import ChargerSpec, ScenarioSpec

_LEAST_KW = 1e-9  # a plug that gives nothing still has a curve


class SessionEnergy:
    """Reckons, from curves and logged levels, what went into batteries when.

    Nothing is fitted to what the log says was charged in all, so that a ledger may set one against the other; only
    when a bus has had enough is taken from there.

    Parameters
    ----------
    log
        For the levels of sites that share a limit.
    sites
        The charging sites [S].
    spec
        The scenario.
    """

    def __init__(self, log: EventLog, sites: tuple[ChargerSpec, ...], spec: ScenarioSpec) -> None:
        self._sites, self._spec = sites, spec
        told = log.kind == Kind.POWER
        self._levels = {
            site: (log.time[mine].astype(np.float64), log.value[mine])
            for site in range(len(sites))
            if (mine := told & (log.other == site)).any()
        }

    def end_s(self, session: dict[str, float]) -> float:
        """Give when the last of a session's energy is taken from the site [s]."""
        site, end = self._sites[int(session["site"])], float(session["plug_out_s"])
        if not site.spares:
            return end
        return end + recharge_s(self._shelf(session), self._held(session))

    def by(self, session: dict[str, float], moments: Floats) -> Floats:
        """Give the energy that a session has given by each moment, ascending [T, s]; [T, kWh]."""
        site, held = self._sites[int(session["site"])], self._held(session)
        if site.spares:
            begin, curve = float(session["plug_out_s"]), self._shelf(session)
            course = [energy_after(curve, held, max(0.0, t - begin)) - held for t in moments.tolist()]
            return np.array(course)
        end = float(session["plug_out_s"])
        begin = min(float(session["plug_in_s"]) + site.connect_s, end)
        steps = self._steps(int(session["site"]), begin, end, moments)
        course = [held]
        for since, until in zip(steps[:-1].tolist(), steps[1:].tolist(), strict=True):
            course.append(energy_after(self._curve(session, since), course[-1], until - since))
        enough = float(session["energy_kwh"])  # it had what it wanted before it was unplugged
        return np.interp(moments, steps, np.minimum(np.array(course) - held, enough))

    def _steps(self, site: int, begin: float, end: float, moments: Floats) -> Floats:
        """List the moments at which the power may jump, or is asked for."""
        times = self._levels[site][0] if site in self._levels else moments[:0]
        inside = np.concatenate((times, moments))
        return np.unique(np.concatenate(([begin, end], inside[(inside > begin) & (inside < end)])))

    def _held(self, session: dict[str, float]) -> float:
        return float(session["charge_before"]) * self._battery(session)[-1].high

    def _battery(self, session: dict[str, float]) -> Curve:
        vehicle = self._spec.fleet.vehicles[self._spec.fleet.buses[int(session["bus"])].vehicle]
        return make_curve(vehicle.charge_points, vehicle.battery_kwh, vehicle.charge_kw, is_stepped=vehicle.is_stepped)

    def _shelf(self, session: dict[str, float]) -> Curve:
        site = self._sites[int(session["site"])]
        return shelf_curve(self._battery(session), site.power_kw, site.limit_kw, site.spares)

    def _curve(self, session: dict[str, float], time: float) -> Curve:
        """Give a bus's curve at its plug under the level that the site has set by a time."""
        number = int(session["site"])
        curve = capped(self._battery(session), self._sites[number].power_kw)
        if number not in self._levels:
            return curve
        times, levels = self._levels[number]
        known = int(np.searchsorted(times, time, side="right"))
        return capped(curve, max(float(levels[known - 1]), _LEAST_KW)) if known else curve
