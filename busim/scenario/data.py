"""Where files named in a scenario lie: beside it, or in the data that come with busim."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import resources
from pathlib import Path, PurePosixPath

FOLDERS = ("scenarios", "maps")


def data_root() -> Path:
    """Give the folder that holds ``maps/`` and ``scenarios/``: ``busim/data`` of a wheel, or the checkout."""
    package = Path(str(resources.files("busim")))
    return package / "data" if (package / "data").is_dir() else package.parent


def find(name: str, folders: tuple[Path, ...]) -> Path | None:
    """Find a file by the name that a user wrote.

    Parameters
    ----------
    name
        Absolute, or relative to one of the folders, or to the data that come with busim.
    folders
        Tried first, in order.

    Returns
    -------
    Path or None
        The first that exists.
    """
    return next((path for path in _candidates(name, folders) if exists(path)), None)


def exists(path: Path) -> bool:
    """Whether a file or folder is there; a name that no file can have is not."""
    return os.path.exists(path)  # noqa: PTH110  (Path.exists raises for such names)


def _candidates(name: str, folders: tuple[Path, ...]) -> Iterator[Path]:
    path = Path(os.path.expanduser(name))  # noqa: PTH111  (Path raises where there is no such user)
    for folder in folders:
        yield folder / path  # an absolute path replaces the folder
    if path.is_absolute():
        return
    # A scenario that was copied elsewhere still says ../maps/..., so the steps up are left out.
    steps = [part for part in path.parts if part not in ("..", ".")]
    root = data_root()
    if steps and steps[0] in FOLDERS:
        yield root.joinpath(*steps)
    elif len(steps) == 1:
        yield root / "scenarios" / steps[0]


def shared_name(path: Path) -> str | None:
    """Name a file of busim's own data so that it is found from anywhere; None for a user's own file."""
    try:
        relative = path.resolve().relative_to(data_root().resolve())
    except ValueError:
        return None
    return str(PurePosixPath(relative)) if relative.parts[0] in FOLDERS else None


def scenario_names() -> tuple[str, ...]:
    """List the scenarios that come with busim."""
    return tuple(sorted(path.name for path in (data_root() / "scenarios").glob("*.toml")))
