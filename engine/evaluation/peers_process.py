"""A peer in a process of its own, so that its memory is nobody else's.

``python -m engine.evaluation.peers_process JOB`` hears what the job says and writes what was heard.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import soundfile

from engine.errors import EngineError
from engine.evaluation import peers_memory
from engine.evaluation.peers import LiveClock, open_peer
from engine.evaluation.segments import EmittedWord, HypothesisTurn

if TYPE_CHECKING:
    from engine.data.bench_set import BenchSession


@dataclass(frozen=True)
class PeerRun:
    """What a peer did.

    Attributes:
        turns: of each session.
        work_s: seconds of the processor for all of them.
        load_s: seconds until it was ready.
        peak_mb: most memory that its process ever had, Python included.
    """

    turns: dict[str, list[HypothesisTurn]]
    work_s: float
    load_s: float
    peak_mb: float
    knows_turns: bool
    packages: tuple[str, ...]
    files: tuple[Path, ...]


def run_peer(name: str, sessions: Sequence[BenchSession]) -> PeerRun:
    """Let a peer hear sessions in a new process, with one thread.

    Raises:
        EngineError: what went wrong there, such as a package that is not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        job, output = Path(folder) / "job.json", Path(folder) / "heard.json"
        audio = {session.session_id: str(session.audio.resolve()) for session in sessions}
        job.write_text(json.dumps({"peer": name, "audio": audio, "output": str(output)}))
        command = [sys.executable, "-m", __name__, str(job)]
        alone = os.environ | {"OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=alone)
        if not output.is_file():
            reason = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
            raise EngineError(reason)
        return _read(json.loads(output.read_text()))


def _read(heard: dict[str, Any]) -> PeerRun:
    turns = {name: [_turn(*turn) for turn in said] for name, said in heard.pop("turns").items()}
    files = tuple(map(Path, heard.pop("files")))
    return PeerRun(turns, packages=tuple(heard.pop("packages")), files=files, **heard)


def _turn(
    number: int, channel: int, speaker: str, start: int, end: int, words: list[Any], *marks: Any
) -> HypothesisTurn:
    said = tuple(EmittedWord(*word) for word in words)
    return HypothesisTurn(number, channel, speaker, start, end, said, *marks)


def work(job: dict[str, Any]) -> dict[str, Any]:
    """Hear what a job says, in this process."""
    begin = time.process_time()
    peer = open_peer(job["peer"])
    load_s, work_s, turns = time.process_time() - begin, 0.0, {}
    for name, path in job["audio"].items():
        samples, _ = soundfile.read(path, dtype="float32")
        clock = LiveClock()
        turns[name] = [dataclasses.astuple(turn) for turn in peer.hear(samples, clock)]
        work_s += clock.work_s
    return {
        "turns": turns,
        "work_s": work_s,
        "load_s": load_s,
        "peak_mb": peers_memory.peak_mb(),
        "knows_turns": peer.knows_turns,
        "packages": peer.packages,
        "files": [str(path) for path in peer.files],
    }


def main() -> None:
    """Work on the job that the command line names."""
    job = json.loads(Path(sys.argv[1]).read_text())
    try:
        heard = work(job)
    except EngineError as error:
        sys.exit(str(error))
    Path(job["output"]).write_text(json.dumps(heard))


if __name__ == "__main__":
    main()
