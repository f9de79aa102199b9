"""What a study finds in planted people, and what it says on its page and in its record."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import EngineError
from engine.evaluation.error_rates import WordErrors
from engine.evaluation.utterances import SpeakerErrors
from engine.fairness import record
from engine.fairness.comparison import compare
from engine.fairness.membership import of_attribute, of_cohorts, of_regions
from engine.fairness.page import to_html
from engine.fairness.people import Person
from engine.fairness.places import Place
from engine.fairness.study import Settings, Study, study
from engine.fairness.voices import Vector

COUNT, WORDS = 60, 40
SETTINGS = Settings(cohorts=3, regions=2, fewest_speakers=6, fewest_words=100)
FACTS: dict[str, Any] = {"model": "tiny", "what": "Whole utterances.", "voices": "tiny:1"}


def person(i: int) -> Person:
    """The last twelve live in the south, are men, and sound alike."""
    last = i >= COUNT - 12
    place = Place(-30.0 - i / 10, 20.0) if last else Place(50.0 + i / 10, 10.0)
    sex = "M" if last or i % 2 else "F"
    return Person(f"s{i:02}", "read", sex, 30.0, "Zulu" if last else None, None, place)


PEOPLE = {p.speaker: p for p in map(person, range(COUNT))}


def errors(bad: float = 0.5) -> list[SpeakerErrors]:
    rates = np.where(np.arange(COUNT) < COUNT - 12, 0.1, bad)
    wrong = np.random.default_rng(0).binomial(WORDS, rates)
    return [
        SpeakerErrors(s, WordErrors(int(n), 0, 0, WORDS))
        for s, n in zip(PEOPLE, wrong, strict=True)
    ]


def vectors() -> dict[str, Vector]:
    random = np.random.default_rng(1)
    found = {}
    for i, speaker in enumerate(PEOPLE):
        centre = np.eye(8)[2 if i >= COUNT - 12 else i % 2]
        near = centre + 0.1 * random.standard_normal(8)
        found[speaker] = (near / np.linalg.norm(near)).astype(np.float32)
    return found


@pytest.fixture(scope="module")
def found() -> Study:
    return study(errors(), PEOPLE, vectors(), SETTINGS, FACTS)


@pytest.fixture(scope="module")
def report(found: Study, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    path = tmp_path_factory.mktemp("study") / "report.json"
    path.write_text(record.to_json(found))
    return record.read(path)


LAST = tuple(f"s{i}" for i in range(COUNT - 12, COUNT))


def test_every_way_finds_the_planted_people(found: Study) -> None:
    assert found.cohorts
    assert found.regions
    assert found.cohorts.gap.bottom.speakers == LAST
    assert found.cohorts.about[0] == "100 % M, 100 % 20 to 39, 100 % Zulu, 100 % read"
    assert set(found.regions.groups[0].speakers) <= set(LAST)
    gaps = {gap.by: gap for gap in found.gaps}
    assert gaps["first_language"].bottom.speakers == LAST  # against those who do not say
    assert gaps["sex"].bottom.name == "M"
    assert all(gap.certain for gap in gaps.values())
    assert any("'age_group' does not divide" in reason for reason in found.missing)


def test_the_page_says_it_in_words_and_needs_nothing_from_elsewhere(found: Study) -> None:
    page = to_html(found)
    assert page.count("<svg") == 3
    assert "cohort" in page
    assert "more than chance makes" in page
    assert "Who is understood: tiny" in page
    assert "What could not be found out" in page
    assert "<script" not in page
    assert 'src="' not in page
    links = re.findall(r'href="([^"]{5})', page)
    assert links
    assert all(link.startswith(("#", "data:")) for link in links)  # the colour bar is a picture


def test_what_cannot_be_found_out_is_said_and_the_rest_is_there() -> None:
    nowhere = {s: replace(p, place=None, first_language=None) for s, p in PEOPLE.items()}
    found = study(errors(), nowhere, {}, SETTINGS, FACTS)
    assert found.cohorts is None
    assert found.regions is None
    assert any("'latitude' and 'longitude'" in reason for reason in found.missing)
    assert any("speakers with a voice are too few" in reason for reason in found.missing)
    page = to_html(found)
    assert page.count("<svg") == 1
    assert "Not found out: 0 speakers with a voice" in page
    assert record.headline(found) == {
        "WER of everybody, %": pytest.approx(100 * found.overall.wer.value, abs=0.05)
    }


@pytest.mark.parametrize("count", [0, 1])
def test_one_speaker_is_too_few(count: int) -> None:
    with pytest.raises(EngineError, match=r"too few to compare.*column 'speaker'.*--split"):
        study(errors()[:count], PEOPLE, vectors(), SETTINGS, FACTS)


def test_the_headline_is_in_percent(found: Study) -> None:
    figures = record.headline(found)
    assert figures["their share of the speakers, %"] == 20.0
    bottom = figures["WER of the voices understood worst, %"]
    assert bottom > 2 * figures["WER of everybody, %"]
    assert len(figures) == 5


def test_others_belong_to_the_groups_of_a_report(report: Mapping[str, Any]) -> None:
    others = {
        "near": Person("near", "read", place=Place(-50.0, 18.0)),
        "far": Person("far", "read", place=Place(52.0, 4.0), first_language="Dutch"),
        "nowhere": Person("nowhere", "read"),
    }
    assert of_regions(others, report, worst=1) == ["near"]
    assert of_regions(others, report, worst=2) == ["near", "far"]
    assert of_attribute(others, "first_language=Dutch") == ["far"]
    voices = {"like them": np.eye(8, dtype=np.float32)[2], "other": np.eye(8, dtype=np.float32)[0]}
    assert of_cohorts(voices, "tiny:1", report, worst=1) == ["like them"]


def test_members_that_cannot_be_found_are_named(report: Mapping[str, Any]) -> None:
    people = {"ann": Person("ann", "read")}
    with pytest.raises(EngineError, match="Nobody belongs to the worst regions"):
        of_regions({"ann": replace(people["ann"], place=Place(90.0, 0.0))}, report, worst=1)
    with pytest.raises(EngineError, match="no attribute=value: the attributes are sex"):
        of_attribute(people, "shoe=44")
    with pytest.raises(EngineError, match="Nobody has sex=F: the values there are not stated"):
        of_attribute(people, "sex=F")
    with pytest.raises(EngineError, match="of the voices of tiny:1, not other"):
        of_cohorts({}, "other", report, worst=1)
    bare = {**report, "cohorts": None, "missing": ["too few voices"]}
    with pytest.raises(EngineError, match=r"The report has no cohorts.*too few voices"):
        of_cohorts({}, "tiny:1", bare, worst=1)


def test_models_are_compared_on_the_groups_of_the_first(
    found: Study, report: Mapping[str, Any]
) -> None:
    better = study(errors(bad=0.2), PEOPLE, vectors(), SETTINGS, FACTS)
    rows = {row[0]: row[1:] for row in compare(report, {"better": _again(better)}).rows}
    before, after = rows["WER, worst cohort"]
    assert found.cohorts
    assert before.startswith(f"{100 * found.cohorts.gap.bottom.wer.value:.1f} (")
    some = np.arange(COUNT) >= COUNT - 12
    assert after.startswith(f"{100 * better.tally.wer(some):.1f}, -")
    others = rows["WER, all other cohorts"][1]
    change = 100 * (better.tally.wer(~some) / found.tally.wer(~some) - 1)
    assert f", {change:.1f} (" in others
    assert {"mean over regions", "highest of the regions", "variance over regions"} <= set(rows)


def _again(found: Study) -> Mapping[str, Any]:
    content: dict[str, Any] = json.loads(record.to_json(found))
    return content


def test_reports_of_other_people_are_not_compared(report: Mapping[str, Any]) -> None:
    fewer = {**report, "speakers": report["speakers"][1:]}
    with pytest.raises(EngineError, match="The report fewer is of other speakers or words"):
        compare(report, {"fewer": fewer})


def test_something_else_is_no_report(tmp_path: Path) -> None:
    for text in ("{half", "[]", "{}"):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(EngineError, match=r"no fairness report: give the \.json"):
            record.read(tmp_path / "x.json")
