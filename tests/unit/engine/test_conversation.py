"""Turn taking is measured as it is defined, and simulated meetings have that of real ones."""

from __future__ import annotations

import dataclasses
import gzip
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data import timing_figure
from engine.data.bench_set import segment
from engine.data.conversation import (
    Event,
    Meeting,
    Talk,
    events,
    load_ami,
    meeting_of,
    meeting_of_segments,
    talks,
)
from engine.data.conversation_layout import Conversation
from engine.data.corpus import UNKNOWN_PHONE, Aligned
from engine.data.fitted_turns import FittedSource, SilentSource, excerpt, joined, shortened
from engine.data.simulation import PlacedTurn, SpokenTurn
from engine.data.text_files import AMI_WORDS
from engine.data.turn_taking import TurnTaking, measure, occupancy
from engine.errors import EngineError

RANDOM = np.random.default_rng
SILENT = SilentSource()


@pytest.fixture(scope="module")
def ami(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Meeting]:
    return load_ami(shared_data, tmp_path_factory.mktemp("cache"))


def heard(turns: list[PlacedTurn]) -> Meeting:
    """What the reference of simulated turns says."""
    return meeting_of_segments([segment("", turn) for turn in turns])


def meeting(*said: tuple[str, float, float]) -> Meeting:
    return tuple(Talk(speaker, start, end, 1) for speaker, start, end in said)


def test_a_turn_ends_with_a_pause_of_half_a_second() -> None:
    words = [(1.0, 1.2), (1.2, 1.5), (1.99, 2.2), (2.7, 3.0)]
    assert list(talks("ann", words)) == [Talk("ann", 1.0, 2.2, 3), Talk("ann", 2.7, 3.0, 1)]


def test_a_word_inside_another_one_does_not_shorten_the_turn() -> None:
    assert list(talks("ann", [(0.0, 2.0), (0.5, 1.0), (2.3, 2.4)])) == [Talk("ann", 0.0, 2.4, 3)]


def test_what_has_no_length_is_no_turn() -> None:
    assert meeting_of([("ann", [(1.0, 1.0)]), ("bob", [(3.0, 4.0)]), ("cid", [])]) == (
        Talk("bob", 3.0, 4.0, 1),
    )


def test_events_are_offsets_ranks_and_places() -> None:
    said = meeting(
        ("ann", 0.0, 4.0),
        ("bob", 1.5, 2.5),  # inside: half of the three seconds of room are before it
        ("cid", 3.5, 6.0),  # runs into ann
        ("cid", 7.0, 8.0),
        ("ann", 8.25, 9.0),  # returns
        ("bob", 9.5, 10.0),
    )
    assert list(events(said)) == [
        Event(0, False, 0.0, 4.0),
        Event(1, True, 0.5, 1.0),
        Event(1, False, -0.5, 2.5),
        Event(0, False, 1.0, 1.0),
        Event(1, False, 0.25, 0.75),
        Event(2, False, 0.5, 0.5),
    ]


def test_turn_taking_of_a_meeting() -> None:
    said = meeting(
        ("ann", 0.0, 4.0),
        ("bob", 1.5, 2.5),
        ("cid", 3.5, 6.0),
        ("cid", 7.0, 8.0),
        ("ann", 8.25, 9.0),
        ("bob", 9.5, 10.0),
    )
    found = measure([said])
    assert found.transfer_s.tolist() == [-0.5, 0.25, 0.5]
    assert found.gap_s.tolist() == [0.25, 0.5]
    assert found.overlap_s.tolist() == [0.5]
    assert found.pause_s.tolist() == [1.0]
    assert found.backchannel_s.tolist() == [1.0]
    assert found.backchannels == pytest.approx(1 / 6)
    assert found.returns == pytest.approx(1 / 2)  # ann does, bob never had the floor
    assert found.overlapped == pytest.approx(1.5 / 8.25)
    assert found.crowded == 0.0
    assert found.turns_per_minute == pytest.approx(36.0)


