"""Light or dark, and how large: as the system or the user wants; tells all that draws itself."""

from __future__ import annotations

import re
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from app.paths import resource
from app.settings import Theme as ThemeChoice
from ui import icons
from ui.palette import DARK, LIGHT, Colours, qt_palette

SCHEMES: dict[ThemeChoice, Qt.ColorScheme] = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}
GENERIC_FONTS = {"", "sans serif", "sans-serif", "sans", "dejavu sans"}
SMALLEST_POINT_SIZE = 10.0


class Theme(QObject):
    """The look of the whole application, in one place.

    ``changed`` is emitted after colours or sizes were replaced; ``colours`` are the new ones.
    """

    changed = Signal()

    def __init__(
        self, app: QApplication, choice: ThemeChoice = "system", font_scale: float = 1.0
    ) -> None:
        super().__init__(app)
        self._app = app
        self.colours = LIGHT
        app.setStyle("Fusion")  # the same bones on every system; the flesh is ours
        self._base = base_font(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
        self._font_scale = font_scale
        app.setFont(scaled(self._base, font_scale))
        app.styleHints().colorSchemeChanged.connect(self._show)
        self.choose(choice)

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        self._app.styleHints().setColorScheme(SCHEMES[choice])
        self._show()

    def enlarge(self, font_scale: float) -> None:
        """Write everything larger or smaller than the system does, at once."""
        ratio, self._font_scale = font_scale / self._font_scale, font_scale
        own = [
            (widget, scaled(widget.font(), ratio, widget.font().weight()))
            for widget in self._app.allWidgets()
            if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont)
        ]
        self._app.setFont(scaled(self._base, font_scale))
        self._paint()  # under a style sheet, a font counts once the sheet is set anew
        for widget, font in own:
            widget.setFont(font)
        self.changed.emit()

    def _show(self) -> None:
        self._paint()
        self.changed.emit()

    def _paint(self) -> None:
        # A platform that knows no schemes (offscreen) ignores the request: ours counts first.
        scheme = SCHEMES[self._choice]
        if scheme is Qt.ColorScheme.Unknown:
            scheme = self._app.styleHints().colorScheme()
        self.colours = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        icons.forget()
        self._app.setPalette(qt_palette(self.colours))
        self._app.setStyleSheet(stylesheet(self.colours))


def stylesheet(colours: Colours) -> str:
    """The style sheet with colours and the folder of icons filled in.

    Raises:
        KeyError: a name of a colour is misspelt.
    """
    sheet = re.sub(r"@(\w+)", lambda name: _colour(colours, name[1]), _template())
    return sheet.replace("%icons%", resource("icons").as_posix())


def base_font(system: QFont) -> QFont:
    """The system's own font; where it has none to speak of, the one we bring."""
    font = QFont(system)
    if system.family().lower() in GENERIC_FONTS and (ours := _own_family()):
        font.setFamilies([ours, system.family()])
    font.setPointSizeF(max(system.pointSizeF(), SMALLEST_POINT_SIZE))
    return font


def scaled(font: QFont, factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The same font, larger or smaller: sizes follow the user's setting."""
    larger = QFont(font)
    larger.setPointSizeF(font.pointSizeF() * factor)
    larger.setWeight(weight)
    return larger


def tabular(font: QFont) -> QFont:
    """The same font with digits of one width, so that running times do not dance."""
    even = QFont(font)
    even.setFeature(QFont.Tag("tnum"), 1)
    return even


@cache
def _template() -> str:
    return resource("themes/crosstalk.qss").read_text("utf-8")


@cache
def _own_family() -> str:
    loaded = [
        QFontDatabase.addApplicationFont(str(path))
        for path in sorted(resource("themes/fonts").glob("*.otf"))
    ]
    families = [name for each in loaded for name in QFontDatabase.applicationFontFamilies(each)]
    return families[0] if families else ""


def _colour(colours: Colours, name: str) -> str:
    value = getattr(colours, name, None)
    if not isinstance(value, str):
        raise KeyError(f"the style sheet names a colour that does not exist: @{name}")
    return value
