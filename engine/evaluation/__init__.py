"""How well a session did: the project's one implementation of every measure.

:func:`engine.evaluation.score.score_session` scores the events of one session against its
reference, :func:`engine.evaluation.report.summarise` turns many scores into a table with intervals.
Part of the laboratory: the desktop app never imports it.
"""
