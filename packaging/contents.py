"""What goes into every build of the app, on every system: the one list that all targets share."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

NAME: str = PROJECT["name"]
TITLE = "Crosstalk"
VERSION: str = PROJECT["version"]
SUMMARY: str = PROJECT["description"]
APP_ID = "org.crosstalk.Crosstalk"

PACKAGES = ("app", "engine", "ui", "resources")
LABORATORY = (
    "engine.archive",
    "engine.data",
    "engine.evaluation",
    "engine.fairness",
    "engine.lab",
    "engine.training",
)
"""Makes and measures models: no build of the app has it."""

LEFT_OUT_MODELS = ("free-speech.safetensors",)
"""Models that the app can do without; users install them from a file."""

EXCLUDED = (
    "IPython",
    "matplotlib",
    "networkx",
    "pandas",
    "PIL",
    "pytest",
    "scipy",
    "setuptools",
    "sklearn",
    "sympy",
    "tensorboard",
    "tkinter",
    "torch._inductor",
    "torch.onnx",
    "torch.utils.tensorboard",
    "torchaudio",
)
"""What packages of ours would import if it were there, or import only to compile models."""

UNUSED_FILES = (
    "torch/bin/*Test",
    "torch/bin/*.p[tl]*",
    "torch/bin/protoc*",
    "torch/bin/test_*",
    "torch/bin/upgrader_models/*",
    "torch/include/*",
    "torch/lib/lib*_test.so",
    "torch/lib/libbackend_with_compiler.so",
    "torch/share/*",
    "torch/test/*",
    "PySide6/Qt/plugins/egldeviceintegrations/*",
    "PySide6/Qt/plugins/generic/*",
    "PySide6/Qt/plugins/imageformats/*qpdf.*",
    "PySide6/Qt/plugins/networkinformation/*",
    "PySide6/Qt/plugins/platforminputcontexts/*virtualkeyboard*",
    "PySide6/Qt/plugins/platformthemes/*qgtk3.*",
    "PySide6/Qt/plugins/platforms/*eglfs.*",
    "PySide6/Qt/plugins/platforms/*linuxfb.*",
    "PySide6/Qt/plugins/platforms/*minimal*",
    "PySide6/Qt/plugins/platforms/*vkkhrdisplay.*",
    "PySide6/Qt/plugins/platforms/*vnc.*",
    "PySide6/Qt/plugins/tls/*",
    "libatk-*",
    "libcairo*",
    "libgdk_pixbuf-*",
    "libpango*",
    "*Qt6EglFS*",
    "*Qt6Pdf*",
    "*Qt6VirtualKeyboard*",
    "PySide6/Qt/translations/qt_help_*",
)
"""Files that packages bring along and the app never opens."""

LANGUAGES = ("en", "de")
"""What the window speaks: of Qt's own translations only these are taken."""

OF_THE_SYSTEM = (
    "libasound.so*",
    "libdbus-1.so*",
    "libdrm.so*",
    "libfontconfig.so*",
    "libfreetype.so*",
    "libgcc_s.so*",
    "libstdc++.so*",
    "libX11*.so*",
)
"""Libraries that must fit the user's sound system and screen; every Linux desktop has them."""


AUDIO_ENDINGS = ("wav", "flac", "mp3", "m4a", "aac", "ogg", "opus")
VIDEO_ENDINGS = ("mp4", "webm", "mkv", "mov")
"""What the desktop offers to open with the app; the app reads more."""

MAC_INFO = {
    "CFBundleDisplayName": TITLE,
    "CFBundleDocumentTypes": [
        {
            "CFBundleTypeName": "Audio or video",
            "CFBundleTypeRole": "Viewer",
            "LSHandlerRank": "Alternate",
            "LSItemContentTypes": ["public.audio", "public.movie"],
        }
    ],
    "LSMinimumSystemVersion": "12.0",
    "NSHighResolutionCapable": True,
    "NSMicrophoneUsageDescription": "Crosstalk records meetings with the microphone. The sound "
    "stays on this computer.",
}
"""What macOS asks of a program; without the text about the microphone it refuses the microphone."""


def is_runtime(module: str) -> bool:
    """Whether a module of ours belongs to the running app, by its dotted name."""
    return not any(module == lab or module.startswith((lab + ".", lab + "_")) for lab in LABORATORY)


def is_used(name: str) -> bool:
    """Whether a file belongs into a build, by its path there."""
    path = name.replace("\\", "/")
    last = path.rpartition("/")[2]
    if any(fnmatch(path, one) for one in UNUSED_FILES):
        return False
    if "/translations/" in path and last.startswith("qt"):
        return last.removesuffix(".qm").partition("_")[2] in LANGUAGES
    return "/" in path or not any(fnmatch(last, one) for one in OF_THE_SYSTEM)


def data_files() -> list[tuple[str, str]]:
    """Each file of ``resources`` and the folder that it lies in within a build."""
    files = (p for p in (ROOT / "resources").rglob("*") if p.is_file())
    return [
        (str(path), str(path.parent.relative_to(ROOT)))
        for path in sorted(files)
        if path.suffix not in {".py", ".pyc", ".ts"} and path.name not in LEFT_OUT_MODELS
    ]


def requirements(torch: str | None = None) -> list[str]:
    """What pip installs for the app; ``torch`` takes the place of the version the project asks for.

    The running app imports no torchaudio, so a build may carry the processor-only build of another
    release of torch than the laboratory has.
    """
    asked = list(PROJECT["dependencies"])
    if torch is None:
        return asked
    return [torch if one.startswith("torch==") else one for one in asked]
