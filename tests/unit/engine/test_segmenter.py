"""The rules by which tokens, activity and voices become turns, one by one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config import ModelConfig, SegmenterConfig, VoiceConfig
from engine.events import (
    EndReason,
    SpeakerRevised,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    Word,
    WordsChanged,
)
from engine.search import Emission, Found
from engine.segmenter import LONGEST_WORD_S, Segmenter
from engine.speakers.embedding import VoiceEncoder
from engine.speakers.voices import VoiceReader
from engine.tokens import CHANGE, EOT, SOT, SPECIAL, Tokens
from tests.unit.engine import tiny
from tests.unit.engine.wellformed import assert_well_formed

FRAME = 640
REACH = 240
"""Samples of the next frame that have been consumed when a frame is said."""
SECOND = 25  # frames
VOICES = 6
ALPHA, BRAVO, CHARLIE = range(SPECIAL, SPECIAL + 3)
RULES = SegmenterConfig()
TOKEN, SILENCE, LENGTH, FINISH = EndReason


@dataclass(frozen=True)
class Speech:
    """Somebody speaks on a channel from frame ``start`` to ``end``."""

    start: int
    end: int
    voice: int = 0
    channel: int = 0


@dataclass(frozen=True)
class Said:
    """A token comes out of a channel at a frame."""

    frame: int
    token: int
    channel: int = 0


def voice_encoder() -> VoiceEncoder:
    """A voice vector is the mean of the features."""
    encoder = VoiceEncoder(1, 1, VoiceConfig(size=VOICES, hidden=VOICES)).requires_grad_(False)
    encoder.project.weight.copy_(torch.eye(VOICES, 2 * VOICES))
    encoder.project.bias.zero_()
    return encoder


class Meeting:
    """A segmenter with two channels that is fed from a script."""

    def __init__(self, rules: SegmenterConfig = RULES, tokens: Tokens | None = None) -> None:
        config = dataclasses.replace(ModelConfig(), segmenter=rules)
        self.voices = VoiceReader(voice_encoder(), 2, FRAME)
        self.segmenter = Segmenter(config, tokens or tiny.word_tokens(), self.voices)
        self.now = 0

    def hear(self, activity: np.ndarray, voice: np.ndarray, found: list[Found]) -> list[TurnEvent]:
        """Some frames; activity and voice numbers are (T, 2)."""
        features = torch.nn.functional.one_hot(torch.from_numpy(voice), VOICES).float()
        self.voices.load(features, self.now)
        self.now += len(activity)
        return self.segmenter.accept(found, activity, self.now * FRAME + REACH)

    def finish(self, found: Sequence[Found] = (Found(()), Found(()))) -> list[TurnEvent]:
        return self.segmenter.finish(found, self.now * FRAME + REACH)


def play(
    speech: Sequence[Speech],
    said: Sequence[Said],
    frames: int,
    rules: SegmenterConfig = RULES,
    block: int = 1,
) -> list[TurnEvent]:
    """All events of a meeting of so many frames that come in blocks."""
    activity = np.zeros((frames, 2), np.float32)
    voice = np.zeros((frames, 2), np.int64)
    for s in speech:
        activity[s.start : s.end, s.channel] = 0.9
        voice[s.start : s.end, s.channel] = s.voice
    meeting, events = Meeting(rules), []
    for begin in range(0, frames, block):
        part = slice(begin, begin + block)
        events += meeting.hear(activity[part], voice[part], found_in(said, begin, begin + block))
    events += meeting.finish()
    assert_well_formed(events)
    return events


def found_in(said: Sequence[Said], begin: int, end: int) -> list[Found]:
    return [
        Found(
            tuple(
                Emission(s.token, s.frame, 0.9)
                for s in said
                if s.channel == channel and begin <= s.frame < end
            )
        )
        for channel in (0, 1)
    ]


def of(kind: type[TurnEvent], events: Sequence[TurnEvent]) -> list[TurnEvent]:
    return [e for e in events if isinstance(e, kind)]


def starts(events: Sequence[TurnEvent]) -> list[TurnStarted]:
    return [e for e in events if isinstance(e, TurnStarted)]


def ends(events: Sequence[TurnEvent], provisional: bool = False) -> list[TurnEnded]:
    return [e for e in events if isinstance(e, TurnEnded) and e.provisional == provisional]


def texts(events: Sequence[TurnEvent]) -> dict[int, str]:
    """The last words of each turn."""
    said = {e.turn: e.words for e in events if isinstance(e, WordsChanged)}
    return {turn: " ".join(w.text for w in words) for turn, words in said.items()}


def summary(events: Sequence[TurnEvent]) -> set[tuple[int, int, int, str]]:
    """Channel, start, end and words of each turn; within a block, channels go one by one."""
    final, said = {e.turn: e.end for e in ends(events)}, texts(events)
    return {(e.channel, e.start, final[e.turn], said.get(e.turn, "")) for e in starts(events)}


def emitted(frame: int) -> int:
    """What has been consumed when this frame is said."""
    return (frame + 1) * FRAME + REACH


SPEECH = [Speech(10, 40)]
TURN = [Said(13, SOT), Said(20, ALPHA), Said(38, BRAVO), Said(42, EOT)]


def test_a_turn_from_its_start_to_its_end() -> None:
    events = play(SPEECH, TURN, 100)
    words = (
        Word("alpha", 10 * FRAME, 21 * FRAME, 0.9),
        Word("bravo", 21 * FRAME, 39 * FRAME, 0.9),
    )
    assert events == [
        TurnStarted(1, 0, 10 * FRAME, 1, emitted(13)),
        WordsChanged(1, words[:1], emitted(20)),
        WordsChanged(1, words, emitted(38)),
        TurnEnded(1, 40 * FRAME, TOKEN, True, emitted(42)),
        TurnEnded(1, 40 * FRAME, TOKEN, False, emitted(40 + 12)),  # first frame after 0.5 s
    ]


def test_an_end_is_provisional_for_as_long_as_the_turn_may_resume() -> None:
    rules = dataclasses.replace(RULES, resume_ms=200)
    assert ends(play(SPEECH, TURN, 100, rules))[0].emitted == emitted(40 + 5)


def test_a_missed_end_is_found_by_silence() -> None:
    events = play(SPEECH, TURN[:3], 100)
    assert ends(events, provisional=True) == []
    assert ends(events) == [TurnEnded(1, 40 * FRAME, SILENCE, False, emitted(40 + 25))]


def test_silence_counts_from_the_last_word_where_activity_says_nothing() -> None:
    events = play([], TURN[:3], 100)
    assert ends(events) == [TurnEnded(1, 38 * FRAME, SILENCE, False, emitted(39 + 25))]


def test_a_turn_in_which_nothing_is_said_is_dropped_by_a_longer_silence() -> None:
    events = play(SPEECH, TURN[:1], 120)
    assert ends(events) == [TurnEnded(1, 40 * FRAME, SILENCE, False, emitted(40 + 50))]
    assert of(WordsChanged, events) == []


def test_the_longest_turn_is_cut_and_what_follows_is_another() -> None:
    rules = dataclasses.replace(RULES, longest_turn_ms=3000)
    words = [Said(t, BRAVO) for t in range(20, 130, 10)]
    events = play([Speech(10, 130)], [Said(13, SOT), *words], 200, rules)
    assert [e.reason for e in ends(events)] == [LENGTH, SILENCE]
    first, second = ends(events)
    assert first.end == (10 + 76) * FRAME  # the first frame after 3 s
    assert starts(events)[1].start == first.end
    assert second.end == 130 * FRAME
    assert sum(len(t.split()) for t in texts(events).values()) == len(words)


def test_the_same_voice_within_half_a_second_resumes_the_turn() -> None:
    speech = [*SPEECH, Speech(50, 70)]
    said = [*TURN, Said(53, SOT), Said(60, CHARLIE), Said(72, EOT)]
    events = play(speech, said, 120)
    assert of(TurnResumed, events) == [TurnResumed(1, emitted(53))]
    assert [e.end for e in ends(events, provisional=True)] == [40 * FRAME, 70 * FRAME]
    assert [e.end for e in ends(events)] == [70 * FRAME]
    assert len(starts(events)) == 1
    assert texts(events) == {1: "alpha bravo charlie"}


def test_another_voice_within_half_a_second_starts_a_turn() -> None:
    speech = [*SPEECH, Speech(50, 90, voice=1)]
    said = [*TURN, Said(53, SOT), Said(60, CHARLIE), Said(92, EOT)]
    events = play(speech, said, 140)
    assert of(TurnResumed, events) == []
    assert [(e.turn, e.start) for e in starts(events)] == [(1, 10 * FRAME), (2, 50 * FRAME)]
    assert [(e.turn, e.end) for e in ends(events)] == [(1, 40 * FRAME), (2, 90 * FRAME)]
    assert texts(events) == {1: "alpha bravo", 2: "charlie"}


def test_the_same_voice_after_half_a_second_starts_a_turn() -> None:
    speech = [*SPEECH, Speech(54, 80)]
    events = play(speech, [*TURN, Said(57, SOT), Said(60, CHARLIE), Said(82, EOT)], 140)
    assert of(TurnResumed, events) == []
    assert [e.speaker for e in starts(events)] == [1, 1]


def test_a_voice_that_was_not_heard_does_not_resume() -> None:
    """Without activity there is no voice to compare."""
    events = play(SPEECH, [*TURN, Said(46, SOT), Said(48, CHARLIE)], 120)
    assert of(TurnResumed, events) == []
    assert len(starts(events)) == 2


def test_words_without_a_start_open_a_turn() -> None:
    events = play(SPEECH, TURN[1:], 100)
    assert starts(events) == [TurnStarted(1, 0, 10 * FRAME, 1, emitted(20))]
    assert texts(events) == {1: "alpha bravo"}


def test_words_without_a_start_just_after_an_end_go_on_in_the_turn() -> None:
    speech = [*SPEECH, Speech(44, 60, voice=1)]
    events = play(speech, [*TURN, Said(50, CHARLIE), Said(62, EOT)], 100)
    assert of(TurnResumed, events) == [TurnResumed(1, emitted(50))]
    assert texts(events) == {1: "alpha bravo charlie"}


def test_an_end_without_a_turn_says_nothing() -> None:
    assert play([], [Said(5, EOT)], 30) == []


def test_a_second_start_before_any_word_says_nothing_new() -> None:
    twice = [TURN[0], Said(16, SOT), *TURN[1:]]
    assert play(SPEECH, twice, 100) == play(SPEECH, TURN, 100)


def test_a_start_without_an_end_before_it_ends_the_turn_where_the_next_begins() -> None:
    speech = [Speech(10, 40), Speech(40, 80, voice=1)]
    said = [*TURN[:3], Said(46, SOT), Said(60, CHARLIE), Said(82, EOT)]
    events = play(speech, said, 130)
    assert [(e.turn, e.reason) for e in ends(events)] == [(1, TOKEN), (2, TOKEN)]
    assert starts(events)[1].start == (46 + 1) * FRAME - 3200  # 0.2 s before <sot>
    assert ends(events)[0].end == starts(events)[1].start
    assert texts(events) == {1: "alpha bravo", 2: "charlie"}


def test_two_channels_overlap() -> None:
    speech = [*SPEECH, Speech(25, 60, voice=1, channel=1)]
    other = [Said(28, SOT, 1), Said(35, CHARLIE, 1), Said(62, EOT, 1)]
    events = play(speech, [*TURN, *other], 120)
    turns = {e.turn: (e.channel, e.start) for e in starts(events)}
    assert turns == {1: (0, 10 * FRAME), 2: (1, 25 * FRAME)}
    assert {e.turn: e.end for e in ends(events)} == {1: 40 * FRAME, 2: 60 * FRAME}
    assert texts(events) == {1: "alpha bravo", 2: "charlie"}


@pytest.mark.parametrize(
    ("frames", "reason", "end"), [(30, FINISH, 30), (41, FINISH, 40), (45, TOKEN, 40)]
)
def test_the_end_of_the_meeting_ends_what_is_open(frames: int, reason: EndReason, end: int) -> None:
    events = play(SPEECH, TURN, frames)
    assert events[-1] == TurnEnded(1, end * FRAME, reason, False, frames * FRAME + REACH)


FIRST = [Said(13, SOT), Said(20, ALPHA), Said(32, EOT)]
SECOND_IN = [Said(22, SOT, 1), Said(28, BRAVO, 1)]
MOVING = [Speech(10, 30), Speech(20, 34, 1, 1), Speech(36, 60, 1)]
"""One person, another one who begins during that and goes on alone."""


@pytest.mark.parametrize(
    "change",
    [
        [Said(33, CHANGE, 1), Said(38, CHANGE)],
        [Said(39, CHANGE, 1), Said(38, CHANGE)],
        [Said(38, CHANGE, 1), Said(38, CHANGE)],
        [Said(38, CHANGE)],  # the higher channel never says so
        [Said(33, CHANGE, 1)],  # the lower one only says words
    ],
)
def test_a_turn_goes_on_on_another_channel(change: list[Said]) -> None:
    said = [*FIRST, *SECOND_IN, *change, Said(45, CHARLIE), Said(63, EOT)]
    events = play(MOVING, sorted(said, key=lambda s: s.frame), 120)
    assert [(e.channel, e.start) for e in starts(events)] == [(0, 10 * FRAME), (1, 20 * FRAME)]
    assert texts(events) == {1: "alpha", 2: "bravo charlie"}
    assert [(e.turn, e.end, e.reason) for e in ends(events)] == [
        (1, 30 * FRAME, TOKEN),
        (2, 60 * FRAME, TOKEN),
    ]


def test_the_voice_of_a_turn_moves_with_it() -> None:
    said = [*FIRST, *SECOND_IN, Said(33, CHANGE, 1), Said(38, CHANGE), Said(45, CHARLIE)]
    later = [Speech(80, 110, 1)]
    again = [Said(63, EOT), Said(83, SOT), Said(90, ALPHA), Said(112, EOT)]
    events = play([*MOVING, *later], [*said, *again], 150)
    assert [e.speaker for e in starts(events)][2] == 2


def test_a_word_found_after_its_turn_has_moved_is_still_said() -> None:
    said = [*FIRST, *SECOND_IN, Said(38, CHANGE), Said(39, ALPHA, 1), Said(40, CHANGE, 1)]
    events = play(MOVING, [*said, Said(45, CHARLIE), Said(63, EOT)], 120)
    assert texts(events) == {1: "alpha", 2: "bravo alpha charlie"}


def test_a_turn_that_left_and_is_not_taken_up_ends_where_it_left() -> None:
    events = play(MOVING[:2], [*FIRST, *SECOND_IN, Said(36, CHANGE, 1)], 120)
    assert [(e.turn, e.end, e.reason) for e in ends(events)] == [
        (1, 30 * FRAME, TOKEN),
        (2, 34 * FRAME, SILENCE),
    ]
    events = play(MOVING[:2], [*FIRST, *SECOND_IN, Said(36, CHANGE, 1)], 45)
    assert [(e.turn, e.reason) for e in ends(events)] == [(1, TOKEN), (2, FINISH)]


def test_a_turn_whose_end_was_missed_ends_when_another_one_takes_its_channel() -> None:
    said = [*FIRST[:2], *SECOND_IN, Said(33, CHANGE, 1), Said(38, CHANGE), Said(45, CHARLIE)]
    events = play(MOVING, said, 120)
    assert texts(events) == {1: "alpha", 2: "bravo charlie"}
    assert [(e.turn, e.reason) for e in ends(events)] == [(1, TOKEN), (2, SILENCE)]


def test_a_change_with_nobody_to_change_says_nothing() -> None:
    with_change = [Said(5, CHANGE), Said(6, CHANGE, 1), *TURN[:2], Said(30, CHANGE), *TURN[2:]]
    assert play(SPEECH, with_change, 100) == play(SPEECH, TURN, 100)


def test_without_activity_a_turn_starts_a_little_before_its_token() -> None:
    assert starts(play([], TURN, 100))[0].start == 14 * FRAME - 3200
    assert starts(play([], [Said(1, SOT)], 100))[0].start == 0


def test_single_silent_frames_do_not_break_a_run_of_speech() -> None:
    speech = [Speech(10, 20), Speech(21, 30), Speech(31, 40)]
    assert starts(play(speech, [Said(35, SOT)], 60))[0].start == 10 * FRAME
    speech = [Speech(10, 20), Speech(25, 40)]
    assert starts(play(speech, [Said(35, SOT)], 60))[0].start == 25 * FRAME


def test_a_word_is_not_longer_than_a_word_can_be() -> None:
    events = play([Speech(10, 100)], [Said(13, SOT), Said(90, ALPHA)], 120)
    (said,) = (e for e in events if isinstance(e, WordsChanged))
    assert said.words[0].end == 91 * FRAME
    assert said.words[0].start == 91 * FRAME - LONGEST_WORD_S * 16_000


def test_the_first_guess_is_revised_once_enough_is_heard() -> None:
    """The second person is taken for the first until 0.6 s of the voice have been heard."""
    speech = [*SPEECH, Speech(60, 100, voice=1)]
    said = [*TURN, Said(63, SOT), Said(70, CHARLIE), Said(102, EOT)]
    events = play(speech, said, 140)
    assert [e.speaker for e in starts(events)] == [1, 1]
    (revised,) = (e for e in events if isinstance(e, SpeakerRevised))
    assert (revised.turn, revised.speaker) == (2, 2)
    assert revised.emitted in {emitted(76), emitted(77)}  # 15 frames of probability 0.9: 0.6 s
    assert 0.5 < revised.confidence <= 1.0


def test_a_returning_voice_gets_its_number_back() -> None:
    speech, said = [], []
    for i, voice in enumerate([0, 1, 2, 1, 0]):
        begin = 10 + 60 * i
        speech.append(Speech(begin, begin + 30, voice))
        said += [Said(begin + 20, SOT), Said(begin + 25, ALPHA), Said(begin + 32, EOT)]
    events = play(speech, said, 320)
    speakers = {e.turn: e.speaker for e in events if isinstance(e, TurnStarted | SpeakerRevised)}
    assert speakers == {1: 1, 2: 2, 3: 3, 4: 2, 5: 1}


def test_what_is_heard_after_the_end_is_not_the_voice_of_the_turn() -> None:
    """Another voice speaks up at once, and its <sot> comes late."""
    speech = [Speech(10, 25), Speech(30, 90, voice=1)]
    said = [Said(13, SOT), Said(20, ALPHA), Said(27, EOT), Said(60, SOT), Said(65, CHARLIE)]
    events = play(speech, said, 120)
    assert of(TurnResumed, events) == []
    assert texts(events) == {1: "alpha", 2: "charlie"}


def test_the_voice_of_a_turn_that_resumes_goes_on_too() -> None:
    """Only both parts together are enough to tell that it is somebody new."""
    first = [Said(13, SOT), Said(20, ALPHA), Said(42, EOT)]
    again = [Said(83, SOT), Said(84, BRAVO), Said(90, EOT), Said(95, SOT), Said(97, CHARLIE)]
    speech = [*SPEECH, Speech(80, 89, voice=1), Speech(93, 105, voice=1)]
    events = play(speech, [*first, *again], 150)
    assert len(of(TurnResumed, events)) == 1
    speakers = {e.turn: e.speaker for e in events if isinstance(e, TurnStarted | SpeakerRevised)}
    assert speakers == {1: 1, 2: 2}


def test_people_who_start_together_are_told_apart() -> None:
    speech = [Speech(10, 50), Speech(10, 60, voice=1, channel=1)]
    said = [Said(t, token, k) for k in (0, 1) for t, token in ((14, SOT), (20, ALPHA))]
    events = play(speech, [*said, Said(52, EOT, 0), Said(62, EOT, 1)], 120)
    speakers = {e.turn: e.speaker for e in events if isinstance(e, TurnStarted | SpeakerRevised)}
    assert sorted(speakers.values()) == [1, 2]


EMISSIONS = st.builds(
    Said,
    st.integers(0, 119),
    st.sampled_from([SOT, EOT, CHANGE, ALPHA, BRAVO]),
    st.integers(0, 1),
)
SPEECHES = st.builds(
    lambda start, length, voice, channel: Speech(start, start + length, voice, channel),
    st.integers(0, 119),
    st.integers(1, 60),
    st.integers(0, 3),
    st.integers(0, 1),
)


@settings(max_examples=60)
@given(st.lists(SPEECHES, max_size=8), st.lists(EMISSIONS, max_size=25))
def test_any_script_gives_turns_that_hold_together_however_frames_come(
    speech: list[Speech], said: list[Said]
) -> None:
    said = sorted(said, key=lambda s: s.frame)
    rules = dataclasses.replace(RULES, longest_turn_ms=1500, silence_without_words_ms=1000)
    single = play(speech, said, 120, rules)
    blocks = play(speech, said, 120, rules, block=7)
    assert summary(single) == summary(blocks)


def hear(meeting: Meeting, committed: list[Said], partial: list[Said]) -> list[TurnEvent]:
    """A frame of speech with these tokens on channel 0."""
    tokens = [tuple(Emission(s.token, s.frame, 0.9) for s in part) for part in (committed, partial)]
    activity, voice = np.full((1, 2), 0.9, np.float32), np.zeros((1, 2), np.int64)
    return meeting.hear(activity, voice, [Found(*tokens), Found(())])


def shown(events: Sequence[TurnEvent]) -> list[tuple[str, bool]]:
    """The words of the last change with whether they are final."""
    changes = [e for e in events if isinstance(e, WordsChanged)]
    return [(w.text, w.final) for w in changes[-1].words] if changes else []


def test_partial_words_are_shown_as_such_and_may_change() -> None:
    meeting = Meeting()
    assert shown(hear(meeting, [Said(0, SOT)], [Said(0, ALPHA)])) == [("alpha", False)]
    assert shown(hear(meeting, [], [Said(0, BRAVO)])) == [("bravo", False)]
    assert shown(hear(meeting, [], [])) == []  # the change to no words at all
    assert shown(hear(meeting, [Said(3, BRAVO)], [])) == [("bravo", True)]


def test_what_is_partial_after_a_turn_token_is_for_another_turn() -> None:
    meeting = Meeting()
    hear(meeting, [Said(0, SOT), Said(0, ALPHA)], [])
    tail = [Said(1, BRAVO), Said(1, EOT), Said(1, SOT), Said(1, CHARLIE)]
    assert shown(hear(meeting, [], tail)) == [("alpha", True), ("bravo", False)]
    assert shown(hear(meeting, tail[:2], tail[2:])) == [("alpha", True), ("bravo", True)]
    assert of(WordsChanged, hear(meeting, [], [Said(1, CHARLIE)])) == []


def test_what_the_search_commits_in_the_end_is_said() -> None:
    meeting = Meeting()
    events = hear(meeting, [Said(0, SOT), Said(0, ALPHA)], [Said(0, BRAVO)])
    last = Found((Emission(BRAVO, 0, 0.9),))
    events += meeting.finish([last, Found(())])
    assert_well_formed(events)
    assert shown(events) == [("alpha", True), ("bravo", True)]


@cache
def pieces() -> Tokens:
    return Tokens.train(["bad badly ba dly ab b a d l y"] * 20, 16, "unigram")


def piece_id(tokens: Tokens, piece: str) -> int:
    return [tokens.piece(t) for t in range(tokens.size)].index(piece)


def test_a_word_of_pieces_is_final_when_the_next_begins_or_the_turn_is_settled() -> None:
    tokens = pieces()
    begin, go_on = piece_id(tokens, "\u2581ba"), piece_id(tokens, "d")
    assert tokens.starts_word(begin)
    assert not tokens.starts_word(go_on)
    meeting = Meeting(tokens=tokens)
    said = [Said(0, SOT), Said(0, begin)]
    events = hear(meeting, said, [Said(0, begin)])
    assert shown(events) == [("ba", False), ("ba", False)]  # the second may become "d"
    events += hear(meeting, [Said(1, EOT)], [])
    assert shown(events) == [("ba", False)]
    events += hear(meeting, [Said(2, go_on)], [])  # goes on in the turn and in the word
    assert shown(events) == [("bad", False)]
    events += hear(meeting, [Said(3, begin)], [])
    assert shown(events) == [("bad", True), ("ba", False)]
    events += meeting.finish()
    assert shown(events) == [("bad", True), ("ba", True)]
    assert_well_formed(events)
