"""The workers of a run, as actors on Ray: on this machine, or on all those of a cluster.

What a worker that died was doing is given to the next that is free, and a new one is started:
when the cluster has lost a machine, that one waits for room, but no file waits for it.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Protocol

from engine.archive.ledger import Outcome, State
from engine.archive.ray_start import Size, connect, load_ray, room_for
from engine.archive.worker import Order, Worker
from engine.errors import EngineError

WORKER: type[Worker] = Worker
MOST_ATTEMPTS = 3
_PATIENCE_S = 10.0


class Workers(Protocol):
    """What a run needs of its workers."""

    @property
    def idle(self) -> int:
        """How many have nothing to do."""

    def send(self, name: str) -> None:
        """Give a file to an idle one."""

    def wait(self, timeout_s: float) -> list[Outcome]:
        """What has come since the last call, after ``timeout_s`` at the latest."""


class RayPool:
    """Workers on Ray; a context."""

    def __init__(self, order: Order, size: Size) -> None:
        self._open = ExitStack()
        self._ray = load_ray(local=not size.address)
        self._free: list[Any] = []
        self._starting: dict[Any, Any] = {}
        self._busy: dict[Any, tuple[Any, str, int]] = {}
        self._again: list[tuple[str, int]] = []
        try:
            connect(self._ray, size, self._open)
            self.count = self._count(size)
            self._kind = self._ray.remote(WORKER).options(
                num_cpus=size.threads, num_gpus=size.gpu_share
            )
            self._order = self._ray.put(order)
            for _ in range(self.count):
                self._start()
            while not self._free:
                self.wait(_PATIENCE_S)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> RayPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let all workers go, and a local Ray with them."""
        self._ray.shutdown()
        self._open.close()

    @property
    def idle(self) -> int:
        """How many have nothing to do."""
        return max(0, len(self._free) - len(self._again))

    def send(self, name: str) -> None:
        """Give a file to an idle worker."""
        self._send(name, 1)

    def wait(self, timeout_s: float) -> list[Outcome]:
        """What has come; a file whose worker died is sent again, three times in all."""
        refs = [*self._busy, *self._starting]
        ready, _ = self._ray.wait(refs, timeout=timeout_s)
        outcomes = [self._outcome(ref) for ref in ready if ref in self._busy]
        for ref in ready:
            self._welcome(ref)
        while self._again and self._free:
            self._send(*self._again.pop(0))
        return [outcome for outcome in outcomes if outcome is not None]

    def _outcome(self, ref: Any) -> Outcome | None:
        actor, name, attempts = self._busy.pop(ref)
        try:
            outcome: Outcome = self._ray.get(ref)
        except self._ray.exceptions.RayActorError:
            self._replace(actor)
            if attempts < MOST_ATTEMPTS:
                self._again.append((name, attempts + 1))
                return None
            why = f"{attempts} workers died of it, perhaps for want of memory."
            return Outcome(name, State.FAILED, why, attempts=attempts)
        except self._ray.exceptions.RayError as error:
            outcome = Outcome(name, State.FAILED, _last_line(error))
        self._free.append(actor)
        return replace(outcome, attempts=attempts)

    def _send(self, name: str, attempts: int) -> None:
        actor = self._free.pop(0)
        self._busy[actor.transcribe.remote(name)] = (actor, name, attempts)

    def _start(self) -> None:
        actor = self._kind.remote(self._order)
        self._starting[actor.ready.remote()] = actor

    def _replace(self, actor: Any) -> None:
        """Another one for a worker that is dead, or out of reach."""
        self._ray.kill(actor)
        self._start()

    def _welcome(self, ref: Any) -> None:
        """A worker has loaded its model; none that cannot may cost the files their attempts."""
        actor = self._starting.pop(ref, None)
        if actor is None:
            return
        try:
            self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            raise EngineError(
                f"A worker cannot begin: {_last_line(error)}. Is Crosstalk installed on every "
                "machine of the cluster, in this version?"
            ) from error
        self._free.append(actor)

    def _count(self, size: Size) -> int:
        room = room_for(self._ray.cluster_resources(), size)
        if not room or (size.workers or 0) > room:
            raise EngineError(
                f"There is room for {room} workers of {size.threads} cores"
                + (f" and {size.gpu_share} GPUs" if size.gpu_share else "")
                + ": ask for fewer, or for smaller ones."
            )
        return size.workers or room


def _last_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1]
