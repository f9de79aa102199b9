"""Voices known from earlier meetings: who is recognised, how surely, and what stays as it was."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from app.paths import resource
from engine.audio import stream_16k
from engine.config import AttributionConfig
from engine.events import SpeakerRecognised, TurnEnded, TurnEvent, TurnStarted, VoiceHeard
from engine.recognizer import Recognizer
from engine.speakers.attribution import SpeakerAttribution, Vector
from engine.speakers.known import KnownVoice, Recognition
from engine.timeline import SAMPLE_RATE
from tests.shipped_model import shipped_model
from tests.unit.engine.wellformed import assert_well_formed

CONFIG = AttributionConfig(known_sure=0.85, known_maybe=0.7)
MODEL = "tiny:00"


def unit(*values: float) -> Vector:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def at(cosine: float) -> Vector:
    """A voice that is so similar to that of Sarah."""
    return unit(cosine, float(np.sqrt(1 - cosine**2)), 0)


def voice(number: int, name: str, vector: Vector, model: str = MODEL) -> KnownVoice:
    return KnownVoice(number, name, model, vector, 12.0)


SARAH = voice(7, "Sarah", unit(1, 0, 0))
BOB = voice(8, "Bob", unit(0, 0, 1))


def meeting(*known: KnownVoice) -> SpeakerAttribution:
    return SpeakerAttribution(CONFIG, known, MODEL)


@pytest.mark.parametrize(
    ("cosine", "sure"), [(0.69, None), (0.71, False), (0.84, False), (0.86, True), (1.0, True)]
)
def test_the_two_thresholds(cosine: float, sure: bool | None) -> None:
    (news,) = meeting(SARAH, BOB).confirm(at(cosine), 3.0, 1) or (None,)
    if sure is None:
        assert news is None
    else:
        assert news is not None
        assert (news.speaker, news.voice, news.sure) == (1, SARAH, sure)
        assert 0.5 <= news.confidence <= 1.0


def test_confidence_grows_with_similarity() -> None:
    news = [meeting(SARAH).confirm(at(cosine), 3.0, 1)[0] for cosine in (0.71, 0.8, 0.9, 1.0)]
    assert [n.confidence for n in news] == sorted(n.confidence for n in news)


def test_too_little_speech_is_nobody_known() -> None:
    people = meeting(SARAH)
    assert people.confirm(at(1.0), 1.5, 1) == []
    assert [n.voice for n in people.confirm(at(1.0), 1.5, 1)] == [SARAH]


def test_news_is_told_once_and_taken_back_when_the_voice_turns_out_otherwise() -> None:
    people = meeting(SARAH)
    assert people.confirm(at(0.9), 3.0, 1)[0].sure
    assert people.confirm(at(0.9), 3.0, 1) == []
    (doubt,) = people.confirm(unit(0.5, 1, 0), 6.0, 1)
    assert (doubt.voice, doubt.sure) == (SARAH, False)
    assert people.confirm(unit(0, 1, 0), 60.0, 1) == [Recognition(1, None)]


def test_a_known_voice_is_one_person_the_nearer_one() -> None:
    people = meeting(SARAH)
    assert [n.speaker for n in people.confirm(at(0.8), 3.0, 1)] == [1]
    assert people.confirm(at(0.75), 3.0, 2) == []
    news = people.confirm(at(0.99), 9.0, 3)
    assert [(n.speaker, n.voice) for n in news] == [(1, None), (3, SARAH)]


def test_a_turn_that_surely_is_a_known_voice_is_not_given_to_somebody_else() -> None:
    """Similar to the only person so far, but more so to somebody who has not spoken yet."""
    turn, other = unit(1, 0.05, 0), unit(1, 1.2, 0)
    with_nobody, with_sarah = meeting(), meeting(SARAH)
    for people in (with_nobody, with_sarah):
        people.confirm(other, 3.0, 1)
    assert with_nobody.guess(turn, enough=True).speaker == 1
    assert with_sarah.guess(turn, enough=True).speaker == 2


def test_voices_of_another_model_are_not_compared() -> None:
    people = meeting(voice(7, "Sarah", unit(1, 0, 0), "other:11"))
    assert people.confirm(at(1.0), 9.0, 1) == []


def test_one_list_of_people_serves_several_threads() -> None:
    people, spoken = meeting(), 200
    voices = np.eye(4, dtype=np.float32)

    def speak(source: int) -> None:
        for number in range(spoken):
            people.settle(voices[2 * source + number % 2], 1.0, enough=True)

    threads = [threading.Thread(target=speak, args=(source,)) for source in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert people.count == 4
    assert sorted(people._weights_s) == [spoken / 2] * 4


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load(shipped_model(), "cpu")


@pytest.fixture(scope="module")
def sample() -> Vector:
    return np.concatenate(list(stream_16k(resource("sample/meeting.flac"))))


def events_of(
    recognizer: Recognizer, samples: Vector, known: list[KnownVoice] | None
) -> list[TurnEvent]:
    session = recognizer.session(people=recognizer.people(known))
    session.accept(samples)
    session.finish()
    events = session.events()
    assert_well_formed(events)
    return events


def test_voices_are_told_only_where_asked_and_nothing_else_changes(
    recognizer: Recognizer, sample: Vector
) -> None:
    plain = events_of(recognizer, sample[: 30 * SAMPLE_RATE], None)
    asked = events_of(recognizer, sample[: 30 * SAMPLE_RATE], [])
    told = [event for event in asked if isinstance(event, VoiceHeard)]
    assert [event for event in asked if not isinstance(event, VoiceHeard)] == plain
    ends = [e for e in plain if isinstance(e, TurnEnded) and not e.provisional]
    starts = {e.turn: e.start for e in plain if isinstance(e, TurnStarted)}
    assert [(v.turn, v.start, v.end) for v in told] == [
        (e.turn, starts[e.turn], e.end) for e in ends
    ]
    for each in told:
        assert each.model == recognizer.voice_space
        assert len(each.vector) == recognizer.model.config.voice.size
        assert np.linalg.norm(each.vector) == pytest.approx(1.0, abs=1e-4)
        assert 0 < each.heard <= each.end - each.start + SAMPLE_RATE


def test_somebody_heard_in_one_meeting_is_recognised_in_the_next(
    recognizer: Recognizer, sample: Vector
) -> None:
    half = len(sample) // 2
    first = events_of(recognizer, sample[:half], [])
    told = [event for event in first if isinstance(event, VoiceHeard)]
    longest = max(told, key=lambda event: event.heard)
    known = KnownVoice(7, "Sarah", longest.model, np.array(longest.vector, np.float32), 5.0)
    second = events_of(recognizer, sample[half:], [known])
    news = [event for event in second if isinstance(event, SpeakerRecognised)]
    assert news
    assert {(event.voice, event.name) for event in news} == {(7, "Sarah")}
    assert len({event.speaker for event in news}) == 1


def test_the_space_of_a_model_is_that_of_its_weights(recognizer: Recognizer) -> None:
    again = Recognizer.load(shipped_model(), "cpu")
    assert again.voice_space == recognizer.voice_space
    again.model.voice.project.bias.data += 1e-3
    del again.__dict__["voice_space"]
    assert again.voice_space != recognizer.voice_space
    assert Path(again.voice_space).name.startswith(f"{again.card.name}:")
