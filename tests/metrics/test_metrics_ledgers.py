"""Ledgers close on a whole record and show what is missing from a broken one."""

import numpy as np
import pytest
from tiny_day import riders

from busim.metrics import ledgers, tables
from busim.model.events import EventLog, Kind


def test_close(day, log, spec):
    """Every ledger of the hand-made day closes."""
    for name, left, right in ledgers(day, log, spec):
        assert left == pytest.approx(right, abs=1e-9), name


def test_sides(day, log, spec):
    """The sides are the numbers of the day."""
    sides = {name.split(":")[0] + name.split("=")[0].split(":")[1]: left for name, left, _ in ledgers(day, log, spec)}
    assert sides["riders asked "] == 7
    assert sides["metres by bus "] == 7500
    assert sides["persons boarded "] == 4
    assert sides["energy of bus 1 start + charged + recuperated + swapped in - used - swapped out "] == pytest.approx(
        7.1
    )


@pytest.mark.parametrize(
    ("kind", "start"),
    [(Kind.ALIGHT, None), (Kind.LEAVE, "metres: logged"), (Kind.REQUEST, "riders")],
)
def test_loss_shows(log, spec, town, times, kind, start):
    """Losing an event opens the ledger that it belongs to; riders who have not left count as on board."""
    lost = np.flatnonzero(log.kind == kind)[0]
    cut = EventLog(*(np.delete(getattr(log, name), lost) for name in vars(log)))
    found = ledgers(tables(cut, spec, town, riders(), times), cut, spec)
    open_ones = [name for name, left, right in found if abs(left - right) > 1e-9]
    assert open_ones == [] if start is None else open_ones[0].startswith(start)
