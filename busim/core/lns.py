"""Operators of large neighbourhood search that live and static planning share: draws, nearness, removal, acceptance.

Random numbers are drawn inside compiled code from a small generator whose state is an array, so that compiled and
plain kernels walk the same path; it is seeded from a generator that the caller hands in.
"""

from __future__ import annotations

import math

import numpy as np

from busim.core.compiled import borrowing
from busim.core.route_data import Floats, Ints

_MODULI = (2147483563, 2147483399)


def seed_draws(rng: np.random.Generator) -> Ints:
    """Make the state of the kernels' generator.

    Parameters
    ----------
    rng
        Source of the seed.
    """
    return np.array([rng.integers(1, modulus) for modulus in _MODULI], dtype=np.int64)


@borrowing
def uniform(state: Ints) -> float:
    """Draw from (0, 1): L'Ecuyer's combined generator (1988, Communications of the ACM 31: 742-751)."""
    state[0] = 40014 * state[0] % 2147483563
    state[1] = 40692 * state[1] % 2147483399
    draw: float = ((state[0] - state[1]) % 2147483562 + 1) / 2147483563.0
    return draw


@borrowing
def below(state: Ints, limit: int) -> int:
    """Draw a whole number from 0 to ``limit - 1``."""
    return min(int(uniform(state) * limit), limit - 1)


@borrowing
def shuffle(state: Ints, items: Ints, count: int) -> None:
    """Shuffle the first items in place."""
    for i in range(count - 1, 0, -1):
        j = below(state, i + 1)
        items[i], items[j] = items[j], items[i]


@borrowing
def is_accepted(state: Ints, new: float, old: float, temperature: float) -> bool:
    """Tell whether annealing goes on from a new cost."""
    return new < old - temperature * math.log(uniform(state))


@borrowing
def order_pending(state: Ints, pending: Ints, count: int, early: Floats, long: Floats, until: float) -> None:
    """Order requests to put in: at random, by time, or the longest first.

    Parameters
    ----------
    state
        Of the generator.
    pending, count
        The requests, and how many of them count [n].
    early, long
        When each is, and how long its ride [n].
    until
        Draw below which, and from 0.4 on, the order is by time.
    """
    shuffle(state, pending, count)
    draw = uniform(state)
    if draw < 0.4:
        return
    for i in range(1, count):
        request = pending[i]
        weight = early[request] if draw < until else -long[request]
        j = i - 1
        while j >= 0 and (early[pending[j]] if draw < until else -long[pending[j]]) > weight:
            pending[j + 1] = pending[j]
            j -= 1
        pending[j + 1] = request


@borrowing
def copy_whole(source: Ints, target: Ints) -> None:
    """Copy whole numbers, one by one: an assignment of slices would allocate."""
    for i in range(len(source)):
        target[i] = source[i]


@borrowing
def set_owner(seq: Ints, length: int, owner: Ints, value: int) -> None:
    """Set the owner of all requests of a route."""
    for j in range(length):
        if 0 <= seq[j] < len(owner):
            owner[seq[j]] = value


@borrowing
def sum_costs(cost: Floats, owner: Ints, skip_cost: Floats) -> float:
    """Sum the costs of all routes and of the requests left out."""
    total = 0.0
    for route in range(len(cost)):
        total += cost[route]
    for request in range(len(owner)):
        if owner[request] < 0:
            total += skip_cost[request]
    return total


@borrowing
def pick_some(
    state: Ints, owner: Ints, near: Ints, seqs: Ints, lengths: Ints, wanted: int, picked: Ints, marked: Ints,
    at_random: float, related: float,
) -> int:  # fmt: skip
    """Pick requests to remove by one of three rules; give how many.

    Parameters
    ----------
    state, owner, near, seqs, lengths, picked, marked
        As for `pick_strings`; the marks are reset first.
    wanted
        Number wanted.
    at_random, related
        Draws below which they are picked at random, and else related ones; otherwise strings.
    """
    marked[:] = 0
    draw = uniform(state)
    if draw < at_random:
        return pick_random(state, owner, wanted, picked, marked)
    if draw < related:
        return pick_related(state, owner, near, wanted, picked, marked)
    return pick_strings(state, owner, near, seqs, lengths, wanted, picked, marked)


