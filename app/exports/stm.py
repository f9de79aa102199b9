"""STM, one line for each turn with its words as they were recognised."""

from __future__ import annotations

from app.exports.document import ExportDocument, ExportTurn
from app.exports.tidy import tidy, token, tokens


def write(document: ExportDocument) -> bytes:
    """The turns, as sclite wants them: by channel, then by time.

    The name stands for the channel too, as in CTM; MeetEval does not look at channels.
    """
    document = tidy(document)
    session, names = token(document.session_id), tokens(document.speakers)
    turns = sorted(document.turns, key=lambda turn: (names[turn.speaker], turn.start_s))
    lines = [f"{session} {_fields(turn, names[turn.speaker])}\n" for turn in turns]
    return "".join(lines).encode()


def _fields(turn: ExportTurn, name: str) -> str:
    words = " ".join(token(word.text) for word in turn.words)
    return f"{name} {name} {turn.start_s:.3f} {turn.end_s:.3f} {words}"
