"""Training of :mod:`engine.readable` on texts that have case and punctuation."""
