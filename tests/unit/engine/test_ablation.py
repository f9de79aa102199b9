"""The ablation, from its arms to its tables, and as one command on a world of tones."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import lab_ablate
from engine.config import SearchConfig
from engine.data import bench_set
from engine.data.corpus import Aligned, Corpus
from engine.data.simulation import SpokenTurn
from engine.data.small_world import WORDS
from engine.data.sources import fade
from engine.evaluation import ablation, ablation_settings
from engine.evaluation.ablation import ArmScores, Column
from engine.evaluation.ablation_settings import rejoined
from engine.evaluation.score import SessionScore, score_turns
from engine.evaluation.segments import HypothesisTurn
from engine.tokens import CHANGE, EOT, SOT
from engine.training import ablation as training
from engine.training import recipes, worlds
from engine.training.ablation import ARMS, LADDER, Plan
from engine.training.assignment import AssignmentRule
from engine.training.batches import SourceShare
from tests.unit.engine import test_lab, tiny
from tests.unit.engine.evaluation.strategies import hypothesis, reference

Lab = test_lab.Lab
run = test_lab.run  # the fixture

TURNS = [reference("x", 0.0, 2.0, "a b"), reference("y", 2.5, 4.0, "c a")]


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ablation, "RESAMPLES", 40)


def score(guesses: Sequence[HypothesisTurn], name: str, condition: str = "0S") -> SessionScore:
    return score_turns(TURNS, guesses, 5.0, session_id=name, condition=condition)


RIGHT = [hypothesis("1", 0.0, 2.0, "a b"), hypothesis("2", 2.5, 4.0, "c a")]
WRONG = [hypothesis("1", 0.0, 2.0, "a c"), hypothesis("2", 2.5, 4.0, "c a")]
JOINED = [hypothesis("1", 0.0, 4.0, "a b c a")]


def test_each_step_of_the_ladder_changes_one_thing() -> None:
    for before, arm in itertools.pairwise(LADDER):
        assert arm.after == before.name
        changed = [
            f.name
            for f in dataclasses.fields(arm)
            if getattr(arm, f.name) != getattr(before, f.name)
        ]
        assert set(changed) & {"off", "turn_tokens", "permutation_invariant", "assignment"}
        assert set(arm.off) <= set(before.off)
        assert len(set(changed) - {"name", "title", "after"}) == 1
    assert all(arm.after in ARMS for arm in ARMS.values() if arm.after)


def test_the_arms_reach_the_objective_and_the_targets() -> None:
    plan = Plan((("meetings", 3),))
    objectives = {n: plan.recipe(arm, 0, 7, None).objective() for n, arm in ARMS.items()}
    bare, whole = objectives["mt-rnnt"], objectives["marks"]
    assert (bare.fastemit, bare.activity, bare.eot_early, bare.eot_late) == (0, 0, 0, 0)
    assert (bare.transducer, bare.phones, bare.marks) == (1.0, whole.phones, 0.0)
    assert objectives["tokens"] == bare
    assert objectives["fastemit"] == dataclasses.replace(bare, fastemit=whole.fastemit)
    assert objectives["penalty"] == dataclasses.replace(whole, marks=0.0)
    assert objectives["pit"].permutation_invariant
    assert whole == recipes.Recipe("meetings").objective()
    recipe = plan.recipe(ARMS["first-free"], 0, 7, Path("start"))
    assert (recipe.assignment, recipe.start) == (AssignmentRule.FIRST_FREE, Path("start"))
    assert not plan.recipe(ARMS["mt-rnnt"], 0, 7, None).turn_tokens


def test_a_turn_that_moved_is_one_turn_again() -> None:
    first = hypothesis("1", 0.0, 3.0, "a a", channel=0)
    above = hypothesis("2", 2.0, 3.5, "b", channel=1)
    below = hypothesis("3", 3.6, 5.0, "c", channel=0)
    later = hypothesis("3", 5.6, 6.0, "d", channel=0)
    turns = rejoined([first, above, below, later])
    assert [[w.text for w in turn.words] for turn in turns] == [["a", "a"], ["b", "c"], ["d"]]
    assert (turns[1].channel, turns[1].end, turns[1].end_emitted) == (
        1,
        below.end,
        below.end_emitted,
    )
    upwards = hypothesis("3", 3.6, 5.0, "c", channel=1)
    assert rejoined([first, upwards]) == [first, upwards]


def arm(name: str, *seeds: Sequence[SessionScore], after: str = "") -> ArmScores:
    return ArmScores(name, name, after, dict(enumerate(seeds)))


def test_figures_are_means_over_seeds() -> None:
    one = [score(RIGHT, "s1"), score(WRONG, "s2", "20")]
    two = [score(WRONG, "s1"), score(WRONG, "s2", "20")]
    both = arm("both", one, two)
    assert both.interval(Column("orc_wer")).value == pytest.approx((1 / 8 + 2 / 8) / 2)
    assert both.interval(Column("orc_wer", ("20",))).value == pytest.approx(1 / 4)
    found = both.interval(Column("orc_wer"))
    assert found.low < found.value < found.high
    assert np.isnan(both.interval(Column("orc_wer", ("40",))).value)


def test_differences_are_paired_by_seed_and_session() -> None:
    right = [score(RIGHT, f"s{i}") for i in range(4)]
    wrong = [score(WRONG, f"s{i}") for i in reversed(range(4))]
    counted = [score(JOINED, f"s{i}") for i in range(4)]
    ours, theirs = arm("ours", right, right), arm("theirs", wrong, wrong, counted)
    change = ours.difference(Column("orc_wer"), theirs)
    assert (change.value, change.low, change.high) == (-0.25, -0.25, -0.25)
    assert ours.difference(Column("orc_wer"), theirs, relative=True).value == -1.0
    exact = arm("joined", counted).difference(Column("turn_count_exact"), ours)
    assert exact.value == -1.0


def test_tables_name_the_first_arm_and_the_step_before() -> None:
    right, wrong = [score(RIGHT, "s1")], [score(WRONG, "s1")]
    arms = [arm("a", wrong), arm("b", right, after="a"), arm("c", right, after="b")]
    said = ablation.to_markdown(ablation.compare(arms), "command")
    assert "| a (1) | 25.0 (25.0 to 25.0) |" in said
    assert "| b less a | -25.0 (-25.0 to -25.0) |" in said
    assert "| c less b | 0.0 (0.0 to 0.0) |" in said
    assert "| b less a, relative % | -100.0 (-100.0 to -100.0) |" in said
    record = json.loads(ablation.to_json(ablation.compare(arms), {"plan": {}}))
    assert [a["name"] for a in record["arms"]] == ["a", "b", "c"]
    assert record["arms"][0]["figures"][0]["seeds"] == {"0": 0.25}
    assert {(d["ours"], d["theirs"]) for d in record["differences"]} == {
        ("b", "a"),
        ("c", "a"),
        ("c", "b"),
    }


class Tones:
    """Turns of two words, each a tone."""

    speakers = ("s0", "s1", "s2", "s3")

    def turn(self, speaker: str, random: np.random.Generator) -> SpokenTurn:
        step = 6400
        said = [WORDS[int(random.integers(len(WORDS)))] for _ in range(2)]
        time = np.arange(step) / 16_000
        waves = [fade(np.sin(6.28 * (300 + 50 * WORDS.index(w)) * time)) for w in said]
        words = tuple(Aligned(w, i * step, (i + 1) * step) for i, w in enumerate(said))
        samples = 0.3 * np.concatenate(waves).astype(np.float32)
        return SpokenTurn(speaker, samples, words, ())


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A small world of tones, models of a few thousand weights; where the commands find it."""
    data = tmp_path / "data"
    tones = Tones()
    monkeypatch.setattr(recipes, "noises", lambda *_: [np.zeros(32_000, np.float32)])
    monkeypatch.setattr(recipes, "load_corpora", lambda *_: Corpus([], np.zeros(0, np.int16)))
    monkeypatch.setattr(worlds, "sources", lambda *_: [SourceShare(tones, 1.0)])
    config = dataclasses.replace(tiny.model_config(), search=SearchConfig(blank_bias=3.0))
    monkeypatch.setattr(recipes, "default_config", lambda: config)
    monkeypatch.setattr(ablation_settings, "BLANK_BIASES", (3.0,))
    monkeypatch.setattr(ablation_settings, "TURN_BIASES", (0.0,))
    monkeypatch.setattr(ablation_settings, "SILENCES_MS", (500,))
    bench = tmp_path / "bench"
    for split in ("dev", "test"):
        scenes = bench_set._small_world(tones, split, 1, 10.0, 7)
        bench_set.write(split, bench, [s for s in scenes if s[1] in ("0S", "20")])
    return ["--data", data, "--cache", tmp_path / "cache", "--bench", bench, "--device", "cpu"]


