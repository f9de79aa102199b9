"""What was heard once is read from disk, whatever set it is in and however the run ended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from engine.evaluation.segments import HypothesisTurn
from engine.evaluation.transcripts import Transcriber, Transcript, audio_digest

from .scripted import ScriptedSystem
from .strategies import hypotheses


def audio(seed: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, 1600).astype(np.float32)


def test_nothing_is_heard_twice(tmp_path: Path) -> None:
    system = ScriptedSystem(["a b", "c", "d"])
    hear = Transcriber(system, tmp_path)
    first, second = hear(audio(1)), hear(audio(2))
    assert system.asked == 2
    again = Transcriber(ScriptedSystem(["never"]), tmp_path)
    assert [again(audio(i)).turns for i in (1, 2)] == [first.turns, second.turns]
    assert again(audio(1)).kept
    assert not first.kept
    assert Transcriber(system, tmp_path)(audio(3)).turns[0].words[0].text == "d"


def test_another_system_hears_for_itself(tmp_path: Path) -> None:
    Transcriber(ScriptedSystem(["a"]), tmp_path)(audio(1))
    other = ScriptedSystem(["b"], name="other")
    assert Transcriber(other, tmp_path)(audio(1)).turns[0].words[0].text == "b"


def test_a_line_that_was_cut_off_is_heard_again(tmp_path: Path) -> None:
    system = ScriptedSystem(["a", "b", "c"])
    hear = Transcriber(system, tmp_path)
    hear(audio(1)), hear(audio(2))
    (path,) = tmp_path.iterdir()
    path.write_text(path.read_text()[:-20])
    hear = Transcriber(system, tmp_path)
    assert hear(audio(1)).kept
    assert not hear(audio(2)).kept
    assert len(path.read_text().splitlines()) == 2
    assert Transcriber(system, tmp_path)(audio(2)).kept


def test_without_a_folder_nothing_is_kept() -> None:
    system = ScriptedSystem(["a"])
    hear = Transcriber(system)
    hear(audio(1)), hear(audio(1))
    assert system.asked == 2


@given(hypotheses)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_turns_come_back_as_they_were(tmp_path: Path, turns: list[HypothesisTurn]) -> None:
    for path in tmp_path.iterdir():
        path.unlink()
    Transcriber(ScriptedSystem([""]), tmp_path)._keep("name", Transcript(tuple(turns), 0.25))
    (path,) = tmp_path.iterdir()
    known = Transcriber(ScriptedSystem([""]), tmp_path)._known
    assert known == {"name": Transcript(tuple(turns), 0.25, kept=True)}


def test_samples_are_told_apart_as_files_keep_them() -> None:
    """One step of 16 bits counts; what 16 bits cannot hold does not."""
    one = audio(1)
    assert audio_digest(one + np.float32(1 / 32768)) != audio_digest(one)
    exact = np.array([0.5, -0.25], np.float32)
    assert audio_digest(exact + np.float32(1e-7)) == audio_digest(exact)
    assert audio_digest(one[:-1]) != audio_digest(one)


@pytest.mark.parametrize("text", ["", "a b c"])
def test_the_time_of_the_processor_is_kept(tmp_path: Path, text: str) -> None:
    transcript = Transcriber(ScriptedSystem([text]), tmp_path)(audio(1))
    assert 0.0 <= transcript.seconds < 1.0
    kept = Transcriber(ScriptedSystem([text]), tmp_path)(audio(1))
    assert kept.seconds == pytest.approx(transcript.seconds, abs=1e-3)
