"""The view of a run: schedules that were put off are made when a strategy looks at plans, or a search comes near."""

from __future__ import annotations

from dataclasses import dataclass, field

from busim.core.bound_search import Search
from busim.core.plain_rows import Living
from busim.core.plans import PlanArrays
from busim.core.view import View


@dataclass  # with slots, the fields would take the place of the property
class LiveView(View):
    """A view of plans whose schedules stand only when they are looked at; else as ``View``.

    Parameters
    ----------
    schedules
        Those of the plans; they make what was put off.

    Notes
    -----
    A speed trick: on noisy roads every bus is early or late at every node, and most strategies ask ``search`` alone,
    which looks at the few buses that can reach the rider in time.
    """

    schedules: Living = field(repr=False, compare=False, kw_only=True)
    _live: PlanArrays = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Have searched nothing yet: without slots a field left out of the start has no value."""
        self._search = None

    @property  # type: ignore[misc]  # a field of ``View``, which may be set here, too
    def plans(self) -> PlanArrays:
        """Plans with their schedules, as they are now [B, L]."""
        self.schedules.settle_all()
        return self._live

    @plans.setter
    def plans(self, plans: PlanArrays) -> None:
        self._live = plans

    def scheduled(self, bus: int) -> PlanArrays:
        """Give plans among which that of one bus has its schedule."""
        self.schedules.settle(bus)
        return self._live

    @property
    def search(self) -> Search:
        """Searches for insertions among the plans as they are."""
        return self._search_among(self._live, self.schedules)
