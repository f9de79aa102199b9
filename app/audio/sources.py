"""All sources of sound, in one place to import from."""

from app.audio.file_source import FileSource
from app.audio.microphone import MicrophoneSource
from app.audio.source import AudioSource, Sink

__all__ = ["AudioSource", "FileSource", "MicrophoneSource", "Sink"]
