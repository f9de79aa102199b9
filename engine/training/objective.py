"""What training minimises: transducer, activity, phones and voices, each with its own weight."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.data.corpus import PHONES
from engine.data.targets import IGNORED, Batch
from engine.errors import ConfigError
from engine.model import Heard, SeparatorTransducerSegmenter
from engine.speakers.embedding import VoiceSums
from engine.tokens import BLANK, EOT
from engine.training.rnnt import eot_delay_cost, transducer_loss


@dataclass(frozen=True)
class ObjectiveConfig:
    """Weights of the parts; a weight of 0 switches a part off and spares its computation."""

    transducer: float = 1.0
    fastemit: float = 0.005
    activity: float = 0.5
    phones: float = 0.3
    voices: float = 0.1
    marks: float = 0.3
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
        if min(*parts, self.fastemit, self.eot_early, self.eot_late) < 0:
            raise ConfigError("weights of the objective must not be negative")
        if not any(parts):
            raise ConfigError("a part of the objective must have a weight, or nothing is learned")


@dataclass
class Losses:
    """Parts of the objective, each a scalar per item (token, frame or turn)."""

    total: Tensor
    parts: dict[str, float] = field(default_factory=dict)


class Objective(nn.Module):
    """The loss of a batch, with the heads that only training needs."""

    def __init__(
        self, model: SeparatorTransducerSegmenter, config: ObjectiveConfig, speakers: list[str]
    ) -> None:
        super().__init__()
        config.validate()
        if config.permutation_invariant and model.channels != 2:
            raise ConfigError("permutation-invariant training is for two channels")
        self.config = config
        self.speakers = {speaker: i for i, speaker in enumerate(speakers)}
        size = model.config.transducer.recognition.size
        self.phone_head = nn.Linear(size, len(PHONES) + 1)
        self.mark_head = nn.Linear(size, 3)
        self.mark_frames = max(1, config.mark_ms * 16 // model.config.frontend.frame)
        self.voice_classes = nn.Parameter(torch.randn(len(speakers), model.config.voice.size) * 0.1)

    def forward(self, model: SeparatorTransducerSegmenter, heard: Heard, batch: Batch) -> Losses:
        """All parts that are switched on, for what ``model`` heard in ``batch``."""
        c = self.config
        if c.permutation_invariant and c.transducer:
            heard = self._matched(model, heard, batch)
        parts: dict[str, tuple[float, Tensor]] = {}
        if c.transducer:
            parts["transducer"] = (c.transducer, self._transducer(model, heard, batch))
        if c.activity:
            loss = F.binary_cross_entropy_with_logits(heard.activity.float(), batch.activity)
            parts["activity"] = (c.activity, loss)
        if c.phones:
            parts["phones"] = (c.phones, self._phones(heard, batch))
        if c.marks:
            parts["marks"] = (c.marks, self._marks(heard, batch))
        if c.voices:
            parts["voices"] = (c.voices, self._voices(model, heard, batch))
        total = torch.stack([weight * loss for weight, loss in parts.values()]).sum()
        return Losses(total, {name: float(loss.detach()) for name, (_, loss) in parts.items()})

    def _transducer(
        self, model: SeparatorTransducerSegmenter, heard: Heard, batch: Batch
    ) -> Tensor:
        """Nats per token, summed over channels, of the scenes whose words are to be learned."""
        encoded = heard.encoded.transpose(1, 2).flatten(0, 1)
        targets = (batch.tokens, batch.token_lengths, batch.eot_ends)
        rows = batch.transcribed.repeat_interleave(model.channels).nonzero()[:, 0]
        rows = rows[batch.token_lengths[rows].argsort()]
        # rows of about the same length together: less padding
        halves = [half for half in rows.tensor_split(2) if len(half)]
        losses = [self._rows(model, encoded[h], *(t[h] for t in targets)).sum() for h in halves]
        count = batch.token_lengths[rows].sum().clamp(min=1)
        return torch.stack([encoded.new_zeros((), dtype=torch.float32), *losses]).sum() / count

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

    def _phones(self, heard: Heard, batch: Batch) -> Tensor:
        """Cross-entropy per frame; silence counts a fifth, or it would drown the rest."""
        scores = self.phone_head(heard.encoded).float().flatten(0, 2)
        weight = scores.new_ones(scores.shape[1])
        weight[0] = 0.2
        return F.cross_entropy(scores, batch.phones.flatten(), weight, ignore_index=IGNORED)

    def _marks(self, heard: Heard, batch: Batch) -> Tensor:
        """Cross-entropy per frame and channel of: a turn just started, just ended, or neither.

        One person directly after another sounds like a short pause: this says where to listen for a
        change of voice long before the transducer finds out by itself.
        """
        marks = torch.zeros_like(batch.phones)
        for row, voices in enumerate(batch.voices):
            for voice in voices:
                marks[row, voice.end : voice.end + self.mark_frames, voice.channel] = 2
            for voice in voices:
                marks[row, voice.start : voice.start + self.mark_frames, voice.channel] = 1
        return F.cross_entropy(self.mark_head(heard.encoded).float().flatten(0, 2), marks.flatten())

    def _voices(self, model: SeparatorTransducerSegmenter, heard: Heard, batch: Batch) -> Tensor:
        """Additive-margin softmax (arXiv 1801.05599) over the training speakers."""
        vectors, classes = self.voice_vectors(model, heard, batch)
        if not len(classes):
            return vectors.new_zeros(())
        cosines = vectors @ F.normalize(self.voice_classes, dim=1).T
        margin = F.one_hot(classes, cosines.shape[1]) * self.config.voice_margin
        return F.cross_entropy(self.config.voice_scale * (cosines - margin), classes)

    def voice_vectors(
        self, model: SeparatorTransducerSegmenter, heard: Heard, batch: Batch
    ) -> tuple[Tensor, Tensor]:
        """Voice vectors of all turns of known speakers, (turns, size), and their classes."""
        sums: list[VoiceSums] = []
        classes: list[int] = []
        for row, voices in enumerate(batch.voices):
            known = [v for v in voices if v.speaker in self.speakers]
            for k in range(model.channels):
                mine = [v for v in known if v.channel == k]
                if mine:
                    weights = heard.voice.new_zeros(len(mine), heard.frames, dtype=torch.float32)
                    for i, v in enumerate(mine):
                        weights[i, v.start : v.end] = 1.0
                    sums.append(model.voice.pool(heard.voice[row, :, k], weights))
                    classes.extend(self.speakers[v.speaker] for v in mine)
        if not sums:
            return heard.voice.new_zeros(0, model.config.voice.size), torch.zeros(0).long()
        joined = VoiceSums(
            torch.cat([s.weight for s in sums]),
            torch.cat([s.first for s in sums]),
            torch.cat([s.second for s in sums]),
        )
        return model.voice.vector(joined), torch.tensor(classes, device=heard.voice.device)
