"""What no strategy may forget: a bus without work goes to a charger before its reserve does not carry it there."""

from __future__ import annotations

from busim.core.view import View
from busim.model.orders import Charge
from busim.policy.plug_times import quickest, way_kwh

UNTIL = 0.8
WAIT_S = 1200  # what standing costs until it is asked again, and a little queueing, must fit above the reserve


def rescue(view: View, bus: int, ahead_kwh: float = 0.0) -> tuple[Charge, ...]:
    """Send a bus to the charger where it is done first, if its energy would soon not last.

    Parameters
    ----------
    view, bus
        The moment, and a bus that is empty and has no work.
    ahead_kwh
        What it is to do next, where that is known: a round of a line.
    """
    fleet = view.fleet
    least = float(fleet.reserve[bus]) + way_kwh(view, bus) + WAIT_S * float(fleet.per_second[bus])
    if view.energy_now(bus) >= least + ahead_kwh:
        return ()
    option = quickest(view, bus, UNTIL)
    return () if option is None else (Charge(bus, option.site, max(UNTIL, min(1.0, view.charge(bus) + 0.05))),)
