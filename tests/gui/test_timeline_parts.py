from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.peaks import BUCKET, Peaks
from app.transcript import Transcript, Turn
from engine.events import Gap, GapReason
from engine.timeline import to_samples
from tests.gui.scripted import TALK, Line, events_of, events_of_talk, rename
from ui.models import TurnListModel
from ui.review.lanes import cover, runs
from ui.review.outline import Outline
from ui.review.timeline import Timeline
from ui.review.window_of_time import SHORTEST, TimeWindow
from ui.theme import Theme

MINUTE = to_samples(60)
MANY = 20_000
FRAME_S = 0.017


def talk() -> TurnListModel:
    model = TurnListModel()
    model.apply(events_of_talk())
    return model


def same(outline: Outline, model: TurnListModel) -> bool:
    fresh = Outline()
    fresh.follow(model)
    ours, theirs = (np.stack([each.starts, each.ends, each.speakers]) for each in (outline, fresh))
    return np.array_equal(ours, theirs) and outline.names == fresh.names


def test_the_outline_says_who_speaks_when(qtbot: QtBot) -> None:
    outline = Outline()
    outline.follow(talk())
    assert outline.starts.tolist() == [to_samples(line.start_s) for line in TALK]
    assert outline.speakers.tolist() == [line.speaker for line in TALK]
    assert outline.at(to_samples(7.0)) == [1, 2]  # two at once
    assert outline.at(to_samples(0.1)) == []
    assert (outline.before(0), outline.before(to_samples(8.0))) == (-1, 2)
    assert outline.names == {n: f"Speaker {n}" for n in (1, 2, 3)}


def test_the_outline_follows_every_change(qtbot: QtBot) -> None:
    model, outline = talk(), Outline()
    outline.follow(model)
    told: list[int] = []
    outline.changed.connect(lambda: told.append(1))
    for event in events_of(Line(4, 5.0, "a turn in the middle of it", 1), 50):
        model.apply([event])
        assert same(outline, model)
    model.apply([Gap(to_samples(3.9), 800, GapReason.OVERRUN)])
    assert same(outline, model)
    assert 0 in outline.speakers
    rename(model, 2, "Jonas")
    assert same(outline, model)
    assert told
    other = TurnListModel()
    outline.follow(other)
    assert outline.length == 0
    before = len(told)
    rename(model, 2, "Anna")
    assert len(told) == before


def test_zooming_keeps_the_moment_under_the_pointer() -> None:
    window = TimeWindow().grown(10 * MINUTE)
    about = window.sample(300, 1000)
    for factor in (0.5, 0.5, 0.5, 2.0):
        window = window.zoomed(factor, about)
        assert window.x(about, 1000) == pytest.approx(300, abs=1)
    assert window.zoomed(0.0001, about).length == SHORTEST
    out = window.zoomed(1000, about)
    assert (out.start, out.length, out.all) == (0, 10 * MINUTE, True)


def test_the_window_stays_within_the_meeting_and_turns_its_pages() -> None:
    window = TimeWindow().grown(10 * MINUTE).zoomed(0.1, 0)
    assert window.moved(-5).start == 0
    assert window.moved(20 * MINUTE).end == 10 * MINUTE
    assert window.showing(MINUTE // 2) is window
    assert window.showing(5 * MINUTE).start == 5 * MINUTE - MINUTE // 10
    assert window.sample(-50, 100) == 0
    assert window.grown(12 * MINUTE).length == MINUTE  # a closer look is kept
    assert TimeWindow().grown(MINUTE).grown(2 * MINUTE).length == 2 * MINUTE


def test_lanes_are_covered_where_somebody_speaks() -> None:
    window = TimeWindow(0, 1000 * 160, 1000 * 160)
    starts = np.array([0, 16_000, 20_000, 159_000])
    ends = np.array([8_000, 16_001, 40_000, 160_000])
    lanes = [np.array([0, 1]), np.array([2, 3])]
    found = cover(starts, ends, lanes, window, 1000)
    assert runs(found[0]) == [(0, 49), (100, 1)]  # the shortest turn is seen too
    assert runs(found[1]) == [(125, 124), (993, 6)]
    close = window.zoomed(0.1, 0)
    assert runs(cover(starts, ends, lanes, close, 1000)[0]) == [(0, 249), (500, 1)]


def test_neighbouring_turns_of_one_voice_stay_apart() -> None:
    window = TimeWindow(0, 16_000 * 100, 16_000 * 100)
    starts, ends = np.array([0, 800_000]), np.array([800_000, 1_600_000])
    assert runs(cover(starts, ends, [np.array([0, 1])], window, 100)[0]) == [(0, 49), (50, 49)]


def test_eight_hours_with_many_turns_are_drawn_within_a_frame(qtbot: QtBot, theme: Theme) -> None:
    outline, whole = Outline(), 480 * MINUTE
    starts = np.sort(np.random.default_rng(0).integers(0, whole, MANY))
    turns = {
        n: Turn(n, n % 2, int(at), int(at) + MINUTE // 20, n % 6 + 1) for n, at in enumerate(starts)
    }
    outline.follow(TurnListModel(Transcript(turns)))
    timeline = Timeline(theme, outline)
    qtbot.addWidget(timeline)
    timeline.resize(1200, 140)
    timeline.show_meeting(whole)
    timeline.show_peaks(Peaks.of(np.full(whole // BUCKET, 90, np.uint8)))
    timeline.grab()
    took = []
    for _ in range(15):
        timeline.zoom(0.8, whole // 3)
        before = time.process_time()  # of this process: the machine may have other work
        timeline.grab()
        took.append(time.process_time() - before)
    assert sorted(took)[7] < FRAME_S


def test_a_meeting_that_is_recorded_has_no_playhead_until_one_goes_somewhere(
    qtbot: QtBot, theme: Theme
) -> None:
    outline = Outline()
    outline.follow(talk())
    timeline = Timeline(theme, outline)
    qtbot.addWidget(timeline)
    timeline.resize(600, 120)
    timeline.show_meeting(MINUTE)

    def head() -> QColor:
        place = timeline._layout().time
        return timeline.grab().toImage().pixelColor(place.left(), place.bottom() - 1)

    assert head() == QColor(theme.colours.text)
    timeline.show_live(True)
    assert head() != QColor(theme.colours.text)
    timeline.show_position(to_samples(30))
    x = round(timeline._x(to_samples(30)))
    image = timeline.grab().toImage()
    assert image.pixelColor(x, image.height() - 4) == QColor(theme.colours.text)


def test_a_meeting_that_grows_with_every_word_is_drawn_a_few_times_a_second(
    qtbot: QtBot, theme: Theme
) -> None:
    timeline = Timeline(theme, Outline())
    qtbot.addWidget(timeline)
    timeline.show_meeting(MINUTE)
    drawn: list[int] = []
    timeline.window_changed.connect(lambda: drawn.append(timeline.shown.whole))
    for second in range(1, 20):
        timeline.show_length(MINUTE + to_samples(second))
    assert drawn == []
    qtbot.waitUntil(lambda: drawn == [MINUTE + to_samples(19)])
