"""Figures by group: whose trials count, who is left out and why, how unequal the groups are."""

from __future__ import annotations

import json

import numpy as np
import pytest
from rich.console import Console

from engine.data.spoken_manifest import Spoken
from engine.evaluation.equal_error import equal_error_rate
from engine.evaluation.trials import Trial, make_trials
from engine.evaluation.verification import OTHERS, Group, age_group, groups_of, verify
from engine.evaluation.verification_report import tables, to_dict
from tests.unit.engine.voices.people import said


def people() -> list[Spoken]:
    """Six women and six men; half of the women live in regions of their own."""
    spoken: list[Spoken] = []
    for n in range(6):
        region = f"Island {n}" if n < 3 else "Mainland"
        spoken += said(f"f{n}", 4, sex="F", age=20, region=region)
        spoken += said(f"m{n}", 4, sex="M", age=60, region="Mainland")
    return spoken


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    return make_trials(people(), "dev")


def named(groups: list[Group]) -> dict[str, Group]:
    return {group.name: group for group in groups}


def test_a_group_is_tried_among_itself(trials: list[Trial]) -> None:
    women = named(groups_of(trials))["F"]
    among = [trials[i] for i in women.chosen]
    assert {t.left.sex for t in among} == {t.right.sex for t in among} == {"F"}
    assert len(among) == sum(t.left.sex == t.right.sex == "F" for t in trials)
    assert women.speakers == 6


def test_small_groups_are_left_out_with_the_reason_and_pooled(trials: list[Trial]) -> None:
    groups = named(groups_of(trials, least=3))
    assert "1 speakers with two utterances, 3 are needed" in groups["Island 0"].left_out
    assert groups[OTHERS].speakers == 3
    assert not groups[OTHERS].left_out
    assert groups["Mainland"].speakers == 9


def test_a_worse_group_is_found_and_the_gap_is_its_distance(trials: list[Trial]) -> None:
    """Men are told apart by chance, women always."""
    random = np.random.default_rng(0)
    clear = np.array([float(t.same) for t in trials])
    blurred = np.array([t.left.sex == "M" or t.right.sex == "M" for t in trials])
    scores = np.where(blurred, random.uniform(0, 1, len(trials)), clear)
    groups = groups_of(trials, least=3)
    result = verify("x", scores, trials, groups, resamples=50)
    rates = {score.group.name: score.rate for score in result.scores}
    assert rates["F"].value == 0.0
    men = named(groups)["M"].chosen
    expected = equal_error_rate(scores[men], [trials[i].same for i in men])
    assert rates["M"].value == pytest.approx(expected)
    assert rates["M"].low < expected < rates["M"].high
    sex = next(d for d in result.disparities if d.grouping == "sex")
    assert sex.gap.value == pytest.approx(expected)
    assert sex.spread.value == pytest.approx(expected / 2)  # deviation of 0 and the rate
    assert sex.gap.low > 0.2


def test_the_rate_of_several_seeds_is_their_mean(trials: list[Trial]) -> None:
    random = np.random.default_rng(0)
    runs = random.uniform(0, 1, (3, len(trials)))
    groups = groups_of(trials)[:1]
    alone = [verify("x", run, trials, groups, 5).overall.rate.value for run in runs]
    together = verify("x", runs, trials, groups, 5).overall
    assert together.seeds == pytest.approx(alone)
    assert together.rate.value == pytest.approx(np.mean(alone))


def test_a_difference_is_of_the_same_redrawn_speakers(trials: list[Trial]) -> None:
    random = np.random.default_rng(0)
    scores = random.uniform(0, 1, len(trials)) + 0.3 * np.array([t.same for t in trials])
    groups = groups_of(trials)[:1]
    first = verify("x", scores, trials, groups, 50)
    same = verify("y", 2 * scores + 1, trials, groups, 50)  # the order alone counts
    assert same.less(first).to_dict() == {"value": 0.0, "low": 0.0, "high": 0.0}
    better = verify("z", np.array([float(t.same) for t in trials]), trials, groups, 50)
    assert better.less(first).value == pytest.approx(-first.overall.rate.value)
    assert better.less(first).high < 0.0


def test_without_two_groups_there_is_no_gap_and_the_reason_is_said(trials: list[Trial]) -> None:
    scores = np.array([float(t.same) for t in trials])
    groups = groups_of(trials)
    result = verify("x", scores, trials, groups, resamples=5)
    language = next(d for d in result.disparities if d.grouping == "first_language")
    assert "0 of its groups have enough speakers" in language.missing
    assert np.isnan(language.gap.value)
    console = Console(width=200, record=True, quiet=False, file=None)
    with console.capture() as shown:
        for table in tables([result], groups, "EER"):
            console.print(table)
    text = shown.get()
    assert "first_language: gap, spread" in text
    assert "0.0 (0.0–0.0)" in text
    assert "region: Island 0" in text
    saved = json.loads(json.dumps(to_dict([result], groups), allow_nan=False))
    assert saved["systems"][0]["equal_error_rates"][0]["value"] == 0.0
    assert saved["systems"][0]["disparities"][2]["gap"]["value"] is None


@pytest.mark.parametrize(
    ("age", "group"),
    [(6, "under 15"), (15, "15 to 29"), (29, "15 to 29"), (30, "30 to 49"), (75, "50 and over")],
)
def test_ages_fall_into_groups(age: float, group: str) -> None:
    assert age_group(said("s", 1, age=age)[0]) == group
    assert age_group(said("s", 1)[0]) is None
