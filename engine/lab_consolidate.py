"""The laboratory's commands around doing better by those understood worst.

They are part of ``crosstalk-lab``; :func:`register` puts them there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Annotated

import torch
import typer

from engine import checkpoint
from engine.data.targets import Batch
from engine.errors import EngineError
from engine.fairness import record
from engine.fairness.comparison import compare
from engine.fairness.membership import centres_of, of_attribute, of_cohorts, of_regions
from engine.fairness.people import read_people
from engine.fairness.voices import voice_vectors
from engine.lab_fairness import MANIFEST, ManifestOption, corpus_of, shipped, speech_of
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.lab_training import StageName
from engine.model import with_cohorts
from engine.recognizer import Recognizer
from engine.training.batches import BatchMaker
from engine.training.worlds import UnitKind, World


def register(app: typer.Typer) -> None:
    """Add the commands to the laboratory's."""
    for command in (consolidate, fairness_people, fairness_embed, fairness_compare):
        app.command()(command)


def consolidate(
    source: Annotated[Path, typer.Argument(help="Run folder or model file to be fine-tuned.")],
    output: Annotated[Path, typer.Argument(help="File to write: fisher.safetensors.")],
    stage: Annotated[StageName, typer.Option(help="Whose scenes to look at.")] = StageName["words"],
    world: Annotated[World, typer.Option(help="Forty words, or free speech.")] = World.FREE,
    units: Annotated[UnitKind | None, typer.Option(help="As the model was trained with.")] = None,
    examples: Annotated[int, typer.Option(min=1, help="Scenes of the training data.")] = 300,
    seed: int = 11,
    threads: Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)] = 1,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Find out which weights a model's words depend on, for ``train --consolidate``."""
    from engine.fairness.fisher import fisher_information, read_model
    from engine.training import recipes

    torch.set_num_threads(threads)
    model = read_model(source)
    recipe = recipes.Recipe(
        stage.value,
        channels=model.channels,
        world=world,
        units=units,
        batch=1,
        seed=seed,
        model=model.config,
    )
    material = recipes.Material.load(recipe, data, cache)
    if material.units.tokens.size != model.vocabulary:
        raise EngineError(f"{source} has other tokens than --world {world}: give its own.")
    maker = recipes.batch_maker(recipe, material)
    found = fisher_information(model, _batches(maker), examples, console.print)
    found.save(output)
    console.print(f"{output}: {found.examples} examples")


def _batches(maker: BatchMaker) -> Iterator[Batch]:
    return (maker.batch(step) for step in count())


def fairness_people(
    output: Annotated[Path, typer.Argument(help="File to write, one speaker a line.")],
    of: Annotated[
        str, typer.Option(help="cohorts, regions, or attribute=value: first_language=Mandarin.")
    ] = "cohorts",
    report: Annotated[Path | None, typer.Option(help="The .json of `fairness`.")] = None,
    worst: Annotated[int, typer.Option(min=1, help="So many of the worst.")] = 1,
    model: Annotated[
        str, typer.Option(help="Whose voices the cohorts of the report are.")
    ] = "default",
    manifest: ManifestOption = MANIFEST,
    split: Annotated[str, typer.Option(help="Whose speakers.")] = "train",
    cache: CacheOption = CACHE,
) -> None:
    """List the speakers who belong to those understood worst, for ``train``."""
    torch.set_num_threads(1)
    everybody = read_people(manifest)
    corpus = corpus_of(manifest, cache)
    here = {u.speaker for u in corpus.of_split(split) if u.text}
    people = {s: p for s, p in everybody.items() if s in here}
    if not people:
        raise EngineError(f"The split {split!r} has no speakers with text: give another --split.")
    if "=" in of:
        found = of_attribute(people, of)
    elif report is None or of not in ("cohorts", "regions"):
        raise EngineError("Give --of cohorts or --of regions with --report, or attribute=value.")
    elif of == "regions":
        found = of_regions(people, record.read(report), worst)
    else:
        ears = Recognizer.load(Path(shipped(model)), "cpu")
        vectors = voice_vectors(ears, corpus, speech_of(corpus, sorted(people), (split,)))
        found = of_cohorts(vectors, ears.voice_space, record.read(report), worst)
    output.write_text("".join(f"{speaker}\n" for speaker in sorted(found)))
    console.print(f"{output}: {len(found)} of {len(people)} speakers")


def fairness_embed(
    model: Annotated[str, typer.Argument(help="Model file, or name of a shipped one.")],
    output: Annotated[Path, typer.Argument(help="Model file to write.")],
    report: Annotated[Path, typer.Option(help="The .json of `fairness` by its own voices.")],
) -> None:
    """Give a model an embedding of each cohort of a report, all zero, for ``train --cohorts``."""
    source = Path(shipped(model))
    loaded, space = checkpoint.load(source), Recognizer.load(source, "cpu").voice_space
    centres = torch.from_numpy(centres_of(space, record.read(report)))
    made = with_cohorts(loaded.model, centres)
    checkpoint.save(dataclasses.replace(loaded, model=made), output)
    console.print(f"{output}: {len(centres)} cohorts")


def fairness_compare(
    before: Annotated[Path, typer.Argument(help="The .json of `fairness` to compare with.")],
    others: Annotated[list[Path], typer.Argument(help="Those of other models.")],
    markdown: Annotated[bool, typer.Option(help="Print a table for a document.")] = False,
) -> None:
    """Compare models on the groups of the first report, with paired intervals."""
    table = compare(record.read(before), {path.stem: record.read(path) for path in others})
    if markdown:
        print(table.to_markdown())
    else:
        console.print(table.to_table())
