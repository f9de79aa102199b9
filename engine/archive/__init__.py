"""Archives of recordings, thousands of hours, written down by many machines (docs/archive.md)."""
