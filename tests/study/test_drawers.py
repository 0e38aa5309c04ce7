"""Pictures drawn by other processes: the same bytes, and what happens when one of them fails or ends."""

import io
import pickle
import threading
import warnings

import pytest

from busim import study
from busim.errors import InputError
from busim.plot.drawer import answer_all
from busim.study import drawers as sharing
from busim.study.drawer import Drawer, GoneError
from busim.study.drawers import Drawers
from busim.study.pictures import draw_all
from busim.study.running import run_into

NAMES = ("day", "waits", "line")


@pytest.fixture
def at_once(monkeypatch):
    """Let any day be long enough for one process, on whatever machine."""
    monkeypatch.setattr(sharing, "FEWEST_RIDERS", 0)
    monkeypatch.setattr(sharing, "MOST", 1)
    monkeypatch.setattr(sharing, "num_cores", lambda: 2)


@pytest.fixture
def drawn_here(monkeypatch):
    """Give the lists of pictures that this process is asked to draw."""
    asked = []

    def draw(_made, folder, only=(), _progress=None):
        asked.append(only)
        folder.mkdir(exist_ok=True)
        for name in NAMES:
            (folder / f"{name}.png").touch()
        return []

    monkeypatch.setattr("busim.study.pictures.draw_all", draw)
    return asked


class Pretended:
    """Stands for a process: answers as many orders as it is told to, then it is gone."""

    cpu_s = 1.5

    def __init__(self, orders, error=None):
        self.left, self.error, self.asked, self.is_stopped = orders, error or GoneError(), [], False

    def ask(self, order):
        """Say that all is loaded, then give the names of three pictures, then None for each."""
        if not self.left:
            raise self.error
        self.left -= 1
        self.asked.append(order)
        return NAMES if len(self.asked) == 2 else None

    def stop(self):
        """Note that it was stopped."""
        self.is_stopped = True

    def close(self):
        """Need not be closed."""


def test_another_process_draws_the_same_bytes(tiny, tmp_path, at_once, monkeypatch):
    """A run whose pictures another process draws has the files that this one would draw, and tells that one's time."""
    monkeypatch.setattr("busim.study.pictures.draw_all", lambda *_, **__: pytest.fail("drawn in this process"))
    shares = []
    made = run_into(tiny, tmp_path / "run", plots=True, progress=lambda phase, share: shares.append((phase, share)))
    monkeypatch.undo()
    some = ["day", "waits", "states"]
    for path in draw_all(study.open_run(made.folder), tmp_path / "here", some):
        assert path.read_bytes() == (made.folder / "plots" / path.name).read_bytes()
    count = len(list((made.folder / "plots").iterdir()))
    assert count > 10
    assert [share for phase, share in shares if phase == "plots"][1:-1] == [k / count for k in range(1, count + 1)]
    assert made.manifest["cpu_s"]["plots"] > 0.5
    assert (made.folder / "report.html").read_text(encoding="utf-8").count("<img") == count - 1


def test_orders_are_answered_one_by_one(tiny, tmp_path):
    """Names, then None for each picture; what was raised comes back with its place, and the next order is served."""
    made = study.run(tiny)
    parts = (dict(made.tables), dict(made.kpis), tiny.spec, made.network, None)
    orders = [None, parts, ("km_by_use", str(tmp_path / "none" / "a.png")), ("km_by_use", str(tmp_path / "a.png"))]
    answers = io.BytesIO()
    answer_all(io.BytesIO(b"".join(map(pickle.dumps, orders))), answers)
    answers.seek(0)
    (ready, *_), (names, *_), (_, error, *_), (nothing, none, told, cpu_s) = (pickle.load(answers) for _ in orders)
    assert ready is None
    assert names[0] == "day"
    assert isinstance(error, FileNotFoundError)
    assert "draw_to" in error.__notes__[0]
    assert (nothing, none, told) == (None, None, [])
    assert cpu_s > 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_process_that_is_killed_is_gone():
    """Asking it tells so, and does not hang."""
    drawer = Drawer()
    drawer.stop()
    with pytest.raises(GoneError):
        drawer.ask(pickle.dumps("anything"))
    drawer.close()


@pytest.mark.parametrize(("orders", "left"), [(0, []), (1, []), (3, ["waits", "line"])])
def test_what_a_lost_process_left_is_drawn_here(tiny, tmp_path, at_once, drawn_here, monkeypatch, orders, left):
    """All pictures, or those that are missing; the user is told."""
    monkeypatch.setattr(sharing, "Drawer", lambda: Pretended(orders))
    with pytest.warns(UserWarning, match="has come to an end"):
        run_into(tiny, tmp_path / "run", plots=True)
    assert drawn_here == [left]


def test_an_error_there_is_an_error_here(tiny, tmp_path, at_once, monkeypatch):
    """A fault in drawing ends the run, nothing half-written stays, and the process is stopped."""
    process = Pretended(2, ZeroDivisionError("no day"))
    monkeypatch.setattr(sharing, "Drawer", lambda: process)
    with pytest.raises(ZeroDivisionError, match="no day"):
        run_into(tiny, tmp_path / "run", plots=True)
    assert process.is_stopped
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_there_is_told_as_here(tiny, tmp_path, at_once, monkeypatch):
    """An error of the system becomes bad input with the folder's name, exit code 2."""
    monkeypatch.setattr(sharing, "Drawer", lambda: Pretended(2, OSError(28, "No space left on device")))
    with pytest.raises(InputError, match="No space left"):
        run_into(tiny, tmp_path / "run", plots=True)


@pytest.mark.parametrize(("riders", "cores", "plots"), [(999, 2, True), (10_000, 1, True), (10_000, 2, False)])
def test_no_process_where_it_does_not_pay(monkeypatch, riders, cores, plots):
    """Not for a short day, on a single core, or without pictures."""
    monkeypatch.setattr(sharing, "num_cores", lambda: cores)
    monkeypatch.setattr(sharing, "Drawer", lambda: pytest.fail("a process was started"))
    with Drawers(plots) as drawers:
        drawers.start(riders)


def test_where_no_process_can_be_had_this_one_draws(tiny, tmp_path, at_once, drawn_here, monkeypatch):
    """A system that allows no more processes is no reason to fail, or to warn."""

    def refuse():
        raise BlockingIOError("too many processes")

    monkeypatch.setattr(sharing, "Drawer", refuse)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run_into(tiny, tmp_path / "run", plots=True)
    assert drawn_here == [[]]


def test_from_python_no_process_is_started(tiny, tmp_path, at_once, drawn_here, monkeypatch):
    """``busim.run`` draws in its own process: it may stand in a notebook, or be one of many."""
    monkeypatch.setattr(sharing, "Drawer", lambda: pytest.fail("a process was started"))
    study.run(tiny, out=tmp_path / "run", plots=True)
    assert drawn_here == [[]]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("has_begun", [False, True])
def test_an_interrupt_while_one_is_started_stays_an_interrupt(monkeypatch, has_begun):
    """Ctrl-C just before or after a thread begins: no other error covers it, and no process is left."""
    begin, made = threading.Thread.start, []
    monkeypatch.setattr(sharing, "Drawer", lambda: made.append(Pretended(5)) or made[-1])

    def start(thread):
        if has_begun:
            begin(thread)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(KeyboardInterrupt), Drawers() as drawers:
        drawers.start(1)
    assert all(each.is_stopped for each in made)
