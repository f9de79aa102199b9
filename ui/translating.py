"""The language of the window: ours and Qt's own words, and how its numbers and days are written."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QGuiApplication

from app.paths import resource
from app.words import speak_by

SOURCE_LANGUAGE = "en"


def languages() -> list[str]:
    """The languages that the window can speak."""
    files = resource("translations").glob("crosstalk_*.qm")
    return sorted({SOURCE_LANGUAGE, *(path.stem.removeprefix("crosstalk_") for path in files)})


def speak(app: QCoreApplication, language: str | None) -> list[QTranslator]:
    """Let everything that is built from now on speak a language; None: that of the system.

    English too has a file: it holds the singular and plural of what is counted.

    Returns:
        What was installed; :func:`speak_no_more` takes it away again.
    """
    wanted = QLocale(language) if language else QLocale.system()
    spoken = _spoken(wanted)
    QLocale.setDefault(_written(spoken, wanted if language and "_" in language else None))
    installed = [
        translator
        for name, folder in (("qtbase", _qt_folder()), ("crosstalk", _our_folder()))
        if (translator := _install(app, f"{name}_{spoken}", folder))
    ]
    _face(app, QLocale(spoken).textDirection())
    speak_by(QCoreApplication.translate)
    return installed


def speak_no_more(app: QCoreApplication, installed: list[QTranslator]) -> None:
    """Back to the sentences as they stand in the source."""
    for translator in installed:
        app.removeTranslator(translator)
        translator.deleteLater()
    _face(app, Qt.LayoutDirection.LeftToRight)
    speak_by(None)
    QLocale.setDefault(QLocale.system())


def _spoken(wanted: QLocale) -> str:
    """The first language of the user's that the window speaks; English if there is none."""
    ours = languages()
    tags = (tag.partition("-")[0] for tag in wanted.uiLanguages())
    return next((tag for tag in tags if tag in ours), SOURCE_LANGUAGE)


def _written(spoken: str, wanted: QLocale | None) -> QLocale:
    """Days and numbers as one writes them in that language, where the user lives."""
    place, language = wanted or QLocale.system(), QLocale(spoken).language()
    if place.language() in (language, QLocale.Language.C) and spoken == SOURCE_LANGUAGE:
        return place
    return place if place.language() == language else QLocale(language, place.territory())


def _install(app: QCoreApplication, name: str, folder: str) -> QTranslator | None:
    translator = QTranslator(app)
    if not translator.load(name, folder):  # Qt speaks other languages than we do
        return None
    app.installTranslator(translator)
    return translator


def _face(app: QCoreApplication, direction: Qt.LayoutDirection) -> None:
    if isinstance(app, QGuiApplication):
        app.setLayoutDirection(direction)


def _qt_folder() -> str:
    return QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)


def _our_folder() -> str:
    return str(resource("translations"))
