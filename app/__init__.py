"""The application without its window: audio, recording, transcript, library, command line."""
