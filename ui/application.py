"""Builds the object graph and runs the window."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QLoggingCategory, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from app.errors import AppError
from app.jobs.engines import engine_choice
from app.known_voices import voices_for
from app.models import DEFAULT_NAME, engine_factory, find_model
from app.paths import library_path, log_path
from app.session import EngineFactory, EngineSession
from app.settings import Settings
from engine.errors import ModelError
from ui import icons
from ui.bridge import Bridge
from ui.desk import Desk
from ui.devices import Devices
from ui.live import Phase
from ui.main_window import MainWindow
from ui.mishaps import Mishaps
from ui.notices import warning
from ui.recording import Recording
from ui.single_instance import SingleInstance, hand_over
from ui.theme import Theme
from ui.translating import speak

LOG_BYTES = 1_000_000
BAD_START = 2
PATIENCE_S = 30.0

EngineChoice = Callable[[], EngineFactory]
"""Gives what makes the engine of the next meeting."""


def run(argv: list[str], files: Sequence[Path] = ()) -> int:
    """Open the window and bring files into it; returns when it is closed, with the exit code.

    When a window shows the library already, that one takes the files and comes forward.
    """
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")  # it speaks of libraries nobody needs
    app = QApplication.instance() or QApplication(argv)
    assert isinstance(app, QApplication)
    name_application(app)
    try:
        if hand_over(library_path(), files):
            return 0
        instance = SingleInstance(library_path(), app)
        handler = log_to_file()
    except (AppError, OSError) as error:
        QMessageBox.critical(None, "Crosstalk", str(error))
        return BAD_START
    bridge = Bridge(app)
    loaded = Settings.load()
    speak(app, loaded[0].language)
    window = build_window(app, bridge, loaded=loaded)
    with Mishaps(bridge, window.show_notice), leaving_by_signal(bridge, window):
        window.show()
        QTimer.singleShot(0, window.start)
        instance.asked.connect(lambda asked: come_forward(window, asked))
        app.installEventFilter(instance)
        if files:
            QTimer.singleShot(0, lambda: come_forward(window, files))
        code = app.exec()
        instance.close()
        wind_down(bridge, window.recording)
    bridge.close()
    logging.getLogger().removeHandler(handler)
    handler.close()
    return code


def come_forward(window: MainWindow, files: Sequence[Path]) -> None:
    """Show the window above the others, and bring files into its library."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    if files:
        window.importer.add(list(files))


def wind_down(bridge: Bridge, recording: Recording) -> None:
    """Stop what is still recorded: when the screen goes, nobody closes the window first."""
    deadline = time.monotonic() + PATIENCE_S
    while recording.phase is Phase.STARTING and time.monotonic() < deadline:
        bridge.deliver()
        time.sleep(0.05)
    if recording.live is not None and recording.live.run is not None:
        recording.live.run.stop()
        recording.live.run.wait(PATIENCE_S)


def build_window(
    app: QApplication,
    bridge: Bridge,
    engine: EngineChoice | None = None,
    loaded: tuple[Settings, str | None] | None = None,
) -> MainWindow:
    """The window with all its parts; ``engine`` stands in for the model of the settings."""
    settings, complaint = loaded or Settings.load()
    theme = Theme(app, settings.theme, settings.font_scale)
    recording = Recording(bridge, library_path(), engine or (lambda: chosen_engine(settings)))
    desk = Desk(library_path(), recording, bridge)
    window = MainWindow(theme, settings, recording, desk, Devices(bridge))
    choice = engine_choice(settings, library_path())
    window.importer.engine = (lambda model: engine()) if engine else choice
    for part in (recording, desk):
        part.setParent(window)
    if complaint:
        window.show_notice(warning("settings", complaint))
    return window


def chosen_engine(settings: Settings) -> EngineFactory:
    """What makes the engine that the settings name; a missing model must not stop a recording."""
    try:
        model = find_model(settings.model or DEFAULT_NAME)
        voices = voices_for(settings, library_path())
        return engine_factory(model, settings.device, voices, settings.thrift)
    except ModelError as error:
        problem = error

    def refuse() -> EngineSession:
        raise problem

    return refuse


def name_application(app: QApplication) -> None:
    """What the system calls the program and shows for it."""
    app.setApplicationName("crosstalk")
    app.setApplicationDisplayName("Crosstalk")
    app.setDesktopFileName("org.crosstalk.Crosstalk")
    app.setWindowIcon(icons.app_icon())


def log_to_file() -> logging.Handler:
    """Write the log beside the library, in a file that does not grow without end."""
    handler = RotatingFileHandler(log_path(), maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


@contextmanager
def leaving_by_signal(bridge: Bridge, window: MainWindow) -> Iterator[None]:
    """Ctrl-C and a polite kill stop the recording, save, and close; a second one does not wait."""

    def leave(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        window.leave()

    # While Qt waits for events, Python sees no signal: a byte in the bridge's socket wakes both.
    former_fd = signal.set_wakeup_fd(bridge.bell.fileno(), warn_on_full_buffer=False)
    numbers = (signal.SIGINT, signal.SIGTERM)
    former = {number: signal.signal(number, leave) for number in numbers}
    try:
        yield
    finally:
        signal.set_wakeup_fd(former_fd)
        for number, handler in former.items():
            signal.signal(number, handler)
