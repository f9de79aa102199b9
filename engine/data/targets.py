"""A scene as training targets: tokens, activity, phones and voices of each channel, in frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.data.corpus import PHONES, UNKNOWN_PHONE, Aligned
from engine.data.simulation import PlacedTurn, Scene
from engine.errors import EngineError
from engine.tokens import BLANK, CHANGE, EOT, SOT, UNKNOWN, Tokens
from engine.training.assignment import AssignmentRule, TargetTurn, assign

IGNORED = -100
"""Phone target of a frame whose phone is not known."""

_PHONE_CLASS = {phone: i + 1 for i, phone in enumerate(PHONES)} | {UNKNOWN_PHONE: IGNORED}


@dataclass(frozen=True)
class VoiceTarget:
    """Frames ``start`` to ``end`` of a channel are this speaker's.

    ``begins`` and ``ends``: whether the turn does there, or was on another channel before or after.
    """

    channel: int
    start: int
    end: int
    speaker: str
    begins: bool = True
    ends: bool = True


@dataclass(frozen=True)
class SceneTargets:
    """Targets of one scene with K channels and T frames.

    Attributes:
        tokens: token ids of each channel.
        eot_ends: for each token of each channel the frame of the turn's end.
        activity: (T, K), 1 where a channel speaks.
        phones: (T, K) phone class, 0 in silence, ``IGNORED`` where unknown.
        voices: whose turns they are.
    """

    tokens: tuple[tuple[int, ...], ...]
    eot_ends: tuple[tuple[float, ...], ...]
    activity: NDArray[np.float32]
    phones: NDArray[np.int64]
    voices: tuple[VoiceTarget, ...]


@dataclass(frozen=True)
class _Part:
    """What is said of a turn on one channel."""

    turn: PlacedTurn
    span: TargetTurn

    @property
    def words(self) -> list[str]:
        said = [(self.turn.start + w.start, w.text) for w in self.turn.spoken.words]
        return [text for start, text in said if self._holds(start)]

    @property
    def phones(self) -> list[Aligned] | None:
        """Phones with times of the scene."""
        if self.turn.spoken.phones is None:
            return None
        shift = self.turn.start
        phones = [Aligned(p.text, p.start + shift, p.end + shift) for p in self.turn.spoken.phones]
        return [p for p in phones if self._holds(p.start)]

    def _holds(self, start: int) -> bool:
        """Whether what starts there belongs to this part and not to another one of the turn."""
        late = start >= self.span.start or not self.span.moved_in
        return late and (start < self.span.end or not self.span.moved_out)


@dataclass(frozen=True)
class Targeting:
    """How scenes become targets.

    Attributes:
        frame: samples of a frame.
        channels: K; with ``serial`` there is one channel with everybody's words by their end, and
            no turn tokens: the baseline without separation and turns.
        spelling: words as the tokens spell them, where they are not pieces of words. Where the
            phones that were said are known, these are taken.
    """

    tokens: Tokens
    frame: int
    channels: int = 2
    rule: AssignmentRule = AssignmentRule.FLOOR
    turn_tokens: bool = True
    serial: bool = False
    spelling: Mapping[str, str] = field(default_factory=dict)

    def of(self, scene: Scene, frames: int) -> SceneTargets:
        """Targets of a scene of ``frames`` frames."""
        channels = self._channels(scene)
        activity = np.zeros((frames, len(channels)), dtype=np.float32)
        phones = np.zeros((frames, len(channels)), dtype=np.int64)
        for k, parts in enumerate(channels):
            for part in parts:
                self._paint(part, activity[:, k], phones[:, k])
        spoken = [self._serial(parts) if self.serial else self._turns(parts) for parts in channels]
        if scene.transcribed and any(UNKNOWN in ids for ids, _ in spoken):
            raise self._unspellable(scene)
        return SceneTargets(
            tuple(ids for ids, _ in spoken),
            tuple(ends for _, ends in spoken),
            activity,
            phones,
            tuple(self._voices(channels)),
        )

    def _unspellable(self, scene: Scene) -> EngineError:
        words = sorted({w.text for t in scene.turns for w in t.spoken.words})
        odd = [word for word in words if UNKNOWN in self._encoded([word])]
        return EngineError(
            f"The tokens of this model cannot spell {', '.join(map(repr, odd[:5]))}: leave these "
            "words out of the manifest, or add their pronunciation to the dictionary."
        )

    def _channels(self, scene: Scene) -> list[list[_Part]]:
        # numbered, or two turns with the same start and end would be one
        turns = [
            TargetTurn(
                turn.start,
                turn.end,
                (i,),
                tuple((turn.start + w.start, turn.start + w.end) for w in turn.spoken.words),
            )
            for i, turn in enumerate(scene.turns)
        ]
        if self.serial:
            return [[_Part(scene.turns[t.tokens[0]], t) for t in turns]]
        assigned = assign(turns, self.rule, self.channels).channels
        return [[_Part(scene.turns[t.tokens[0]], t) for t in channel] for channel in assigned]

    def _turns(self, parts: Sequence[_Part]) -> tuple[tuple[int, ...], tuple[float, ...]]:
        ids: list[int] = []
        ends: list[float] = []
        for part in parts:
            said = self._said(part)
            if self.turn_tokens:
                first = CHANGE if part.span.moved_in else SOT
                said = [first, *said, CHANGE if part.span.moved_out else EOT]
            ids.extend(said)
            ends.extend([part.span.end / self.frame] * len(said))
        return tuple(ids), tuple(ends)

    def _serial(self, parts: Sequence[_Part]) -> tuple[tuple[int, ...], tuple[float, ...]]:
        turns = [part.turn for part in parts]
        words = sorted((t.start + w.end, w.text) for t in turns for w in t.spoken.words)
        ids = self._encoded([text for _, text in words])
        return tuple(ids), (0.0,) * len(ids)

    def _said(self, part: _Part) -> list[int]:
        phones = part.phones if self.spelling else None
        if phones is None or any(p.text == UNKNOWN_PHONE for p in phones):
            return self._encoded(part.words)
        return self.tokens.encode(" ".join(p.text for p in phones))

    def _encoded(self, words: Sequence[str]) -> list[int]:
        return self.tokens.encode(" ".join(self.spelling.get(word, word) for word in words))

    def _paint(self, part: _Part, activity: NDArray[np.float32], phones: NDArray[np.int64]) -> None:
        span = self._span(part.span.start, part.span.end)
        taken = activity[span] > 0  # a serial channel may hold two turns at once
        activity[span] = 1.0
        known = part.phones
        phones[span] = 0 if known is not None else IGNORED
        for phone in known or ():
            phones[self._span(phone.start, phone.end)] = _PHONE_CLASS[phone.text]
        phones[span] = np.where(taken, IGNORED, phones[span])

    def _span(self, start: int, end: int) -> slice:
        """Frames whose middle lies in [start, end)."""
        half = self.frame // 2
        return slice(max(0, -((half - start) // self.frame)), max(0, -((half - end) // self.frame)))

    def _voices(self, channels: Sequence[Sequence[_Part]]) -> list[VoiceTarget]:
        return [
            VoiceTarget(
                k,
                span.start,
                span.stop,
                part.turn.spoken.speaker,
                not part.span.moved_in,
                not part.span.moved_out,
            )
            for k, parts in enumerate(channels)
            for part in parts
            for span in [self._span(part.span.start, part.span.end)]
            if span.stop > span.start
        ]


@dataclass(frozen=True)
class Batch:
    """Scenes of equal length with their targets; rows of channels are scene-major.

    Attributes:
        audio: (B, samples).
        tokens: (B * K, U), padded; ``token_lengths`` (B * K,); ``eot_ends`` (B * K, U).
        activity, phones: (B, T, K).
        transcribed: (B,), whether the tokens of a scene are to be learned.
        voices: of each scene.
    """

    audio: Tensor
    tokens: Tensor
    token_lengths: Tensor
    eot_ends: Tensor
    activity: Tensor
    phones: Tensor
    transcribed: Tensor
    voices: tuple[tuple[VoiceTarget, ...], ...]

    def to(self, device: str | torch.device) -> Batch:
        """The same batch on another device."""
        moved = {k: v.to(device) for k, v in vars(self).items() if isinstance(v, Tensor)}
        return Batch(**moved, voices=self.voices)


def collate(scenes: Sequence[Scene], targets: Sequence[SceneTargets]) -> Batch:
    """Stack scenes of equal length."""
    rows = [ids for t in targets for ids in t.tokens]
    ends = [e for t in targets for e in t.eot_ends]
    longest = max(1, *map(len, rows))
    tokens = torch.full((len(rows), longest), BLANK)
    eot_ends = torch.zeros(len(rows), longest)
    for i, (ids, end) in enumerate(zip(rows, ends, strict=True)):
        tokens[i, : len(ids)] = torch.tensor(ids, dtype=torch.long)
        eot_ends[i, : len(end)] = torch.tensor(end)
    return Batch(
        torch.from_numpy(np.stack([s.audio for s in scenes])),
        tokens,
        torch.tensor([len(ids) for ids in rows]),
        eot_ends,
        torch.from_numpy(np.stack([t.activity for t in targets])),
        torch.from_numpy(np.stack([t.phones for t in targets])),
        torch.tensor([s.transcribed for s in scenes]),
        tuple(t.voices for t in targets),
    )
