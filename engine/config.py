"""One frozen dataclass per stage, units in the names. ``validate()`` refuses what cannot work."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args, get_type_hints

from engine.errors import ConfigError
from engine.timeline import SAMPLE_RATE

ConfigT = TypeVar("ConfigT")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ConfigError(message)


@dataclass(frozen=True)
class FrontendConfig:
    """Samples to stacked log-mel frames."""

    window_ms: int = 25
    hop_ms: int = 10
    mel_bins: int = 80
    stack: int = 4  # mel frames in one frame of the encoders
    kind: Literal["log_mel", "torchaudio"] = "log_mel"  # as torchaudio's pipelines compute them

    @property
    def window(self) -> int:
        """Samples of an analysis window."""
        return self.window_ms * SAMPLE_RATE // 1000

    @property
    def hop(self) -> int:
        """Samples between analysis windows."""
        return self.hop_ms * SAMPLE_RATE // 1000

    @property
    def frame(self) -> int:
        """Samples of one stacked frame."""
        return self.hop * self.stack

    @property
    def size(self) -> int:
        """Features of one stacked frame."""
        return self.mel_bins * self.stack

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(0 < self.hop_ms <= self.window_ms <= 64, "hop_ms <= window_ms <= 64 is needed")
        _require(8 <= self.mel_bins <= 128, "mel_bins must be 8 to 128")
        _require(1 <= self.stack <= 8, "stack must be 1 to 8")
        _require(self.kind in ("log_mel", "torchaudio"), f"unknown frontend kind {self.kind!r}")


EncoderKind = Literal[
    "conv_attention",
    "lstm",
    "convrnn",
    "conformer",
    "contextnet",
    "amortized",
    "emformer",
    "identity",
]
"""What :func:`engine.encoders.build_encoder` can build; docs/encoders.md says what each is."""

WITHOUT_ATTENTION: frozenset[EncoderKind] = frozenset(("lstm", "convrnn", "contextnet", "identity"))


@dataclass(frozen=True)
class EncoderConfig:
    """An encoder of any kind; fields that a kind does not use are ignored by it."""

    kind: EncoderKind = "conv_attention"
    size: int = 128
    layers: int = 2
    heads: int = 4
    kernel: int = 15  # frames of the causal convolution
    chunk: int = 5  # frames that see each other: the look-ahead is chunk - 1
    left: int = 60  # frames of the past that attention sees
    dropout: float = 0.1
    right: int = 0  # frames after a chunk that it sees too (emformer)
    width: int = 0  # features of the layers inside, 0: as size (emformer)
    parts: int = 1  # an input frame is so many frames of a spectrum (convrnn, emformer)
    planes: tuple[int, ...] = (100, 100, 64, 64)  # of each convolution over the spectrum (convrnn)
    blocks: int = 6  # of dilated convolutions (convrnn)
    memory: int = 250  # frames that running means look back (convrnn, contextnet)
    arbiter: int = 16  # units of what switches the parts of a block (amortized)
    arbiter_sees: Literal["audio", "both"] = "both"  # the blocks below too (amortized)

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(self.kind in get_args(EncoderKind), f"unknown encoder kind {self.kind!r}")
        _require(self.layers >= 1 and self.size >= 1, "an encoder needs layers and a size")
        _require(0.0 <= self.dropout < 1.0, "dropout must be in [0, 1)")
        _require(self.memory >= 2 and self.parts >= 1, "memory must be at least 2, parts 1")
        _require(min(self.right, self.width) >= 0, "right and width must not be negative")
        _require(
            self.arbiter >= 1 and self.arbiter_sees in ("audio", "both"),
            "an arbiter needs units, and sees audio or both",
        )
        _require(self.blocks >= 1 and min(self.planes, default=0) >= 1, "blocks or planes missing")
        if self.kind in WITHOUT_ATTENTION:
            return
        _require(self.heads >= 1, "heads must be at least 1")
        _require(self.size % (2 * self.heads) == 0, "size must be a multiple of twice the heads")
        _require(
            self.chunk >= 1 and self.left >= 0 and self.kernel >= 2,
            "chunk must be at least 1, left at least 0, kernel at least 2",
        )


@dataclass(frozen=True)
class SeparatorConfig:
    """A mixture encoder and one separation encoder per channel."""

    channels: int = 2
    mixture: EncoderConfig = field(default_factory=EncoderConfig)
    separation: EncoderConfig = field(default_factory=lambda: EncoderConfig(layers=1))

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(1 <= self.channels <= 4, "channels must be 1 to 4")
        self.mixture.validate()
        self.separation.validate()


@dataclass(frozen=True)
class TransducerConfig:
    """The recognition encoder, prediction network and joiner, tied over the channels."""

    recognition: EncoderConfig = field(default_factory=lambda: EncoderConfig(layers=3))
    prediction: Literal["stateless", "lstm", "normalised_lstm"] = "stateless"
    context: int = 2  # tokens that a stateless prediction network sees
    prediction_size: int = 128
    joint_size: int = 128
    joint: Literal["tanh", "relu"] = "tanh"
    prediction_layers: int = 1  # of a normalised LSTM
    prediction_width: int = 512  # features of each of them

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(
            self.prediction in ("stateless", "lstm", "normalised_lstm"),
            f"unknown prediction {self.prediction!r}",
        )
        _require(self.joint in ("tanh", "relu"), f"unknown joint {self.joint!r}")
        _require(
            min(self.prediction_layers, self.prediction_width) >= 1,
            "prediction_layers and prediction_width must be at least 1",
        )
        _require(self.context >= 1, "context must be at least 1")
        self.recognition.validate()


@dataclass(frozen=True)
class VoiceConfig:
    """The voice vector of a turn."""

    size: int = 96
    hidden: int = 128

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(self.size >= 2 and self.hidden >= 1, "a voice vector needs a size")


@dataclass(frozen=True)
class CohortConfig:
    """What the recognition encoder is told of who speaks; docs/fairness.md."""

    count: int = 0  # cohorts; 0: it is told nothing
    size: int = 2  # numbers of each
    memory_frames: int = 75  # of speech that a cohort is chosen by, about
    enough_frames: float = 12.0  # of speech needed to choose one

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(self.count >= 0 and self.size >= 1, "cohorts need a count and a size")
        _require(
            0.0 < self.enough_frames < self.memory_frames,
            "enough_frames must be above 0 and below memory_frames",
        )


@dataclass(frozen=True)
class SearchConfig:
    """The streaming search of each channel."""

    beam: int = 1  # 1 is greedy
    max_symbols: int = 4  # tokens in one frame at most
    blank_bias: float = 0.0  # added to the log-probability of blank
    turn_bias: float = 0.0  # added to that of <eot>
    lm_scale: float = 0.5  # weight of the language model, where the model has one
    word_bonus: float = 0.0  # added for each word of a lexicon
    turn_share: float = 0.5  # probability from which a turn has begun or ended, with a lexicon
    margin: float = 10.0  # hypotheses further behind the best than this are given up

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(1 <= self.beam <= 128, "beam must be 1 to 128")
        _require(self.max_symbols >= 1, "max_symbols must be at least 1")
        _require(self.lm_scale >= 0.0, "lm_scale must not be negative")
        _require(0.0 < self.turn_share <= 1.0, "turn_share must be in (0, 1]")
        _require(self.margin > 0.0, "margin must be positive")


@dataclass(frozen=True)
class ConfidenceConfig:
    """From what the search says of a word to the probability that it is right."""

    scale: float = 1.0  # of the log odds
    offset: float = 0.0  # added to them

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(0.0 < self.scale < 100.0, "scale must be positive: surer words are righter")
        _require(abs(self.offset) < 100.0, "offset must be below 100")


@dataclass(frozen=True)
class SegmenterConfig:
    """Turn tokens and named silence rules to turns."""

    resume_ms: int = 500  # the same voice within this time goes on in the same turn
    silence_after_words_ms: int = 1000  # ends a turn whose <eot> was missed
    silence_without_words_ms: int = 2000  # drops a turn in which nothing was said
    longest_turn_ms: int = 60_000
    activity_threshold: float = 0.5
    start_delay_ms: int = 200  # from the start of a turn to its <sot>, where activity says nothing

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(self.resume_ms >= 0, "resume_ms must not be negative")
        _require(self.silence_after_words_ms >= self.resume_ms, "silence rule below resume_ms")
        _require(self.longest_turn_ms >= 1000, "longest_turn_ms must be at least 1000")
        _require(0.0 < self.activity_threshold < 1.0, "activity_threshold must be in (0, 1)")


@dataclass(frozen=True)
class AttributionConfig:
    """Who is it: online clustering of voice vectors."""

    same_speaker: float = 0.5  # cosine similarity from which two turns are one person
    resume: float = 0.4  # the same, for a turn that goes on
    first_guess_ms: int = 600  # speech needed before the first guess is made
    most_speakers: int = 12
    known_sure: float = 0.85  # from which a person surely is a voice known from earlier meetings
    known_maybe: float = 0.7  # from which they may be; docs/people.md has the error rates of both

    def validate(self) -> None:
        """Raises: ConfigError."""
        _require(-1.0 <= self.same_speaker <= 1.0, "same_speaker must be a cosine")
        _require(self.most_speakers >= 1, "most_speakers must be at least 1")
        _require(
            -1.0 <= self.known_maybe <= self.known_sure <= 1.0,
            "known_maybe must be a cosine, and known_sure one that is not below it",
        )


@dataclass(frozen=True)
class ModelConfig:
    """Everything about a model but its weights and its tokens."""

    frontend: FrontendConfig = field(default_factory=FrontendConfig)
    separator: SeparatorConfig = field(default_factory=SeparatorConfig)
    transducer: TransducerConfig = field(default_factory=TransducerConfig)
    voice: VoiceConfig = field(default_factory=VoiceConfig)
    cohorts: CohortConfig = field(default_factory=CohortConfig)
    search: SearchConfig = field(default_factory=SearchConfig)
    confidence: ConfidenceConfig = field(default_factory=ConfidenceConfig)
    segmenter: SegmenterConfig = field(default_factory=SegmenterConfig)
    attribution: AttributionConfig = field(default_factory=AttributionConfig)

    def validate(self) -> None:
        """Raises: ConfigError."""
        for stage in dataclasses.fields(self):
            getattr(self, stage.name).validate()


def to_dict(config: object) -> dict[str, Any]:
    """A configuration as nested dictionaries, for JSON."""
    return dataclasses.asdict(config)  # type: ignore[call-overload,no-any-return]


def from_dict(kind: type[ConfigT], values: dict[str, Any]) -> ConfigT:
    """The configuration that :func:`to_dict` wrote.

    Raises:
        ConfigError: for an unknown field, which a newer version may have written.
    """
    hints = get_type_hints(kind)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise ConfigError(f"unknown settings {', '.join(unknown)}: made by a newer version?")
    return kind(**{name: _read(hints[name], value) for name, value in values.items()})


def _read(hint: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return from_dict(hint, value)
    return tuple(value) if isinstance(value, list) else value  # JSON knows no tuples
