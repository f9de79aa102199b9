"""Memory of a session over a long meeting: it must not grow after the first minute."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle

from tests.bench.measuring import Result, one_core

MINUTES = 60
TENSOR_BAR = 0.02
"""How much more the live tensors may take at any later minute than at the first."""
RESIDENT_BAR_MB = 16.0
"""How much more the process may take: allocators keep and return memory as they like."""


def measure() -> Iterator[Result]:
    """An hour of the sample meeting over and over, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.memory"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    samples = [tuple(map(int, line.split())) for line in lines]
    tensors, resident = ([s[i] / 2**20 for s in samples] for i in (0, 1))
    growth = max(tensors) / tensors[0] - 1
    yield Result(
        name=f"tensors, minute 1 to {len(samples)}",
        value=f"{tensors[0]:.1f} to {tensors[-1]:.1f} MiB, at most {growth:+.1%}",
        bar=f"<= {TENSOR_BAR:+.0%}",
        within=growth <= TENSOR_BAR,
    )
    more = max(resident) - resident[0]
    yield Result(
        name=f"process, minute 1 to {len(samples)}",
        value=f"{resident[0]:.0f} to {resident[-1]:.0f} MiB, at most {more:+.1f} MiB",
        bar=f"<= {RESIDENT_BAR_MB:+.0f} MiB",
        within=more <= RESIDENT_BAR_MB,
    )


def print_samples() -> None:
    """Run the session; at the end of each minute of audio print tensor bytes and resident bytes."""
    from app.models import default_model
    from app.paths import resource
    from engine.audio import stream_16k
    from engine.recognizer import Recognizer
    from engine.timeline import SAMPLE_RATE

    session = Recognizer.load(default_model(), "cpu").session()
    blocks = cycle(list(stream_16k(resource("sample/meeting.flac"), 0.1)))
    with one_core():
        for minute in range(1, MINUTES + 1):
            while session.consumed < minute * 60 * SAMPLE_RATE:
                session.accept(next(blocks))
                session.events()
            print(tensor_bytes(), resident_bytes(), flush=True)


def tensor_bytes() -> int:
    """Bytes of all tensors that are alive, storage that is shared counted once."""
    import torch

    gc.collect()
    # Not isinstance: it asks lazy objects of torch for their class, and they warn.
    tensors = [item for item in gc.get_objects() if issubclass(type(item), torch.Tensor)]
    storages = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors}
    return sum(storages.values())


def resident_bytes() -> int:
    """Resident memory of this process now; its peak where the system does not say."""
    try:
        with open("/proc/self/statm") as pages:
            return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print_samples()
