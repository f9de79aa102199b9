"""The controls of the player: play, skip, speed, where one is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from engine.timeline import to_seconds
from ui import icons
from ui.review.player import SPEEDS
from ui.review.review_actions import ReviewActions
from ui.text import figure, stopwatch
from ui.theme import Theme, tabular

NARROW_EMS = 34
BUTTONS = (
    ("far_back", "back-10"),
    ("back", "back-5"),
    ("play", "play"),
    ("forward", "forward-5"),
    ("far_forward", "forward-10"),
)
MARKERS = (("follow", "follow"), ("bookmark", "bookmark"), ("notes", "notes"))


class PlayerBar(QFrame):
    """Buttons of the review actions, once :meth:`serve` named them; and ``speed_chosen``."""

    speed_chosen = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as time goes, in any language
        self.setObjectName("playerBar")
        self._theme = theme
        self._playing = False
        self.buttons = {name: QToolButton() for name, _ in (*BUTTONS, *MARKERS)}
        self.speed = QToolButton()
        self.speeds = QMenu(self.speed)
        self.time = QLabel()
        self._configure()
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def serve(self, actions: ReviewActions) -> None:
        """Let the buttons do what the actions do."""
        for name, button in self.buttons.items():
            _serve(button, getattr(actions, name))

    def in_order(self) -> list[QWidget]:
        """The controls as the tab key goes through them."""
        names = [name for name, _ in BUTTONS]
        markers = [self.buttons[name] for name, _ in MARKERS]
        return [*(self.buttons[name] for name in names), self.speed, *markers]

    def show_time(self, position: int, length: int) -> None:
        """Where one is, and how long the meeting."""
        at, whole = stopwatch(to_seconds(position)), stopwatch(to_seconds(length))
        self.time.setText(f"{at} / {whole}")

    def show_state(self, playing: bool, speed: float, refusal: str) -> None:
        """Whether it plays, how fast, and why it cannot."""
        self._playing = playing
        self.speed.setText(f"{figure(speed)}×")
        self.speed.setEnabled(not refusal)
        for value, action in zip(SPEEDS, self.speeds.actions(), strict=True):
            action.setChecked(value == speed)
        play = self.tr("Pause (Esc)") if playing else self.tr("Play (Esc)")
        self.buttons["play"].setToolTip(refusal or play)
        self.buttons["play"].setAccessibleName(play)
        self.buttons["play"].setAccessibleDescription(refusal or play)
        self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the long skips have no room."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW_EMS * self.fontMetrics().height()
        for name in ("far_back", "far_forward"):
            self.buttons[name].setVisible(not narrow)

    def _configure(self) -> None:
        for value in SPEEDS:
            choose = partial(self.speed_chosen.emit, value)
            self.speeds.addAction(f"{figure(value)}×", choose).setCheckable(True)
        self.speed.setMenu(self.speeds)
        self.speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.speed.setText("1×")
        self.speed.setMinimumWidth(self.fontMetrics().horizontalAdvance("1.75×") + 28)
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("Speed; the pitch stays (Alt+Up, Alt+Down)"))
        self.time.setFont(tabular(self.font()))
        self.time.setObjectName("muted")
        self.show_time(0, 0)
        for button in (*self.buttons.values(), self.speed):
            button.setIconSize(QSize(20, 20))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(2)
        for name, _ in BUTTONS:
            row.addWidget(self.buttons[name])
        row.addWidget(self.speed)
        row.addSpacing(2)
        row.addWidget(self.time)
        row.addStretch(1)
        for name, _ in MARKERS:
            row.addWidget(self.buttons[name])

    def _restyle(self) -> None:
        for name, icon in (*BUTTONS, *MARKERS):
            shown = "pause" if name == "play" and self._playing else icon
            self.buttons[name].setIcon(icons.icon(shown, self._theme.colours.text))


def _serve(button: QToolButton, action: QAction) -> None:
    """A button that does what an action does, with an icon of its own."""
    button.setCheckable(action.isCheckable())
    button.clicked.connect(action.trigger)
    action.changed.connect(lambda: _mirror(button, action))
    _mirror(button, action)


def _mirror(button: QToolButton, action: QAction) -> None:
    """Show how the action stands; the play button says more than its action."""
    button.setEnabled(action.isEnabled())
    button.setChecked(action.isChecked())
    text = action.text().replace("&", "").rstrip("…")
    if not button.accessibleDescription():
        keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
        button.setToolTip(f"{text} ({keys})" if keys else text)
        button.setAccessibleName(text)
