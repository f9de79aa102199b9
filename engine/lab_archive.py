"""The laboratory's command for archives: thousands of hours, by many processes and machines.

It is part of ``crosstalk-lab``; :func:`register` puts it there.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine import checkpoint
from engine.archive.claims import Claims
from engine.archive.folder import Folder
from engine.archive.ledger import Ledger, State
from engine.archive.listing import recordings
from engine.archive.pool import RayPool
from engine.archive.ray_start import Size
from engine.archive.run import Report, Run
from engine.archive.worker import Order
from engine.lab_options import console

Device = StrEnum("Device", {"cpu": "cpu", "cuda": "cuda"})


def register(app: typer.Typer) -> None:
    """Add the command to the laboratory's."""
    app.command("transcribe-archive")(transcribe_archive)


def transcribe_archive(
    source: Annotated[str, typer.Argument(help="Folder, or address as s3://bucket/meetings.")],
    output: Annotated[str, typer.Argument(help="Folder or address of the results.")],
    model: Annotated[Path, typer.Option(help="Model file.")] = Path(
        "resources/models/default.safetensors"
    ),
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; none: as many as there is room for.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Cores of each.")] = 1,
    device: Annotated[Device, typer.Option(help="What they compute on.")] = Device.cpu,
    gpu_share: Annotated[
        float, typer.Option(min=0.01, max=1.0, help="With cuda: of a GPU, for each of them.")
    ] = 0.25,
    address: Annotated[
        str, typer.Option(help="Of a Ray cluster, as 10.0.0.1:6379; none: this machine.")
    ] = "",
    include: Annotated[
        list[str] | None, typer.Option(help="Only these, as '*.wav'; none: all sound and video.")
    ] = None,
) -> None:
    """Write the words of every recording of an archive, each once, with SegLST JSON for each.

    Give the same command again after an interruption: what is done stays, what failed is tried
    again. Exit code 1 if a recording failed or is damaged.
    """
    checkpoint.load(model)  # its messages say what is wrong, before anything begins
    weights = model.read_bytes()
    sizes = recordings(Folder(source), include or [])
    results, run = Folder(output), f"{os.getpid()}-{secrets.token_hex(4)}"
    ledger = Ledger(results, run)
    ledger.belongs_to(hashlib.sha256(weights).hexdigest())
    share = gpu_share if device is Device.cuda else 0.0
    order = Order(source, output, run, weights, device.value, threads)
    with RayPool(order, Size(workers, threads, share, address)) as pool:
        console.print(f"{len(sizes)} recordings, {pool.count} workers")
        claims = Claims(results, run)
        try:
            report = Run(sizes, claims, ledger, _say).work(pool)
        finally:
            claims.close()
    ledger.summarise(sizes)
    _conclude(report)


def _say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _conclude(report: Report) -> None:
    """Say what was done; what was not is an exit code."""
    done, damaged, failed = (report.of(state) for state in State)
    audio_s = sum(outcome.audio_s for outcome in report.outcomes)
    words = sum(outcome.words for outcome in report.outcomes)
    _say(
        f"done: {len(done)} recordings; damaged: {len(damaged)}; failed: {len(failed)}; "
        f"done before or by others: {report.before}; failed elsewhere: {len(report.elsewhere)}"
    )
    _say(f"{audio_s / 3600:.2f} h heard, {words} words")
    for outcome in (*damaged, *failed):
        _say(f"{outcome.state}: {outcome.name}: {outcome.why}")
    if not report.is_whole:
        raise typer.Exit(1)
