"""The laboratory's command that checks the study of fairness on speech that was altered on purpose.

It is part of ``crosstalk-lab``; :func:`register` puts it there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from engine.evaluation.grid import Grid
from engine.evaluation.groups import grouped
from engine.evaluation.systems import open_systems
from engine.evaluation.utterances import by_speaker
from engine.fairness.material import Material, material
from engine.fairness.people import read_people
from engine.fairness.planting import Planted, Recovery, altered, plant, recovery
from engine.fairness.study import Settings, Study, study
from engine.fairness.tables import text
from engine.fairness.tally import members
from engine.fairness.voices import voice_vectors
from engine.lab_fairness import (
    MANIFEST,
    ManifestOption,
    ModelOption,
    corpus_of,
    facts_of,
    scores_of,
    shipped,
    vocabulary_of,
    write,
)
from engine.lab_options import CACHE, CacheOption, console
from engine.recognizer import Recognizer


def register(app: typer.Typer) -> None:
    """Add the command to the laboratory's."""
    app.command()(fairness_planted)


def fairness_planted(
    model: ModelOption = "free-speech",
    manifest: ManifestOption = MANIFEST,
    split: Annotated[list[str] | None, typer.Option(help="dev (default) or test.")] = None,
    output: Annotated[
        Path, typer.Option(help="Page of the altered speech to write, with a .json beside it.")
    ] = Path("planted.html"),
    seed: Annotated[list[int] | None, typer.Option(help="Who lives where; one or more.")] = None,
    cohorts: Annotated[int, typer.Option(min=2, help="Cohorts at most.")] = 8,
    regions: Annotated[int, typer.Option(min=2, help="Regions at most.")] = 8,
    fewest_speakers: Annotated[int, typer.Option(min=1, help="Of a cohort or region.")] = 5,
    fewest_words: Annotated[int, typer.Option(min=1, help="Of a region.")] = 100,
    limit: Annotated[int | None, typer.Option(min=1, help="Utterances a corpus.")] = None,
    device: str = "auto",
    threads: Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)] = 1,
    cache: CacheOption = CACHE,
) -> None:
    """Alter the speech of two countries of a made-up world: does the report find them?"""
    torch.set_num_threads(threads)
    splits = tuple(dict.fromkeys(split or ["dev"]))
    people, name = read_people(manifest), shipped(model)
    (system,) = open_systems([name], device)
    ears = Recognizer.load(Path(name), device)
    settings = Settings(cohorts, regions, fewest_speakers, fewest_words)
    given = material(corpus_of(manifest, cache), splits, vocabulary_of(name), limit)
    seeds = seed or [1]
    for number in seeds:
        planted = plant(sorted({u.speaker for u in given.utterances}), number)
        found = []
        for heard in (given, altered(given, planted)):
            facts = facts_of(system, ears, manifest, splits, heard, settings)
            facts["planted"] = {"seed": number, "labels": planted.labels}
            scores = by_speaker(scores_of(system, heard))
            here = planted.people(people)
            found.append(study(scores, here, _voices(ears, heard), settings, facts))
        write(found[1], _page(output, number) if len(seeds) > 1 else output)
        console.print(_table(found, planted, number).to_table())


def _page(output: Path, seed: int) -> Path:
    return output.with_stem(f"{output.stem}-{seed}")


def _voices(ears: Recognizer, heard: Material) -> Mapping[str, Any]:
    said = grouped(heard.utterances, lambda utterance: utterance.speaker)
    return voice_vectors(ears, heard.corpus, said)


def _table(found: Sequence[Study], planted: Planted, seed: int) -> Grid:
    """What was found before and after the speech was altered."""
    rows = [_errors(label, found, planted) for label in sorted(set(planted.labels.values()))]
    rows += [_row("regions (tree)", [_regions(one, planted) for one in found])]
    rows += [_row("cohorts (k-means)", [_cohorts(one, planted) for one in found])]
    note = (
        "Agreement is the adjusted Rand index: 0 by chance, 1 for the same groups. Found is the "
        "share of the altered speakers in the worst groups, of which as many are taken as hold "
        "about as many people; in brackets what that would be by chance."
    )
    head = ("", "before", "after")
    return Grid(f"Planted in real speech, seed {seed}", head, tuple(rows), note)


def _errors(label: str, found: Sequence[Study], planted: Planted) -> tuple[str, ...]:
    some = [s for s, other in planted.labels.items() if other == label]
    rates = [text(one.tally.wer(members(one.tally, some))) for one in found]
    return (f"WER %, {len(some)} speakers, {label}", *rates)


def _row(name: str, found: Sequence[Recovery | None]) -> tuple[str, ...]:
    return (f"{name}: agreement; found %", *(_cell(one) for one in found))


def _cell(one: Recovery | None) -> str:
    if one is None:
        return "-"
    return f"{one.agreement:.2f}; {text(one.found)} ({text(one.share)})"


def _regions(one: Study, planted: Planted) -> Recovery | None:
    return recovery([g.speakers for g in one.regions.groups], planted) if one.regions else None


def _cohorts(one: Study, planted: Planted) -> Recovery | None:
    groups = one.cohorts.groups if one.cohorts else ()
    return recovery([g.speakers for _, g in groups], planted) if groups else None
