"""Changes settings, saves them at once, and tells who has to know."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from app.errors import AppError
from app.settings import Settings
from app.words import translate
from ui.notices import failure


class Keeper(QObject):
    """Has the settings of the window. Reading them needs no detour.

    ``changed`` carries the name of the setting that is another one now; ``noticed`` what failed.
    """

    changed = Signal(str)
    noticed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings

    def change(self, name: str, value: Any) -> bool:
        """Set and save; returns whether the value is allowed. A failed save is told."""
        if getattr(self.settings, name) == value:
            return True
        try:
            setattr(self.settings, name, value)
        except ValidationError:
            return False
        self.save()
        self.changed.emit(name)
        return True

    def save(self) -> None:
        """Write the settings; if that fails they hold until the window is closed."""
        try:
            self.settings.save()
        except AppError as error:
            self.noticed.emit(failure("settings", error))

    def description(self, name: str) -> str:
        """What a setting means, in the language of the window."""
        return translate("Settings", Settings.model_fields[name].description or "")

    def bounds(self, name: str) -> tuple[float, float]:
        """The least and the greatest allowed value of a number."""
        limits = {type(each).__name__: each for each in Settings.model_fields[name].metadata}
        return float(limits["Ge"].ge), float(limits["Le"].le)
