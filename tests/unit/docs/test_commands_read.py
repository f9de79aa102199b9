"""Every command of the documentation is read by the program that it names.

An unknown command, option or value fails, and so does a program that nothing is said about.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from functools import cache

import pytest
import typer
from torch.distributed.run import get_args_parser

import app.cli
import engine.lab
from tests.unit.docs.commands import REPOSITORY, Command, commands_of
from tests.unit.docs.exceptions import ALL, NOT_RUN, NOT_SMALL, OF_OTHERS, TYPED, words_of


@pytest.mark.parametrize("command", ALL, ids=str)
def test_the_program_understands_it(command: Command) -> None:
    words = words_of(command)
    match command.program:
        case "crosstalk":
            read(app.cli.cli, words, command.mentioned)
        case "crosstalk-lab":
            read(engine.lab.app, words, command.mentioned)
        case "make":
            done = subprocess.run(
                ["make", "--dry-run", *words], cwd=REPOSITORY, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
        case "torchrun":
            given = get_args_parser().parse_args(words)
            assert (given.module, given.training_script) == (True, "engine.lab")
            read(engine.lab.app, given.training_script_args)
        case "python":
            check_python(words)
        case "pytest":
            read_tests(words)
        case other:
            assert other in OF_OTHERS, f"say here how {other!r} is tested, or why it is not"


def read_tests(words: list[str]) -> None:
    """Tests that are there; … stands for those that a table names."""
    assert all(word == "…" or (REPOSITORY / word).exists() for word in words)


def check_python(words: list[str]) -> None:
    """A script or a module that is there, with options that its help names."""
    program = words[:2] if words[0] == "-m" else words[:1]
    name = program[-1]
    if program[0] != "-m":
        assert (REPOSITORY / name).is_file()
    elif name == "tests.bench":
        from tests.bench.__main__ import BENCHMARKS

        assert set(words[2:]) <= BENCHMARKS.keys()
        return
    else:
        assert importlib.util.find_spec(name)
    options = [word for word in words if word.startswith("--")]
    assert not options or all(option in help_of(*program) for option in options)


def read(program: typer.Typer, words: Sequence[str], mentioned: bool = False) -> None:
    """Let a command line read its arguments, and do nothing.

    Raises:
        click's errors: it does not understand them; a mention may leave arguments out.
    """
    tree = typer.main.get_command(program)
    _disarm(tree)
    try:
        tree.main(list(words), prog_name="it", standalone_mode=False)
    except Exception as error:
        if not (mentioned and type(error).__name__ == "MissingParameter"):
            raise


def _disarm(command: object) -> None:
    command.callback = lambda **given: None  # type: ignore[attr-defined]
    for each in getattr(command, "commands", {}).values():
        _disarm(each)


@cache
def help_of(*program: str) -> str:
    done = subprocess.run(
        [sys.executable, *program, "--help"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_every_command_of_the_laboratory_is_run_by_its_own_tests() -> None:
    tests = [path.read_text("utf-8") for path in (REPOSITORY / "tests/unit/engine").rglob("*.py")]
    shown = {each.words[1] for each in ALL if each.program == "crosstalk-lab"}
    called = {name: (f'"{name}"', f"lab_{name.replace('-', '_')}.") for name in shown}
    not_run = {
        name for name in shown if not any(way in text for way in called[name] for text in tests)
    }
    assert not_run <= NOT_SMALL.keys()


def test_the_lists_hold_nothing_that_no_page_shows() -> None:
    of_app = [words_of(each) for each in TYPED if each.program == "crosstalk"]
    shown = {" ".join(words[:count]) for words in of_app for count in range(3)}
    assert NOT_RUN.keys() <= shown
    assert NOT_SMALL.keys() <= {each.words[1] for each in ALL if each.program == "crosstalk-lab"}
    assert OF_OTHERS.keys() <= {each.program for each in ALL}


@pytest.mark.parametrize(
    "line",
    [
        "crosstalk exprot last",
        "crosstalk export last --fromat txt",
        "crosstalk export last --format fax",
        "crosstalk-lab train run --stage wrods",
        "crosstalk-lab calibrat model",
        "crosstalk-lab train run --steps many",
        "make coffee",
        "torchrun --nodes 2 -m engine.lab train run",
        "python packaging/build.py --fast",
        "brew install crosstalk",
    ],
)
def test_a_wrong_command_is_found(line: str) -> None:
    (command,) = commands_of("a page", f"```\n{line}\n```")
    with pytest.raises((Exception, SystemExit), match=r"."):
        test_the_program_understands_it(command)
