"""Curves of runs: read whole, cut where a run goes on, drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.training import curve_file, curve_plot
from engine.training.curve_file import Point, append, cut, read_curve


def write(folder: Path, steps: int, parts: tuple[str, ...] = ("transducer", "activity")) -> None:
    for i in range(1, steps + 1):
        values = {part: 1.0 / i for part in parts}
        append(folder, Point(10 * i, values, 2.0 * i, 1e-3 / i, 0.01 * i))


def test_a_curve_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(tmp_path, 3)
    points = read_curve(tmp_path)
    assert [p.step for p in points] == [10, 20, 30]
    assert points[1] == Point(20, {"transducer": 0.5, "activity": 0.5}, 4.0, 5e-4, 0.02)


@pytest.mark.parametrize(("step", "left"), [(30, 3), (29, 2), (10, 1), (0, 0)])
def test_what_comes_after_the_checkpoint_is_cut_off(tmp_path: Path, step: int, left: int) -> None:
    write(tmp_path, 3)
    with (tmp_path / curve_file.CURVE).open("a") as half:
        half.write('{"step": 40, "par')
    cut(tmp_path, step)
    assert len(read_curve(tmp_path)) == left
    cut(tmp_path / "nothing", step)


def test_a_folder_without_a_curve_and_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"holds no curve\.jsonl"):
        read_curve(tmp_path)
    (tmp_path / curve_file.CURVE).write_text('{"step": 1}\n')
    with pytest.raises(EngineError, match="is damaged"):
        read_curve(tmp_path)


def test_runs_with_different_parts_are_drawn_together(tmp_path: Path) -> None:
    write(tmp_path / "a", 4)
    write(tmp_path / "b", 2, ("phones", "activity"))
    picture = tmp_path / "curves.png"
    curve_plot.draw([tmp_path / "a", tmp_path / "b"], picture)
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) > 10_000
    with pytest.raises(EngineError, match=r"cannot be written.*\.png"):
        curve_plot.draw([tmp_path / "a"], tmp_path / "curves.what")
