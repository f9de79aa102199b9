"""The encoders of a new run, one stack for each kind, of about equal parameters.

A stack is what a model hears with: the mixture, the separation and the recognition encoder. All are
near the 3.5 million parameters of the default one; ``crosstalk-lab encoders`` counts them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.config import EncoderConfig, EncoderKind, ModelConfig


@dataclass(frozen=True)
class EncoderStack:
    """The encoders of a model in order."""

    mixture: EncoderConfig
    separation: EncoderConfig
    recognition: EncoderConfig

    def in_place_of(self, config: ModelConfig) -> ModelConfig:
        """The same model with these encoders."""
        separator = replace(config.separator, mixture=self.mixture, separation=self.separation)
        transducer = replace(config.transducer, recognition=self.recognition)
        return replace(config, separator=separator, transducer=transducer)

    def seeing(self, left: int) -> EncoderStack:
        """The same with another window: attention sees so many frames of the past."""
        encoders = (self.mixture, self.separation, self.recognition)
        return EncoderStack(*(replace(each, left=left) for each in encoders))

    @classmethod
    def of(cls, config: ModelConfig) -> EncoderStack:
        """The encoders of a model."""
        separator = config.separator
        return cls(separator.mixture, separator.separation, config.transducer.recognition)

    @property
    def kinds(self) -> tuple[EncoderKind, ...]:
        """The kind of each."""
        return tuple(e.kind for e in (self.mixture, self.separation, self.recognition))

    @property
    def weights_of(self) -> tuple[EncoderKind, ...]:
        """The kind whose weights each has: amortized encoders have those of the dense one."""
        return tuple("conv_attention" if k == "amortized" else k for k in self.kinds)

    @property
    def kind(self) -> EncoderKind:
        """The kind that the stack is named after: that of the encoder that hears the spectrum."""
        return self.mixture.kind


def _layers(encoder: EncoderConfig, *layers: int) -> EncoderStack:
    """The same encoder three times, with other numbers of layers."""
    return EncoderStack(*(replace(encoder, layers=n) for n in layers))


def _conv_attention(chunk: int) -> EncoderStack:
    """Width 192: half again the time of 128 a step, to give the separator room."""
    return _layers(EncoderConfig(size=192, heads=6, chunk=chunk), 2, 1, 3)


def _amortized(chunk: int) -> EncoderStack:
    """The shape of the dense one, so that its weights fit."""
    return _layers(EncoderConfig("amortized", size=192, heads=6, chunk=chunk), 2, 1, 3)


def _lstm(_: int) -> EncoderStack:
    return _layers(EncoderConfig("lstm", size=256), 2, 1, 3)


def _convrnn(_: int) -> EncoderStack:
    """The convolutions hear the spectrum, and all LSTMs after them are the stack of the paper.

    With half the published planes: they would take more than all the rest together.
    """
    hearing = EncoderConfig("convrnn", size=248, layers=1, parts=4, planes=(48, 48, 32, 32))
    return _layers_of_lstm(hearing, 1, 2)


def _layers_of_lstm(mixture: EncoderConfig, separation: int, recognition: int) -> EncoderStack:
    rest = EncoderConfig("lstm", size=mixture.size)
    return EncoderStack(
        mixture, replace(rest, layers=separation), replace(rest, layers=recognition)
    )


def _conformer(_: int) -> EncoderStack:
    return _layers(EncoderConfig("conformer", size=156, heads=6, chunk=1), 2, 1, 3)


def _contextnet(_: int) -> EncoderStack:
    return _layers(EncoderConfig("contextnet", size=248, kernel=5), 4, 2, 6)


def _emformer(_: int) -> EncoderStack:
    """Segments of four frames and one after them: the frames ahead are as many as of five."""
    encoder = EncoderConfig("emformer", size=216, heads=6, chunk=4, left=30, parts=4)
    after = replace(encoder, parts=1)
    return EncoderStack(
        replace(encoder, right=1, layers=2), replace(after, layers=1), replace(after, layers=3)
    )


STACKS: dict[str, Callable[[int], EncoderStack]] = {
    "conv_attention": _conv_attention,
    "amortized": _amortized,
    "lstm": _lstm,
    "convrnn": _convrnn,
    "conformer": _conformer,
    "contextnet": _contextnet,
    "emformer": _emformer,
}
"""What builds the stack of each kind, for chunks of so many frames where there are chunks."""
