"""Samples to stacked log-mel frames, streaming.

The mel energies equal ``torchaudio.transforms.MelSpectrogram(center=False, norm=None,
mel_scale="htk", power=2)``; the running app does not need torchaudio for them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.config import FrontendConfig
from engine.streaming import StreamingStage
from engine.timeline import SAMPLE_RATE

FLOOR = 1e-6
"""Added to mel energies before the logarithm: about the noise of a quiet 16-bit recording."""

INT16_MAX = 32_767


@dataclass(frozen=True)
class FrontendState:
    """``pending``: samples (batch, n) that the next frame still needs.

    ``begun``: whether the samples before the first one, where there are any, are among them.
    """

    pending: Tensor
    begun: bool = True


def mel_filters(bins: int, n_fft: int, rate: int = SAMPLE_RATE) -> Tensor:
    """Triangular filters on the HTK mel scale, shape (n_fft // 2 + 1, bins)."""
    frequencies = torch.linspace(0, rate / 2, n_fft // 2 + 1, dtype=torch.float64)
    top = 2595.0 * torch.log10(torch.tensor(1.0 + rate / 2 / 700.0, dtype=torch.float64))
    edges = 700.0 * (10 ** (torch.linspace(0, 1, bins + 2, dtype=torch.float64) * top / 2595.0) - 1)
    width = edges.diff()
    slopes = edges[None, :] - frequencies[:, None]
    rising = -slopes[:, :-2] / width[:-1]
    falling = slopes[:, 2:] / width[1:]
    return torch.minimum(rising, falling).clamp(min=0).float()


class LogMel(StreamingStage[FrontendState]):
    """``(batch, samples)`` to ``(batch, frames, stack * mel_bins)``, scaled to about unit variance.

    A frame sees the samples from its start to ``reach`` samples later; the last, incomplete frame
    is completed with silence on flush.
    """

    mean: Tensor
    deviation: Tensor
    window: Tensor
    filters: Tensor

    def __init__(self, config: FrontendConfig) -> None:
        super().__init__()
        self.config = config
        self.span = config.frame - config.hop + config.window
        self.reach = self.span
        self.register_buffer("mean", torch.full((config.mel_bins,), -6.0))
        self.register_buffer("deviation", torch.full((config.mel_bins,), 4.0))
        self.register_buffer("window", torch.hann_window(config.window), persistent=False)
        filters = mel_filters(config.mel_bins, config.window)
        self.register_buffer("filters", filters, persistent=False)

    def initial_state(self, batch: int) -> FrontendState:
        """No sample waits."""
        return FrontendState(self.mean.new_zeros(batch, 0))

    def step(self, x: Tensor, state: FrontendState) -> tuple[Tensor, FrontendState]:
        """Every frame that is whole."""
        samples = torch.cat([state.pending, x], dim=1)
        frames = max(0, (samples.shape[1] - self.span) // self.config.frame + 1)
        used = (
            samples[:, : (frames - 1) * self.config.frame + self.span] if frames else samples[:, :0]
        )
        return self._frames(used), FrontendState(samples[:, frames * self.config.frame :])

    def flush(self, state: FrontendState) -> Tensor:
        """The last frame, if there are samples that no frame has seen."""
        pending = state.pending
        if pending.shape[1] <= self.span - self.config.frame:
            return self._frames(pending[:, :0])  # all of it was part of the last frame
        return self._frames(F.pad(pending, (0, self.span - pending.shape[1])))

    def log_mel(self, samples: Tensor) -> Tensor:
        """Unscaled, unstacked log-mel energies, (batch, samples) to (batch, frames, mel_bins)."""
        c = self.config
        spectrum = torch.stft(
            samples, c.window, c.hop, window=self.window, center=False, return_complex=True
        )
        power = spectrum.real.square() + spectrum.imag.square()
        return self._compress(power.transpose(1, 2) @ self.filters)

    def _compress(self, energies: Tensor) -> Tensor:
        return torch.log(energies + FLOOR)

    def _frames(self, samples: Tensor) -> Tensor:
        if samples.shape[1] == 0:
            return samples.new_zeros(samples.shape[0], 0, self.config.size)
        mel = (self.log_mel(samples) - self.mean) / self.deviation
        return mel.reshape(mel.shape[0], -1, self.config.size)


class TorchaudioLogMel(LogMel):
    """The features of ``torchaudio.pipelines.EMFORMER_RNNT_BASE_LIBRISPEECH``, streaming.

    A window is centred on its place, so the first one sees samples before the first, which are
    mirrored. Energies are of 16-bit samples, and of small ones no logarithm is taken.
    """

    def __init__(self, config: FrontendConfig) -> None:
        super().__init__(config)
        self.before = config.window // 2
        self.reach = self.span - self.before

    def initial_state(self, batch: int) -> FrontendState:
        """No sample waits, and what is before the first is not known."""
        return FrontendState(self.mean.new_zeros(batch, 0), begun=False)

    def step(self, x: Tensor, state: FrontendState) -> tuple[Tensor, FrontendState]:
        """Every frame that is whole."""
        if state.begun:
            return super().step(x, state)
        samples = torch.cat([state.pending, x], dim=1)
        if samples.shape[1] < self.reach:
            return self._frames(samples[:, :0]), FrontendState(samples, begun=False)
        return super().step(samples[:, :0], FrontendState(self._mirrored(samples)))

    def flush(self, state: FrontendState) -> Tensor:
        """The last frame, if there are samples that no frame has seen."""
        if state.begun:
            return super().flush(state)
        if state.pending.shape[1] == 0:
            return self._frames(state.pending)
        filled = F.pad(state.pending, (0, self.reach - state.pending.shape[1]))
        return super().flush(FrontendState(self._mirrored(filled)))

    def _mirrored(self, samples: Tensor) -> Tensor:
        return F.pad(samples[:, None], (self.before, 0), mode="reflect")[:, 0]

    def _compress(self, energies: Tensor) -> Tensor:
        x = energies * INT16_MAX**2
        x = torch.where(x > math.e, x.clamp(min=math.e).log(), x)
        return torch.where(x <= math.e, x / math.e, x)  # also of logarithms: it was trained so


def build_frontend(config: FrontendConfig) -> LogMel:
    """The frontend of the kind that ``config`` says."""
    return TorchaudioLogMel(config) if config.kind == "torchaudio" else LogMel(config)
