"""Insertions that a search has listed, in arrays until somebody asks for them.

NOTE: a speed trick in its own place. Of some dozens a search looks at the one or two that have the least bounds. To
make plain numbers of all, and a heap of these, takes several times as long as to find those two.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from busim.core.few_pairs import Found
from busim.model.network import Floats, Ints

_FIRST = 3  # so many are looked up one by one; who wants more has the rest sorted


class Pairs:
    """Insertions in no order, as arrays.

    Parameters
    ----------
    bound
        Lower bounds on what they cost [k].
    at, q
        The places of pick-up and drop-off in memory [k]; at least one.
    """

    def __init__(self, bound: Floats, at: Ints, q: Ints) -> None:
        self._bound, self._at, self._q = bound, at, q

    def __len__(self) -> int:
        """Count them."""
        return len(self._q)

    def __iter__(self) -> Iterator[Found]:
        """Give them in no order."""
        return zip(self._bound.tolist(), self._at.tolist(), self._q.tolist(), strict=True)

    def ascending(self) -> Iterator[Found]:
        """Give them by (bound, pick-up, drop-off)."""
        bound = self._bound.copy()
        nearest = int(bound.argmin())
        for _ in range(_FIRST):
            least, bound[nearest] = bound.item(nearest), math.inf
            following = int(bound.argmin())
            if bound.item(following) == least:  # also where none is left
                bound[nearest] = least
                break
            yield least, self._at.item(nearest), self._q.item(nearest)
            nearest = following
        rest = (bound < math.inf).nonzero()[0]
        yield from sorted(Pairs(bound[rest], self._at[rest], self._q[rest]))


Listing = list[Found] | Pairs  # in no order
