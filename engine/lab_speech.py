"""Commands of the laboratory that make speech to train with: read by synthesisers, spliced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from engine.data import splicing, spoken_corpus, synthetic_speakers
from engine.data.corpus import Corpus, load_corpus
from engine.data.corpus_folder import CorpusFolder
from engine.data.speech_text import Line, read_lines
from engine.data.spoken_corpus import Plan
from engine.data.text_choice import read_lexicon, within
from engine.data.voice_likeness import alike
from engine.data.word_stock import WordStock, stocks
from engine.errors import EngineError
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console

OutArgument = Annotated[Path, typer.Argument(help="Corpus folder to make or to go on with.")]
HoursOption = Annotated[float, typer.Option(help="Hours of speech.", min=0.001)]
TextOption = Annotated[
    list[str], typer.Option(help="books, ami or a text file; more than once to mix.")
]
LexiconOption = Annotated[
    Path | None,
    typer.Option(help="Pronouncing dictionary (CMU format): only texts of its words."),
]


def speak(
    out: OutArgument,
    hours: HoursOption = 1.0,
    text: TextOption = ["books", "ami"],  # noqa: B006 -- typer's way
    voices: Annotated[
        list[str],
        typer.Option(
            help="others (than the sample meeting's), sample, all, flite, festival, espeak, or one "
            "such as festival-ked_diphone; more than once to mix."
        ),
    ] = ["others"],  # noqa: B006
    versions: Annotated[int, typer.Option(help="Speakers made of each voice.", min=1)] = 60,
    seed: int = 7,
    workers: Annotated[int, typer.Option(help="Processes.", min=1)] = 1,
    lexicon: LexiconOption = None,
    data: DataOption = DATA,
) -> None:
    """Let synthetic speakers read text, with word and phone times, as a corpus folder."""
    chosen = synthetic_speakers.choose(voices)
    sources, pronunciations = _texts(text, lexicon, data, seed)
    folder = CorpusFolder(out, "synthetic", spoken_corpus.LICENCE)
    plan = Plan(sources, chosen, versions, seed, pronunciations)
    with _progress(hours) as tell:
        count = spoken_corpus.speak(plan, folder, hours, workers, tell)
    _say_what_is_there(out, count, folder)


def splice(
    out: OutArgument,
    hours: HoursOption = 1.0,
    text: TextOption = ["books", "ami"],  # noqa: B006
    words: Annotated[
        str, typer.Option(help="Say these words (with commas, or a file) instead of texts.")
    ] = "",
    mixed_voices: Annotated[
        int, typer.Option(help="Take missing words from so many speakers of like voice.", min=0)
    ] = 0,
    split: Annotated[str, typer.Option(help="Whose speech: train, dev or test.")] = "train",
    seed: int = 7,
    lexicon: LexiconOption = None,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Splice new utterances of real speakers from their aligned words, as a corpus folder."""
    if words:
        author = splicing.list_author(_word_list(words))
    else:
        sources, _ = _texts(text, lexicon, data, seed)
        author = splicing.text_author([line for lines in sources.values() for line in lines])
    corpus = load_corpus(data, cache)
    known = _stocks(corpus, split, mixed_voices)
    folder = CorpusFolder(out, "spliced", splicing.LICENCE, split)
    texts = splicing.spliced_texts(author, seed, known)
    with _progress(hours) as tell:
        count = splicing.splice(corpus, texts, folder, hours, tell)
    _say_what_is_there(out, count, folder)


def _stocks(corpus: Corpus, split: str, others: int) -> dict[str, WordStock]:
    """What can be said by whom; with others, the speaker is named as one of many."""
    own = stocks(corpus, split, splicing.FEWEST_WORDS)
    if not own:
        raise EngineError(f"The split {split!r} has no aligned speech: use train, dev or test.")
    if not others:
        return own
    near = alike(corpus, split, sorted(own))
    return {
        f"{speaker}+{others}": stock.with_others([own[o] for o in near[speaker][:others]])
        for speaker, stock in own.items()
    }


def _word_list(words: str) -> list[str]:
    path = Path(words)
    found = (path.read_text() if path.is_file() else words).replace(",", " ").lower().split()
    if len(set(found)) < splicing.SHORTEST:
        raise EngineError("--words needs three different words at least: write them with commas")
    return sorted(set(found))


def register(app: typer.Typer) -> None:
    """Add these commands to the laboratory's."""
    app.command("speak")(speak)
    app.command("splice")(splice)


def _texts(
    names: list[str], lexicon: Path | None, data: Path, seed: int
) -> tuple[dict[str, list[Line]], dict[str, tuple[str, ...]] | None]:
    pronunciations = None if lexicon is None else read_lexicon(lexicon)
    sources = {name: read_lines(name, data, seed) for name in names}
    if pronunciations is not None:
        sources = {name: within(lines, pronunciations) for name, lines in sources.items()}
    return sources, pronunciations


@contextmanager
def _progress(hours: float) -> Iterator[spoken_corpus.Progress]:
    """A bar with the time left; it counts what was there already too."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.2f} of {task.total:.2f} h, {task.fields[left]} left out"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("speech", total=hours, left=0)
        yield lambda done, left: bar.update(task, completed=min(done, hours), left=left)


def _say_what_is_there(out: Path, count: int, folder: CorpusFolder) -> None:
    speakers = {e["manifest"]["speaker"] for e in folder.entries.values()}
    console.print(f"{out}: {count} utterances listed, speakers made so far: {len(speakers)}")
