"""Linear assignment of riders to buses where leaving a rider out has a price."""

from __future__ import annotations

import math

import numpy as np

from busim.model.network import Floats


def finite_prices(costs: Floats, prices: Floats) -> Floats:
    """Put a price above any sum of costs where there is none (``inf``), so that all who can be carried are.

    Parameters
    ----------
    costs
        All costs that occur; ``inf`` where there is no way.
    prices
        Of leaving each rider out [R]; ``inf`` where nothing outweighs it.
    """
    known = np.abs(costs[np.isfinite(costs)])
    priced = prices[np.isfinite(prices)]
    most = float(known.max(initial=0.0)) + float(priced.max(initial=0.0)) + 1.0
    return np.where(np.isfinite(prices), prices, 2.0 * most * (len(prices) + 1))


def assign(costs: Floats, prices: Floats) -> list[tuple[int, int]]:
    """Give at most one bus to each rider and one rider to each bus, at least cost.

    Parameters
    ----------
    costs
        Of each rider with each bus [R, B]; ``inf`` where there is no way.
    prices
        Of leaving each rider out [R]; ``inf`` where nothing outweighs it.

    Returns
    -------
    list of tuple
        Row and column of each pair, by row.
    """
    riders, buses = costs.shape
    if riders == 0 or buses == 0:
        return []
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  (slow to import, and most days need none)

    price = finite_prices(costs, prices)
    never = 4.0 * float(price.max()) + 4.0 * float(np.abs(costs[np.isfinite(costs)]).max(initial=0.0)) + 1.0
    wide = np.full((riders, buses + riders), never)
    wide[:, :buses] = np.where(np.isfinite(costs), costs, never)
    wide[np.arange(riders), buses + np.arange(riders)] = price
    rows, columns = linear_sum_assignment(wide)
    return [
        (row, column)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if column < buses and costs[row, column] < math.inf
    ]
