"""The closed set of frozen events that a meeting emits, in the order in which they happen.

Times are integer samples at 16 kHz since the start of the meeting (:mod:`engine.timeline`).
``emitted`` is how much audio the engine had consumed, look-ahead included, when it said so: latency
is ``emitted`` minus the reference boundary. Everything a view or a store needs to rebuild the
transcript is in these events, so a recorded list of them can stand in for the engine.

The session of :mod:`engine.recognizer` emits the first seven, :class:`VoiceHeard` and
:class:`SpeakerRecognised` only where it was asked to compare voices; :class:`Lag`, :class:`Effort`,
:class:`Gap`, :class:`EngineState` and :class:`Remark` come from the live meeting around it, through
the same door.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a turn. A word that is not ``final`` may still change or vanish.

    ``text`` is what is scored. How it is read may be revised until the turn is settled.
    """

    text: str
    start: int
    end: int
    confidence: float  # 0..1
    final: bool = True
    readable: str = ""  # in its case and with the mark after it, if that is known

    @property
    def shown(self) -> str:
        """The word as people read it."""
        return self.readable or self.text


class EndReason(StrEnum):
    """What ended a turn."""

    TOKEN = "token"  # the model said <eot>
    SILENCE = "silence"  # a silence rule of the segmenter
    LENGTH = "length"  # the longest allowed turn
    FINISH = "finish"  # the meeting ended


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """Somebody began to speak. ``speaker`` is the first guess: 1, 2, 3, ... within the meeting."""

    turn: int  # 1, 2, 3, ... in order of appearance
    channel: int  # separated channel, 0-based
    start: int
    speaker: int
    emitted: int


@dataclass(frozen=True, slots=True)
class WordsChanged:
    """All words of a turn as they now stand, final ones first; they replace the earlier list."""

    turn: int
    words: tuple[Word, ...]
    emitted: int


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn is over at ``end``. A provisional end may be taken back by :class:`TurnResumed`."""

    turn: int
    end: int
    reason: EndReason
    provisional: bool
    emitted: int


@dataclass(frozen=True, slots=True)
class TurnResumed:
    """The same voice went on within half a second: the turn is open again under the same number."""

    turn: int
    emitted: int


@dataclass(frozen=True, slots=True)
class SpeakerRevised:
    """The engine now attributes a turn to somebody else, or became surer (``confidence`` 0..1)."""

    turn: int
    speaker: int
    confidence: float
    emitted: int


@dataclass(frozen=True, slots=True)
class VoiceHeard:
    """The voice of a turn, just before the :class:`TurnEnded` that settles it.

    ``vector`` has unit length. It can be compared with vectors of the same ``model`` only.
    """

    turn: int
    start: int
    end: int
    heard: int  # samples of speech that it rests on
    vector: tuple[float, ...]
    model: str
    emitted: int


@dataclass(frozen=True, slots=True)
class SpeakerRecognised:
    """A speaker of this meeting has a voice known from earlier ones, surely or perhaps.

    ``voice`` and ``name`` are those of the known voice; None takes back what was said before.
    """

    speaker: int
    voice: int | None
    name: str
    confidence: float  # 0..1
    sure: bool
    emitted: int


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the engine is behind the recording, in samples."""

    behind: int


@dataclass(frozen=True, slots=True)
class Effort:
    """What a model that can leave computation out did lately of all that it could have done."""

    share: float  # 0..1, and a little over where next to nothing was left out


class GapReason(StrEnum):
    """Why audio is missing."""

    OVERRUN = "overrun"  # the sound system dropped samples
    DEVICE = "device"  # the device vanished or was replaced
    PAUSE = "pause"  # the user paused: no time of the meeting passed, the length is 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Audio of the meeting that was never heard: silence of this length stands in the recording."""

    start: int
    length: int
    reason: GapReason


class EngineStatus(StrEnum):
    """Where the engine of a live meeting stands."""

    LOADING = "loading"
    RUNNING = "running"
    CATCHING_UP = "catching up"
    RESTARTING = "restarting"
    FAILED = "failed"
    FINISHING = "finishing"
    DONE = "done"
    OFF = "off"  # the meeting is recorded only


@dataclass(frozen=True, slots=True)
class EngineState:
    """A change of the engine's state, with a sentence for the user."""

    status: EngineStatus
    message: str = ""


class Subject(StrEnum):
    """What a :class:`Remark` is about."""

    MICROPHONE = "microphone"  # it is away
    SYSTEM = "system"  # what the computer plays is not heard
    SILENCE = "silence"  # the microphone delivers nothing but zeros
    QUIET = "quiet"  # nobody has spoken for long
    DISK = "disk"  # it is filling up


@dataclass(frozen=True, slots=True)
class Remark:
    """What the user should know about the recording; an empty message takes it back."""

    subject: Subject
    message: str = ""


TurnEvent = (
    TurnStarted
    | WordsChanged
    | TurnEnded
    | TurnResumed
    | SpeakerRevised
    | VoiceHeard
    | SpeakerRecognised
)
Event = TurnEvent | Lag | Effort | Gap | EngineState | Remark
