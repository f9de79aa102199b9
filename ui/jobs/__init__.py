"""Files that are dropped or chosen, the queue of what is transcribed, transcribing once more."""
