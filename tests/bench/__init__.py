"""Benchmarks: ``make bench``, or ``python -m tests.bench speed start`` for some of them."""
