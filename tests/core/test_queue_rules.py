"""Whose turn it is at a plug, rule by rule, and that a scenario may name each rule."""

import math
from typing import get_args

import pytest

from busim.core.queue_rules import QUEUE_RULES, Claim
from busim.scenario.charging import ChargingSection

# Three buses in the order in which they came: half full and free, booked and in a hurry, nearly empty and slow.
CLAIMS = (
    Claim(0.5, math.inf, math.inf, 1200),
    Claim(0.6, 36_000, 39_000, 900),
    Claim(0.2, math.inf, 40_000, 3600),
)
WANTED = {
    "first_come": [0, 1, 2],
    "lowest_charge": [2, 0, 1],
    "booked_first": [1, 0, 2],
    "earliest_departure": [1, 2, 0],
    "least_slack": [2, 1, 0],
    "shortest_charge": [1, 0, 2],
}


@pytest.mark.parametrize("name", WANTED)
def test_order(name):
    """The least goes first, equals as they came."""
    assert sorted(range(3), key=lambda bus: QUEUE_RULES[name](CLAIMS[bus])) == WANTED[name]


def test_every_rule_has_a_name_in_the_scenario():
    """The choices of the key are those of the table, and all are tried above."""
    choices = get_args(ChargingSection.model_fields["queue"].annotation)
    assert set(choices) == set(QUEUE_RULES) == set(WANTED)
