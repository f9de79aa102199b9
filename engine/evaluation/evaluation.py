"""An evaluation: several systems hear the same, and everything that is counted is kept together."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from engine.evaluation.bench import score_bench, score_silence
from engine.evaluation.material import Material
from engine.evaluation.progress import TimeLeft
from engine.evaluation.score import SessionScore
from engine.evaluation.silence import FalseWords
from engine.evaluation.systems import System
from engine.evaluation.transcripts import Transcriber
from engine.evaluation.utterances import UtteranceScore, score_utterances


@dataclass(frozen=True)
class SystemScores:
    """What one system did. ``description``: of the system, for the record."""

    name: str
    knows_turns: bool
    description: dict[str, Any] = field(default_factory=dict)
    utterances: tuple[UtteranceScore, ...] = ()
    sessions: tuple[SessionScore, ...] = ()
    clips: tuple[SessionScore, ...] = ()
    silence: dict[str, FalseWords] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """The scores of all systems; ``facts``: what they heard, when it ran and where."""

    split: str
    facts: dict[str, Any]
    systems: tuple[SystemScores, ...]


def evaluate(
    systems: Sequence[System],
    material: Material,
    split: str,
    kept: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Let every system hear the material and score it.

    Args:
        systems: what is evaluated; the first is compared with each of the others.
        material: what they hear.
        split: its name.
        kept: folder for what they wrote down, so that an interrupted run goes on.
        say: gets a line now and then.
    """
    scores = tuple(_score(system, material, kept, say) for system in systems)
    return Evaluation(split, {"sets": material.describe(), **circumstances()}, scores)


def _score(
    system: System, material: Material, kept: Path | None, say: Callable[[str], None]
) -> SystemScores:
    hear = Transcriber(system, kept)
    progress = TimeLeft(say, system.name, material.seconds())
    spoken: tuple[UtteranceScore, ...] = ()
    if material.corpus:
        spoken = tuple(score_utterances(hear, material.corpus, material.utterances, progress))
    return SystemScores(
        name=system.name,
        knows_turns=system.knows_turns,
        description=system.describe(),
        utterances=spoken,
        sessions=tuple(score_bench(hear, material.sessions, progress)),
        clips=tuple(score_bench(hear, material.clips, progress)),
        silence=score_silence(hear, material.noises, progress) if material.silence else {},
    )


def circumstances() -> dict[str, Any]:
    """Command and machine, for the record: speeds mean nothing without."""
    return {
        "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "machine": {
            "system": f"{platform.system()} {platform.machine()}",
            "processor": processor(),
            "threads": torch.get_num_threads(),
            "python": platform.python_version(),
            "torch": torch.__version__,
        },
    }


def processor() -> str:
    """Its name, where the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
