"""The real program where something is missing: it starts, or says what is missing and what to do.

Each time it is a process of its own, started as a person would start it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

import pytest
import soundfile

from app.paths import resource
from app.settings import Settings
from app.store import Library, MeetingState
from tests.disks import locked, small_disk
from tests.needs import lacking
from tests.shipped_model import furnish, shipped_model
from tests.virtual_room import VirtualRoom
from tests.virtual_screen import running_screen

ROOT = Path(__file__).resolve().parents[2]
CROSSTALK = str(Path(sys.executable).with_name("crosstalk"))
WAIT_S = 240
EXCERPT_S = 8
BAD = 2

pytestmark = pytest.mark.timeout(2 * WAIT_S)

WINDOW = """
import json, os, sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontInfo, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox
from app.exports import FORMATS
from ui.application import run
from ui.main_window import MainWindow
from pathlib import Path

def say(what):
    print(json.dumps(what), flush=True)

QMessageBox.critical = lambda parent, title, text: say(text)

def script(window):
    yield window.isVisible
SCRIPT

def tick(state={}):
    if not state:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                state.update(window=window, steps=script(window), until=lambda: True)
                break
        else:
            return
    while state["until"]():
        state["until"] = next(state["steps"], None)
        if state["until"] is None:
            timer.stop()
            state["window"].leave()
            return

