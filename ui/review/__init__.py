"""Hearing a meeting again: player, timeline, find, notes."""
