"""A program that records a file until it is killed; it says how many frames it was given.

``python -m tests.recording_victim FILE RECORDING PACE``: each line on standard output is the frames
that were handed to the recorder, written before it could be killed for them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.audio.file_source import FileSource
from app.audio.source import Sink
from app.session import LiveMeeting


class CountingSource(FileSource):
    """Says how much it has delivered, after the recorder has taken it."""

    def start(self, sink: Sink) -> None:
        self._given = 0

        def counted(frames: NDArray[np.int16]) -> None:
            sink(frames)
            self._given += len(frames)
            os.write(1, b"%d\n" % self._given)

        super().start(counted)


def main(file: str, recording: str, pace: str) -> None:
    meeting = LiveMeeting(
        CountingSource(Path(file), float(pace)), Path(recording), None, lambda _: None
    )
    meeting.start()
    meeting.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
