"""Correcting a transcript in the window."""
