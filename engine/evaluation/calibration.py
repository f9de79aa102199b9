"""Choose the settings that are not trained, on the development split.

The encoders run once; search, segmenter and attribution are replayed for each setting.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import soundfile
import torch

from engine.config import ModelConfig
from engine.data.bench_set import BenchSession
from engine.evaluation.score import SessionScore, score_session
from engine.evaluation.segments import reference_turns
from engine.model import Heard
from engine.recognizer import Recognizer

BLANK_BIASES = (-2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5)
LM_SCALES = (0.2, 0.35, 0.5, 0.65, 0.8)
WORD_BONUSES = (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0)
TURN_BIASES = (-0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
RESUME = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SAME_SPEAKER = (0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)


@dataclass(frozen=True)
class _Listened:
    session: BenchSession
    samples: int
    heard: Heard


def calibrate(
    recognizer: Recognizer,
    sessions: Iterable[BenchSession],
    report: Callable[[str], None] = lambda _: None,
) -> ModelConfig:
    """The model's configuration with the settings that do best.

    First the blank bias by ORC-WER, and for a model with a lexicon the weight of its language model
    and the bonus of a word; then the bias of ends of turns, by cpWER; the similarity from which a
    turn goes on, by missed and false turns; and that of two turns of one person, by cpWER.
    Of values for the last that do about as well, the highest is taken: two names for one person are
    easier to mend than one name for two.
    """
    listened = [_listen(recognizer, session) for session in sessions]
    model = recognizer.model

    def best(
        name: str,
        configs: Sequence[tuple[float, ModelConfig]],
        errors: _Errors,
        tolerance: float = 0.0,
    ) -> None:
        results = []
        for value, config in configs:
            model.config = config
            rate = _rate(recognizer, listened, errors)
            report(f"{name} {value:+.2f}: {100 * rate:.2f} %")
            results.append((rate, config))
        enough = min(rate for rate, _ in results) + tolerance
        model.config = [config for rate, config in results if rate <= enough][-1]

    def search(name: str, setting: str, values: Sequence[float], errors: _Errors) -> None:
        best(name, [(v, _with_search(model.config, setting, v)) for v in values], errors)

    search("blank bias", "blank_bias", BLANK_BIASES, _orc)
    if recognizer.words is not None:
        search("language model", "lm_scale", LM_SCALES, _orc)
        search("word bonus", "word_bonus", WORD_BONUSES, _orc)
    search("turn bias", "turn_bias", TURN_BIASES, _cp)
    best("resume", [(r, _with_resume(model.config, r)) for r in RESUME], _turns)
    best("same speaker", [(s, _with_same(model.config, s)) for s in SAME_SPEAKER], _cp, 0.005)
    return model.config


_Errors = Callable[[SessionScore], tuple[int, int]]


def _orc(score: SessionScore) -> tuple[int, int]:
    return score.orc.errors, score.orc.length


def _cp(score: SessionScore) -> tuple[int, int]:
    return score.cp.errors, score.cp.length


def _turns(score: SessionScore) -> tuple[int, int]:
    turns = score.turns
    everything = turns.reference + turns.hypothesis
    return everything - 2 * turns.matched, everything


def _with_resume(config: ModelConfig, similarity: float) -> ModelConfig:
    attribution = dataclasses.replace(config.attribution, resume=similarity)
    return dataclasses.replace(config, attribution=attribution)


def _with_search(config: ModelConfig, setting: str, value: float) -> ModelConfig:
    changed: dict[str, Any] = {setting: value}
    return dataclasses.replace(config, search=dataclasses.replace(config.search, **changed))


def _with_same(config: ModelConfig, similarity: float) -> ModelConfig:
    attribution = dataclasses.replace(config.attribution, same_speaker=similarity)
    return dataclasses.replace(config, attribution=attribution)


@torch.inference_mode()
def _listen(recognizer: Recognizer, session: BenchSession) -> _Listened:
    samples, _ = soundfile.read(session.audio, dtype="float32")
    heard = recognizer.model(torch.from_numpy(samples)[None].to(recognizer.device))
    return _Listened(session, len(samples), heard)


def _rate(recognizer: Recognizer, listened: Iterable[_Listened], errors: _Errors) -> float:
    counts = np.zeros(2)
    for item in listened:
        session = recognizer.session()
        session.replay(item.heard, item.samples)
        reference = reference_turns(item.session.reference)
        score = score_session(reference, session.events(), item.session.duration_s)
        counts += errors(score)
    return float(counts[0] / max(1.0, counts[1]))
