"""Turns from turn tokens, speech activity and named silence rules.

Each channel has at most one open turn. ``<sot>`` opens one and ``<eot>`` closes it, provisionally:
when the same voice goes on within half a second the turn is taken up again. A turn whose ``<eot>``
was missed is closed by a silence rule, and one that is too long is cut.

A turn that began during another one moves to a lower channel when that one has ended. ``<cc>`` says
so on both channels, in either order: on the higher one the turn is parked, on the lower one it is
taken up.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.confidence import calibrated
from engine.config import ModelConfig
from engine.events import (
    EndReason,
    SpeakerRecognised,
    SpeakerRevised,
    TurnEnded,
    TurnEvent,
    TurnResumed,
    TurnStarted,
    VoiceHeard,
    Word,
    WordsChanged,
)
from engine.search import Emission, Found
from engine.speakers.attribution import Attribution, SpeakerAttribution
from engine.speakers.known import Recognition
from engine.speakers.voices import TurnVoice, VoiceReader
from engine.timeline import SAMPLE_RATE, to_samples
from engine.tokens import CHANGE, EOT, SOT, OutputTokens

LONGEST_WORD_S = 0.8
"""A word is taken to start this much before its end at most."""


@dataclass
class OpenTurn:
    """A turn that is going on, or that ended a moment ago and may still be taken up again."""

    number: int
    channel: int
    start: int
    attribution: Attribution
    voice: TurnVoice
    emissions: list[Emission] = field(default_factory=list)
    shown: tuple[Word, ...] = ()
    end: int | None = None
    reason: EndReason = EndReason.TOKEN
    parked: int | None = None  # where it was left, while no channel has it


@dataclass
class ChannelState:
    """A channel: its turn, and where speech was last heard on it (in samples)."""

    turn: OpenTurn | None = None
    speaking: bool = False
    run_start: int = 0
    run_end: int = 0
    last_end: int = 0  # of the turn before
    left: OpenTurn | None = None  # moved to a lower channel before this one said so


class Segmenter:
    """Search results, activity and voices of K channels to events, in order."""

    def __init__(
        self,
        config: ModelConfig,
        tokens: OutputTokens,
        voices: VoiceReader,
        people: SpeakerAttribution | None = None,
    ) -> None:
        self._config = config.segmenter
        self._confidence = config.confidence
        self._frame = config.frontend.frame
        self._tokens = tokens
        self._voices = voices
        self._first_guess = to_samples(config.attribution.first_guess_ms / 1000)
        self._resume_similarity = config.attribution.resume
        self._people = people or SpeakerAttribution(config.attribution)
        self._channels = [ChannelState() for _ in range(config.separator.channels)]
        self._parked: list[OpenTurn] = []  # left a channel, the last one first
        self._turns = 0
        self._now = 0  # frames seen
        self._emitted = 0
        self._events: list[TurnEvent] = []

    def accept(
        self, found: Sequence[Found], activity: NDArray[np.float32], emitted: int
    ) -> list[TurnEvent]:
        """Go on with T frames.

        Args:
            found: what the search of each channel said.
            activity: probability of speech (T, K); the voice reader has the same frames.
            emitted: samples of audio consumed so far.
        """
        self._emitted = emitted
        begin, self._now = self._now, self._now + len(activity)
        patience = to_samples(self._config.silence_after_words_ms / 1000)
        said = [list(f.committed) for f in found]
        for t in range(len(activity)):
            for k, state in enumerate(self._channels):
                self._hear(state, k, begin + t, float(activity[t, k]))
                while said[k] and said[k][0].frame <= begin + t:
                    self._say(state, k, said[k].pop(0))
                self._apply_rules(state, (begin + t + 1) * self._frame)
            self._settle_parked((begin + t + 1) * self._frame - patience, EndReason.SILENCE)
        for k, state in enumerate(self._channels):
            for emission in said[k]:  # of frames that are still to come
                self._say(state, k, emission)
            if state.turn is not None:
                self._show(state.turn, found[k].partial)
                self._attribute(state.turn)
        return self._drain()

    def finish(self, found: Sequence[Found], emitted: int) -> list[TurnEvent]:
        """The meeting is over: everything open ends."""
        self._emitted = emitted
        for k, state in enumerate(self._channels):
            for emission in found[k].committed:
                self._say(state, k, emission)
            if state.turn is not None and state.turn.end is None:
                state.turn.end = self._end_of(state, self._now * self._frame)
                state.turn.reason = EndReason.FINISH
            self._settle(state)
        self._settle_parked(self._now * self._frame, EndReason.FINISH)
        return self._drain()

    def _drain(self) -> list[TurnEvent]:
        events, self._events = self._events, []
        return events

    def _hear(self, state: ChannelState, channel: int, frame: int, activity: float) -> None:
        """Keep track of the run of speech, bridging single silent frames."""
        start = frame * self._frame
        if activity >= self._config.activity_threshold:
            if not state.speaking and start - state.run_end > 2 * self._frame:
                state.run_start = start
            state.run_end = start + self._frame
        state.speaking = activity >= self._config.activity_threshold
        self._voices.hear(channel, frame, activity)

    def _say(self, state: ChannelState, channel: int, emission: Emission) -> None:
        """A token of the channel."""
        if emission.token == EOT:
            state.left = None
            self._close(state, EndReason.TOKEN, (emission.frame + 1) * self._frame)
        elif emission.token == SOT:
            state.left = None
            self._open(state, channel, emission)
        elif emission.token == CHANGE:
            self._change(state, channel, emission)
        elif self._tokens.is_text(emission.token):
            if state.turn is None or state.turn.end is not None:
                if state.left is not None:  # said before the move, and found after it
                    state.left.emissions.append(emission)
                    return
                if not self._take_up(state, channel, emission, self._parked):
                    self._open(state, channel, emission, certain=state.turn is not None)
            assert state.turn is not None
            state.turn.emissions.append(emission)

    def _change(self, state: ChannelState, channel: int, emission: Emission) -> None:
        """A turn comes from a higher channel, or leaves for a lower one."""
        if state.left is not None:
            state.left = None
            return
        turn = state.turn if state.turn is not None and state.turn.end is None else None
        if channel and turn is not None and turn.emissions:
            turn.parked = self._end_of(state, (emission.frame + 1) * self._frame)
            turn.voice.pause()
            self._show(turn, ())
            self._parked.insert(0, turn)
            state.turn, state.last_end = None, turn.parked
        else:
            above = [c.turn for c in self._channels[channel + 1 :]]
            going_on = [t for t in above if t and t.end is None and t.emissions]
            self._take_up(state, channel, emission, [*self._parked, *going_on])

    def _take_up(
        self, state: ChannelState, channel: int, emission: Emission, turns: Sequence[OpenTurn]
    ) -> bool:
        """The first of the ``turns`` goes on on this channel; whether there was one."""
        if not turns:
            return False
        turn = turns[0]
        before = state.turn
        if before is not None:
            self._close(state, EndReason.TOKEN, (emission.frame + 1) * self._frame)
            self._settle(state)
            if state.turn is not None:  # it has only just begun: nothing to make room for
                return False
        start = self._start_of(state, emission)
        if turn.parked is None:
            for above in self._channels:
                if above.turn is turn:
                    above.turn, above.left, above.last_end = None, turn, max(start, turn.start + 1)
        else:
            self._parked.remove(turn)
            turn.voice.resume()
            turn.parked = None
        self._voices.move(turn.voice, channel, start)
        turn.channel, state.turn = channel, turn
        return True

    def _settle_parked(self, before: int, reason: EndReason) -> None:
        """Turns that left a channel before some sample and were not taken up are over."""
        for turn in [t for t in self._parked if t.parked is not None and t.parked <= before]:
            self._parked.remove(turn)
            turn.end, turn.reason = turn.parked, reason
            self._settle(ChannelState(turn))

    def _open(
        self, state: ChannelState, channel: int, emission: Emission, certain: bool = False
    ) -> None:
        """A turn starts, or the one that just ended goes on.

        ``certain``: words went on without ``<sot>``, so the model itself takes it for one turn.
        """
        turn = state.turn
        start = self._start_of(state, emission)
        if turn is not None and turn.end is None:
            if not turn.emissions or start <= turn.start:
                return  # a second <sot> before any word says nothing new
            self._close(state, EndReason.TOKEN, start)
        if turn is not None and turn.end is not None:
            near = start - turn.end < to_samples(self._config.resume_ms / 1000)
            if near and (certain or self._same_voice(turn, channel, start)):
                self._resume(turn)
                return
            self._settle(state)
        self._begin(state, channel, start)

    def _begin(self, state: ChannelState, channel: int, start: int) -> None:
        self._turns += 1
        voice = self._voices.turn(channel, start)
        guess = self._people.guess(voice.vector(), voice.heard >= self._first_guess)
        state.turn = OpenTurn(self._turns, channel, start, guess, voice)
        self._events.append(TurnStarted(self._turns, channel, start, guess.speaker, self._emitted))

    def _resume(self, turn: OpenTurn) -> None:
        turn.end = None
        turn.voice.resume()
        self._events.append(TurnResumed(turn.number, self._emitted))

    def _same_voice(self, turn: OpenTurn, channel: int, start: int) -> bool:
        later = self._voices.turn(channel, start)
        similarity = float(turn.voice.vector() @ later.vector())
        self._voices.forget(later)
        return later.heard > 0 and similarity >= self._resume_similarity

    def _start_of(self, state: ChannelState, emission: Emission) -> int:
        """Where the speech of a new turn began: the current run of activity, if it fits."""
        said = (emission.frame + 1) * self._frame
        delay = to_samples(self._config.start_delay_ms / 1000)
        recent = state.run_end > 0 and said - state.run_end < to_samples(1.0)
        start = state.run_start if recent else said - delay
        floor = state.last_end
        if state.turn is not None:
            floor = state.turn.end if state.turn.end is not None else said - delay
            floor = max(floor, state.last_end)
        return max(0, start, floor)

    def _end_of(self, state: ChannelState, latest: int) -> int:
        """Where the speech of the open turn ended, ``latest`` at the latest."""
        assert state.turn is not None
        start, emissions = state.turn.start, state.turn.emissions
        spoken = emissions[-1].frame * self._frame if emissions else 0
        return max(start + 1, min(latest, max(start + self._frame, state.run_end, spoken)))

    def _close(
        self, state: ChannelState, reason: EndReason, latest: int, provisional: bool = True
    ) -> None:
        """The open turn ends, ``latest`` at the latest; if it has only just begun, it goes on."""
        turn = state.turn
        if turn is None or turn.end is not None or latest <= turn.start:
            return
        turn.end, turn.reason = self._end_of(state, latest), reason
        turn.voice.pause()
        self._show(turn, ())
        self._attribute(turn)
        if provisional:
            self._events.append(TurnEnded(turn.number, turn.end, reason, True, self._emitted))
        else:
            self._settle(state)

    def _settle(self, state: ChannelState) -> None:
        """A closed turn can not go on any more."""
        turn = state.turn
        if turn is None or turn.end is None:
            return
        self._show(turn, (), settled=True)
        self._attribute(turn, final=True)
        self._tell_voice(turn)
        self._events.append(TurnEnded(turn.number, turn.end, turn.reason, False, self._emitted))
        state.last_end = turn.end
        self._voices.forget(turn.voice)
        state.turn = None

    def _apply_rules(self, state: ChannelState, now: int) -> None:
        turn, c = state.turn, self._config
        if turn is None:
            return
        if turn.end is not None:
            if now - turn.end > to_samples(c.resume_ms / 1000) and not state.speaking:
                self._settle(state)
            return
        heard = max(state.run_end, turn.start, self._last_said(turn))
        patience = c.silence_after_words_ms if turn.emissions else c.silence_without_words_ms
        if now - heard > to_samples(patience / 1000):
            self._close(state, EndReason.SILENCE, now, provisional=False)
        elif now - turn.start > to_samples(c.longest_turn_ms / 1000):
            self._close(state, EndReason.LENGTH, now, provisional=False)

    def _last_said(self, turn: OpenTurn) -> int:
        return (turn.emissions[-1].frame + 1) * self._frame if turn.emissions else 0

    def _show(self, turn: OpenTurn, partial: Sequence[Emission], settled: bool = False) -> None:
        words = self._words(turn, partial, settled)
        if words != turn.shown:
            turn.shown = words
            self._events.append(WordsChanged(turn.number, words, self._emitted))

    def _words(
        self, turn: OpenTurn, partial: Sequence[Emission], settled: bool
    ) -> tuple[Word, ...]:
        """Group tokens into words. With word pieces the last one may grow until all is settled."""
        # what is partial after a turn token is for a later turn
        tail = itertools.takewhile(lambda e: self._tokens.is_text(e.token), partial)
        emissions = [*turn.emissions, *(tail if turn.end is None else ())]
        groups: list[list[Emission]] = []
        for emission in emissions:
            if groups and not self._tokens.starts_word(emission.token):
                groups[-1].append(emission)
            else:
                groups.append([emission])
        open_word = not settled and not self._tokens.whole_words
        final = len(turn.emissions)
        words: list[Word] = []
        for group in groups:
            final -= len(group)  # 0: the last token that is committed
            sure = final > 0 or (final == 0 and not open_word)
            words.append(self._word(group, words[-1].end if words else turn.start, sure))
        return tuple(words)

    def _word(self, group: Sequence[Emission], after: int, final: bool) -> Word:
        end = max(after, (group[-1].frame + 1) * self._frame)
        begun = group[0].begun
        early = end - to_samples(LONGEST_WORD_S) if begun is None else begun * self._frame
        start = max(after, early)
        said = float(np.prod([e.confidence for e in group]))
        text = self._tokens.text([e.token for e in group])
        return Word(text, start, end, calibrated(said, self._confidence), final)

    def _attribute(self, turn: OpenTurn, final: bool = False) -> None:
        """Look again at who it is; tell when that changed."""
        enough = turn.voice.heard >= self._first_guess
        guess, news = turn.attribution, list[Recognition]()
        if turn.voice.heard and final:
            seconds = turn.voice.heard / SAMPLE_RATE
            guess, news = self._people.settle(turn.voice.vector(), seconds, enough)
        elif turn.voice.heard and enough:
            guess = self._people.guess(turn.voice.vector(), enough)
        if guess.speaker != turn.attribution.speaker:
            self._events.append(
                SpeakerRevised(turn.number, guess.speaker, guess.confidence, self._emitted)
            )
        turn.attribution = guess
        for each in news:
            self._recognise(each)

    def _recognise(self, news: Recognition) -> None:
        voice = news.voice
        number, name = (None, "") if voice is None else (voice.id, voice.name)
        self._events.append(
            SpeakerRecognised(news.speaker, number, name, news.confidence, news.sure, self._emitted)
        )

    def _tell_voice(self, turn: OpenTurn) -> None:
        """The voice of a settled turn, where it may leave the engine."""
        if not (self._people.tells and turn.voice.heard):
            return
        assert turn.end is not None
        vector, heard = tuple(map(float, turn.voice.vector())), turn.voice.heard
        self._events.append(
            VoiceHeard(
                turn.number, turn.start, turn.end, heard, vector, self._people.model, self._emitted
            )
        )
