"""An environment for each client under build/clients, made once from exact versions and kept.

The SDKs pin what each other forbids, so none of them is a development dependency. pip settles each SDK together with
what Sandbooks itself needs, as it does for a user who installs both; the code is the checkout's. ``environments.py
FILE`` makes those that a file asks for, one after the other.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import tomllib
import venv
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ROOT / "build" / "clients"


def python_with(requirements: tuple[str, ...], *, simulator: bool = True) -> Path:
    """The interpreter of an environment that holds exactly these requirements, and the simulator unless told."""
    folder = ENVIRONMENTS / requirements[0].replace("=", "")
    python = folder / "bin" / "python"
    done = folder / "installed.json"
    wanted = [*requirements, *(_needed() if simulator else ())]
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # processes run side by side; one of them makes the environment
        if done.exists() and json.loads(done.read_text()) == wanted:
            return python
        venv.create(folder, with_pip=False, clear=True)
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-qqq", "--disable-pip-version-check"]
        # What is not imported need not be compiled: that takes half of pip's time.
        subprocess.run([*pip, "--no-compile", *wanted], check=True, stdin=subprocess.DEVNULL)
        if simulator:
            (packages,) = folder.glob("lib/python*/site-packages")
            (packages / "sandbooks.pth").write_text(f"{ROOT / 'simulator'}\n")
        done.write_text(json.dumps(wanted))
    return python


def _needed() -> list[str]:
    """What Sandbooks needs, as its project file says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return list(project["dependencies"])


if __name__ == "__main__":
    for entry in json.loads(Path(sys.argv[1]).read_text()):
        with suppress(subprocess.CalledProcessError):  # the test that needs it tries again, and fails if pip does
            python_with(tuple(entry["requirements"]), simulator=entry["simulator"])
