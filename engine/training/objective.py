"""What training minimises: transducer, activity, phones and voices, each with its own weight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.data.corpus import PHONES
from engine.data.targets import IGNORED, Batch
from engine.encoders import spending
from engine.errors import ConfigError
from engine.model import Heard, SeparatorTransducerSegmenter
from engine.tokens import BLANK, EOT
from engine.training.rnnt import eot_delay_cost, transducer_loss
from engine.training.turn_table import TurnTable

AddUp = Callable[[Tensor], Tensor]
"""Adds up a tensor over the processes that train together."""

ROWS = 32
"""Rows of channels whose lattices are in memory at a time, once there are twice as many."""


@dataclass(frozen=True)
class ObjectiveConfig:
    """Weights of the parts; a weight of 0 switches a part off and spares its computation."""

    transducer: float = 1.0
    fastemit: float = 0.005
    activity: float = 0.5
    phones: float = 0.3
    voices: float = 0.1
    marks: float = 0.3
    thrift: float = 0.0  # of the share of computation that amortized encoders spend: their beta
    mark_ms: int = 600  # how long after a start or an end its mark can be learned
    eot_early: float = 0.1  # nats per frame
    eot_late: float = 0.1
    eot_buffer_ms: int = 200
    voice_scale: float = 20.0
    voice_margin: float = 0.15
    permutation_invariant: bool = False

    def validate(self) -> None:
        """Raises: ConfigError."""
        parts = (self.transducer, self.activity, self.phones, self.marks, self.voices)
        if min(*parts, self.thrift, self.fastemit, self.eot_early, self.eot_late) < 0:
            raise ConfigError("weights of the objective must not be negative")
        if not any(parts):
            raise ConfigError("a part of the objective must have a weight, or nothing is learned")


@dataclass(frozen=True)
class Part:
    """One part of the objective before it is divided, so that processes can share a batch.

    Attributes:
        total: sum over the items.
        count: how many there are, or the sum of their weights.
    """

    total: Tensor
    count: Tensor


@dataclass(frozen=True)
class Losses:
    """Parts of the objective, each a scalar per item (token, frame or turn).

    Attributes:
        total: what to minimise. With several processes the mean of their gradients is that of
            the whole batch.
        names: of the parts.
        values: of the parts, (parts,), detached; those of all processes add up to the loss.
    """

    total: Tensor
    names: tuple[str, ...]
    values: Tensor

    @property
    def parts(self) -> dict[str, float]:
        """The values by name; waits for the device."""
        return dict(zip(self.names, self.values.tolist(), strict=True))


class Objective(nn.Module):
    """The loss of a batch, with the heads that only training needs."""

    def __init__(
        self, model: SeparatorTransducerSegmenter, config: ObjectiveConfig, speakers: list[str]
    ) -> None:
        super().__init__()
        config.validate()
        if config.permutation_invariant and model.channels != 2:
            raise ConfigError("permutation-invariant training is for two channels")
        if config.thrift and not spending.amortized(model):
            raise ConfigError("a weight on computation is for amortized encoders only")
        self.config = config
        self.speakers = {speaker: i for i, speaker in enumerate(speakers)}
        size = model.config.transducer.recognition.size
        self.phone_head = nn.Linear(size, len(PHONES) + 1)
        self.mark_head = nn.Linear(size, 3)
        self.mark_frames = max(1, config.mark_ms * 16 // model.config.frontend.frame)
        self.voice_classes = nn.Parameter(torch.randn(len(speakers), model.config.voice.size) * 0.1)

    @property
    def names(self) -> tuple[str, ...]:
        """The parts that are switched on."""
        parts = ("transducer", "activity", "phones", "marks", "voices", "thrift")
        return tuple(name for name in parts if getattr(self.config, name))

    def forward(
        self,
        model: SeparatorTransducerSegmenter,
        heard: Heard,
        batch: Batch,
        add_up: AddUp = lambda counts: counts,
        processes: int = 1,
    ) -> Losses:
        """All parts that are switched on, for what ``model`` heard in ``batch``.

        A part is a mean over the items of all ``processes``, of which some may have many more than
        others; so their counts are added up first, and a mean of gradients is right afterwards.
        """
        if self.config.permutation_invariant and self.config.transducer:
            heard = self._matched(model, heard, batch)
        turns = TurnTable.of(batch, self.speakers)
        parts = [self._part(name, model, heard, batch, turns) for name in self.names]
        counts = add_up(torch.stack([p.count for p in parts])).clamp(min=1.0)
        values = torch.stack([p.total for p in parts]) / counts
        weighted = [
            getattr(self.config, name) * v for name, v in zip(self.names, values, strict=True)
        ]
        total = torch.stack(weighted).sum()
        return Losses(total * processes if processes > 1 else total, self.names, values.detach())

    def _part(
        self,
        name: str,
        model: SeparatorTransducerSegmenter,
        heard: Heard,
        batch: Batch,
        turns: TurnTable,
    ) -> Part:
        match name:
            case "transducer":
                return self._transducer(model, heard, batch)
            case "activity":
                return self._activity(heard, batch)
            case "phones":
                return self._phones(heard, batch)
            case "marks":
                return self._marks(heard, batch, turns)
            case "thrift":
                return Part(*spending.charge(model))
            case _:
                return self._voices(model, heard, turns)

    def _transducer(self, model: SeparatorTransducerSegmenter, heard: Heard, batch: Batch) -> Part:
        """Nats per token, summed over channels, of the scenes whose words are to be learned."""
        encoded = heard.encoded.transpose(1, 2).flatten(0, 1)
        targets = (batch.tokens, batch.token_lengths, batch.eot_ends)
        rows = batch.transcribed.repeat_interleave(model.channels).nonzero()[:, 0]
        rows = rows[batch.token_lengths[rows].argsort()]
        # rows of about the same length together: less padding
        pieces = [p for p in rows.tensor_split(max(2, len(rows) // ROWS)) if len(p)]
        losses = [self._rows(model, encoded[p], *(t[p] for t in targets)).sum() for p in pieces]
        total = torch.stack([encoded.new_zeros((), dtype=torch.float32), *losses]).sum()
        return Part(total, batch.token_lengths[rows].sum().float())

    def _rows(
        self,
        model: SeparatorTransducerSegmenter,
        encoded: Tensor,
        tokens: Tensor,
        lengths: Tensor,
        eot_ends: Tensor,
    ) -> Tensor:
        c = self.config
        tokens, eot_ends = tokens[:, : lengths.max()], eot_ends[:, : lengths.max()]
        log_probs = model.transducer.lattice(encoded, tokens)
        cost = None
        if c.eot_early or c.eot_late:
            buffer = c.eot_buffer_ms * 16 / model.config.frontend.frame
            cost = eot_delay_cost(
                tokens,
                EOT,
                eot_ends,
                encoded.shape[1],
                early=c.eot_early,
                late=c.eot_late,
                buffer=buffer,
            )
        frames = torch.full((len(tokens),), encoded.shape[1], device=tokens.device)
        return transducer_loss(log_probs, tokens, frames, lengths, BLANK, c.fastemit, cost)

    def _matched(self, model: SeparatorTransducerSegmenter, heard: Heard, batch: Batch) -> Heard:
        """The two channels of each scene in the order that fits its targets best, everywhere."""
        crossed = self._crossed(model, heard.encoded, batch)[:, None, None, None]
        return Heard(
            torch.where(crossed, heard.encoded.flip(2), heard.encoded),
            torch.where(crossed[..., 0], heard.activity.flip(2), heard.activity),
            torch.where(crossed, heard.voice.flip(2), heard.voice),
        )

    @torch.no_grad()
    def _crossed(
        self, model: SeparatorTransducerSegmenter, encoded: Tensor, batch: Batch
    ) -> Tensor:
        """Whether a scene's words, if to be learned, fit better with channels swapped, (batch,)."""
        targets = (batch.tokens, batch.token_lengths, batch.eot_ends)
        orders = [encoded, encoded.flip(2)]
        rows = [order.transpose(1, 2).flatten(0, 1) for order in orders]
        straight, crossed = (self._rows(model, r, *targets).view(-1, 2).sum(1) for r in rows)
        return (crossed < straight) & batch.transcribed

    def _activity(self, heard: Heard, batch: Batch) -> Part:
        """Cross-entropy per frame and channel of: it speaks."""
        scores = heard.activity.float()
        total = F.binary_cross_entropy_with_logits(scores, batch.activity, reduction="sum")
        return Part(total, total.new_full((), scores.numel()))

    def _phones(self, heard: Heard, batch: Batch) -> Part:
        """Cross-entropy per frame; silence counts a fifth, or it would drown the rest."""
        scores = self.phone_head(heard.encoded).float().flatten(0, 2)
        weight = scores.new_ones(scores.shape[1])
        weight[0] = 0.2
        phones = batch.phones.flatten()
        total = F.cross_entropy(scores, phones, weight, ignore_index=IGNORED, reduction="sum")
        known = weight[phones.clamp(min=0)].masked_fill(phones == IGNORED, 0.0)
        return Part(total, known.sum())

    def _marks(self, heard: Heard, batch: Batch, turns: TurnTable) -> Part:
        """Cross-entropy per frame and channel of: a turn just started, just ended, or neither.

        One person directly after another sounds like a short pause: this says where to listen for a
        change of voice long before the transducer finds out by itself.
        """
        marks = turns.marks(batch.phones, self.mark_frames).flatten()
        scores = self.mark_head(heard.encoded).float().flatten(0, 2)
        total = F.cross_entropy(scores, marks, reduction="sum")
        return Part(total, total.new_full((), marks.numel()))

    def _voices(self, model: SeparatorTransducerSegmenter, heard: Heard, turns: TurnTable) -> Part:
        """Additive-margin softmax (arXiv 1801.05599) over the training speakers."""
        vectors, classes = self._vectors(model, heard, turns)
        count = heard.voice.new_full((), len(classes), dtype=torch.float32)
        if not len(classes):
            return Part(torch.zeros_like(count), count)
        cosines = vectors @ F.normalize(self.voice_classes, dim=1).T
        margin = F.one_hot(classes, cosines.shape[1]) * self.config.voice_margin
        scores = self.config.voice_scale * (cosines - margin)
        return Part(F.cross_entropy(scores, classes, reduction="sum"), count)

    def voice_vectors(
        self, model: SeparatorTransducerSegmenter, heard: Heard, batch: Batch
    ) -> tuple[Tensor, Tensor]:
        """Voice vectors of all turns of known speakers, (turns, size), and their classes."""
        return self._vectors(model, heard, TurnTable.of(batch, self.speakers))

    def _vectors(
        self, model: SeparatorTransducerSegmenter, heard: Heard, turns: TurnTable
    ) -> tuple[Tensor, Tensor]:
        classes = turns.voices[:, 4]
        if not len(classes):
            return heard.voice.new_zeros(0, model.config.voice.size), classes
        return model.voice.vector(turns.pool(model.voice, heard.voice)), classes
