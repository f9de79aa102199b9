"""Systems that make voice vectors of utterances: models, trained heads, and what others offer."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.corpus import Corpus, Utterance
from engine.errors import EngineError
from engine.recognizer import Recognizer
from engine.speakers.embedding import VoiceEncoder
from engine.training.voice_frames import voice_frames
from engine.training.voice_run import VoiceRun, read_voice_run

RESEMBLYZER = "resemblyzer"
"""Name of the public encoder of that name, Apache-2.0; its package brings its weights."""

Vector = NDArray[np.float32]
Report = Callable[[str], None]


@dataclass(frozen=True)
class VoiceSystem:
    """A system to be tried.

    Attributes:
        name: for people.
        settings: all that makes it what it is, but its seed.
        vectors: unit-length vectors (size,) of utterances, by id.
    """

    name: str
    settings: str
    vectors: Callable[[Sequence[Utterance]], dict[str, Vector]]


def voice_system(what: str, corpus: Corpus, cache: Path, report: Report) -> VoiceSystem:
    """A model file, the folder of a run of voice training, or ``resemblyzer``.

    Raises:
        EngineError: when it is none of them, or Resemblyzer is not installed.
    """
    if what == RESEMBLYZER:
        return VoiceSystem("Resemblyzer", what, _resemblyzer(corpus, cache))
    path = Path(what)
    if path.is_file():
        recognizer = Recognizer.load(path, "cpu")
        head = recognizer.model.voice
        name = f"{recognizer.card.name} as it is"
        return VoiceSystem(
            name, recognizer.voice_space, _head(recognizer, head, corpus, cache, report)
        )
    run = read_voice_run(path)
    if run is None:
        raise EngineError(
            f"{what} is no system: give a model file, the folder of a run of `crosstalk-lab "
            f"train-voices`, or {RESEMBLYZER}."
        )
    recognizer, head = base_of(run), head_of(run)
    name = f"{run.about['form']}, {run.step} steps on {recognizer.card.name}"
    settings = json.dumps({k: v for k, v in run.about.items() if k not in ("seed", "model")})
    return VoiceSystem(name, settings, _head(recognizer, head, corpus, cache, report))


def base_of(run: VoiceRun) -> Recognizer:
    """The model whose head a run trains.

    Raises:
        EngineError: when it is not there any more, or another one.
    """
    path = Path(run.about["model"])
    recognizer = Recognizer.load(path, "cpu")
    if recognizer.voice_space != run.about["space"]:
        raise EngineError(
            f"{path} is not the model that the run began with ({run.about['space']}): put that one "
            "back, or train again."
        )
    return recognizer


def head_of(run: VoiceRun) -> VoiceEncoder:
    """The head that a run has trained, its averaged weights."""
    stream_size, input_size = run.about["sizes"]
    head = VoiceEncoder(stream_size, input_size, run.voice)
    head.load_state_dict(run.averaged)
    return head.eval().requires_grad_(False)


def _head(
    recognizer: Recognizer, head: VoiceEncoder, corpus: Corpus, cache: Path, report: Report
) -> Callable[[Sequence[Utterance]], dict[str, Vector]]:
    """As in a meeting: pooled over the frames in which the channel surely speaks."""
    threshold = recognizer.model.config.segmenter.activity_threshold

    @torch.no_grad()
    def vectors(utterances: Sequence[Utterance]) -> dict[str, Vector]:
        model, space = recognizer.model, recognizer.voice_space
        kept = voice_frames(model, space, corpus, utterances, cache, report)
        found = {}
        for utterance in utterances:
            x, activity = kept.of(utterance.id)
            weights = torch.where(activity >= threshold, activity, 0.0)
            sums = head.pool(head.features(x)[None], weights[None, None])
            found[utterance.id] = head.vector(sums)[0, 0].numpy()
        return found

    return vectors


def _resemblyzer(corpus: Corpus, cache: Path) -> Callable[[Sequence[Utterance]], dict[str, Vector]]:
    """Kept on disk: hearing a split takes it minutes."""

    def vectors(utterances: Sequence[Utterance]) -> dict[str, Vector]:
        names = "\n".join(f"{u.id} {u.length}" for u in utterances)
        path = cache / f"resemblyzer-{sha256(names.encode()).hexdigest()[:16]}.npz"
        if not path.is_file():
            made = _resemble(corpus, utterances)
            path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(path, vectors=np.stack(made))
        with np.load(path) as kept:
            return {u.id: v for u, v in zip(utterances, kept["vectors"], strict=True)}

    return vectors


def _resemble(corpus: Corpus, utterances: Sequence[Utterance]) -> list[Vector]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of its own imports
            from resemblyzer import VoiceEncoder as PublicEncoder
            from resemblyzer import preprocess_wav
    except ImportError as error:
        raise EngineError(
            f"Resemblyzer cannot be imported ({error}): `pip install resemblyzer` first."
        ) from error
    encoder = PublicEncoder("cpu", verbose=False)
    made = []
    for utterance in utterances:
        samples = corpus.audio(utterance)
        speech = preprocess_wav(samples)  # leaves nothing of a very quiet utterance
        made.append(encoder.embed_utterance(speech if len(speech) else samples))
    return made
