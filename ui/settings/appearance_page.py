"""Settings of how the window looks, and its language."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from ui.settings.form import Page
from ui.settings.keeper import Keeper
from ui.text import figure
from ui.theme import Theme
from ui.translating import languages

PERCENTS = (80, 90, 100, 110, 125, 150, 175, 200)


class AppearancePage(Page):
    """Colours, sizes and language."""

    def __init__(self, keeper: Keeper, theme: Theme) -> None:
        super().__init__(keeper, theme)
        self.heading.setText(self.tr("Appearance"))
        self.colours = self.choice(
            "theme",
            self.tr("Colours"),
            [
                (self.tr("As the system"), "system"),
                (self.tr("Light"), "light"),
                (self.tr("Dark"), "dark"),
            ],
        )
        sizes = [(self._percent(each / 100), each / 100) for each in PERCENTS]
        self.size_ = self.choice("font_scale", self.tr("Size of text"), sizes, self._percent)
        self.language = self.choice(
            "language",
            self.tr("Language"),
            [
                (self.tr("As the system"), None),
                *((_name_of(each), each) for each in languages()),
            ],
        )
        self.end()

    def _percent(self, share: float) -> str:
        return self.tr("{number}%").format(number=figure(round(100 * share)))


def _name_of(language: str) -> str:
    """A language in its own words."""
    name = QLocale(language).nativeLanguageName()
    return name[:1].upper() + name[1:]