SMALL = ("--arms", "mt-rnnt,pit", "--seeds", 2, "--batch", 1, "--limit", 1)
STAGES = ("--stage", "words", "--steps", 1, "--stage", "meetings", "--steps", 1)


def test_one_command_trains_and_compares(
    run: Lab, world: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "ablation"
    heard: list[set[int]] = []
    make = recipes.batch_maker

    def recording(recipe: recipes.Recipe, *arguments: Any) -> Any:
        maker = make(recipe, *arguments)
        heard.append(set(maker.batch(0).tokens.flatten().tolist()) & {SOT, EOT, CHANGE})
        return maker

    monkeypatch.setattr(recipes, "batch_maker", recording)
    code, said = run("ablate", output, *SMALL, *STAGES, *world)
    assert (code, "Ablation" in said, "MT-RNN-T, no tokens (2)" in said) == (0, True, True)
    assert len(heard) == 2 * 2 * 2
    assert heard[0] == set()
    assert heard[2] >= {SOT, EOT}
    runs = sorted(p.name for p in output.iterdir() if p.is_dir())
    assert runs == [f"{a}-s{s}" for a in ("mt-rnnt", "pit") for s in (7, 8)] + ["transcripts"]
    record = json.loads((output / "ablation.json").read_text())
    assert set(record["arms"][1]["figures"][1]["seeds"]) == {"7", "8"}
    assert (
        "all, PIT for the assignment less MT-RNN-T, no tokens"
        in (output / "ablation.md").read_text()
    )
    heard.clear()
    code, _ = run("ablate", output, *SMALL, *STAGES, *world)  # nothing is done again
    assert (code, heard) == (0, [])
    again = json.loads((output / "ablation.json").read_text())
    assert again["arms"] == record["arms"]


def test_a_stopped_comparison_goes_on(
    run: Lab, world: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, Path | None]] = []
    train = recipes.run

    def failing(recipe: recipes.Recipe, data: Path, cache: Path, folder: Path) -> Any:
        started.append((folder.name, recipe.start))
        if len(started) == 2:
            raise KeyboardInterrupt
        return train(recipe, data, cache, folder)

    monkeypatch.setattr(recipes, "run", failing)
    once = ("--arms", "tokens", "--seeds", 1, "--limit", 1, "--tune", 0)
    output = tmp_path / "ablation"
    run("ablate", output, *once, *STAGES, *world)
    assert run("ablate", output, *once, *STAGES, *world)[0] == 0
    words = output / "tokens-s7" / "1-words"
    assert started == [("1-words", None), ("2-meetings", words), ("2-meetings", words)]


def test_a_comparison_is_not_mixed_with_another(run: Lab, world: list[Any], tmp_path: Path) -> None:
    output = tmp_path / "ablation"
    training.agree(output, Plan((("words", 5),)))
    code, said = run("ablate", output, "--stage", "words", "--steps", 6, *world)
    assert (code, "was begun with stages [['words', 5]]" in said) == (2, True)


def test_what_does_not_fit_is_said(run: Lab, world: list[Any], tmp_path: Path) -> None:
    code, said = run("ablate", tmp_path, "--arms", "tokens,ctc", *world)
    assert (code, "There is no arm ctc: choose from mt-rnnt" in said) == (2, True)
    code, said = run("ablate", tmp_path, "--steps", 5, *world)
    assert (code, "give --steps once for each --stage" in said) == (2, True)
    assert lab_ablate.FIRST_SEED == 7