app = QApplication(["crosstalk"])
timer = QTimer(interval=50, timeout=tick)
timer.start()
sys.exit(run(["crosstalk"]))
"""

SAMPLE = """
window.play_sample()
yield lambda: window.recording.live is not None and window.recording.live.elapsed_s > 2
window.recording.stop()
yield lambda: not window.recording.busy
window.desk.save(FORMATS["txt"], Path("talk.txt"), None)
yield Path("talk.txt").is_file
say("done")
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    furnish(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def excerpt(tmp_path: Path) -> Path:
    """The first seconds of the sample meeting."""
    path = tmp_path / "excerpt.wav"
    with soundfile.SoundFile(resource("sample/meeting.flac")) as sample:
        heard = sample.read(EXCERPT_S * sample.samplerate, dtype="int16")
        soundfile.write(path, heard, sample.samplerate)
    return path


@pytest.fixture(scope="module")
def isolated() -> Sequence[str]:
    """Starts a program where there is no network, not even the computer itself."""
    root = [] if not hasattr(os, "geteuid") or os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = ["unshare", *root, "--net", "--"]
    look = [sys.executable, "-c", "import socket; print(*(n for _, n in socket.if_nameindex()))"]
    if not shutil.which("unshare"):
        lacking("needs unshare (package util-linux)")
    tried = subprocess.run([*command, *look], capture_output=True, text=True, check=False)
    if tried.returncode:
        lacking(f"may not make a network of its own: {tried.stderr.strip()}")
    assert tried.stdout.split() == ["lo"]
    return command


def run(command: Sequence[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )


def window(
    folder: Path, script: str, before: str = "", prefix: Sequence[str] = (), **variables: str
) -> tuple[list[object], str]:
    """Open the real window, do what the script says, and close it.

    Returns:
        What the script said, and what the program wrote to the terminal.
    """
    code = before + WINDOW.replace("SCRIPT", indent(script, "    "))
    done = run([*prefix, sys.executable, "-c", code], folder, **variables)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_without_any_network_the_window_plays_and_exports(
    home: Path, tmp_path: Path, isolated: Sequence[str]
) -> None:
    assert window(tmp_path, SAMPLE, prefix=isolated)[0] == ["done"]
    with Library(home / "library.sqlite") as library:
        (meeting,) = library.meetings()
    assert meeting.state is MeetingState.FINISHED
    assert meeting.turns


def test_without_any_network_a_file_is_transcribed(
    home: Path, tmp_path: Path, excerpt: Path, isolated: Sequence[str]
) -> None:
    done = run([*isolated, CROSSTALK, "transcribe", str(excerpt)], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Speaker 1" in done.stdout


WATCH = """
import socket, sys
asked = []

def watch(event, arguments):
    outside = event in ("socket.connect", "socket.sendto", "socket.bind")
    if outside and arguments[0].family != socket.AF_UNIX:
        asked.append(f"{event} {arguments[1]}")
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        asked.append(f"{event} {arguments[0]}")

sys.addaudithook(watch)
"""


def test_nothing_is_asked_of_the_network(home: Path, tmp_path: Path) -> None:
    said, _ = window(tmp_path, f"{SAMPLE}say(asked)", before=WATCH)
    assert said == ["done", []]


def test_asking_the_network_would_be_seen(home: Path, tmp_path: Path) -> None:
    ask = """
with socket.socket() as one:
    one.settimeout(0.1)
    one.connect_ex(("127.0.0.1", 9))
say(asked)
"""
    assert window(tmp_path, ask, before=WATCH)[0] == [["socket.connect ('127.0.0.1', 9)"]]


def test_without_sound_the_window_opens_and_says_what_to_do(home: Path, tmp_path: Path) -> None:
    script = """
yield lambda: window.devices.found is not None
say([window.devices.found.devices, window.frame.bar.device.currentText()])
say(" ".join(label.text() for label in window.frame.empty.findChildren(QLabel)))
"""
    nothing = str(tmp_path / "nothing")
    silent = {"PULSE_SERVER": f"unix:{nothing}", "PIPEWIRE_REMOTE": nothing}
    said, _ = window(tmp_path, script + SAMPLE, ALSA_CONFIG_PATH=nothing, **silent)
    found, advice, done = said
    assert found == [[], "No microphone found"]
    assert "No microphone was found" in str(advice)
    assert done == "done"  # what needs no device works


def test_without_the_configuration_of_sound_the_window_says_what_to_install(
    home: Path, tmp_path: Path
) -> None:
    script = """
yield lambda: window.devices.found is not None
say(window.devices.found.problem)
say(any("libasound2-data" in each.text() for each in window.frame.empty.findChildren(QLabel)))
"""
    nothing = str(tmp_path / "nothing")
    if not sys.platform.startswith("linux"):
        pytest.skip("ALSA is Linux's")
    said, _ = window(tmp_path, script, ALSA_CONFIG_PATH=nothing)
    assert "sudo apt install libasound2-data" in str(said[0])
    assert said[1] is True
    listed = run([CROSSTALK, "devices"], tmp_path, ALSA_CONFIG_PATH=nothing)
    assert listed.returncode == BAD
    assert "crosstalk: The configuration of the sound system ALSA is missing" in listed.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {"QT_XCB_GL_INTEGRATION": "none"},
        {"LIBGL_DRIVERS_PATH": "/nonexistent"},
    ],
)
def test_without_opengl_the_window_opens(
    home: Path, tmp_path: Path, variables: dict[str, str]
) -> None:
    script = "yield window.windowHandle().isExposed\nsay(QGuiApplication.platformName())"
    with running_screen() as screen:
        assert window(tmp_path, script, **{**screen, **variables})[0] == ["xcb"]


def test_without_fonts_ours_is_used(home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "fonts.conf"
    empty.write_text("<fontconfig><cachedir>nowhere</cachedir></fontconfig>")
    script = """
say(QFontInfo(window.font()).family())
say(window.fontMetrics().horizontalAdvance("WWW") > window.fontMetrics().horizontalAdvance("iii"))
"""
    said, _ = window(tmp_path, script, FONTCONFIG_FILE=str(empty))
    assert said == ["Inter", True]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions as on Unix")
def test_a_home_that_is_locked_is_explained(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    code = WINDOW.replace("SCRIPT", "")
    with locked(folder):
        done = run([sys.executable, "-c", code], tmp_path)
    assert done.returncode == BAD, done.stderr
    (said,) = (json.loads(line) for line in done.stdout.splitlines())
    assert str(folder) in said
    assert "permission" in said or "locked" in said or "Read-only" in said


@pytest.mark.parametrize("name", ["Zoë 会议 и встречи", "a'b\"c%20&d"])
def test_any_name_of_the_home_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    furnish(folder)
    assert window(tmp_path, SAMPLE, CROSSTALK_HOME=str(folder))[0] == ["done"]
    with Library(folder / "library.sqlite") as library:
        (meeting,) = library.meetings()
    assert meeting.recording.parent == folder / "recordings"
    assert meeting.recording.is_file()


def test_a_model_with_any_name_of_a_folder_is_read(
    home: Path, tmp_path: Path, excerpt: Path
) -> None:
    folder = tmp_path / "会议 и встречи"
    folder.mkdir()
    model = Path(shutil.copy(shipped_model(), folder))
    talk = Path(shutil.copy(excerpt, folder / "Gespräch 1.wav"))
    done = run([CROSSTALK, "transcribe", str(talk), "--model", str(model)], folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Speaker 1" in done.stdout


OLD_SETTINGS: dict[str, dict[str, object]] = {
    "the first form": {"input_device": None, "device": "cpu", "theme": "dark", "model": None},
    "of a newer version": {"version": 99, "theme": "dark", "hologram": {"on": True}},
    "with one wrong value": {"version": 2, "theme": "dark", "font_scale": "huge"},
}


@pytest.mark.parametrize("form", OLD_SETTINGS)
def test_old_and_strange_settings_are_read(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "settings.json").write_text(json.dumps(OLD_SETTINGS[form]))
    script = "say(window.preferences.keeper.settings.theme)\nwindow.preferences.keeper.save()"
    assert window(tmp_path, script)[0] == ["dark"]
    kept = json.loads((folder / "settings.json").read_text())
    assert kept.items() >= {"theme": "dark"}.items()
    assert kept.get("hologram") == OLD_SETTINGS[form].get("hologram")
    assert Settings.load(folder / "settings.json")[1] is None


def test_a_full_disk_leaves_no_half_model(tmp_path: Path) -> None:
    model = shipped_model()
    with small_disk(tmp_path / "home", "size=1m") as disk:
        done = run([CROSSTALK, "models", "install", str(model)], tmp_path)
        copied = run([CROSSTALK, "models", "install", str(named(model, tmp_path))], tmp_path)
        assert (done.returncode, copied.returncode) == (BAD, BAD)
        (message,) = copied.stderr.splitlines()
        assert "full" in message
        assert "free" in message
        assert not [path for path in disk.rglob("*") if path.is_file()]


def named(model: Path, folder: Path) -> Path:
    """The model under a name that is not taken."""
    return Path(shutil.copy(model, folder / "mine.safetensors"))


def test_two_programs_record_into_one_library(
    home: Path, tmp_path: Path, virtual_room: VirtualRoom
) -> None:
    command = [CROSSTALK, "record", "--duration", "2", "--device-name", "pulse", "--title"]
    both = [
        subprocess.Popen([*command, title], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        for title in ("one", "two")
    ]
    complaints = [each.communicate(timeout=WAIT_S)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0], complaints
    with Library(home / "library.sqlite") as library:
        meetings = library.meetings()
    assert {meeting.title for meeting in meetings} == {"one", "two"}
    assert {meeting.state for meeting in meetings} == {MeetingState.FINISHED}
    assert len({meeting.recording for meeting in meetings}) == 2
    assert all(soundfile.info(meeting.recording).duration >= 2 for meeting in meetings)
