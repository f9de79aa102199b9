"""The language of the window: ours and Qt's own words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.paths import resource
from app.words import speak_by

SOURCE_LANGUAGE = "en"


def languages() -> list[str]:
    """The languages that the window can speak."""
    files = resource("translations").glob("crosstalk_*.qm")
    return sorted({SOURCE_LANGUAGE, *(path.stem.removeprefix("crosstalk_") for path in files)})


def speak(app: QCoreApplication, language: str | None) -> list[QTranslator]:
    """Let everything that is built from now on speak a language; None: that of the system.

    Returns:
        What was installed; :func:`speak_no_more` takes it away again.
    """
    locale = QLocale(language) if language else QLocale.system()
    QLocale.setDefault(locale)  # how numbers and days are written
    ours = str(resource("translations"))
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    installed = []
    for name, folder in (("qtbase", qt), ("crosstalk", ours)):
        translator = QTranslator(app)
        if _wanted(locale) and translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
            installed.append(translator)
    speak_by(QCoreApplication.translate)
    return installed


def speak_no_more(app: QCoreApplication, installed: list[QTranslator]) -> None:
    """Back to English."""
    for translator in installed:
        app.removeTranslator(translator)
        translator.deleteLater()
    speak_by(None)
    QLocale.setDefault(QLocale.system())


def _wanted(locale: QLocale) -> bool:
    """Qt tries all languages of a system; where English comes before ours, English it is."""
    first = locale.uiLanguages()[:1]
    return not first or not first[0].startswith(SOURCE_LANGUAGE)
