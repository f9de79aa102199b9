"""What a call or a recorder does to sound: through a lossy codec and back, unmoved in time."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache

import numpy as np
import soundfile
from scipy.signal import correlate

from engine.data.simulation import Audio
from engine.timeline import SAMPLE_RATE


@dataclass(frozen=True)
class Codec:
    """A codec of libsndfile. ``compression`` is 0 (best) to 1 (smallest)."""

    container: str
    subtype: str
    compression: float

    def __call__(self, samples: Audio) -> Audio:
        """The samples after encoding and decoding, as many as before and where they were."""
        return aligned(self.round_trip(samples), _delay(self), len(samples))

    def round_trip(self, samples: Audio) -> Audio:
        """The samples as the codec gives them back, with whatever delay it has."""
        file = io.BytesIO()
        soundfile.write(
            file,
            samples,
            SAMPLE_RATE,
            format=self.container,
            subtype=self.subtype,
            compression_level=self.compression,
        )
        file.seek(0)
        decoded, _ = soundfile.read(file, dtype="float32")
        return np.asarray(decoded, dtype=np.float32)


@cache
def _delay(codec: Codec) -> int:
    """Samples by which decoded sound is late: builds of libsndfile differ in what they cut."""
    probe = np.zeros(SAMPLE_RATE // 2, dtype=np.float32)
    burst = np.random.default_rng(0).standard_normal(SAMPLE_RATE // 8 + 8)
    low = np.convolve(burst, np.full(8, 0.02), mode="valid")  # what every codec keeps
    probe[4000 : 4000 + len(low)] = low
    match = correlate(codec.round_trip(probe), probe)
    return int(match.argmax()) - (len(probe) - 1)


CODECS: dict[str, Codec] = {
    "opus": Codec("OGG", "OPUS", 0.9),
    "opus-low": Codec("OGG", "OPUS", 0.96),
    "mp3": Codec("MP3", "MPEG_LAYER_III", 0.9),
}
"""Opus at about 22 and 14 kbit/s, as in calls; MP3 at about 21 kbit/s, as in old recorders."""


def aligned(decoded: Audio, delay: int, length: int) -> Audio:
    """``decoded`` moved ``delay`` samples to the front and cut or filled to ``length``."""
    moved = decoded[delay:] if delay >= 0 else np.pad(decoded, (-delay, 0))
    return np.pad(moved[:length], (0, max(0, length - len(moved)))).astype(np.float32)
