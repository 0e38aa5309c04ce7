"""The program as a process of its own: interrupts, hash seeds, closed pipes, full or forbidden folders."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONG = ("science_city.toml", "--no-plots")


def test_ctrl_c_leaves_nothing_half_written(tmp_path):
    """SIGINT during the simulation: exit code 130, a sentence, and no folder, temporary or other."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "busim", "run", *LONG, "--out", "runs/day"]
    heeds = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # those started in the background do not
    where = {"cwd": tmp_path, "env": env, "preexec_fn": heeds}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **where) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("runs/day.tmp-*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert list(tmp_path.glob("runs/day.tmp-*")), "the run was over, or never began"
        process.send_signal(signal.SIGINT)
        message = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "nothing half-written is left" in message
    assert "Traceback" not in message
    assert list(tmp_path.iterdir()) == []


def test_terminated_like_interrupted(tmp_path):
    """SIGTERM cleans up as well, with exit code 143."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "busim", "run", *LONG, "--out", "day"]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("day.tmp-*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 143
    assert list(tmp_path.iterdir()) == []


def test_the_log_is_the_same_in_every_process(python, tmp_path):
    """Processes with different hash seeds write the same bytes."""
    settings = ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"})
    folders = [tmp_path / str(k) for k in range(len(settings))]
    for folder, variables in zip(folders, settings, strict=True):
        done = python("-m", "busim", "run", "quick.toml", "--no-plots", "--out", str(folder), **variables)
        assert done.returncode == 0, done.stderr
    first, *others = folders
    names = sorted(str(path.relative_to(first)) for path in first.rglob("*") if path.is_file())
    assert {"events.npz", "kpis.json", "scenario.toml"} < set(names)
    for other in others:
        different = [name for name in names if (first / name).read_bytes() != (other / name).read_bytes()]
        assert different == ["manifest.json"]  # it tells the CPU seconds


def test_a_closed_pipe_is_no_fault(python):
    """``busim kpi | head -1`` ends quietly."""
    code = "import subprocess, sys; p = subprocess.Popen([sys.executable, '-m', 'busim', 'kpi'], stdout=-1, stderr=-1);"
    code += "p.stdout.readline(); p.stdout.close(); sys.stderr.write(p.stderr.read().decode())"
    done = python("-c", code)
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")  # noqa: PTH110
def test_a_full_disk_is_told(python):
    """Output that cannot be written is an error, not a silent success."""
    code = "import subprocess, sys; f = open('/dev/full', 'w');"
    code += "sys.exit(subprocess.call([sys.executable, '-m', 'busim', 'schema'], stdout=f))"
    assert python("-c", code).returncode not in (0, 2)


def test_an_unwritable_place_is_told_before_the_run(python, tmp_path):
    """A file where a folder is needed: exit code 2, naming it."""
    (tmp_path / "file").write_text("")
    done = python("-m", "busim", "run", "quick.toml", "--out", str(tmp_path / "file" / "day"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert done.stderr.count("\n") < 6


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_shown_on_a_terminal(tmp_path):
    """Where stderr is a terminal, a bar tells the phases; stdout stays clean."""
    import fcntl
    import pty
    import struct
    import termios

    terminal, stderr = pty.openpty()
    fcntl.ioctl(stderr, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "busim", "run", "quick.toml", "--no-plots", "--json", "--out", "day"]
    done = subprocess.run(
        command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=stderr, check=True, timeout=120
    )
    os.close(stderr)
    shown = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert shown.index("load") < shown.index("map") < shown.index("simulate")
    assert done.stdout.startswith(b"{")


def _children(threads):
    """List the processes that threads have started; a thread may end meanwhile."""
    found = []
    for each in threads.glob("*/children"):
        with suppress(OSError):
            found += each.read_text().split()
    return found


def _all_end(numbers):
    """Tell whether processes come to an end; some see only a moment later that nobody needs them."""
    deadline = time.monotonic() + 20
    while any(map(_is_running, numbers)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(map(_is_running, numbers))


def _is_running(number):
    """Tell whether a process runs; one that has ended may wait for whoever adopted it."""
    status = Path(f"/proc/{number}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs the list of child processes of Linux")
def test_no_drawing_process_outlives_ctrl_c(tmp_path):
    """SIGINT while others load what they draw with: they end as well, and nothing is left."""
    command = [sys.executable, "-m", "busim", "run", "science_city.toml", "--out", "day"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "BUSIM_KERNEL": "numpy"}
    heeds = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    where = {"cwd": tmp_path, "env": env, "preexec_fn": heeds}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **where) as process:
        threads = Path(f"/proc/{process.pid}/task")
        deadline = time.monotonic() + 60
        while not (drawing := _children(threads)) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert drawing or len(os.sched_getaffinity(0)) == 1, "none was started"
        process.send_signal(signal.SIGINT)
        message = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "nothing half-written is left" in message
    assert "Traceback" not in message
    assert _all_end(drawing)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs the list of child processes of Linux")
def test_ctrl_c_at_a_terminal_is_answered_once(tmp_path):
    """A terminal tells all processes: workers that are still importing leave the answer to the one that asked them."""
    study = ("compare", "quick.toml", "--vary", "dispatch.strategy=insertion,nearest", "--jobs", "2", "--seeds", "9")
    command = [sys.executable, "-m", "busim", *study]
    heeds = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    where = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "preexec_fn": heeds}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True, **where) as process:
        threads = Path(f"/proc/{process.pid}/task")
        deadline = time.monotonic() + 60
        while len(_children(threads)) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)  # two track files and semaphores, the others work
        time.sleep(0.2)
        working = _children(threads)
        assert len(working) >= 3, "no worker was started"
        os.killpg(process.pid, signal.SIGINT)
        message = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "Traceback" not in message
    assert _all_end(working)
