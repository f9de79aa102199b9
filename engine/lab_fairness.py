"""The laboratory's commands around fairness: who is understood worse, and who they are.

They are part of ``crosstalk-lab``; :func:`register` puts them there.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from engine import checkpoint
from engine.data.corpus import Corpus, Utterance, load_corpus
from engine.errors import EngineError
from engine.evaluation.evaluation import circumstances
from engine.evaluation.groups import grouped
from engine.evaluation.progress import TimeLeft
from engine.evaluation.systems import System, open_systems
from engine.evaluation.transcripts import Transcriber
from engine.evaluation.utterances import by_speaker, score_utterances
from engine.fairness import record, tables
from engine.fairness.material import Material, material
from engine.fairness.people import read_people
from engine.fairness.study import Settings, Study, study
from engine.fairness.voices import voice_vectors
from engine.lab_options import CACHE, DATA, CacheOption, console
from engine.recognizer import Recognizer
from engine.timeline import to_seconds

KEPT = Path(".lab/evaluation")
SHIPPED = Path(__file__).parents[1] / "resources" / "models"
MANIFEST = DATA / "manifest.jsonl"

ModelOption = Annotated[
    str, typer.Option(help="Model file, or the name of a shipped one: default, free-speech.")
]
ManifestOption = Annotated[Path, typer.Option(help="The manifest.jsonl of a corpus folder.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the laboratory's."""
    app.command()(fairness)


def fairness(
    model: ModelOption = "default",
    manifest: ManifestOption = MANIFEST,
    split: Annotated[
        list[str] | None, typer.Option(help="dev (default) or test; several are put together.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Page to write, with a .json beside it.")] = Path(
        "report.html"
    ),
    voices: Annotated[
        str | None, typer.Option(help="Model whose voice vectors to take, if not its own.")
    ] = None,
    cohorts: Annotated[int, typer.Option(min=2, help="Cohorts at most.")] = 8,
    regions: Annotated[int, typer.Option(min=2, help="Regions at most.")] = 12,
    fewest_speakers: Annotated[int, typer.Option(min=1, help="Of a cohort or region.")] = 5,
    fewest_words: Annotated[int, typer.Option(min=1, help="Of a region.")] = 100,
    limit: Annotated[int | None, typer.Option(min=1, help="Utterances a corpus.")] = None,
    card: Annotated[
        bool, typer.Option("--card", help="Write the main figures into the model file's card.")
    ] = False,
    device: str = "auto",
    threads: Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)] = 1,
    cache: CacheOption = CACHE,
) -> None:
    """Report who is understood worse: cohorts by voice, known attributes, regions on a map."""
    torch.set_num_threads(threads)
    splits = tuple(dict.fromkeys(split or ["dev"]))
    people = read_people(manifest)
    name = shipped(model)
    (system,) = open_systems([name], device)
    corpus = corpus_of(manifest, cache)
    given = material(corpus, splits, vocabulary_of(name), limit)
    scores = by_speaker(scores_of(system, given))
    ears = Recognizer.load(Path(shipped(voices or model)), device)
    said = speech_of(corpus, [score.speaker for score in scores], splits)
    settings = Settings(cohorts, regions, fewest_speakers, fewest_words)
    facts = facts_of(system, ears, manifest, splits, given, settings)
    found = study(scores, people, voice_vectors(ears, corpus, said), settings, facts)
    write(found, output)
    if card:
        write_card(Path(name), found)


def shipped(name: str) -> str:
    """The path of a shipped model by its name; anything else as it is."""
    path = SHIPPED / f"{name}.safetensors"
    return str(path) if path.is_file() and not Path(name).is_file() else name


def corpus_of(manifest: Path, cache: Path) -> Corpus:
    """The corpus of a manifest; only the usual one shares the cache with training."""
    if manifest.name != "manifest.jsonl":
        raise EngineError(f"{manifest} must be called manifest.jsonl and lie in its corpus folder.")
    folder = manifest.parent.resolve()
    if folder != DATA.resolve():
        cache = cache / f"corpus-{hashlib.sha256(str(folder).encode()).hexdigest()[:10]}"
    return load_corpus(folder, cache, timed=(folder / "alignments.jsonl.gz").is_file())


def speech_of(
    corpus: Corpus, speakers: Sequence[str], splits: Sequence[str]
) -> dict[str, list[Utterance]]:
    """All utterances of these speakers in some splits."""
    spoken = (u for split in splits for u in corpus.of_split(split))
    groups = grouped(spoken, lambda utterance: utterance.speaker)
    return {speaker: groups[speaker] for speaker in speakers}


def vocabulary_of(name: str) -> tuple[str, ...]:
    """The words of a model that knows few."""
    path = Path(name)
    return tuple(checkpoint.read_card(path).vocabulary.split()) if path.is_file() else ()


def scores_of(system: System, given: Material) -> Any:
    """What a system made of each utterance."""
    hear = Transcriber(system, KEPT)
    total_s = sum(to_seconds(u.length) for u in given.utterances)
    progress = TimeLeft(console.print, system.name, total_s)
    return score_utterances(hear, given.corpus, given.utterances, progress)


def facts_of(
    system: System,
    ears: Recognizer,
    manifest: Path,
    splits: Sequence[str],
    given: Material,
    settings: Settings,
) -> dict[str, Any]:
    """What was heard, how and with what, for the record."""
    return {
        "model": system.name,
        "manifest": str(manifest),
        "splits": list(splits),
        "what": given.what,
        "utterances": len(given.utterances),
        "voices": ears.voice_space,
        "settings": dataclasses.asdict(settings),
        "system": system.describe(),
        **circumstances(),
    }


def write(found: Study, output: Path) -> None:
    """The page and the record beside it, and the findings on the console."""
    from engine.fairness.page import sentences, to_html  # matplotlib takes its time

    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(to_html(found))
    output.with_suffix(".json").write_text(record.to_json(found))
    console.print(tables.gaps(found).to_table())
    for sentence in sentences(found):
        console.print(sentence)
    console.print(f"{output}")


def write_card(path: Path, found: Study) -> None:
    """Put the main figures into a model file's card; nothing else of it changes."""
    card = checkpoint.read_card(path)
    new = dataclasses.replace(card, figures=card.figures | record.headline(found))
    metadata, weights = checkpoint.FILE.read(path)
    checkpoint.FILE.write(path, weights, metadata | {"card": json.dumps(vars(new))})
