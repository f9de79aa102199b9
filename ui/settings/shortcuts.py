"""The keys of all commands: as they came, or as the user wants them."""

from __future__ import annotations

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from ui.actions import Actions
from ui.settings.keeper import Keeper

PORTABLE = QKeySequence.SequenceFormat.PortableText
NEEDED = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class Shortcuts(QObject):
    """Knows each command's own keys, and puts those of the settings in their place."""

    changed = Signal()

    def __init__(self, actions: Actions, keeper: Keeper, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._keeper = keeper
        self.actions_ = named_actions(actions)
        self._defaults = {name: action.shortcuts() for name, action in self.actions_.items()}
        self.apply()

    def title(self, name: str) -> str:
        """What a command is called."""
        return self.actions_[name].text().replace("&", "").rstrip("…")

    def keys(self, name: str) -> QKeySequence:
        """What a command's keys are now."""
        return self.actions_[name].shortcut()

    def is_default(self, name: str) -> bool:
        """Whether a command has the keys that it came with."""
        return self.actions_[name].shortcuts() == self._defaults[name]

    def assign(self, name: str, keys: QKeySequence) -> str:
        """Give a command other keys, none if they are empty; returns why not, or nothing."""
        if problem := self._problem(name, keys):
            return problem
        chosen = self._keeper.settings.shortcuts | {name: keys.toString(PORTABLE)}
        self._choose(chosen)
        return ""

    def reset(self, name: str) -> str:
        """Give a command its own keys back; returns why not, or nothing."""
        for own in self._defaults[name]:
            if problem := self._problem(name, own):
                return problem
        rest = {key: v for key, v in self._keeper.settings.shortcuts.items() if key != name}
        self._choose(rest)
        return ""

    def reset_all(self) -> None:
        """Give every command its own keys back."""
        self._choose({})

    def apply(self) -> None:
        """Set the keys of the settings. Keys chosen by the user go before those that came."""
        chosen = self._keeper.settings.shortcuts
        taken: set[str] = set()
        for own in (True, False):
            for name, action in self.actions_.items():
                if (name in chosen) == own:
                    wanted = [QKeySequence(chosen[name])] if own else self._defaults[name]
                    action.setShortcuts(_free(wanted, taken))
        self.changed.emit()

    def _choose(self, chosen: dict[str, str]) -> None:
        own = {name: keys for name, keys in chosen.items() if not self._came_with(name, keys)}
        self._keeper.change("shortcuts", own)
        self.apply()

    def _came_with(self, name: str, keys: str) -> bool:
        own = self._defaults.get(name)
        return own is not None and [QKeySequence(keys)] == own

    def _problem(self, name: str, keys: QKeySequence) -> str:
        if keys.isEmpty() or (keys in self._defaults[name] and not self._holder(name, keys)):
            return ""
        if holder := self._holder(name, keys):
            said = self.tr("{keys} is already used by “{command}”. Choose other keys.")
            return said.format(keys=_native(keys), command=holder)
        if not _is_safe(keys):
            said = self.tr("{keys} alone is needed for typing and moving: add Ctrl or Alt.")
            return said.format(keys=_native(keys))
        return ""

    def _holder(self, name: str, keys: QKeySequence) -> str:
        """The command that has these keys, if it is another one."""
        for action in self._window.actions():
            if action is not self.actions_[name] and keys in action.shortcuts():
                return action.text().replace("&", "").rstrip("…")
        return ""


def named_actions(actions: object) -> dict[str, QAction]:
    """All commands by the names that the program has for them, as ``record`` or ``edits.join``."""
    found: dict[str, QAction] = {}
    for name, value in vars(actions).items():
        if isinstance(value, QAction):
            found[name] = value
        elif not name.startswith("_") and hasattr(value, "__dict__"):
            found |= {f"{name}.{key}": action for key, action in named_actions(value).items()}
    return found


def _free(wanted: list[QKeySequence], taken: set[str]) -> list[QKeySequence]:
    free = [each for each in wanted if not each.isEmpty() and each.toString() not in taken]
    taken.update(each.toString() for each in free)
    return free


def _is_safe(keys: QKeySequence) -> bool:
    """Whether the keys cannot come in the way of typing and of moving about."""
    first: QKeyCombination = keys[0]  # type: ignore[index]  # the stubs lack it
    function_key = Qt.Key.Key_F1 <= first.key() <= Qt.Key.Key_F35
    return function_key or bool(first.keyboardModifiers() & NEEDED)


def _native(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
