"""What a test needs and a machine may lack."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def lacking(reason: str) -> NoReturn:
    """Skip the test; where everything has to be there, in CI, fail it."""
    (pytest.fail if IN_CI else pytest.skip)(reason)
