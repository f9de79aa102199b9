"""Voices of three synthesisers, and the many people that are made of them."""

from __future__ import annotations

import shutil
from itertools import pairwise

import numpy as np
import pytest

from engine.data import festival, flite
from engine.data.corpus import PHONES
from engine.data.spoken_times import fitted, phones
from engine.data.synthesis import sample_voices
from engine.data.synthetic_speakers import (
    SAMPLE_VOICES,
    VOICES,
    BaseVoice,
    SyntheticSpeaker,
    choose,
)
from engine.errors import EngineError
from tests.unit.engine import speaking
from tests.unit.engine.speaking import voice

__all__ = ["voice"]  # a fixture


def test_words_and_phones_lie_in_order_in_the_sound(voice: BaseVoice) -> None:
    for line in speaking.lines():
        raw = voice.speak(line.text)
        words = fitted(raw.words, line.words)
        assert words is not None
        said = phones(raw.segments, voice.phones)
        assert {phone.text for phone in said} <= set(PHONES)
        assert words[0].start == pytest.approx(said[0].start, abs=raw.rate / 50)
        assert words[-1].end == pytest.approx(said[-1].end, abs=raw.rate / 50)
        for items in (words, said):
            assert all(a.start < a.end <= b.start for a, b in pairwise(items))
            assert items[-1].end <= len(raw.samples)
        inside = np.zeros(len(raw.samples), bool)
        for phone in said:
            inside[phone.start : phone.end] = True
        power = raw.samples.astype(float) ** 2
        assert power[inside].sum() > 0.98 * power.sum() > 0


def test_words_are_made_of_their_phones(voice: BaseVoice) -> None:
    """River is R IH V ER in every accent, but for an r at its end, and begins where its r does."""
    line = speaking.lines()[0]
    raw = voice.speak(line.text)
    words = fitted(raw.words, line.words)
    assert words is not None
    river = words[line.words.index("river")]
    middle = [(p.start + p.end) // 2 for p in phones(raw.segments, voice.phones)]
    said = [p.text for p, at in zip(phones(raw.segments, voice.phones), middle, strict=True)
            if river.start <= at < river.end]  # fmt: skip
    assert said[:3] == ["R", "IH", "V"]
    assert said[3] in {"ER", "AH"}


def test_the_people_of_the_sample_meeting_are_apart() -> None:
    people = {v.name for v in sample_voices()}
    assert not any(person in v.name for v in VOICES for person in people)
    assert all(any(person in v.name for person in people) for v in SAMPLE_VOICES)
    assert choose(["others"]) == VOICES
    assert choose(["all"]) == (*VOICES, *SAMPLE_VOICES)


def test_voices_are_chosen_by_engine_and_name() -> None:
    assert {v.engine for v in choose(["espeak"])} == {"espeak"}
    assert [v.id for v in choose(["festival", "flite-slt"])] == [
        *("festival-kal_diphone", "festival-ked_diphone", "flite-slt"),
    ]
    assert choose(["flite", "flite-kal16"]) == choose(["flite"])
    with pytest.raises(EngineError, match="no voice 'frances': give all, others"):
        choose(["frances"])


def test_a_speaker_is_always_the_same_and_like_no_other() -> None:
    people = [SyntheticSpeaker(base, v) for base in (*VOICES, *SAMPLE_VOICES) for v in range(20)]
    assert len({p.id for p in people}) == len({p.conversion for p in people}) == len(people)
    assert SyntheticSpeaker(VOICES[0], 12).id == "flite-kal16+v12"
    assert SyntheticSpeaker(VOICES[0], 12).conversion == SyntheticSpeaker(VOICES[0], 12).conversion
    for person in people:
        made, usual = person.conversion, person.voice.usual_hz
        assert 0.8 <= made.tract <= 1.25
        assert 74 < made.pitch * usual < 331


def test_longer_vocal_tracts_have_lower_voices() -> None:
    made = [SyntheticSpeaker(VOICES[2], v).conversion for v in range(100)]
    tracts, pitches = ([getattr(c, what) for c in made] for what in ("tract", "pitch"))
    assert np.corrcoef(tracts, pitches)[0, 1] > 0.8
    assert 74 < 105 * np.quantile(pitches, 0.1) < 105 * np.quantile(pitches, 0.9) < 260


def test_flite_speaks_at_its_natural_pitch_unless_asked() -> None:
    """A voice that states no mean pitch takes whatever is asked, and forgets it again."""
    speaking.can_speak(SAMPLE_VOICES[0])
    natural = flite.speak("slt", "good people").samples
    low = flite.speak("slt", "good people", pitch=1.0).samples
    assert not np.array_equal(natural, low)
    np.testing.assert_array_equal(natural, flite.speak("slt", "good people").samples)


def test_a_festival_that_ends_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/true")
    with pytest.raises(EngineError, match="as kal_diphone: install festvox-kallpc16k"):
        festival.Festival("kal_diphone").speak("yes")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(EngineError, match="install it"):
        festival.Festival("kal_diphone")
