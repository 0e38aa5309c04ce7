"""Closed forms of queues, each checked against published values in its own test."""

from __future__ import annotations

import cmath
import math


def bulk_queue(mu: float, places: int) -> float:
    """Give the mean queue just before a bus: ``X' = max(X - s, 0) + Poisson(mu)`` (Bailey 1954; Powell 1985).

    The roots z of z^s = exp(mu (z - 1)) inside the unit disk come from Picard iteration on its s branches.
    """
    roots = []
    for k in range(1, places):
        z = 0j
        for _ in range(10_000):
            before, z = z, cmath.exp((mu * (z - 1) + 2j * math.pi * k) / places)
            if abs(z - before) < 1e-14:
                break
        roots.append(z)
    total = mu / (2 * (places - mu)) + mu / 2 - (places - 1) / 2 + sum(1 / (1 - z) for z in roots)
    return complex(total).real


def bulk_wait(headway: float, places: int, load: float) -> float:
    """Give the mean wait at a stop with buses every ``headway``, ``places`` each, filled to ``load``."""
    mu = load * places
    return headway / 2 + (bulk_queue(mu, places) - mu) * headway / mu


def erlang_c(servers: int, offered: float) -> float:
    """Give the probability that a customer of M/M/c waits (Erlang 1917)."""
    last = offered**servers / math.factorial(servers) * servers / (servers - offered)
    return last / (sum(offered**k / math.factorial(k) for k in range(servers)) + last)


def mmc_wait(service: float, servers: int, load: float) -> float:
    """Give the mean wait of M/M/c with mean service time ``service``."""
    return erlang_c(servers, servers * load) * service / (servers * (1 - load))


def mdc_wait(service: float, servers: int, load: float) -> float:
    """Give the mean wait of M/D/c: the bulk queue at multiples of the service time (Crommelin 1932)."""
    mu = servers * load
    return (bulk_queue(mu, servers) - mu) * service / mu


def finite_fleet_wait(buses: int, plugs: int, drive: float, charge: float) -> float:
    """Q3: mean wait of a fleet that drives and charges in turn, M/M/c//N (Palm 1947), in the unit of the times."""
    weights = [1.0]
    for k in range(1, buses + 1):
        weights.append(weights[-1] * (buses - k + 1) / drive / (min(k, plugs) / charge))
    share = [weight / sum(weights) for weight in weights]
    queue = sum((k - plugs) * p for k, p in enumerate(share) if k > plugs)
    rate = sum(min(k, plugs) * p for k, p in enumerate(share)) / charge
    return queue / rate
