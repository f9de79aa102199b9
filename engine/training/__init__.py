"""Losses, objectives and the trainer (laboratory)."""
