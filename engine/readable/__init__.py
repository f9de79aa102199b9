"""Casing and punctuation of recognised words, for people to read; the raw ones stay beside."""
