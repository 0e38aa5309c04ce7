"""The far side of ``busim.study.drawers``: a process that draws the pictures of a day for the one that simulates it."""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import Any, BinaryIO

from busim.plot.data import PlotData
from busim.plot.pictures import draw_to, names


def serve() -> None:
    """Answer orders that come on standard input, until that is closed."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library may print must not get between the answers
    with contextlib.suppress(BrokenPipeError), answers:  # whoever asked may be gone
        answer_all(sys.stdin.buffer, answers)


def answer_all(orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer each order by its result, the error, warnings, and CPU seconds since the start of this process.

    Parameters
    ----------
    orders
        Pickles: None, answered by None, which tells that all is loaded; then the parts of ``PlotData``, answered by the
        names of its pictures; then pairs of such a name and the path of the file to write, answered by None.
    answers
        Pickles of (result, error or None, texts of warnings, CPU seconds).
    """
    data: PlotData | None = None
    while True:
        try:
            order = pickle.load(orders)
        except EOFError:
            return
        result, error = None, None
        with warnings.catch_warnings(record=True) as told:
            try:
                if order is None:
                    pass
                elif data is None:
                    data = PlotData(*order)
                    result = names(data)
                else:
                    name, path = order
                    draw_to(name, data, Path(path))
            except Exception as raised:
                error = _portable(raised)
        _send(answers, (result, error, [str(warning.message) for warning in told], time.process_time()))


def _portable(error: Exception) -> Exception:
    """Give an error that survives the way to another process, with the place where it was raised."""
    where = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # it cannot be sent: tell what it says by one that can
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(where)
    return error


def _send(answers: BinaryIO, answer: Any) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()
