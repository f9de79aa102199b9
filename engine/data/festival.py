"""Speech of Festival, one process for each voice, with the times of its words and phones."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache

import soundfile

from engine.data.corpus import Aligned
from engine.data.system_speech import RawSpeech
from engine.errors import EngineError

PACKAGES = {
    "kal_diphone": "festvox-kallpc16k",
    "ked_diphone": "festvox-kdlpc16k",
    "cmu_us_slt_arctic_hts": "festvox-us-slt-hts",
}
"""The English voices that Debian has, and what to install for each."""

_END = "end of speech"
_SPEAK = """(define (crosstalk_speak text path)
  (let ((said (SynthText text)))
    (utt.save.wave said path 'riff)
    (mapcar (lambda (s) (format t "segment %s %s %s\\n" (item.name s)
        (item.feat s 'segment_start) (item.feat s 'segment_end)))
      (utt.relation.items said 'Segment))
    (mapcar (lambda (w) (format t "word %s %s %s\\n" (item.name w)
        (item.feat w 'word_start) (item.feat w 'word_end)))
      (utt.relation.items said 'Word))
    (format t "end of speech\\n")
    (fflush nil)))
"""
_PAUSE = "pau"


def speak(name: str, text: str) -> RawSpeech:
    """Let a voice say something.

    Args:
        name: one of :data:`PACKAGES`.
        text: what to say: words in lower case, and commas and stops if wanted.

    Raises:
        EngineError: when Festival or the voice is not installed, or refuses the text.
    """
    return _process(name).speak(text)


@cache
def _process(name: str) -> Festival:
    return Festival(name)


class Festival:
    """A running Festival that speaks with one voice, until this program ends."""

    def __init__(self, name: str) -> None:
        self._name = name
        program = shutil.which("festival")
        if program is None:
            raise EngineError("there is no Festival: install it (Debian: apt install festival)")
        self._program = subprocess.Popen(
            [program, "--pipe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        atexit.register(self.close)
        self._tell(f"(voice_{name})\n{_SPEAK}")

    def speak(self, text: str) -> RawSpeech:
        """Say a text; see :func:`speak`."""
        with tempfile.NamedTemporaryFile(suffix=".wav") as wave:
            self._tell(f'(crosstalk_speak "{text}" "{wave.name}")\n')
            lines = [line.split() for line in self._answer()]
            samples, rate = soundfile.read(wave.name, dtype="int16")
        segments = tuple(s for s in _aligned(lines, "segment", rate) if s.text != _PAUSE)
        words = tuple(_whole(list(_aligned(lines, "word", rate)), segments))
        return RawSpeech(samples, rate, words, segments)

    def close(self) -> None:
        """End the program; it would do so by itself when it can read no more."""
        self._program.kill()
        self._program.communicate()

    def _tell(self, expression: str) -> None:
        assert self._program.stdin is not None
        try:
            self._program.stdin.write(expression)
            self._program.stdin.flush()
        except BrokenPipeError:
            raise self._gone() from None

    def _answer(self) -> Iterator[str]:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            if line.strip() == _END:
                return
            yield line
        raise self._gone()

    def _gone(self) -> EngineError:
        _process.cache_clear()
        packages = ", ".join(sorted(PACKAGES.values()))
        hint = f"install {PACKAGES.get(self._name, 'one of ' + packages)}"
        return EngineError(f"Festival ended when it was to speak as {self._name}: {hint}")


def _whole(words: Sequence[Aligned], segments: Sequence[Aligned]) -> Iterator[Aligned]:
    """Words with all segments up to the next word.

    Festival counts the sound of an 's to the word before and gives it no time of its own, and an r
    that it put at the end of a word to none.
    """
    begins = [word.start for word in words if word.start < word.end]
    clock = 0
    for word in words:
        if word.start < word.end:
            following = next((begin for begin in begins if begin > word.start), None)
            own = [s for s in segments if s.start < following] if following else segments
            clock = own[-1].end
            yield Aligned(word.text, word.start, clock)
        else:
            yield Aligned(word.text, clock, clock)


def _aligned(lines: list[list[str]], kind: str, rate: int) -> Iterator[Aligned]:
    for line in lines:
        if line and line[0] == kind:
            yield Aligned(line[1], round(float(line[2]) * rate), round(float(line[3]) * rate))
