"""CTM, one line for each word as it was recognised.

The format knows no speakers. Their names stand in the column for the channel, so that a scorer
takes the words of each for a stream of its own; STM files have the same channels.
"""

from __future__ import annotations

from app.exports.document import ExportDocument
from app.exports.tidy import tidy, token, tokens


def write(document: ExportDocument) -> bytes:
    """The words, as sclite wants them: by channel, then by time."""
    document = tidy(document)
    session, names = token(document.session_id), tokens(document.speakers)
    words = [(names[turn.speaker], word) for turn in document.turns for word in turn.words]
    words.sort(key=lambda each: (each[0], each[1].start_s))
    lines = [
        f"{session} {name} {word.start_s:.3f} {word.end_s - word.start_s:.3f} {token(word.text)} "
        f"{word.confidence:.3f}\n"
        for name, word in words
    ]
    return "".join(lines).encode()