def test_nobody_has_no_turn_taking() -> None:
    with pytest.raises(EngineError, match="Nobody says anything"):
        measure([()])


TURNS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(0, 200), st.integers(1, 60)), min_size=1
)


@settings(max_examples=80)
@given(TURNS)
def test_occupancy_is_what_counting_gives(drawn: list[tuple[str, int, int]]) -> None:
    said = tuple(Talk(s, a / 10, (a + n) / 10, 1) for s, a, n in sorted(drawn, key=lambda t: t[1]))
    count = np.zeros(300, int)
    for _, start, length in drawn:
        count[start : start + length] += 1
    inside = count[min(a for _, a, _ in drawn) : max(a + n for _, a, n in drawn)]
    expected = np.bincount(np.minimum(inside, 3), minlength=4) / 10
    np.testing.assert_allclose(occupancy(said), expected, atol=1e-9)


def test_the_words_of_ami_are_parsed_once(tmp_path: Path) -> None:
    path = tmp_path / AMI_WORDS
    path.parent.mkdir()
    entry = {"meeting": "m", "speaker": "ann", "words": [["Hi", 1.0, 1.5], ["there", 1.5, 2.0]]}
    with gzip.open(path, "wt") as out:
        out.write(json.dumps(entry) + "\n")
    expected = [(Talk("ann", 1.0, 2.0, 2),)]
    assert load_ami(tmp_path, tmp_path / "cache") == expected
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_text(kept.read_text().replace("ann", "bob"))
    assert load_ami(tmp_path, tmp_path / "cache")[0][0].speaker == "bob"
    path.write_bytes(gzip.compress(json.dumps(entry | {"speaker": "cid"}).encode()))
    assert load_ami(tmp_path, tmp_path / "cache")[0][0].speaker == "cid"


def test_without_the_words_of_ami_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="words of AMI"):
        load_ami(tmp_path, tmp_path)


def test_the_overlap_of_ami_is_what_counting_gives(ami: list[Meeting]) -> None:
    """Overlap against a count of frames."""
    assert len(ami) == 157
    found = measure(ami)
    assert sum(len(m) for m in ami) == len(found.turn_s)
    first = ami[0]
    frames = np.zeros(round(max(t.end_s for t in first) * 100) + 1, int)
    for talk in first:
        frames[round(talk.start_s * 100) : round(talk.end_s * 100)] += 1
    expected = (frames > 1).sum() / (frames > 0).sum()
    assert measure([first]).overlapped == pytest.approx(expected, abs=1e-3)


def simulated(ami: list[Meeting], people: int, meetings: int = 10) -> TurnTaking:
    conversation = Conversation.fit(ami)
    names = SILENT.speakers[:people]
    made = [
        heard(conversation.arrange(SILENT, names, 900.0, RANDOM([1, i]))) for i in range(meetings)
    ]
    # to their end: but for the longest silence, and a word that did not fit
    assert all(889.0 < max(t.end_s for t in m) <= 900.0 for m in made)
    return measure(made)


def test_simulated_meetings_have_the_turn_taking_of_ami(ami: list[Meeting]) -> None:
    real, made = measure(ami), simulated(ami, 4)
    apart = {d.quantity: d.kolmogorov for d in timing_figure.distances(real, made)}
    assert set(apart) == set(timing_figure.QUANTITIES)
    del apart["words in a turn"]  # the silent words are not those of AMI
    assert max(apart.values()) < 0.12, apart
    for share in ("overlapped", "backchannels", "returns"):
        assert getattr(made, share) == pytest.approx(getattr(real, share), rel=0.2), share
    assert made.turns_per_minute == pytest.approx(real.turns_per_minute, rel=0.15)


def test_two_people_speak_in_turns(ami: list[Meeting]) -> None:
    made = simulated(ami, 2, 4)
    assert made.returns == 1.0
    assert made.crowded == 0.0
    assert made.overlapped > 0.05


