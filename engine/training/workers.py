"""Processes that prepare batches, so that a GPU need not wait for them.

Worker ``w`` of ``n`` makes the batches of the steps ``first + w``, ``first + w + n``, ... and they
are read in turn: the order, and every batch, is the same with any number of workers.
"""

from __future__ import annotations

import itertools
import multiprocessing
import pickle
import queue
from collections.abc import Callable, Generator
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from typing import Any

import torch

from engine.data.targets import Batch
from engine.errors import EngineError
from engine.training.batches import BatchMaker

MakerOf = Callable[[], BatchMaker]
"""Makes the maker inside the worker: a function of a module with picklable arguments."""

AHEAD = 2
"""Batches that each worker may be ahead."""

_PATIENCE_S = 1.0


def worker_batches(maker_of: MakerOf, workers: int, first: int = 0) -> Generator[Batch]:
    """Batches without end from step ``first`` on, each made by one of ``workers`` processes.

    Raises:
        EngineError: when a worker was killed.
    """
    context = multiprocessing.get_context("spawn")  # a fork of a process with CUDA cannot use it
    queues: list[Queue[bytes | Exception]] = [context.Queue(AHEAD) for _ in range(workers)]
    processes = [
        context.Process(target=_work, args=(maker_of, first + w, workers, q), daemon=True)
        for w, q in enumerate(queues)
    ]
    for process in processes:
        process.start()
    try:
        for q, process in itertools.cycle(zip(queues, processes, strict=True)):
            made = _next(q, process)
            if isinstance(made, Exception):
                raise made
            yield pickle.loads(made)
    finally:
        for process in processes:
            process.terminate()
        for process, q in zip(processes, queues, strict=True):
            process.join()
            q.close()


def _next(ready: Queue[bytes | Exception], process: BaseProcess) -> bytes | Exception:
    while True:
        try:
            return ready.get(timeout=_PATIENCE_S)
        except queue.Empty:
            if not process.is_alive():
                raise EngineError(
                    f"A process that prepares scenes ended (exit code {process.exitcode}): take "
                    "fewer --workers, or see whether memory ran out."
                ) from None


def _work(maker_of: MakerOf, first: int, stride: int, ready: Queue[Any]) -> None:
    torch.set_num_threads(1)  # there is a worker for each core
    try:
        maker = maker_of()
        for step in itertools.count(first, stride):
            # as bytes: tensors would go through shared memory, which containers have little of
            if not _put(ready, pickle.dumps(maker.batch(step))):
                return
    except Exception as error:  # raised where the batch is asked for
        _put(ready, error)


def _put(ready: Queue[Any], made: bytes | Exception) -> bool:
    """Whether it was taken; not so when the trainer is gone, killed perhaps."""
    parent = multiprocessing.parent_process()
    while parent is None or parent.is_alive():
        try:
            ready.put(made, timeout=_PATIENCE_S)
            return True
        except queue.Full:
            continue
    ready.cancel_join_thread()
    return False
