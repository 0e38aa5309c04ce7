"""Print the oldest releases that pyproject.toml admits, a constraint for pip each: what "or newer" promises is tried.

Tools that only look at the code (ruff, mypy and what describes others to it) are left out.
"""

import re
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
for need in sum(project["optional-dependencies"].values(), project["dependencies"]):
    found = re.fullmatch(r"([\w-]+)(?:\[.*\])?>=([\d.]+)", need)
    if found and found[1] not in ("ruff", "mypy", "scipy-stubs"):
        print(f"{found[1]}=={found[2]}.*")