@settings(max_examples=40)
@given(st.integers(1, 4), st.floats(2.0, 90.0), st.integers(0, 10_000), st.booleans())
def test_a_conversation_keeps_its_rules(
    people: int, duration_s: float, seed: int, wild: bool
) -> None:
    """Also when the turn taking is absurd: everybody at once, at any place, for any time."""
    random = RANDOM(seed)
    low, high = (-9.0, 9.0) if wild else (-0.5, 0.5)
    happened = [
        Event(int(random.integers(4)), inside, float(place), float(random.uniform(0.05, 8.0)))
        for inside in (False, True, False)
        for place in random.uniform(0.0 if inside else low, 1.0 if inside else high, 8)
    ]
    conversation = Conversation(tuple(happened), frozenset({len(happened) - 1}), 3.0)
    names = SILENT.speakers[:people]
    turns = conversation.arrange(SILENT, names, duration_s, random)
    assert [t.start for t in turns] == sorted(t.start for t in turns)
    count = np.zeros(round(duration_s * 16_000), int)
    for turn in turns:
        assert 0 <= turn.start < turn.end <= len(count)
        count[turn.start : turn.end] += 1
    assert count.max(initial=0) <= 3
    for person in names:
        own = [t for t in turns if t.spoken.speaker == person]
        assert all(b.start - a.end >= 8000 for a, b in itertools.pairwise(own))


def test_the_same_seed_gives_the_same_meeting(ami: list[Meeting]) -> None:
    conversation = Conversation.fit(ami[:3])
    first, again, other = (
        [(t.spoken.speaker, t.start, t.end) for t in turns]
        for turns in (
            conversation.arrange(SILENT, SILENT.speakers, 60.0, RANDOM(s)) for s in (5, 5, 6)
        )
    )
    assert first == again != other


def test_events_follow_each_other_as_they_did() -> None:
    happened = tuple(Event(1, False, float(i), 1.0) for i in range(100))
    random = RANDOM(0)
    conversation = Conversation(happened, frozenset({49, 99}), block=10.0)
    drawn = [round(e.place) for e in itertools.islice(conversation.stream(random), 20_000)]
    assert set(drawn) == set(range(100))
    following = [b == a + 1 for a, b in itertools.pairwise(drawn)]
    assert np.mean(following) == pytest.approx(0.9 * 0.98, abs=0.02)
    across = [b for a, b in itertools.pairwise(drawn) if a == 49]
    assert np.mean([b == 50 for b in across]) < 0.1  # not from one meeting into the next


def test_turn_taking_needs_an_answer() -> None:
    with pytest.raises(EngineError, match="Nobody answers"):
        Conversation.fit([meeting(("ann", 0.0, 5.0), ("bob", 1.0, 2.0))])


def test_long_silences_are_cut() -> None:
    happened = (Event(1, False, 500.0, 1.0),)
    conversation = dataclasses.replace(Conversation(happened, frozenset({0})), longest_gap_s=4.0)
    turns = conversation.arrange(SILENT, SILENT.speakers, 60.0, RANDOM(0))
    gaps = [(b.start - a.end) / 16_000 for a, b in itertools.pairwise(turns)]
    assert len(gaps) > 5
    np.testing.assert_allclose(gaps, 4.0, atol=1e-3)


class Counting:
    """Ten words of 0.3 s; each one's samples hold its number, and silences of 0.1 s nothing."""

    speakers = ("ann",)

    def __init__(self, phones: bool = True) -> None:
        self.phones = phones

    def turn(self, speaker: str, random: np.random.Generator) -> SpokenTurn:
        words = tuple(Aligned(str(i), 800 + 6400 * i, 5600 + 6400 * i) for i in range(10))
        samples = np.zeros(64_000, np.float32)
        for word in words:
            samples[word.start : word.end] = int(word.text) + 1.0
        phones = tuple(dataclasses.replace(w, text="AH") for w in words)
        return SpokenTurn(speaker, samples, words, phones if self.phones else None)


