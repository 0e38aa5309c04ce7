"""How fast riders come: curves of expected arrivals over the service day, by purpose and direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.demand.profiles import MODEL_PURPOSES, WEEKEND, day_factor, hourly_shares, outward_share
from busim.model.network import Floats, Ints
from busim.model.specs import DemandSpec
from busim.units import MINUTE_S

SMOOTH, TRAINS, BATCHES = "smooth", "trains", "batches"
NUM_DAYS = 2  # a service day may run past midnight, up to 47:59:59

# Within the hour: (hour, first minute, last minute, share of the hour's trips); what is left is spread evenly
# over the other minutes. Classes of Chongqing University since 2020: 08:30-12:10, 13:30-18:05, 19:00-21:35; half of
# an hour's students travel in the quarter hours before a block and after it. Factory shifts begin at 8 and 20 o'clock.
TO_FACTORY = ((7, 20, 55, 0.60), (19, 20, 55, 0.55))
FROM_FACTORY_PULSES = ((8, 2, 17, 0.70), (20, 2, 17, 0.70))
CLASSES = (
    (8, 15, 30, 0.50),
    (12, 10, 25, 0.50),
    (13, 15, 30, 0.50),
    (18, 5, 20, 0.35),
    (18, 45, 60, 0.15),
    (21, 35, 50, 0.50),
)
CLASS_ENDS = ((12, 10, 20), (18, 5, 15), (21, 35, 45))
CLASS_END_SHARE = 0.35  # of the hour's students come in groups in the ten minutes after class


@dataclass(frozen=True)
class Curve:
    """Expected arrivals up to each moment, piecewise linear.

    Parameters
    ----------
    edges_s
        Ascending moments [k, s from midnight].
    expected
        Expected arrivals from the first moment on [k].
    """

    edges_s: Floats
    expected: Floats

    @property
    def total(self) -> float:
        """Expected arrivals of the whole curve."""
        return float(self.expected[-1])

    def until(self, time_s: Floats) -> Floats:
        """Give expected arrivals up to moments [n]."""
        return np.interp(time_s, self.edges_s, self.expected)

    def times_s(self, u: Floats) -> Ints:
        """Spread arrivals over the curve, by uniform numbers [n]: order statistics of a Poisson process [n, s]."""
        times = np.floor(np.interp(u * self.total, self.expected, self.edges_s))
        return np.clip(times, self.edges_s[0], np.ceil(self.edges_s[-1]) - 1).astype(np.int64)


@dataclass(frozen=True)
class Stream:
    """Riders of one purpose, direction and pattern (``"smooth"``, ``"trains"`` or ``"batches"``)."""

    purpose: str
    is_outward: bool
    pattern: str
    curve: Curve


def streams(spec: DemandSpec, start_s: int, end_s: int) -> list[Stream]:
    """List the streams of riders of a service day, always in the same order."""
    found = []
    for purpose in MODEL_PURPOSES:
        rides = spec.rides_per_day * spec.scale * spec.purposes.get(purpose, 0.0)
        rides *= day_factor(purpose, spec.day_type, spec.is_term)
        hours = np.array(hourly_shares(purpose, spec.day_type))
        outward = np.array([outward_share(purpose, spec.day_type, hour) for hour in range(24)])
        for is_outward in (True, False):
            share = hours * (outward if is_outward else 1 - outward)
            for pattern, minutes in _patterns(purpose, is_outward, spec):
                rate = rides * (share[:, None] * minutes).ravel()
                found.append(Stream(purpose, is_outward, pattern, _curve(rate, start_s, end_s)))
    return found


def expected_rides(spec: DemandSpec, start_s: int, end_s: int) -> float:
    """Give the expected requests of a service day: what riders wish between its start and its end.

    ``rides_per_day`` x ``scale`` x, summed over purposes, share of the purpose x factor of the day x share of the
    purpose's day that lies between start and end.
    """
    return sum(stream.curve.total for stream in streams(spec, start_s, end_s))


def _patterns(purpose: str, is_outward: bool, spec: DemandSpec) -> list[tuple[str, Floats]]:
    """List patterns, each with the shares of every hour's trips by minute [24, 60]."""
    if purpose == "feeder":
        return [(TRAINS if spec.pulses and not is_outward else SMOOTH, _within_hours(()))]
    if purpose == "factory":
        pulses = FROM_FACTORY_PULSES if spec.pulses else ()
        return [(SMOOTH, _within_hours(TO_FACTORY if is_outward else pulses))]
    if purpose == "student" and spec.is_term and spec.day_type not in WEEKEND:
        minutes = _within_hours(CLASSES)
        batched = np.zeros_like(minutes)
        if spec.pulses:
            for hour, first, last in CLASS_ENDS:
                batched[hour, first:last] = CLASS_END_SHARE / (last - first)
                window = next(row for row in CLASSES if row[:2] == (hour, first))
                minutes[hour, first : window[2]] -= CLASS_END_SHARE / (window[2] - first)
        return [(SMOOTH, np.maximum(minutes, 0.0)), (BATCHES, batched)]
    return [(SMOOTH, _within_hours(()))]


def _within_hours(windows: tuple[tuple[int, int, int, float], ...]) -> Floats:
    shares, is_free = np.zeros((24, 60)), np.ones((24, 60), np.bool_)
    for hour, first, last, share in windows:
        shares[hour, first:last] += share / (last - first)
        is_free[hour, first:last] = False
    left = 1 - shares.sum(axis=1)
    shares += is_free * (left / is_free.sum(axis=1))[:, None]
    return shares


def _curve(rate: Floats, start_s: int, end_s: int) -> Curve:
    """Cut a day's rate per minute [1440] to the hours of service."""
    day_edges = np.arange(NUM_DAYS * 24 * 60 + 1) * float(MINUTE_S)
    whole = np.concatenate(([0.0], np.cumsum(np.tile(rate, NUM_DAYS))))
    inner = day_edges[(day_edges > start_s) & (day_edges < end_s)]
    edges = np.concatenate(([float(start_s)], inner, [float(max(end_s, start_s))]))
    expected = np.interp(edges, day_edges, whole)
    return Curve(edges, expected - expected[0])
