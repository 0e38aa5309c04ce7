"""Riders who withdraw: drawn once from a stream of their own, so that every strategy meets the same ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.model.events import NONE
from busim.model.network import Bools, Ints
from busim.model.riders import Riders
from busim.model.specs import ScenarioSpec


class Withdrawals(NamedTuple):
    """When each rider cancels if not aboard by then (``NONE`` = never) [R, s]; who does not come to the stop [R]."""

    cancel_s: Ints
    no_show: Bools


def nobody(size: int) -> Withdrawals:
    """Let everyone ride who can."""
    return Withdrawals(np.full(size, NONE), np.zeros(size, bool))


def draw(spec: ScenarioSpec, riders: Riders, rng: np.random.Generator) -> Withdrawals:
    """Draw who cancels, when, and who does not show up; on a line nobody is waited for.

    Those who cancel do so some time before their earliest pick-up, exponential with the scenario's mean; who asks
    later than that cancels at a moment, all equally likely, between asking and the latest pick-up. Three numbers
    are drawn for each rider, whatever the shares, so that a larger share only adds riders who withdraw.

    Parameters
    ----------
    spec
        With the shares and the lead time.
    riders
        The riders.
    rng
        The stream of withdrawals.
    """
    size, demand = len(riders), spec.demand
    who, lead, moment = rng.random(size), rng.exponential(1.0, size), rng.random(size)
    if spec.service.mode == "line":
        return nobody(size)
    ahead = riders.earliest_s - np.rint(lead * demand.cancel_lead_s).astype(np.int64)
    soon = riders.ask_s + 1 + np.floor(moment * np.maximum(1, riders.latest_s - riders.ask_s)).astype(np.int64)
    cancels = who < demand.cancel_share
    no_show = (who >= demand.cancel_share) & (who < demand.cancel_share + demand.no_show_share)
    return Withdrawals(np.where(cancels, np.where(ahead > riders.ask_s, ahead, soon), NONE), no_show)
