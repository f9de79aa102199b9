"""What the program is, and under which licences it may be passed on."""

from __future__ import annotations

from importlib.metadata import version

from PySide6.QtWidgets import QApplication, QLabel

from tests.gui.conftest import OpenWindow
from ui.about import AboutDialog


def test_about_tells_version_and_licences(open_window: OpenWindow) -> None:
    window = open_window()
    window.actions_.about.trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, AboutDialog)
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert f"Version {version('crosstalk')}" in said
    assert "Everything stays on this computer" in said
    dialog.more.click()
    assert dialog.licences is not None
    assert "PySide6" in dialog.licences.text.toPlainText()
    dialog.licences.close()
    dialog.close()
