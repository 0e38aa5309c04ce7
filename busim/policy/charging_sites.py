"""Charging strategies that choose site and moment bus by bus: idle, shortest, reserve, terminal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.core.charge_curve import energy_after
from busim.core.view import View
from busim.model.orders import Charge, Order
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.policy.plug_times import Option, has_time, options, quickest, reach
from busim.units import MINUTE_S


def _between(spec: ScenarioSpec, below: float, until: float) -> str:
    if not spec.charging.reserve <= below <= until:
        return f"needs reserve <= below <= until, got {spec.charging.reserve}, {below}, {until}"
    return ""


@dataclass(frozen=True)
class Idle:
    """Top up whenever there is no work; riders may call the bus off the plug once it holds enough."""

    below: float = parameter(0.85, "charge below which a bus without work goes to a plug", low=0.0, high=1.0)
    until: float = parameter(0.95, "charge at which it leaves the plug", low=0.05, high=1.0)
    free_from: float = parameter(0.40, "charge from which riders may end the charge", low=0.0, high=1.0)
    least_min: float = parameter(10.0, "time to spare below which no charge is begun", low=0.0, unit="min")
    within_min: float = parameter(15.0, "longest way to a plug above free_from", low=0.0, unit="min")

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell if the shares do not lie in order."""
        return _between(spec, self.below, self.until)

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Send the bus where it is done first, if a plug is free there by the time."""
        charge = view.charge(bus)
        if charge >= self.below:
            return ()
        option = quickest(view, bus, self.until)
        if option is None or not has_time(view, bus, option, self.least_min):
            return ()
        is_far = option.start - view.now > self.within_min * MINUTE_S
        if charge >= self.free_from and (is_far or option.start > option.arrive):
            return ()
        return (Charge(bus, option.site, self.until, free_from=self.free_from),)


@dataclass(frozen=True)
class Shortest:
    """Once its charge is below a threshold, send a bus where way, queue and charge together take least."""

    below: float = parameter(0.35, "charge below which a bus without work goes to a charger", low=0.0, high=1.0)
    until: float = parameter(0.90, "charge at which it leaves the plug", low=0.05, high=1.0)
    least_min: float = parameter(20.0, "time to spare below which no charge is begun", low=0.0, unit="min")

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell if the shares do not lie in order."""
        return _between(spec, self.below, self.until)

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Send the bus where it is done first, if its charge is low."""
        if view.charge(bus) >= self.below:
            return ()
        option = quickest(view, bus, self.until)
        if option is None or not has_time(view, bus, option, self.least_min):
            return ()
        return (Charge(bus, option.site, self.until),)


@dataclass(frozen=True)
class Reserve:
    """Book a slot at a plug: the one that ends first beside all bookings; the bus comes and plugs in at its time."""

    below: float = parameter(0.45, "charge below which a bus without work books a slot", low=0.0, high=1.0)
    until: float = parameter(0.90, "charge at which it leaves the plug", low=0.05, high=1.0)
    least_min: float = parameter(20.0, "time to spare below which no slot is booked", low=0.0, unit="min")
    longest_wait_min: float = parameter(
        20.0, "a slot that begins later than so long after arrival is not booked yet", low=0.0, unit="min"
    )

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell if the shares do not lie in order."""
        return _between(spec, self.below, self.until)

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Book the slot that ends first, if the charge is low and the wait is worth it."""
        if view.charge(bus) >= self.below:
            return ()
        option = quickest(view, bus, self.until, is_booked=True)
        if option is None or not has_time(view, bus, option, self.least_min):
            return ()
        if option.start - option.arrive > self.longest_wait_min * MINUTE_S:
            return ()
        return (Charge(bus, option.site, self.until, start_s=option.start),)


@dataclass(frozen=True)
class Terminal:
    """Charge at the ends of a line, or wherever a free plug is near: briefly and often."""

    below: float = parameter(0.90, "charge below which a bus charges between rounds", low=0.0, high=1.0)
    until: float = parameter(0.95, "charge at which it leaves the plug in any case", low=0.05, high=1.0)
    for_min: float = parameter(10.0, "time at the plug between two rounds", low=1.0, high=240.0, unit="min")
    within_min: float = parameter(4.0, "longest way to the plug", low=0.0, unit="min")
    low: float = parameter(0.30, "charge below which it charges until full, however far", low=0.0, high=1.0)
    with_riders_min: float = parameter(
        3.0,
        "time at a plug with riders aboard, where charging.riders_aboard allows it at a stop",
        low=0.0,
        high=60.0,
        unit="min",
    )

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell if the shares do not lie in order."""
        return _between(spec, self.below, self.until) or (
            "" if self.low <= self.below else f"needs low <= below, got {self.low}, {self.below}"
        )

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Charge for some minutes at the nearest plug that is free by arrival."""
        charge = view.charge(bus)
        if charge >= self.below:
            return ()
        if charge < self.low:
            option = quickest(view, bus, self.until)
            return () if option is None else (Charge(bus, option.site, self.until),)
        near = {site for site, arrive, _ in reach(view, bus) if arrive - view.now <= self.within_min * MINUTE_S}
        for option in options(view, bus, self.until):
            if option.site in near and option.start <= option.arrive and has_time(view, bus, option, self.for_min):
                return (self._briefly(view, bus, option, self.for_min),)
        return ()

    def at_stop(self, view: View, bus: int, site: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Charge for fewer minutes with riders aboard, if the plug is free and there is time before the next stop."""
        if self.with_riders_min == 0.0 or view.charge(bus) >= self.below:
            return ()
        here = [option for option in options(view, bus, self.until) if option.site == site]
        if not here or here[0].start > view.now:
            return ()
        if not has_time(view, bus, here[0], self.with_riders_min, is_late_fine=True):
            return ()
        return (self._briefly(view, bus, here[0], self.with_riders_min),)

    def _briefly(self, view: View, bus: int, option: Option, minutes: float) -> Charge:
        reached = energy_after(view.curve(bus, option.site), option.plugged_kwh, minutes * MINUTE_S)
        return Charge(bus, option.site, min(self.until, reached / float(view.battery_kwh[bus])))
