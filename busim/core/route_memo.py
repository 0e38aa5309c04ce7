"""What was found about charging stops, kept by sequence, kind of vehicle and what is free: searches repeat themselves.

A slot holds the least cost with its destination and visits, or, where the search had a bound and found nothing below
it, that bound with destination -1.
"""

from __future__ import annotations

from busim.core.compiled import borrowing
from busim.core.route_data import EPS, MAX_VISITS, Ints, Work

_FIRST, _SECOND = 2147483647, 2147483629  # primes; their product is near 2**62
_DIGIT = 8  # visits of each station are one digit, at most MAX_VISITS
MOST_STATIONS = 20  # more do not fit one number


@borrowing
def memo_key(seq: Ints, length: int, kind: int, station_free: Ints, dest_free: Ints) -> int:
    """Give the key of a question; 0 if it cannot be kept."""
    if len(station_free) > MOST_STATIONS:
        return 0
    first, second = kind + 1, kind + 7
    for j in range(length):
        first = (first * 31337 + seq[j] + 1) % _FIRST
        second = (second * 48271 + seq[j] + 1) % _SECOND
    for s in range(len(station_free)):
        first = (first * 31337 + min(station_free[s], MAX_VISITS)) % _FIRST
        second = (second * 48271 + min(station_free[s], MAX_VISITS)) % _SECOND
    for d in range(len(dest_free)):
        first = (first * 31337 + min(dest_free[d], 1)) % _FIRST
        second = (second * 48271 + min(dest_free[d], 1)) % _SECOND
    return first * 2147483648 + second


@borrowing
def recall(work: Work, key: int, best: float) -> int:
    """Give the slot that answers a question for a bound, -1 if none does."""
    slot = key % len(work.memo_key)
    if key == 0 or work.memo_key[slot] != key:
        return -1
    return slot if work.memo_dest[slot] >= 0 or work.memo_cost[slot] >= best - EPS else -1


@borrowing
def keep(work: Work, key: int, cost: float, dest: int) -> None:
    """Keep an answer; the visits are those of ``work.best_station``."""
    if key == 0:
        return
    slot = key % len(work.memo_key)
    work.memo_key[slot], work.memo_cost[slot], work.memo_dest[slot], work.memo_used[slot] = key, cost, dest, 0
    for i in range(MAX_VISITS):
        if dest >= 0 and work.best_station[i] >= 0:
            digit = 1
            for _ in range(work.best_station[i]):
                digit *= _DIGIT
            work.memo_used[slot] += digit


@borrowing
def unpack(work: Work, slot: int, used: Ints) -> None:
    """Write the visits per station of an answer [S]."""
    packed = work.memo_used[slot]
    for s in range(len(used)):
        used[s] = packed % _DIGIT
        packed //= _DIGIT
