"""The colours of the window, once for light and once for dark.

Text colours reach at least 4.5 : 1 on every surface they are drawn on, and the first six speaker
colours stay apart for the three kinds of colour blindness; ``tests/gui/test_palette.py`` computes
both. Colour never carries a meaning alone: each speaker has a number too.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour the window uses, as ``#RRGGBB``."""

    dark: bool
    window: str  # around and behind everything
    sidebar: str
    surface: str  # where the transcript is read
    raised: str  # fields, chips, hovered rows
    line: str  # hairlines between areas
    outline: str  # borders of controls, 3 : 1 on the window
    text: str
    muted: str  # secondary text
    accent: str
    accent_hover: str
    on_accent: str
    accent_text: str  # icons, focus
    selection: str  # behind the selected row
    stop: str  # the button that ends a recording
    stop_hover: str
    on_stop: str
    danger: str
    danger_wash: str  # behind a message of failure
    warning: str
    warning_wash: str
    speakers: tuple[str, ...]

    def speaker(self, number: int) -> QColor:
        """The colour of speaker 1, 2, 3, ...; after the last it begins again."""
        return QColor(self.speakers[(number - 1) % len(self.speakers)])


LIGHT = Colours(
    dark=False,
    window="#F7F7F4",
    sidebar="#EFEFEA",
    surface="#FFFFFF",
    raised="#F1F1ED",
    line="#E2E2DC",
    outline="#828590",
    text="#1B1D24",
    muted="#5A5E69",
    accent="#3F4BD1",
    accent_hover="#333EB8",
    on_accent="#FFFFFF",
    accent_text="#3F4BD1",
    selection="#E6E8FB",
    stop="#B3261E",
    stop_hover="#991B14",
    on_stop="#FFFFFF",
    danger="#B3261E",
    danger_wash="#FBE9E7",
    warning="#855300",
    warning_wash="#FBF0DA",
    speakers=(
        "#1466C8",  # blue
        "#B33A09",  # vermilion
        "#006B50",  # green
        "#A4249B",  # purple
        "#4A3600",  # umber
        "#3A4658",  # slate
        "#C41753",  # rose
        "#4A2BA8",  # violet
    ),
)

DARK = Colours(
    dark=True,
    window="#15161A",
    sidebar="#111215",
    surface="#1B1D22",
    raised="#282B32",
    line="#2A2D34",
    outline="#737884",
    text="#ECECE9",
    muted="#A3A8B3",
    accent="#5765EC",
    accent_hover="#4A57DA",
    on_accent="#FFFFFF",
    accent_text="#98A3FF",
    selection="#2B2F52",
    stop="#CF4037",
    stop_hover="#B8352C",
    on_stop="#FFFFFF",
    danger="#FF8A80",
    danger_wash="#3A1F1E",
    warning="#F2C063",
    warning_wash="#362B17",
    speakers=(
        "#62ABFF",
        "#FF8F4D",
        "#3ECF9F",
        "#F58CDD",
        "#F0D35A",
        "#CBD2DC",
        "#FF7A9C",
        "#A58BFF",
    ),
)


def qt_palette(colours: Colours) -> QPalette:
    """The palette that plain Qt controls draw themselves with."""
    role = QPalette.ColorRole
    pairs = {
        role.Window: colours.window,
        role.Base: colours.surface,
        role.AlternateBase: colours.raised,
        role.Button: colours.window,
        role.ToolTipBase: colours.raised,
        role.Text: colours.text,
        role.WindowText: colours.text,
        role.ButtonText: colours.text,
        role.ToolTipText: colours.text,
        role.BrightText: colours.on_accent,
        role.PlaceholderText: colours.muted,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent_text,
    }
    palette = QPalette()
    for each, colour in pairs.items():
        palette.setColor(each, QColor(colour))
    for each in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(colours.outline))
    return palette
