"""Gives a meeting the text that a job made, under everything that a person said of it."""

from __future__ import annotations

from dataclasses import dataclass

from app.corrections.again import TranscribeAgain
from app.corrections.edits import EditKind
from app.corrections.patch import Patch
from app.store import Library
from app.transcript import Transcript
from app.transcription import Heard


@dataclass(frozen=True, slots=True)
class _Ready:
    """An edit whose patch is there already."""

    made: Patch
    kind: EditKind = EditKind.AGAIN

    def patch(self, transcript: Transcript) -> Patch:
        return self.made


def settle(library: Library, job_id: int, meeting_id: int, heard: Heard) -> bool:
    """Save a fresh transcript and end its job: both, or neither if the job was cancelled.

    Where the meeting had a text, that is an edit like those of a person: it can be undone. What is
    corrected up to this moment stays.
    """
    fresh = heard.transcript
    while True:
        old, edits = library.load(meeting_id), library.corrections.latest(meeting_id)
        edit = _Ready(TranscribeAgain(fresh).patch(old)) if old.turns or any(edits) else None
        with library.writing():
            if edits != library.corrections.latest(meeting_id):
                continue  # somebody was quicker: that has to stay
            if not library.jobs.finish(job_id, heard.message):
                return False
            if edit is None:
                library.save_turns(meeting_id, fresh)
                library.voices.save_names(meeting_id, fresh.speakers)
            else:
                library.corrections.make(meeting_id, edit, old)
            library.voices.hear_again(meeting_id, fresh)
            return True
