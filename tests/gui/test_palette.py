from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from ui.palette import DARK, LIGHT, Colours
from ui.theme import Theme, stylesheet

Vector = NDArray[np.float64]
AA_TEXT = 4.5
AA_PARTS = 3.0
LEAST_DISTANCE = 10.0
"""CIE76; from about 2.3 on, colours side by side look different."""

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISIONS = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])

themes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def linear(colour: str) -> Vector:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((float(TO_XYZ[1] @ linear(c)) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: Vector) -> Vector:
    xyz = TO_XYZ @ np.clip(rgb, 0, 1)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@themes
def test_text_can_be_read_on_everything_it_stands_on(colours: Colours) -> None:
    surfaces = (colours.window, colours.sidebar, colours.surface, colours.selection)
    pairs = [(ink, paper) for ink in (colours.text, colours.muted) for paper in surfaces]
    pairs += [(colours.text, colours.raised), (colours.muted, colours.raised)]
    pairs += [(colours.text, colours.danger_wash), (colours.text, colours.warning_wash)]
    pairs += [(colours.warning, colours.warning_wash), (colours.danger, colours.danger_wash)]
    pairs += [(ink, colours.sidebar) for ink in (colours.warning, colours.danger)]
    pairs += [(ink, colours.selection) for ink in (colours.warning, colours.danger)]
    pairs += [(colours.on_accent, paper) for paper in (colours.accent, colours.accent_hover)]
    pairs += [(colours.on_stop, paper) for paper in (colours.stop, colours.stop_hover)]
    weak = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < AA_TEXT}
    assert weak == {}


@themes
def test_names_of_speakers_can_be_read(colours: Colours) -> None:
    papers = (colours.surface, colours.selection)
    pairs = [(ink, paper) for ink in colours.speakers for paper in papers]
    weak = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < AA_TEXT}
    assert weak == {}


@themes
def test_controls_and_focus_stand_out(colours: Colours) -> None:
    papers = (colours.window, colours.surface, colours.sidebar)
    pairs = [(line, p) for line in (colours.outline, colours.accent_text) for p in papers]
    pairs += [(colours.accent_text, colours.line)]  # the bar of the level meter in its groove
    weak = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < AA_PARTS}
    assert weak == {}


@themes
@pytest.mark.parametrize("vision", VISIONS)
def test_six_speakers_look_different_to_everybody(colours: Colours, vision: str) -> None:
    seen = [lab(VISIONS[vision] @ linear(colour)) for colour in colours.speakers[:6]]
    nearest = min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))
    assert nearest >= LEAST_DISTANCE


def test_more_speakers_than_colours_begin_again() -> None:
    assert LIGHT.speaker(1) == LIGHT.speaker(1 + len(LIGHT.speakers))
    assert LIGHT.speaker(1) != LIGHT.speaker(2)


@themes
def test_the_style_sheet_names_only_colours_that_exist(colours: Colours) -> None:
    filled = stylesheet(colours)
    assert "@" not in filled
    assert colours.accent in filled


def test_choosing_a_theme_repaints_the_application(qapp: QApplication) -> None:
    theme = Theme(qapp, "dark")
    told: list[Colours] = []
    theme.changed.connect(lambda: told.append(theme.colours))
    theme.choose("light")
    assert told[-1] is LIGHT
    assert qapp.palette().window().color().name().upper() == LIGHT.window
    theme.choose("dark")
    assert qapp.palette().window().color().name().upper() == DARK.window
    theme.choose("light")
