"""What is not trained, chosen alike for every arm of an ablation, on the development split.

Arms differ in what their models say of turns. Without turn tokens silence ends a turn, and how long
a silence is chosen too, so that the arm without them is as good as it can be. Without the activity
loss nothing vouches for the activity heads, so an arm may do without them: then words alone tell
where a turn begins and ends.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import soundfile
import torch

from engine.config import ModelConfig
from engine.data.bench_set import BenchSession
from engine.evaluation.collect import collect_turns
from engine.evaluation.counts import ratio
from engine.evaluation.score import SessionScore, score_turns
from engine.evaluation.segments import HypothesisTurn, reference_turns
from engine.model import Heard
from engine.recognizer import Recognizer
from engine.timeline import to_samples

BLANK_BIASES = (-2.0, -1.5, -1.0, -0.5, 0.0)
TURN_BIASES = (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0)
SILENCES_MS = (300, 500, 700, 1000, 1500)
NEVER = -100.0
"""A bias of ``<eot>``: whatever all arms started from may have known it."""

UNHEARD = 1.0 - 1e-9
"""A threshold that no activity reaches."""

MOVED = to_samples(0.3)
"""A turn whose words went on within this time on a lower channel moved there."""


def rejoined(turns: Sequence[HypothesisTurn]) -> list[HypothesisTurn]:
    """Turns that were cut because they moved to a lower channel, in one piece again.

    With the assignment ``floor`` a turn that is left alone goes on on the first channel. Models
    with turn tokens say so; for one without them this is the only sign: one turn ends on a higher
    channel and another begins below it at once.
    """
    joined: list[HypothesisTurn] = []
    for turn in sorted(turns, key=lambda t: (t.start, t.number)):
        ended = [t for t in joined if _goes_on(t, turn)]
        if ended:
            before = max(ended, key=lambda t: t.end)
            joined[joined.index(before)] = dataclasses.replace(
                before,
                end=max(before.end, turn.end),
                words=before.words + turn.words,
                end_emitted=turn.end_emitted,
            )
        else:
            joined.append(turn)
    return joined


def _goes_on(before: HypothesisTurn, turn: HypothesisTurn) -> bool:
    return before.channel > turn.channel and abs(turn.start - before.end) <= MOVED


@dataclass(frozen=True)
class _Listened:
    session: BenchSession
    samples: int
    heard: Heard


def tuned(
    recognizer: Recognizer,
    sessions: Sequence[BenchSession],
    turn_tokens: bool,
    activity: bool,
    say: Callable[[str], None] = lambda _: None,
) -> ModelConfig:
    """The model's configuration with the settings that do best.

    First the bias of blank by ORC-WER, then what ends a turn by missed and false turns.

    Args:
        recognizer: with the model; its configuration changes.
        sessions: of the development split.
        turn_tokens: whether the model knows turn tokens.
        activity: whether its activity heads were trained.
        say: gets a line for each choice.
    """
    listened = [_listen(recognizer, session) for session in sessions]
    model = recognizer.model

    def best(configs: Sequence[ModelConfig], errors: Callable[[SessionScore], _Counts]) -> None:
        rates = []
        for config in configs:
            model.config = config
            rates.append(_rate(recognizer, listened, turn_tokens, errors))
        model.config = configs[rates.index(min(rates))]
        say(f"{min(rates):.1%} of {', '.join(f'{rate:.1%}' for rate in rates)}")

    best([_searching(model.config, blank_bias=bias) for bias in BLANK_BIASES], _word_errors)
    best(list(_turn_settings(model.config, turn_tokens, activity)), _turn_errors)
    return model.config


def _turn_settings(config: ModelConfig, turn_tokens: bool, activity: bool) -> Iterator[ModelConfig]:
    trusted = config.segmenter.activity_threshold
    for threshold in (trusted,) if activity else (UNHEARD, trusted):
        heard = _segmenting(config, activity_threshold=threshold)
        if turn_tokens:
            yield from (_searching(heard, turn_bias=bias) for bias in TURN_BIASES)
        else:
            yield from (_ending_after(heard, ms) for ms in SILENCES_MS)


def _ending_after(config: ModelConfig, silence_ms: int) -> ModelConfig:
    resume_ms = min(silence_ms, config.segmenter.resume_ms)
    unmarked = _searching(config, turn_bias=NEVER)
    return _segmenting(unmarked, silence_after_words_ms=silence_ms, resume_ms=resume_ms)


def _searching(config: ModelConfig, **changed: float) -> ModelConfig:
    search = dataclasses.replace(config.search, **changed)  # type: ignore[arg-type]
    return dataclasses.replace(config, search=search)


def _segmenting(config: ModelConfig, **changed: float) -> ModelConfig:
    segmenter = dataclasses.replace(config.segmenter, **changed)  # type: ignore[arg-type]
    return dataclasses.replace(config, segmenter=segmenter)


_Counts = tuple[int, int]


def _word_errors(score: SessionScore) -> _Counts:
    return score.orc.errors, score.orc.length


def _turn_errors(score: SessionScore) -> _Counts:
    turns = score.turns
    return turns.missed + turns.false, turns.reference + turns.hypothesis


@torch.inference_mode()
def _listen(recognizer: Recognizer, session: BenchSession) -> _Listened:
    samples, _ = soundfile.read(session.audio, dtype="float32")
    heard = recognizer.model(torch.from_numpy(samples)[None].to(recognizer.device))
    return _Listened(session, len(samples), heard)


def _rate(
    recognizer: Recognizer,
    listened: Sequence[_Listened],
    turn_tokens: bool,
    errors: Callable[[SessionScore], _Counts],
) -> float:
    counts = [errors(_score(recognizer, item, turn_tokens)) for item in listened]
    return ratio(sum(wrong for wrong, _ in counts), max(1, sum(of for _, of in counts)))


def _score(recognizer: Recognizer, item: _Listened, turn_tokens: bool) -> SessionScore:
    session = recognizer.session()
    session.replay(item.heard, item.samples)
    turns = collect_turns(session.events())
    reference = reference_turns(item.session.reference)
    return score_turns(
        reference, turns if turn_tokens else rejoined(turns), item.session.duration_s
    )
