"""Samples to stacked log-mel frames, streaming.

The mel energies equal ``torchaudio.transforms.MelSpectrogram(center=False, norm=None,
mel_scale="htk", power=2)``; the running app does not need torchaudio for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.config import FrontendConfig
from engine.streaming import StreamingStage
from engine.timeline import SAMPLE_RATE

FLOOR = 1e-6
"""Added to mel energies before the logarithm: about the noise of a quiet 16-bit recording."""


@dataclass(frozen=True)
class FrontendState:
    """``pending``: samples (batch, n) that the next frame still needs."""

    pending: Tensor


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
        self.reach = config.frame - config.hop + config.window
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
        frames = max(0, (samples.shape[1] - self.reach) // self.config.frame + 1)
        used = (
            samples[:, : (frames - 1) * self.config.frame + self.reach]
            if frames
            else samples[:, :0]
        )
        return self._frames(used), FrontendState(samples[:, frames * self.config.frame :])

    def flush(self, state: FrontendState) -> Tensor:
        """The last frame, if there are samples that no frame has seen."""
        pending = state.pending
        if pending.shape[1] <= self.reach - self.config.frame:
            return self._frames(pending[:, :0])  # all of it was part of the last frame
        return self._frames(torch.nn.functional.pad(pending, (0, self.reach - pending.shape[1])))

    def log_mel(self, samples: Tensor) -> Tensor:
        """Unscaled, unstacked log-mel energies, (batch, samples) to (batch, frames, mel_bins)."""
        c = self.config
        spectrum = torch.stft(
            samples, c.window, c.hop, window=self.window, center=False, return_complex=True
        )
        power = spectrum.real.square() + spectrum.imag.square()
        return torch.log(power.transpose(1, 2) @ self.filters + FLOOR)

    def _frames(self, samples: Tensor) -> Tensor:
        if samples.shape[1] == 0:
            return samples.new_zeros(samples.shape[0], 0, self.config.size)
        mel = (self.log_mel(samples) - self.mean) / self.deviation
        return mel.reshape(mel.shape[0], -1, self.config.size)
