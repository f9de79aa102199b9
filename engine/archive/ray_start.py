"""Ray, started for one run on this machine alone, or joined where it runs already.

A local Ray listens on the loopback address only, asks for a token, and tells nobody that it is
used.
"""

from __future__ import annotations

import logging
import os
import secrets
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError

_STORE_BYTES = 150_000_000  # results go by the storage; only the model goes this way
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # what Ray will do soon; else it warns
}
_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}


@dataclass(frozen=True)
class Size:
    """How large a pool is.

    Attributes:
        workers: how many; None: as many as there is room for.
        threads: cores of each.
        gpu_share: of a GPU that each takes; 0: it computes on the CPU.
        address: of a Ray cluster; empty: this machine.
    """

    workers: int | None = None
    threads: int = 1
    gpu_share: float = 0.0
    address: str = ""


def load_ray(local: bool) -> Any:
    """Ray, which reads its switches when it is imported.

    Raises:
        EngineError: when it is not installed.
    """
    os.environ.update(_QUIET)
    if local:
        os.environ.update(_LOOPBACK, RAY_AUTH_TOKEN=secrets.token_hex(32))
    try:
        import ray
        import ray.exceptions
    except ImportError as error:
        raise EngineError(
            "An archive needs the package ray: install it with pip install 'crosstalk[cluster]'."
        ) from error
    return ray


def connect(ray: Any, size: Size, opened: ExitStack) -> None:
    """Join the cluster that was asked for, or start a local one until ``opened`` is closed.

    Raises:
        EngineError: when there is no such cluster.
    """
    if size.address:
        try:
            ray.init(address=size.address, log_to_driver=False)
        except (ConnectionError, ValueError) as error:
            raise EngineError(f"No Ray cluster answers at {size.address}: {error}") from error
        return
    folder = tempfile.TemporaryDirectory(prefix="ct-", ignore_cleanup_errors=True)
    ray.init(
        num_cpus=max((size.workers or 0) * size.threads, os.cpu_count() or 1),
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
        object_store_memory=_STORE_BYTES,
        _temp_dir=opened.enter_context(folder),
    )


def room_for(resources: dict[str, float], size: Size) -> int:
    """For how many workers there is room."""
    room = resources.get("CPU", 0.0) / size.threads
    if size.gpu_share:
        room = min(room, resources.get("GPU", 0.0) / size.gpu_share)
    return int(room + 1e-6)
