"""A whole evaluation of scripted systems: figures, record, tables and page."""

from __future__ import annotations

import html.parser
import json
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.data.bench_set import BenchSession
from engine.evaluation.evaluation import evaluate
from engine.evaluation.material import Material
from engine.evaluation.page import to_html
from engine.evaluation.progress import EVERY_S, TimeLeft
from engine.evaluation.record import to_json
from engine.evaluation.summary import Summary, summary
from engine.evaluation.tables import grids, to_markdown
from engine.evaluation.transcripts import Transcript

from .scripted import ScriptedSystem
from .test_utterances import corpus

REFERENCE = [
    {"speaker": "X", "words": "a b", "start_time": 0.0, "end_time": 1.0},
    {"speaker": "Y", "words": "c d", "start_time": 2.0, "end_time": 3.0},
]


def session(folder: Path, name: str, condition: str) -> BenchSession:
    path = folder / f"{name}.wav"
    noise = np.random.default_rng(len(name)).uniform(-0.1, 0.1, 48_000)
    soundfile.write(path, noise, 16_000)
    return BenchSession(name, condition, path, 3.0, REFERENCE)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("audio")
    spoken = corpus(["a b", "a b", "a b", "a b"])
    return Material(
        spoken,
        spoken.utterances,
        [session(folder, "one", "0L"), session(folder, "three", "20")],
        [session(folder, "clip-1", "AMI")],
        [np.zeros(16_000, np.float32)],
        silence=True,
    )


@pytest.fixture(scope="module")
def found(material: Material) -> Summary:
    systems = [
        ScriptedSystem(["a b"], "good"),
        ScriptedSystem(["a x"], "poor"),
        ScriptedSystem(["a"], "stream", knows_turns=False),
    ]
    return summary(evaluate(systems, material, "dev"), resamples=20)


def test_figures_of_each_system(found: Summary) -> None:
    good, poor, stream = found.systems
    assert good.utterances[-1].wer.value == 0.0
    assert poor.utterances[-1].substitutions.value == 0.5
    assert stream.utterances[-1].deletions.value == 0.5
    assert good.meetings is not None
    assert good.meetings.row().figures["orc_wer"].value == 0.5  # half was never said
    assert good.meetings.row("20").figures["turn_f1"].value == pytest.approx(2 / 3)
    assert good.scores.silence["silence"].per_minute == 2.0


def test_differences_are_those_of_the_figures(found: Summary) -> None:
    table = {(d.figure, d.where, d.theirs): d for d in found.differences}
    assert {d.ours for d in found.differences} == {"good"}
    assert table["wer", "c", "poor"].absolute.value == -0.5
    assert table["orc_wer", "all", "poor"].relative.value == pytest.approx(-1 / 3)
    assert ("turn_f1", "all", "poor") in table
    assert ("turn_f1", "all", "stream") not in table  # it knows no turns


def test_the_record_is_json_with_everything(found: Summary, material: Material) -> None:
    record = json.loads(to_json(found))
    assert record["split"] == "dev"
    assert record["sets"]["utterances"]["utterances"] == {"c": 4}
    assert record["sets"]["meetings"]["sessions"] == {"0L": 1, "20": 1}
    assert all(len(part["sha256"]) == 64 for part in record["sets"].values())
    assert {"command", "machine", "intervals"} <= set(record)
    good, _, stream = record["systems"]
    assert good["description"] == {"kind": "scripted"}
    assert "turn_f1" in good["meetings"][0]["figures"]
    assert "turn_f1" not in stream["meetings"][0]["figures"]
    assert good["utterances"][0]["wer"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_digests_tell_other_words_and_other_audio(material: Material) -> None:
    before = material.describe()["utterances"]["sha256"]
    for texts in (["a b", "a b", "a b", "a c"], ["a b"] * 5):
        other = corpus(list(texts))
        assert Material(other, other.utterances).describe()["utterances"]["sha256"] != before
    assert material.describe()["utterances"]["sha256"] == before


def test_tables_for_a_readme(found: Summary) -> None:
    titles = [grid.title for grid in grids(found)]
    assert titles[0] == "Single utterances"
    assert "good less poor" in titles
    text = to_markdown(found)
    assert "| c (2 speakers, 4 utterances) | 0.0 (0.0 to 0.0) | 50.0 (50.0 to 50.0) |" in text
    assert "development figure, not a claim" in text.lower()
    for grid in grids(found):
        assert {len(row) for row in grid.rows} == {len(grid.head)}


class Page(html.parser.HTMLParser):
    """Tags and attributes of a page, and whether they are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in {"meta"}:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "xlink:href"}:
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone(found: Summary) -> None:
    text = to_html(found)
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.tags.count("svg") == 7
    assert "script" not in page.tags
    links = {link for link in page.links if not link.startswith("data:image/png")}
    assert all(link.startswith("#") for link in links)
    pictures = [set(re.findall(r' id="([^"]+)"', svg)) for svg in text.split("<svg ")[1:]]
    assert sum(map(len, pictures)) == len(set().union(*pictures))
    assert {link[1:] for link in links} <= set(page.ids)
    assert {m for m in re.findall(r"url\(#([^)]+)\)", text)} <= set(page.ids)
    assert not re.search(r"(src|href)=\"https?:", text)


def test_what_was_not_asked_for_is_left_out() -> None:
    made = corpus(["a b"])
    system = ScriptedSystem(["a b"])
    alone = summary(evaluate([system], Material(made, made.utterances), "dev"))
    assert [grid.title for grid in grids(alone)] == ["Single utterances", "Kinds of errors"]
    assert to_html(alone).count("<svg") == 2
    assert set(json.loads(to_json(alone))["sets"]) == {"utterances"}


def test_the_time_left_is_judged_by_what_was_heard_anew() -> None:
    now = [0.0]
    said: list[str] = []
    progress = TimeLeft(said.append, "x", 600.0, lambda: now[0])
    progress(300.0, Transcript((), 0.0, kept=True))
    now[0] = EVERY_S
    progress(60.0, Transcript((), 0.0))
    assert said == ["x: 6.0 of 10.0 minutes heard, about 1 min left"]  # 240 s at a third
    now[0] += 1.0
    progress(60.0, Transcript((), 0.0))
    assert len(said) == 1