@pytest.mark.parametrize("length_s", [0.1, 0.3, 1.1, 3.9, 9.5, 31.0])
@pytest.mark.parametrize("phones", [True, False])
def test_turns_are_as_long_as_asked_and_words_where_they_are_said(
    length_s: float, phones: bool
) -> None:
    for seed in range(4):
        turn = FittedSource(Counting(phones)).turn("ann", length_s, RANDOM(seed))
        assert len(turn.samples) / 16_000 == pytest.approx(length_s, abs=0.35)
        assert turn.words[0].start == 0
        assert turn.words[-1].end == len(turn.samples)
        for word in turn.words:
            middle = turn.samples[word.start + 400 : word.end - 400]
            assert (middle == int(word.text) + 1.0).all()
        gaps = [b.start - a.end for a, b in itertools.pairwise(turn.words)]
        assert all(0 <= gap < 8000 for gap in gaps)
        if turn.phones is None:
            assert not phones
        else:
            assert [(p.start, p.end) for p in turn.phones] == [(w.start, w.end) for w in turn.words]


def test_phones_that_are_not_known_are_marked_in_a_joined_turn() -> None:
    known, unknown = (Counting(p).turn("ann", RANDOM(0)) for p in (True, False))
    both = joined([known, unknown], RANDOM(0))
    assert both.phones is not None
    assert both.phones[:10] == known.phones
    assert both.phones[10] == Aligned(UNKNOWN_PHONE, len(both.samples) - 64_000, len(both.samples))
    assert joined([unknown, unknown], RANDOM(0)).phones is None


def test_an_excerpt_is_from_word_to_word() -> None:
    part = excerpt(Counting().turn("ann", RANDOM(0)), 2, 3)
    assert [w.text for w in part.words] == ["2", "3"]
    assert len(part.samples) == 11_200


def test_a_turn_is_shortened_to_whole_words() -> None:
    turn = Counting().turn("ann", RANDOM(0))
    short = shortened(turn, 20_000)
    assert [w.text for w in short.words] == ["0", "1", "2"]
    assert len(short.samples) == short.words[-1].end
    assert [w.text for w in shortened(turn, 10).words] == ["0"]
    assert shortened(turn, 64_000) is turn


class Mute:
    """Says nothing at all."""

    speakers = ("ann", "bob")

    def turn(self, speaker: str, random: np.random.Generator) -> SpokenTurn:
        return SpokenTurn(speaker, np.zeros(0, np.float32), (), None)


def test_a_source_without_words_does_not_keep_one_waiting() -> None:
    conversation = Conversation((Event(1, False, 0.5, 3.0),), frozenset({0}))
    turns = conversation.arrange(Mute(), Mute.speakers, 20.0, RANDOM(0))
    assert all(len(t.spoken.samples) == 0 for t in turns)


def test_the_figure_is_a_picture_of_every_quantity(tmp_path: Path) -> None:
    random = RANDOM(0)

    def taking(shift: float) -> TurnTaking:
        lengths = random.gamma(2.0, 1.0, 500)
        offsets = random.normal(shift, 1.0, 500)
        return TurnTaking(lengths, lengths, offsets, lengths, lengths, 0.2, 0.5, 0.1, 0.0, 12.0)

    real, near, far = taking(0.0), taking(0.0), taking(2.0)
    offset = "floor transfer offset (s)"
    close, apart = (
        next(d for d in timing_figure.distances(real, made) if d.quantity == offset)
        for made in (near, far)
    )
    assert close.wasserstein < 0.2
    assert apart.wasserstein == pytest.approx(2.0, abs=0.2)  # two equal shapes, 2 s apart
    assert apart.kolmogorov == pytest.approx(0.683, abs=0.06)  # 2 Phi(1) - 1
    timing_figure.draw(real, far, tmp_path / "f.png")
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    table = timing_figure.table(real, far, near)
    assert table.row_count == len(timing_figure.QUANTITIES) + len(timing_figure.SHARES) + 1
