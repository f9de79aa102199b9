"""Recognise a meeting while it happens. Start reading here.

A :class:`Recognizer` holds the weights and is shared; a :class:`Session` is one meeting on one
source::

    recognizer = Recognizer.load(Path("default.safetensors"))
    session = recognizer.session()
    for samples in microphone:  # mono, 16 kHz
        session.accept(samples)
        for event in session.events():
            print(event)
    session.finish()
    print(session.events())
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine import checkpoint
from engine.checkpoint import Checkpoint
from engine.config import SearchConfig
from engine.encoders.spending import Spending, biased, spending
from engine.errors import AudioError, DeviceError
from engine.events import TurnEvent
from engine.lexicon_search import LexiconSearch
from engine.model import Heard
from engine.model_card import ModelCard
from engine.readable.readable import Readable
from engine.readable.turns import ReadableTurns
from engine.search import Found, Search, make_search
from engine.segmenter import Segmenter
from engine.speakers.attribution import SpeakerAttribution
from engine.speakers.known import KnownVoice
from engine.speakers.voices import VoiceReader
from engine.thrift import Thrift, bias_of
from engine.timeline import SAMPLE_RATE
from engine.tokens import OutputTokens


class Recognizer:
    """The weights of a model on a device. Sessions only read it, from any thread."""

    def __init__(self, loaded: Checkpoint, device: str, readable: Readable | None = None) -> None:
        self.device = device
        self.readable = readable
        self.card: ModelCard = loaded.card
        self.tokens = loaded.tokens
        self.words = loaded.words
        self.model = loaded.model.to(device).eval().requires_grad_(False)

    @classmethod
    def load(cls, path: Path, device: str = "auto", readable: Readable | None = None) -> Recognizer:
        """Read a model file onto a device: ``auto``, ``cpu``, ``cuda`` or ``mps``.

        Words get a readable form too where the stage for it is given.

        Raises:
            ModelError: when the file cannot be used.
            DeviceError: when the device is not there.
        """
        return cls(checkpoint.load(path), choose_device(device), readable)

    def session(
        self,
        search: SearchConfig | None = None,
        people: SpeakerAttribution | None = None,
        thrift: Thrift = "balanced",
    ) -> Session:
        """A new meeting, or one source of it.

        Args:
            search: replaces the model's own search settings.
            people: of :meth:`people`, shared by the sources of a meeting; none: of its own.
            thrift: how much to compute, where the model can leave something out.
        """
        return Session(self, search or self.model.config.search, people or self.people(), thrift)

    def people(self, known: Sequence[KnownVoice] | None = None) -> SpeakerAttribution:
        """The people of a new meeting, for its sessions, which may run in several threads.

        Args:
            known: voices enrolled earlier; those of another model are left out. With None, the
                voices of the meeting are compared with nobody's and do not leave the engine.
        """
        config = self.model.config.attribution
        return SpeakerAttribution(config, known, self.voice_space if known is not None else "")

    @cached_property
    def voice_space(self) -> str:
        """Whose voice vectors can be compared: the model's name, and a digest of its weights."""
        digest = sha256()
        for name, weights in sorted(self.model.state_dict().items()):
            digest.update(name.encode())
            digest.update(weights.detach().cpu().contiguous().numpy().tobytes())
        return f"{self.card.name}:{digest.hexdigest()[:16]}"

    @property
    def said(self) -> OutputTokens:
        """What the search finds: words of the lexicon, or tokens where there is none."""
        return self.words.tokens if self.words else self.tokens

    def search(self, config: SearchConfig) -> Search:
        """The search for one meeting."""
        model, words = self.model, self.words
        if words is None:
            return make_search(model.transducer, model.channels, config)
        return LexiconSearch(model.transducer, model.channels, config, words)

    @torch.inference_mode()
    def transcribe(self, samples: NDArray[np.float32]) -> list[TurnEvent]:
        """All events of some audio, as a session emits them, but with the encoders run at once.

        Equal to a session up to rounding and several times faster; memory grows with the audio.
        """
        _check(samples)
        session = self.session()
        x = _tensor(samples, self.device)
        session.replay(self.model(x), len(samples))
        return session.events()


def _check(samples: NDArray[np.float32]) -> None:
    if samples.ndim != 1:
        raise AudioError(f"One channel at {SAMPLE_RATE} Hz is needed, not shape {samples.shape}.")


