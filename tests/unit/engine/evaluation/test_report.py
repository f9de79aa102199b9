from __future__ import annotations

import json

import pytest
from rich.console import Console

from engine.errors import EngineError
from engine.evaluation.figures import FIGURES
from engine.evaluation.report import difference, summarise
from engine.evaluation.score import SessionScore, score_session

from .strategies import reference, said

REFERENCE = [
    reference("X", 0, 2, "a b c a"),
    reference("Y", 1, 3, "d e d e"),
    reference("X", 5, 7, "c b a a"),
]


def perfect(session_id: str = "s", condition: str = "") -> SessionScore:
    events = [
        *said(1, 0, 2, "a b c a", speaker=1, channel=0),
        *said(2, 1, 3, "d e d e", speaker=2, channel=1),
        *said(3, 5, 7, "c b a a", speaker=1, channel=0),
    ]
    return score_session(REFERENCE, events, 8.0, session_id=session_id, condition=condition)


def poor(session_id: str = "s", condition: str = "") -> SessionScore:
    events = [*said(1, 0, 2, "a b c a"), *said(2, 5, 7, "c b b a")]
    return score_session(REFERENCE, events, 8.0, session_id=session_id, condition=condition)


def values(score: SessionScore) -> dict[str, float]:
    row = summarise([score], resamples=2).row()
    return {name: interval.value for name, interval in row.figures.items()}


def test_a_perfect_session() -> None:
    found = values(perfect())
    # All words of a turn come with its end: up to 1.7 s after the end of a word, and 200 ms late.
    assert found.pop("word_p50") == pytest.approx(0.95)
    assert found.pop("word_p90") == pytest.approx(1.7)
    late = {f"{mark}_{rank}": 0.2 for mark in ("start", "end") for rank in ("p50", "p90")}
    right = ("turn_f1", "turn_count_exact", "speaker_count_exact", "channel_2_recall")
    expected = {f.name: 0.0 for f in FIGURES} | dict.fromkeys(right, 1.0) | late
    assert found == pytest.approx({name: expected[name] for name in found})


def test_a_session_that_missed_the_overlapped_turn() -> None:
    found = values(poor())
    assert found["orc_wer"] == pytest.approx(5 / 12)
    assert found["channel_2_recall"] == 0.0
    assert found["turn_f1"] == pytest.approx(4 / 5)
    assert found["turn_count_exact"] == 0.0
    assert found["turn_count_error"] == 1.0
    assert found["speaker_count_exact"] == 0.0
    assert found["der"] == pytest.approx(2 / 6)


def test_a_session_that_said_nothing() -> None:
    found = values(score_session(REFERENCE, [], 8.0))
    assert (found["orc_wer"], found["turn_f1"], found["der"]) == (1.0, 0.0, 1.0)


def test_conditions_are_reported_apart_and_together() -> None:
    report = summarise([perfect("1", "0L"), poor("2", "20"), poor("3", "20")], resamples=20)
    assert [(row.condition, row.sessions) for row in report.rows] == [
        ("0L", 1),
        ("20", 2),
        ("all", 3),
    ]
    assert report.row("0L").figures["orc_wer"].value == 0.0
    assert report.row().figures["orc_wer"].value == pytest.approx(10 / 36)


def test_markdown_shows_intervals_and_what_could_not_be_measured() -> None:
    text = summarise([score_session(REFERENCE, [], 8.0)], resamples=5).to_markdown(
        ["orc_wer", "end_p50"]
    )
    assert text.splitlines() == [
        "|  |  (1) |",
        "| --- | ---: |",
        "| ORC-WER % | 100.0 (100.0 to 100.0) |",
        "| end P50 ms | – |",
    ]


def test_the_terminal_shows_the_same_cells() -> None:
    report = summarise([poor("1", "20")], resamples=5)
    console = Console(width=100)
    with console.capture() as capture:
        console.print(report.to_table())
    shown = capture.get()
    assert "41.7 (41.7 to 41.7)" in shown
    assert all(figure.title in shown for figure in FIGURES)


def test_json_holds_every_figure() -> None:
    report = summarise([score_session(REFERENCE, [], 8.0, condition="0S")], resamples=5)
    (row,) = json.loads(report.to_json())["rows"]
    assert (row["condition"], row["sessions"]) == ("0S", 1)
    assert row["figures"]["orc_wer"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert row["figures"]["end_p90"] == {"value": None, "low": None, "high": None}
    assert set(row["figures"]) == {figure.name for figure in FIGURES}


def test_differences_are_paired_by_session() -> None:
    ours, theirs = [perfect("1"), poor("2")], [poor("2"), poor("1")]
    gain = difference("orc_wer", ours, theirs, relative=True)
    assert gain.value == pytest.approx(-0.5)


def test_differences_need_the_same_sessions() -> None:
    with pytest.raises(EngineError, match="these sessions: 2"):
        difference("orc_wer", [perfect("1")], [perfect("1"), poor("2")])


def test_differences_need_a_name_for_each_session() -> None:
    with pytest.raises(EngineError, match="session_id"):
        difference("orc_wer", [perfect(), perfect()], [perfect(), perfect()])


def test_no_sessions_is_a_clear_error() -> None:
    with pytest.raises(EngineError, match="at least one"):
        summarise([])
