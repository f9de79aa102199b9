"""Commands of the laboratory for simulated meetings and for everybody's own corpora."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.data import bench_set
from engine.data.codecs import CODECS, Codec
from engine.data.conversation import load_ami, meeting_of_segments
from engine.data.conversation_layout import Conversation
from engine.data.corpus import load_corpus
from engine.data.fitted_turns import SilentSource
from engine.data.meeting_sound import MeetingSound
from engine.data.room_bank import rooms
from engine.data.rooms import Microphone, Room
from engine.data.simulated_set import DRY, MeetingSet
from engine.data.simulation import Acoustics
from engine.data.turn_sources import SourceName, talkative, turn_source
from engine.data.turn_taking import measure
from engine.errors import EngineError
from engine.lab_options import CACHE, DATA, CacheOption, DataOption, console
from engine.training.recipes import ROOM_SEED, ROOMS

RoomName = StrEnum("RoomName", {n: n for n in (DRY, *Microphone, "any")})  # type: ignore[misc]
CodecName = StrEnum("CodecName", {n: n for n in ("none", *CODECS, "any")})  # type: ignore[misc]

SourceOption = Annotated[
    SourceName, typer.Option(help="Read stretches, spliced words of the small world, or no sound.")
]
PeopleOption = Annotated[str, typer.Option(help="How many people, as 4 or 2-4.")]
MinutesOption = Annotated[float, typer.Option(help="Minutes of a meeting.", min=0.25)]
SplitOption = Annotated[str, typer.Option(help="Whose voices: train, dev or test.")]


def simulate(
    out: Annotated[Path, typer.Argument(help="Folder for the list and the audio.")],
    hours: Annotated[float, typer.Option(help="Hours of meetings.", min=0.001)] = 1.0,
    people: PeopleOption = "2-4",
    seed: int = 7,
    minutes: MinutesOption = 10.0,
    split: SplitOption = "train",
    source: SourceOption = SourceName.READ,
    speech: Annotated[
        float, typer.Option(help="Only people with as many seconds of aligned speech.", min=0.0)
    ] = 0.0,
    room: Annotated[RoomName, typer.Option(help="Where the microphone is.")] = RoomName["any"],
    codec: Annotated[CodecName, typer.Option(help="What the sound goes through.")] = CodecName[
        "none"
    ],
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Simulate meetings with the turn taking of AMI; the same seed gives the same list."""
    conversation = Conversation.fit(load_ami(data, cache))
    corpus = load_corpus(data, cache)
    voices = talkative(turn_source(source, corpus, split), corpus, speech)
    sound = MeetingSound(Acoustics(room=0.0), _rooms(room.value, cache), _codecs(codec.value))
    made = meeting_set(split, hours, minutes, people, seed)
    digest = made.write(conversation, voices, sound, out)
    console.print(f"{out / split}.jsonl, {made.sessions} meetings, sha256 {digest}")


def timing(
    out: Annotated[Path, typer.Argument(help="PNG file to write.")] = Path(".lab/timing.png"),
    hours: Annotated[float, typer.Option(help="Hours to simulate.", min=0.1)] = 5.0,
    people: PeopleOption = "4",
    seed: int = 7,
    minutes: MinutesOption = 30.0,
    split: SplitOption = "train",
    source: SourceOption = SourceName.SILENT,
    data: DataOption = DATA,
    cache: CacheOption = CACHE,
) -> None:
    """Compare simulated turn taking, fitted to half of AMI's meetings, with the other half."""
    from engine.data import timing_figure  # matplotlib takes its time

    meetings = load_ami(data, cache)
    fitted, held_out = meetings[::2], meetings[1::2]
    silent = source is SourceName.SILENT
    voices = SilentSource() if silent else turn_source(source, load_corpus(data, cache), split)
    made = meeting_set("timing", hours, minutes, people, seed)
    conversation = Conversation.fit(fitted)
    simulated = []
    for i in range(made.sessions):  # one at a time: hours of samples would not fit into memory
        turns = made.turns(conversation, voices, i)
        simulated.append(meeting_of_segments([bench_set.segment("", turn) for turn in turns]))
    real, learned, result = (measure(m) for m in (held_out, fitted, simulated))
    console.print(timing_figure.table(real, result, learned))
    out.parent.mkdir(parents=True, exist_ok=True)
    timing_figure.draw(real, result, out)
    console.print(f"{out}: {len(result.turn_s)} simulated turns, {len(real.turn_s)} of AMI")


def export_manifests(
    folder: Annotated[Path, typer.Argument(help="Folder of simulated meetings or a benchmark.")],
    out: Annotated[Path, typer.Argument(help="Folder for the manifests.")],
    split: Annotated[str, typer.Option(help="Name of the list in the folder.")] = "train",
) -> None:
    """Write the sessions of a list as Lhotse manifests with word alignments."""
    from engine.data import manifest_export  # Lhotse takes seconds to load

    counts = manifest_export.export_manifests(bench_set.read(folder, split), out)
    console.print(f"{out}: {counts[0]} recordings, {counts[1]} supervisions")


def import_manifests(
    recordings: Annotated[Path, typer.Argument(help="Lhotse's recordings, .jsonl or .jsonl.gz.")],
    supervisions: Annotated[Path, typer.Argument(help="Lhotse's supervisions, aligned by word.")],
    out: Annotated[Path, typer.Argument(help="Corpus folder to make or to add to.")],
    split: SplitOption = "train",
) -> None:
    """Make a corpus folder of Lhotse manifests: every command takes it as ``--data``."""
    from engine.data import manifest_import

    count = manifest_import.import_manifests(recordings, supervisions, out, split)
    console.print(f"{out}: {count} utterances added to {split}")


def register(app: typer.Typer) -> None:
    """Add these commands to the laboratory's."""
    app.command("simulate")(simulate)
    app.command("timing")(timing)
    app.command("export-manifests")(export_manifests)
    app.command("import-manifests")(import_manifests)


def meeting_set(name: str, hours: float, minutes: float, people: str, seed: int) -> MeetingSet:
    """As many meetings as fill the hours, one at least."""
    sessions = max(1, round(hours * 60.0 / minutes))
    return MeetingSet(name, sessions, minutes * 60.0, people_range(people), seed)


def people_range(text: str) -> tuple[int, int]:
    """Fewest and most of "4" or "2-4".

    Raises:
        EngineError: for anything else.
    """
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", text.strip())
    fewest = int(match[1]) if match else 0
    most = int(match[2] or fewest) if match else 0
    if not 1 <= fewest <= most:
        raise EngineError(f"--people {text!r} is no count of people: write 4 or 2-4.")
    return fewest, most


def _rooms(name: str, cache: Path) -> list[Room]:
    places = [place for place in Microphone if name in (place.value, "any")]
    return [room for place in places for room in rooms(place, ROOMS, ROOM_SEED, cache)]


def _codecs(name: str) -> list[Codec]:
    return [codec for key, codec in CODECS.items() if name in (key, "any")]