@borrowing
def pick_random(state: Ints, owner: Ints, count: int, picked: Ints, marked: Ints) -> int:
    """Pick served requests at random; give how many."""
    num, found = len(owner), 0
    for _ in range(4 * count):
        if found >= count:
            break
        request = below(state, num)
        if owner[request] >= 0 and not marked[request]:
            picked[found], marked[request] = request, 1
            found += 1
    return found


@borrowing
def pick_related(state: Ints, owner: Ints, near: Ints, count: int, picked: Ints, marked: Ints) -> int:
    """Pick requests close to each other in space and time (Shaw 1998), preferring the closest; give how many.

    Parameters
    ----------
    state
        Of the generator.
    owner
        Route of each request, -1 if unserved [n].
    near
        Nearest requests of each request, nearest first [n, g].
    count
        Number wanted.
    picked, marked
        Receive the requests [n] and a 1 for each of them [n].
    """
    found = pick_random(state, owner, 1, picked, marked)
    width = near.shape[1]
    for _ in range(4 * count):
        if found == 0 or found >= count or width == 0:
            break
        seed = picked[below(state, found)]
        request = near[seed, min(int(width * uniform(state) ** 4.0), width - 1)]
        if owner[request] >= 0 and not marked[request]:
            picked[found], marked[request] = request, 1
            found += 1
    return found


@borrowing
def pick_strings(
    state: Ints, owner: Ints, near: Ints, seqs: Ints, lengths: Ints, count: int, picked: Ints, marked: Ints
) -> int:
    """Pick strings of consecutive pick-ups from neighbouring routes (Christiaens & Vanden Berghe 2020).

    Parameters
    ----------
    state, owner, near, count, picked, marked
        As for `pick_related`.
    seqs, lengths
        Routes [K, L] and their lengths [K].
    """
    found = pick_random(state, owner, 1, picked, marked)
    if found == 0:
        return 0
    seed = picked[0]
    marked[seed] = 0
    found = 0
    longest = 1 + below(state, max(count // 2, 1))
    for i in range(near.shape[1] + 1):
        request = seed if i == 0 else near[seed, i - 1]
        route = owner[request]
        if found >= count or route < 0 or marked[request] or _is_ruined(owner, route, picked, found):
            continue
        wanted = min(1 + below(state, longest + 1), count - found)
        found = _pick_string(state, owner, seqs[route], lengths[route], request, wanted, picked, marked, found)
    return found


@borrowing
def _is_ruined(owner: Ints, route: int, picked: Ints, found: int) -> bool:
    """Tell whether a string was already taken from a route."""
    hits = 0
    for i in range(found):
        hits += owner[picked[i]] == route
    return hits > 0


@borrowing
def _pick_string(
    state: Ints, owner: Ints, seq: Ints, length: int, request: int, wanted: int,
    picked: Ints, marked: Ints, found: int,
) -> int:  # fmt: skip
    """Pick up to ``wanted`` consecutive pick-ups of one route that include a request; give the new count."""
    num = len(owner)
    rank, total = 0, 0
    for j in range(length):
        if seq[j] == request:
            rank = total
        total += 1 if seq[j] < num else 0
    wanted = min(wanted, total)
    first = max(0, min(rank - below(state, wanted), total - wanted))
    total = 0
    for j in range(length):
        if seq[j] < num:
            if first <= total < first + wanted:
                picked[found], marked[seq[j]] = seq[j], 1
                found += 1
            total += 1
    return found


def nearest_requests(distance: Floats, width: int) -> Ints:
    """Give each request's nearest others, nearest first.

    Parameters
    ----------
    distance
        Any measure of how far apart two requests are [n, n].
    width
        Number wanted of each.
    """
    masked = distance.astype(np.float64)
    np.fill_diagonal(masked, np.inf)
    width = max(0, min(width, len(distance) - 1))
    order = np.argsort(masked, axis=1, kind="stable")[:, :width]
    return np.ascontiguousarray(order, dtype=np.int64)
