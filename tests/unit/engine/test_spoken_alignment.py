"""Word and phone times of synthetic speech beside those of another aligner, PocketSphinx."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.data.corpus_folder import Made
from engine.data.spoken_corpus import Task, read_aloud
from engine.data.spoken_times import in_frames
from engine.data.synthetic_speakers import SAMPLE_VOICES, VOICES, BaseVoice, SyntheticSpeaker
from tests.unit.engine import speaking

pocketsphinx = pytest.importorskip("pocketsphinx")


@pytest.fixture(scope="module")
def decoder() -> Any:
    return pocketsphinx.Decoder(lm=None, loglevel="FATAL", samprate=16_000)


def heard(decoder: Any, made: Made, phones: bool) -> list[tuple[str, int, int]]:
    """Words or phones as the aligner places them, in frames of 10 ms; none where it gave up."""
    audio = (made.samples / np.abs(made.samples).max() * 16_000).astype(np.int16).tobytes()
    decoder.set_align_text(" ".join(word.text for word in made.words))
    for again in range(1 + phones):
        if again:
            decoder.set_alignment()
        decoder.start_utt()
        decoder.process_raw(audio, full_utt=True)
        decoder.end_utt()
    if not phones:
        found = [s for s in decoder.seg() or () if s.word[0] not in "<[("]
        return [(s.word.split("(")[0], s.start_frame, s.end_frame + 1) for s in found]
    return [(p.name, p.start, p.start + p.duration) for w in decoder.get_alignment() for p in w]


@pytest.mark.parametrize(
    "voice", [VOICES[0], *VOICES[2:4], SAMPLE_VOICES[1]], ids=lambda voice: voice.id
)
def test_another_aligner_hears_the_same_words_and_phones_in_the_same_places(
    decoder: Any, voice: BaseVoice
) -> None:
    speaking.can_speak(voice)
    off: list[int] = []
    same: list[bool] = []
    for version, line in enumerate(speaking.lines(), 3):
        made = read_aloud(Task(SyntheticSpeaker(voice, version), line))
        assert made is not None
        assert made.phones is not None
        ours = list(in_frames(made.words, len(made.samples)))
        theirs = heard(decoder, made, False)
        if [w for w, _, _ in theirs] != [w for w, _, _ in ours]:
            continue
        off += [abs(a[1] - b[1]) for a, b in zip(ours, theirs, strict=True)]
        frames = {f: p for p, s, e in heard(decoder, made, True) if p != "SIL" for f in range(s, e)}
        our_phones = in_frames(made.phones, len(made.samples))
        same += [frames.get(f, p) == p for p, s, e in our_phones for f in range(s, e)]
    assert len(off) >= 10
    assert np.median(off) <= 3
    assert np.mean(same) > 0.6
