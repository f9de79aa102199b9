"""Runs the command line as a person does."""

from __future__ import annotations

import pytest

from app.cli import main


def run(*arguments: object) -> int:
    """The exit code of ``crosstalk`` with these arguments."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    code = ended.value.code
    assert isinstance(code, int)
    return code
