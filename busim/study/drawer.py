"""One process that draws pictures for this one; its far side is ``busim.plot.drawer``."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import warnings
from typing import Any

_CODE = "import sys; sys.path[:] = {path!r}; from busim.plot.drawer import serve; serve()"


class GoneError(Exception):
    """A process that draws has come to an end by itself."""


class Drawer:
    """A process that loads matplotlib at once, and draws when it is asked to.

    It ends when ``end`` is called, or with this process, however that ends: then its standard input is closed.

    Raises
    ------
    OSError
        If no process can be started.
    """

    def __init__(self) -> None:
        # In a group of its own: Ctrl-C at a terminal is meant for whoever asked for pictures.
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self.cpu_s = 0.0  # until the last answer
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _CODE.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "BUSIM_KERNEL": "numpy"},  # it computes nothing, so numba need not be loaded
            **apart,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders, self._answers = self._process.stdin, self._process.stdout

    def ask(self, order: bytes) -> Any:
        """Send a pickled order, and wait for its result; ``busim.plot.drawer`` tells which there are.

        Raises
        ------
        GoneError
            If the process has ended.
        Exception
            What was raised there.
        """
        try:
            self._orders.write(order)
            self._orders.flush()
            result, error, told, self.cpu_s = pickle.load(self._answers)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as lost:
            raise GoneError from lost
        for text in told:
            warnings.warn(text, stacklevel=2)
        if error is not None:
            raise error
        return result

    def stop(self) -> None:
        """End the process, whatever it does; who waits for its answer learns that it is gone."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Close the pipes, when nobody waits at them any more."""
        for pipe in (self._orders, self._answers):
            try:
                pipe.close()
            except OSError:  # an order that was not sent
                continue
