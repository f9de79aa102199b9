"""The laboratory's commands about encoders: what each kind costs, and torchaudio's as a model.

They are part of ``crosstalk-lab``; :func:`register` puts them there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import torch
import typer

from engine import checkpoint
from engine.evaluation import computation
from engine.lab_options import console
from engine.training import recipes
from engine.training.encoder_stacks import STACKS
from engine.training.torchaudio_import import Source


def register(app: typer.Typer) -> None:
    """Add the commands to the laboratory's."""
    app.command("encoders")(encoders)
    app.command("import-torchaudio")(import_torchaudio)


def encoders(
    output: Annotated[Path | None, typer.Option(help="Write the figures as JSON here too.")] = None,
    seconds: Annotated[float, typer.Option(min=1.0, help="Of audio, for each run.")] = 10.0,
) -> None:
    """What each kind of encoder costs at the size that ``train`` gives it, with one channel."""
    torch.set_num_threads(1)
    costs = []
    for kind in STACKS:
        config = recipes.with_channels(recipes.default_config(encoder=kind), 1)
        costs.append(computation.cost(kind, config, seconds))
    console.print(computation.grid(costs).to_table())
    if output:
        output.write_text(json.dumps([one.to_dict() for one in costs], indent=1) + "\n")


def import_torchaudio(
    output: Annotated[Path, typer.Argument(help="Model file to write, some 310 MB.")],
    weights: Annotated[
        Path | None, typer.Option(help="emformer_rnnt_base_librispeech.pt, else downloaded.")
    ] = None,
    stats: Annotated[
        Path | None, typer.Option(help="global_stats_rnnt_librispeech.json, else downloaded.")
    ] = None,
    pieces: Annotated[
        Path | None, typer.Option(help="spm_bpe_4096_librispeech.model, else downloaded.")
    ] = None,
) -> None:
    """Make a model of torchaudio's EMFORMER_RNNT_BASE_LIBRISPEECH, for one voice at a time.

    Turns come from voice activity. How well it recognises was not measured here.
    """
    made = Source.of(weights, stats, pieces).read()
    checkpoint.save(made, output)
    console.print(f"{output}: {output.stat().st_size / 1e6:.1f} MB. {made.card.limits}")
