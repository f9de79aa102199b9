"""Where the command line writes documents: files, a folder of them, or standard output."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.exports import ExportDocument, ExportFormat
from app.files import OutputError, check_writable

STANDARD_OUTPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Output:
    """One document to be: its format and its file, or standard output."""

    form: ExportFormat
    path: Path

    @property
    def is_file(self) -> bool:
        """Whether it does not go to standard output."""
        return self.path != STANDARD_OUTPUT

    def write(self, document: ExportDocument) -> None:
        """Write the document; raises :class:`OutputError`, then an earlier file is untouched."""
        if self.is_file:
            self.form.save(document, self.path)
            return
        sys.stdout.flush()
        sys.stdout.buffer.write(self.form.write(document))
        sys.stdout.buffer.flush()


def outputs_for(
    recordings: Sequence[Path], output: Path | None, form: ExportFormat
) -> list[Output]:
    """One output for each recording; finds out before the work whether they can be written.

    Args:
        recordings: the files to be transcribed.
        output: a file or ``-`` for one recording; for several a folder, made if need be.
        form: the format of all of them.

    Raises:
        OutputError: they cannot be written, or would overwrite each other or a recording.
    """
    several = len(recordings) > 1
    if output is None or output == STANDARD_OUTPUT:
        if several:
            raise OutputError("Several recordings need a folder: add --output FOLDER.")
        _check_standard_output(form)
        return [Output(form, STANDARD_OUTPUT)]
    if several:
        _make(output)
    if output.is_dir():
        _check_names(recordings)
        paths = [output / f"{recording.stem}{form.suffix}" for recording in recordings]
    else:
        paths = [output]
    for path in paths:
        _check(path, recordings)
    return [Output(form, path) for path in paths]


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {folder} cannot be made ({error.strerror}): choose another one."
        ) from error


def _check_names(recordings: Sequence[Path]) -> None:
    counts = Counter(recording.stem for recording in recordings)
    twice = [stem for stem, count in counts.items() if count > 1]
    if twice:
        raise OutputError(
            f"More than one recording is called {twice[0]}, and each needs a file of its own: "
            "transcribe them one by one."
        )


def _check_standard_output(form: ExportFormat) -> None:
    """Sound takes more than the memory, and a terminal shows nothing but text."""
    if form.stream is not None or (form.binary and sys.stdout.isatty()):
        raise OutputError(f"The format {form.name} needs a file: add --output FILE{form.suffix}.")


def _check(path: Path, recordings: Sequence[Path]) -> None:
    if path.exists() and any(r.exists() and path.samefile(r) for r in recordings):
        raise OutputError(f"{path} is the recording itself: choose another output.")
    check_writable(path)
