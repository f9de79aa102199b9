"""What the engines of several sources say, told as what one engine says."""

from __future__ import annotations

from dataclasses import replace

from engine.events import (
    Effort,
    EngineState,
    EngineStatus,
    Event,
    Lag,
    SpeakerRecognised,
    SpeakerRevised,
    TurnEvent,
    TurnStarted,
)

CHANNELS = 2
"""Channels of one source: the second one has 2 and 3."""


class Merger:
    """Gives turns, channels and people numbers of their own; sums up states and lags.

    Turn ``n`` of source ``i`` of ``N`` is turn ``(n - 1) * N + i + 1``, in every run alike.
    """

    def __init__(self, count: int, shared: bool) -> None:
        """For ``count`` sources; ``shared``: the engines number the people together."""
        self._count = count
        self._shared = shared
        self._people: dict[tuple[int, int], int] = {}  # a restarted engine finds its own again
        self.begin()

    def begin(self) -> None:
        """New engines begin."""
        self._statuses: dict[int, EngineStatus] = {}
        self._lags = dict.fromkeys(range(self._count), 0)
        self._told: EngineStatus | None = None
        self._lag = 0
        self._efforts: dict[int, float] = {}

    def merged(self, source: int, event: Event) -> Event | None:
        """How to tell what the engine of a source says; None: not at all."""
        if self._count == 1:
            return event
        match event:
            case Lag():
                return self._sum_of_lags(source, event.behind)
            case Effort():
                self._efforts[source] = event.share
                return Effort(sum(self._efforts.values()) / len(self._efforts))
            case EngineState():
                return self._joint_state(source, event.status)
        return self._numbered(source, event)

    def _sum_of_lags(self, source: int, behind: int) -> Lag | None:
        self._lags[source] = behind
        former, self._lag = self._lag, max(self._lags.values())
        return Lag(self._lag) if self._lag != former else None

    def _joint_state(self, source: int, status: EngineStatus) -> EngineState | None:
        self._statuses[source] = status
        if len(self._statuses) < self._count:
            return None  # the other one is still loading
        behind = EngineStatus.CATCHING_UP in self._statuses.values()
        joint = EngineStatus.CATCHING_UP if behind else EngineStatus.RUNNING
        former, self._told = self._told, joint
        return EngineState(joint) if joint is not former else None

    def _numbered(self, source: int, event: Event) -> Event:
        if not isinstance(event, TurnEvent):
            return event
        if isinstance(event, SpeakerRecognised):
            return replace(event, speaker=self._person(source, event.speaker))
        turn = (event.turn - 1) * self._count + source + 1
        match event:
            case TurnStarted():
                channel = event.channel + CHANNELS * source
                who = self._person(source, event.speaker)
                return replace(event, turn=turn, channel=channel, speaker=who)
            case SpeakerRevised():
                return replace(event, turn=turn, speaker=self._person(source, event.speaker))
        return replace(event, turn=turn)

    def _person(self, source: int, speaker: int) -> int:
        if self._shared:
            return speaker
        return self._people.setdefault((source, speaker), len(self._people) + 1)
