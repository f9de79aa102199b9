"""A corpus of read text: synthetic speakers, word and phone times, made once and kept."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from multiprocessing.pool import AsyncResult

import numpy as np
import soxr

from engine.data.corpus import Aligned
from engine.data.corpus_folder import CorpusFolder, Entry, Made
from engine.data.speech_text import Line
from engine.data.spoken_times import fitted, phones
from engine.data.synthetic_speakers import BaseVoice, SyntheticSpeaker, random_of
from engine.data.text_choice import Chooser
from engine.data.voice_conversion import convert
from engine.timeline import SAMPLE_RATE, to_samples

LICENCE = "speech of flite, festival and espeak-ng; text: public domain (books), CC BY 4.0 (AMI)"
EDGE_S = 0.15
"""Kept before the first word and after the last."""

_PUBLISH_EVERY = 500
"""Utterances after which the folder can be used as far as it is."""

_FORMAT = 1
"""Goes up with every change of what the same text sounds like, so that nothing old is kept."""

Progress = Callable[[float, int], None]
"""Told the hours of speech so far and how many texts were left out."""


@dataclass(frozen=True)
class Task:
    """A text and who reads it."""

    speaker: SyntheticSpeaker
    line: Line

    @property
    def id(self) -> str:
        """The same for the same text, voice and conversion."""
        said = [_FORMAT, self.speaker.id, astuple(self.speaker.conversion), self.line.text]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Plan:
    """Who reads what, without end as far as the texts reach.

    Attributes:
        sources: lines by where they come from; each source is drawn from as often as any other.
        voices: drawn from by their shares.
        versions: speakers made from each voice of share 1; others in proportion, two at least.
    """

    sources: Mapping[str, Sequence[Line]]
    voices: Sequence[BaseVoice]
    versions: int
    seed: int
    lexicon: Mapping[str, Sequence[str]] | None = None

    def __iter__(self) -> Iterator[Task]:
        random = random_of("plan", self.seed)
        choosers = [iter(Chooser(lines, random, self.lexicon)) for lines in self.sources.values()]
        shares = np.array([voice.share for voice in self.voices])
        while choosers:
            voice = self.voices[int(random.choice(len(shares), p=shares / shares.sum()))]
            version = int(random.integers(max(2, round(self.versions * voice.share))))
            chosen = int(random.integers(len(choosers)))
            line = next(choosers[chosen], None)
            if line is None:
                del choosers[chosen]
            else:
                yield Task(SyntheticSpeaker(voice, version), line)


def read_aloud(task: Task) -> Made | None:
    """A text read by a synthetic speaker; None when the voice says other words than are written."""
    speaker, line = task.speaker, task.line
    raw = speaker.voice.speak(line.text)
    words = fitted(raw.words, line.words)
    if words is None or any(word.start >= word.end for word in words):
        return None
    scale = SAMPLE_RATE / raw.rate
    plain = soxr.resample(raw.samples.astype(np.float32) / 32768.0, raw.rate, SAMPLE_RATE)
    made = convert(plain, speaker.conversion, random_of(task.id))

    def moved(items: Sequence[Aligned]) -> list[Aligned]:
        at = [(i.text, made.moment(i.start * scale), made.moment(i.end * scale)) for i in items]
        return [Aligned(*item) for item in at]

    spoken = moved(words)
    begin = max(0, spoken[0].start - to_samples(EDGE_S))
    end = min(len(made.samples), spoken[-1].end + to_samples(EDGE_S))
    cut = partial(_cut, begin=begin)
    said = phones(moved(raw.segments), speaker.voice.phones)
    details = {"voice": speaker.voice.id, "conversion": speaker.id, "reading": line.text}
    samples = made.samples[begin:end]
    return Made(task.id, speaker.id, samples, cut(spoken), cut(said), details)


def _cut(items: Sequence[Aligned], begin: int) -> tuple[Aligned, ...]:
    return tuple(Aligned(i.text, i.start - begin, i.end - begin) for i in items)


def speak(plan: Plan, folder: CorpusFolder, hours: float, workers: int, tell: Progress) -> int:
    """Fill a folder with so many hours; what it has already is not made again.

    The texts and speakers are the same for the same plan, however many processes work on it.

    Returns:
        How many utterances its manifest lists.
    """
    return fill(folder, _entries(plan, folder, workers), hours, tell)


def fill(folder: CorpusFolder, found: Iterable[Entry | None], hours: float, tell: Progress) -> int:
    """List so many hours of a folder's utterances in its manifest; returns how many those are."""
    entries: dict[str, Entry] = {}
    seconds, left_out = 0.0, 0
    for entry in found:
        if entry is None:
            left_out += 1
        elif entry["manifest"]["id"] not in entries:
            entries[entry["manifest"]["id"]] = entry
            seconds += entry["manifest"]["duration_s"]
        if len(entries) % _PUBLISH_EVERY == 0:
            folder.publish(entries.values())
        tell(seconds / 3600.0, left_out)
        if seconds >= hours * 3600.0:
            break
    folder.publish(entries.values())
    return len(entries)


def _entries(plan: Plan, folder: CorpusFolder, workers: int) -> Iterator[Entry | None]:
    """In the order of the plan; None where the voice says other words than are written."""
    for task, made in _made(plan, folder, workers):
        if task.id in folder.entries:
            yield folder.entries[task.id]
        else:
            yield folder.add(made) if made else None


def _made(plan: Plan, folder: CorpusFolder, workers: int) -> Iterator[tuple[Task, Made | None]]:
    """Each task, and its utterance unless the folder has that."""
    known = frozenset(folder.entries)
    if workers == 1:
        for task in plan:
            yield task, None if task.id in known else read_aloud(task)
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        waiting: deque[tuple[Task, AsyncResult[Made | None] | None]] = deque()
        for task in plan:
            new = task.id not in known
            waiting.append((task, pool.apply_async(read_aloud, (task,)) if new else None))
            if len(waiting) > 4 * workers:
                yield _waited(*waiting.popleft())
        while waiting:
            yield _waited(*waiting.popleft())


def _waited(task: Task, result: AsyncResult[Made | None] | None) -> tuple[Task, Made | None]:
    return task, None if result is None else result.get()
