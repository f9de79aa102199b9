"""The sentences of the engine that the window translates; a test compares them with the source."""

from __future__ import annotations

from app.words import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("engine", "The meeting is finished: start a new session."),
    QT_TRANSLATE_NOOP(
        "engine", "The model was made by another version: install one for this version."
    ),
    QT_TRANSLATE_NOOP(
        "engine",
        "The model {path} does not fit this version of Crosstalk ({why}): install the "
        "model again, or a newer Crosstalk.",
    ),
    QT_TRANSLATE_NOOP("engine", "The model {path} has no readable card: install it again."),
    QT_TRANSLATE_NOOP("engine", "The model's lexicon is damaged: install the model again."),
    QT_TRANSLATE_NOOP("engine", "The model's word pieces are damaged: install the model again."),
    QT_TRANSLATE_NOOP("engine", "The model's words do not fit it: install the model again."),
    QT_TRANSLATE_NOOP("engine", "The word pieces of {path} are damaged: install it again."),
    QT_TRANSLATE_NOOP(
        "engine",
        "The {title} cannot be written to {path} ({why}): choose another folder or make room.",
    ),
    QT_TRANSLATE_NOOP(
        "engine",
        "The {title} {path} was made for a newer Crosstalk (format {version}): update Crosstalk.",
    ),
    QT_TRANSLATE_NOOP("engine", "There is no {name} device on this computer: choose auto or cpu."),
    QT_TRANSLATE_NOOP("engine", "There is no {title} at {path}: {absent}."),
    QT_TRANSLATE_NOOP(
        "engine",
        "This model has an Emformer, which needs the package torchaudio: install it with pip "
        "install torchaudio==2.11.*, or choose another model.",
    ),
    QT_TRANSLATE_NOOP("engine", "choose or install a model"),
    QT_TRANSLATE_NOOP("engine", "file for readable text"),
    QT_TRANSLATE_NOOP("engine", "install Crosstalk again"),
    QT_TRANSLATE_NOOP("engine", "install the model again"),
    QT_TRANSLATE_NOOP("engine", "model file"),
    QT_TRANSLATE_NOOP("engine", "{path} cannot be opened ({why}). Check its permissions."),
    QT_TRANSLATE_NOOP("engine", "{path} does not exist. Check the name and the folder."),
    QT_TRANSLATE_NOOP(
        "engine", "{path} does not fit this version of Crosstalk ({why}): install Crosstalk again."
    ),
    QT_TRANSLATE_NOOP(
        "engine", "{path} holds no sound that can be read. Choose another recording."
    ),
    QT_TRANSLATE_NOOP("engine", "{path} holds no sound, only a header. Choose another recording."),
    QT_TRANSLATE_NOOP("engine", "{path} is a folder. Name the audio file inside it."),
    QT_TRANSLATE_NOOP(
        "engine", "{path} is a video without sound: it has no audio track. Choose another one."
    ),
    QT_TRANSLATE_NOOP(
        "engine",
        "{path} is cut short or damaged: {seconds} s could be read. Everything before "
        "that was used; copy the file again from where it came from.",
    ),
    QT_TRANSLATE_NOOP(
        "engine",
        "{path} is cut short or damaged: {seconds} s of {all} s could be read. "
        "Everything before that was used; copy the file again from where it came from.",
    ),
    QT_TRANSLATE_NOOP(
        "engine",
        "{path} is cut short: the index at its end is missing, and without it nothing "
        "can be read. Copy the file again from where it came from.",
    ),
    QT_TRANSLATE_NOOP("engine", "{path} is damaged (no numbers in {name}): {remedy}."),
    QT_TRANSLATE_NOOP("engine", "{path} is damaged or not a {title} ({why}): {remedy}."),
    QT_TRANSLATE_NOOP(
        "engine",
        "{path} is damaged: in one place its sound could not be read, and there is "
        "silence instead. Everything else was used; copy the file again from where it "
        "came from.",
    ),
    QT_TRANSLATE_NOOP(
        "engine",
        "{path} is damaged: in {count} places its sound could not be read, and there is "
        "silence instead. Everything else was used; copy the file again from where it "
        "came from.",
    ),
    QT_TRANSLATE_NOOP("engine", "{path} is empty (0 bytes). Choose another recording."),
    QT_TRANSLATE_NOOP("engine", "{path} is not a {title} made for Crosstalk: {absent}."),
    QT_TRANSLATE_NOOP(
        "engine",
        "{path} is not audio or video that can be read. Convert it to WAV or FLAC, for "
        "example with: ffmpeg -i INPUT OUTPUT.wav",
    ),
    QT_TRANSLATE_NOOP(
        "engine",
        "{path} is raw samples without a header, so its rate is unknown. Convert it to WAV.",
    ),
)
