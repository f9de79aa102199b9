"""The laboratory's commands for readable text: train the stage, and score it.

They are part of ``crosstalk-lab``; :func:`register` puts them there.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import torch
import typer

from engine.errors import EngineError
from engine.evaluation import readable as scoring
from engine.evaluation.readable_live import speak
from engine.lab_options import DATA, DataOption, console
from engine.readable import file
from engine.readable.model import ReadableConfig
from engine.readable.readable import ReadableCard
from engine.training.readable.corpus import held_out_texts, training_texts
from engine.training.readable.texts import Text
from engine.training.readable.trainer import ReadableTraining, train
from engine.training.readable.turns import turn_spans

CARD = ReadableCard(
    description="Casing and punctuation of recognised English words, for people to read.",
    licence="Apache-2.0",
    training_data="Public-domain books; words of the AMI corpus (CC BY 4.0).",
)

SENTENCES = 3
"""Of the books in a turn, when they are scored."""

Split = StrEnum("Split", {"dev": "dev", "test": "test"})

ThreadsOption = Annotated[int, typer.Option(help="Threads of torch on the CPU.", min=1)]


def register(app: typer.Typer) -> None:
    """Add the commands to the laboratory's."""
    app.command("train-readable")(train_readable)
    app.command("evaluate-readable")(evaluate_readable)


def train_readable(
    output: Annotated[Path, typer.Argument(help="File to write (*.safetensors).")],
    steps: Annotated[int, typer.Option(min=1)] = ReadableTraining.steps,
    batch: Annotated[int, typer.Option(min=1, help="Words a step.")] = ReadableTraining.batch_words,
    learning_rate: Annotated[float, typer.Option(min=1e-6)] = ReadableTraining.learning_rate,
    start: Annotated[Path | None, typer.Option(help="File to take weights from.")] = None,
    seed: int = ReadableTraining.seed,
    created: Annotated[str, typer.Option(help="Date for the card.")] = "",
    threads: ThreadsOption = 1,
    data: DataOption = DATA,
) -> None:
    """Train the stage that restores case and punctuation, on books and meetings."""
    torch.set_num_threads(threads)
    if not output.absolute().parent.is_dir():
        raise EngineError(f"There is no folder {output.parent}: create it first.")
    first = file.load(start) if start else None
    config = first.model.config if first else ReadableConfig()
    training = ReadableTraining(steps, batch, learning_rate, seed=seed, config=config)
    card = ReadableCard(**{**vars(CARD), "created": created})
    readable = train(training_texts(data), training, card, console.print, first)
    file.save(readable, output)
    console.print(
        f"{output}: {output.stat().st_size / 1e6:.1f} MB, {len(readable.mixed)} mixed words"
    )


def evaluate_readable(
    model: Annotated[Path, typer.Argument(help="File that train-readable wrote.")],
    split: Annotated[Split, typer.Option(help="dev to choose by, test for final figures.")] = (
        Split.dev
    ),
    threads: ThreadsOption = 1,
    data: DataOption = DATA,
) -> None:
    """Score case and marks on held-out books and meetings, beside a trivial baseline."""
    torch.set_num_threads(threads)
    readable = file.load(model)
    corpus = held_out_texts(data, split.value)
    for name, units, stops in (
        (f"books, {SENTENCES} sentences a turn", corpus.books, SENTENCES),
        ("meetings", corpus.meetings, 1),
    ):
        report = scoring.evaluate(readable, units, stops)
        print(f"\n{name}, {split.value}\n\n{report.to_markdown()}", end="")
    live = speak(readable, _turns(corpus.meetings[0]))
    print(
        f"\nword by word: {live.word_ms:.2f} ms of the processor a word, "
        f"{100 * live.revised:.1f} % of the words are revised after they were first shown"
    )


def _turns(texts: Sequence[Text]) -> list[Sequence[str]]:
    """The turns of a meeting."""
    return [text.words[slice(*span)] for text in texts for span in turn_spans(text)]