def _tensor(samples: NDArray[np.float32], device: str) -> Tensor:
    """Samples as a batch of one, (1, samples); what is not a number is silence."""
    clean = np.nan_to_num(samples.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    return torch.from_numpy(clean)[None].to(device)


def choose_device(name: str) -> str:
    """The torch device for a user's choice; ``auto`` takes a GPU where there is one.

    Raises:
        DeviceError: when the chosen one is not there.
    """
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return next(kind for kind, there in available.items() if there)
    if not available.get(name, False):
        raise DeviceError(
            "There is no {name} device on this computer: choose auto or cpu.", name=name
        )
    return name


def use_one_thread() -> None:
    """Let torch compute in the calling thread alone, which is enough for a meeting on a CPU.

    Its frames are too small to share out: more threads gain little, and on a busy computer they
    mostly wait for each other. Torch keeps this setting for each thread, so the thread that runs
    the session has to call it.
    """
    torch.set_num_threads(1)


class Session:
    """One meeting on one source.

    Audio is worked on in blocks of one chunk of the model, so the result is the same to the bit
    however the audio is cut when it comes in. Memory does not grow with the meeting.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        search: SearchConfig,
        people: SpeakerAttribution,
        thrift: Thrift = "balanced",
    ) -> None:
        model = recognizer.model
        self._model = model
        self._device = recognizer.device
        config = model.config
        chunk = max(1, config.separator.mixture.chunk)
        self.block = chunk * config.frontend.frame
        self._state = biased(model.initial_state(1), bias_of(thrift))
        self._search = recognizer.search(search)
        self._voices = VoiceReader(
            model.voice,
            model.channels,
            config.frontend.frame,
            config.segmenter.activity_threshold,
        )
        self._segmenter = Segmenter(config, recognizer.said, self._voices, people)
        self._readable = ReadableTurns(recognizer.readable) if recognizer.readable else None
        self._pending: list[NDArray[np.float32]] = []
        self._pending_length = 0
        self._worked = 0
        self._frames = 0
        self._finished = False
        self._events: list[TurnEvent] = []

    @property
    def consumed(self) -> int:
        """Samples accepted so far."""
        return self._worked + self._pending_length

    @property
    def spending(self) -> Spending:
        """What the encoders computed so far of what they could; nothing where all are dense."""
        return spending(self._state)

    def accept(self, samples: NDArray[np.float32]) -> None:
        """Go on with some audio: mono, 16 kHz, in [-1, 1], any number of samples.

        Raises:
            AudioError: for another shape, or after :meth:`finish`.
        """
        _check(samples)
        if self._finished:
            raise AudioError("The meeting is finished: start a new session.")
        for begin in range(0, len(samples), self.block):
            piece = samples[begin : begin + self.block].astype(np.float32)
            self._pending.append(piece)
            self._pending_length += len(piece)
            if self._pending_length >= self.block:
                self._work(self._take(self.block))

    def events(self) -> list[TurnEvent]:
        """What happened since the last call."""
        events, self._events = self._events, []
        return self._readable.follow(events) if self._readable else events

    @torch.inference_mode()
    def finish(self) -> None:
        """The meeting is over: work on what is left and end what is open."""
        if self._finished:
            return
        self._work(self._take(self._pending_length))
        self._end(self._model.flush(self._state))

    @torch.inference_mode()
    def replay(self, heard: Heard, samples: int) -> None:
        """Go to the end through what was heard in ``samples`` samples, at a live meeting's pace."""
        begin = 0
        while self._worked < samples:
            self._worked = min(self._worked + self.block, samples)
            end = self._model.frames_after(self._worked)
            self._understand(heard.part(begin, end))
            begin = end
        self._end(heard.part(begin, heard.frames))

    def _end(self, tail: Heard) -> None:
        self._finished = True
        self._understand(tail)
        self._events += self._segmenter.finish(self._search.finish(), self._worked)

    def _take(self, count: int) -> NDArray[np.float32]:
        joined = np.concatenate(self._pending) if self._pending else np.zeros(0, np.float32)
        self._pending = [joined[count:]] if len(joined) > count else []
        self._pending_length = len(joined) - count
        return joined[:count]

    @torch.inference_mode()
    def _work(self, samples: NDArray[np.float32]) -> None:
        heard, self._state = self._model.step(_tensor(samples, self._device), self._state)
        self._worked += len(samples)
        self._understand(heard)

    def _understand(self, heard: Heard) -> None:
        if not heard.frames:
            return
        self._voices.load(heard.voice[0].cpu(), self._frames)
        self._frames += heard.frames
        found: list[Found] = self._search.accept(heard.encoded[0])
        activity = heard.activity[0].sigmoid().cpu().numpy()
        self._events += self._segmenter.accept(found, activity, self._worked)
