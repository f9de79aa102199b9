"""What the computer has is found out quickly without torch, and exactly with it."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from app import hardware
from app.hardware import found_devices, likely_devices


def test_the_quick_look_does_not_load_torch() -> None:
    code = (
        "import sys; from app.hardware import likely_devices; assert likely_devices().cores > 0;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_graphics_card_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    card = tmp_path / "0000:01:00.0" / "information"
    card.parent.mkdir()
    card.write_text("Model: \t\t NVIDIA H200\nIRQ:   17\n")
    monkeypatch.setattr(hardware, "NVIDIA", tmp_path)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(hardware, "version", lambda name: "2.11.0")
    assert likely_devices().gpu == "NVIDIA H200"
    monkeypatch.setattr(hardware, "version", lambda name: "2.11.0+cpu")
    assert likely_devices().gpu == ""


def test_what_torch_can_use_is_told_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    there = torch.cuda.is_available() or torch.backends.mps.is_available()
    assert bool(found_devices().gpu) == there
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Card")
    assert found_devices().gpu == "Card"
