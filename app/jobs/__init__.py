"""Transcribing what is not live: files that are brought in, meetings later or once more."""
