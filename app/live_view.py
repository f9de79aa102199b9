"""Turns in a terminal while people talk; plain lines where the output is no terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from app.exports.text import clock
from app.terminal import say
from app.transcript import Change, ChangeKind, Transcript, Turn
from engine.events import EngineState, EngineStatus, Event, Gap, GapReason, Remark
from engine.timeline import SAMPLE_RATE, to_seconds

COLOURS = ("cyan", "yellow", "green", "magenta", "blue", "red")
REFRESH_PER_S = 8
SETTLED_AFTER = SAMPLE_RATE
"""A provisional end this far back is not taken back any more."""

GAPS = {
    GapReason.OVERRUN: "the computer was too busy",
    GapReason.DEVICE: "the microphone was gone",
    GapReason.PAUSE: "it was paused",
}


class LiveView:
    """Prints each turn when it is over; a terminal also shows those going on.

    A turn whose words or speaker change after it was printed is printed again as revised.

    Attributes:
        transcript: what was said so far.
        problems: what the user was told about an incomplete recording or text.
    """

    def __init__(self, console: Console) -> None:
        """Print to ``console``; messages for the user go to standard error."""
        self.transcript = Transcript()
        self.problems: list[str] = []
        self._console = console
        self._waiting: set[int] = set()
        self._printed: dict[int, tuple[str, str]] = {}
        self._status = ""
        self._live = Live(console=console, transient=True, refresh_per_second=REFRESH_PER_S)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def show(self, event: Event) -> None:
        """Follow one event."""
        self._note(self.transcript.apply(event))
        over = isinstance(event, EngineState) and self._follow_engine(event)
        if isinstance(event, Remark) and event.message:
            say(event.message)
        if isinstance(event, Gap) and event.length:
            at, length = clock(to_seconds(event.start)), to_seconds(event.length)
            say(f"At {at} {length:.1f} s of sound are missing: {GAPS[event.reason]}.")
        self._print_settled(everything=over)

    def status(self, text: str) -> None:
        """Show a line below the turns, in a terminal."""
        self._status = text
        self._redraw()

    def _follow_engine(self, state: EngineState) -> bool:
        """Pass the engine's message on; True if nothing more will be said."""
        over = state.status is EngineStatus.DONE
        if state.message and not over:  # the last one repeats what was said before
            say(state.message)
        if state.message and state.status in (EngineStatus.FAILED, EngineStatus.FINISHING):
            self.problems.append(state.message)
        return over

    def _note(self, change: Change | None) -> None:
        if change is None:
            return
        if change.turn is not None:
            self._waiting.add(change.turn)
        elif change.kind is ChangeKind.RESET:
            self._waiting = set(self.transcript.turns)

    def _print_settled(self, everything: bool) -> None:
        settled = [turn for turn in self._waiting_turns() if everything or self._settled(turn)]
        self._waiting -= {turn.number for turn in settled}
        self._redraw(at_once=bool(settled))  # or a terminal shows them twice for a moment
        for turn in settled:
            self._print(turn)

    def _waiting_turns(self) -> list[Turn]:
        turns = (self.transcript.turns[number] for number in self._waiting)
        return sorted(turns, key=lambda turn: (turn.start, turn.number))

    def _settled(self, turn: Turn) -> bool:
        if turn.end is None:
            return False
        return not turn.provisional or self.transcript.duration - turn.end > SETTLED_AFTER

    def _print(self, turn: Turn) -> None:
        said = (self.transcript.speaker_name(turn), turn.text)
        before = self._printed.get(turn.number)
        if before == said or not (turn.words or before):
            return
        self._printed[turn.number] = said
        line = self._line(turn)
        if before is not None:
            line.append(" (revised)")
        self._console.print(line, soft_wrap=True)

    def _line(self, turn: Turn) -> Text:
        until = clock(to_seconds(turn.until)) if turn.end is not None else " " * 9
        line = Text(f"[{clock(to_seconds(turn.start))} - {until}] ", style="none")
        colour = COLOURS[(turn.speaker - 1) % len(COLOURS)]
        line.append(f"{self.transcript.speaker_name(turn)}:", style=colour)
        for word in turn.words:
            line.append(f" {word.shown}", style="none" if word.final else "dim")
        return line

    def _redraw(self, at_once: bool = False) -> None:
        if self._live.is_started:
            lines = [self._line(turn) for turn in self._waiting_turns()]
            self._live.update(Group(*lines, Text(self._status, style="dim")), refresh=at_once)
