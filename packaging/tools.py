"""Running other programs while building."""

from __future__ import annotations

import subprocess
import sys


def run(*command: str) -> None:
    """Run a tool; its failure ends the build with a message."""
    try:
        subprocess.run(command, check=True)
    except FileNotFoundError:
        sys.exit(f"{command[0]} is needed to build and is not installed.")
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(command[:4])} … failed with code {error.returncode}.")
