"""Where the sound of a meeting comes from: microphones and files."""
