"""Log-mel energies are torchaudio's, and frames lie where their samples are."""

from __future__ import annotations

import pytest
import torch
import torchaudio

from engine.config import FrontendConfig
from engine.frontend import FLOOR, LogMel, mel_filters
from tests.unit.engine import tiny


@pytest.mark.parametrize(
    "config", [FrontendConfig(), FrontendConfig(mel_bins=40), FrontendConfig(window_ms=32)]
)
def test_log_mel_equals_torchaudio(config: FrontendConfig) -> None:
    transform = torchaudio.transforms.MelSpectrogram(
        sample_rate=16_000,
        n_fft=config.window,
        hop_length=config.hop,
        n_mels=config.mel_bins,
        center=False,
        power=2.0,
        norm=None,
        mel_scale="htk",
    )
    x = tiny.noise(1.5)
    expected = torch.log(transform(x) + FLOOR).transpose(1, 2)
    torch.testing.assert_close(LogMel(config).log_mel(x), expected, rtol=1e-4, atol=1e-4)


def test_a_tone_is_loudest_in_the_band_of_its_frequency() -> None:
    time = torch.arange(16_000) / 16_000
    for hz, bins in ((440.0, 80), (3000.0, 80), (1000.0, 40)):
        tone = torch.sin(2 * torch.pi * hz * time)[None]
        mel = LogMel(FrontendConfig(mel_bins=bins)).log_mel(tone)[0].mean(0)
        edges = torch.linspace(0, 2595.0 * torch.log10(torch.tensor(1 + 8000 / 700)), bins + 2)
        centres = 700.0 * (10 ** (edges[1:-1] / 2595.0) - 1)
        spacing = (centres[1:] - centres[:-1]).max()
        assert abs(centres[mel.argmax()] - hz) <= spacing


def test_filters_cover_every_frequency_but_the_ends_once() -> None:
    """Neighbouring triangles add up to one between the first centre and the last."""
    total = mel_filters(40, 400).sum(1)
    frequencies = torch.linspace(0, 8000, 201)
    inside = (frequencies > 150) & (frequencies < 7400)
    torch.testing.assert_close(total[inside], torch.ones(int(inside.sum())))


def test_silence_is_the_floor() -> None:
    quiet = LogMel(FrontendConfig()).log_mel(torch.zeros(1, 4000))
    torch.testing.assert_close(quiet, torch.full_like(quiet, FLOOR).log())


def test_stacked_frames_are_consecutive_mel_frames() -> None:
    stage, x = LogMel(FrontendConfig(mel_bins=20)), tiny.noise(1.0)
    frames, _ = stage.step(x, stage.initial_state(1))
    mel = (stage.log_mel(x) - stage.mean) / stage.deviation
    for f in (0, 7):
        torch.testing.assert_close(frames[0, f], mel[0, 4 * f : 4 * f + 4].flatten())


def test_the_last_frame_is_completed_with_silence() -> None:
    stage, x = LogMel(FrontendConfig()), tiny.noise(0.1)  # 1600 samples: 2 frames and some
    padded = torch.nn.functional.pad(x, (0, 3 * 640 + 240 - 1600))
    torch.testing.assert_close(stage(x), stage.step(padded, stage.initial_state(1))[0])


def test_every_sample_but_the_last_few_is_in_a_frame() -> None:
    """The end of the audio within the reach of the frame before needs no frame of its own."""
    stage = LogMel(FrontendConfig())
    for samples in (0, 1, 240, 241, 640, 880, 881, 1520, 1521):
        frames = stage(torch.zeros(1, samples)).shape[1]
        assert frames == max(0, -(-(samples - 240) // 640))
