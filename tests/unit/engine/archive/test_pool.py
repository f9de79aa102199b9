"""What becomes of a file whose workers die, with a Ray that does what the test says."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from engine.archive import pool
from engine.archive.ledger import Outcome, State
from engine.archive.pool import RayPool
from engine.archive.ray_start import Size
from engine.archive.worker import Order
from engine.errors import EngineError

ORDER = Order("in", "out", "run", b"model")


class RayError(Exception):
    pass


class RayActorError(RayError):
    pass


class Actor:
    """Answers by what is done with a file, at once."""

    def __init__(self, hear: Callable[[str], Outcome]) -> None:
        self.ready = SimpleNamespace(remote=lambda: Reference(lambda: None))
        self.transcribe = SimpleNamespace(remote=lambda name: Reference(lambda: hear(name)))


class Reference:
    def __init__(self, answer: Callable[[], Any]) -> None:
        self.answer = answer


class FakeRay:
    """As much of Ray as a pool uses; ``killed`` counts the actors that were given up."""

    exceptions = SimpleNamespace(RayError=RayError, RayActorError=RayActorError)

    def __init__(self, hear: Callable[[str], Outcome], cores: float = 2.0) -> None:
        self._hear, self._cores = hear, cores
        self.killed = 0
        self.is_down = False

    def init(self, **_: object) -> None:
        pass

    def shutdown(self) -> None:
        self.is_down = True

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": self._cores}

    def remote(self, kind: object) -> Any:
        made = SimpleNamespace(remote=lambda order: Actor(self._hear))
        return SimpleNamespace(options=lambda **_: made)

    def put(self, value: object) -> object:
        return value

    def wait(self, refs: list[Reference], timeout: float) -> tuple[list[Reference], list[Any]]:
        return refs[:1], refs[1:]

    def get(self, ref: Reference) -> Any:
        return ref.answer()

    def kill(self, actor: Actor) -> None:
        self.killed += 1


@pytest.fixture
def with_ray(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeRay], FakeRay]:
    def use(ray: FakeRay) -> FakeRay:
        monkeypatch.setattr(pool, "load_ray", lambda local: ray)
        return ray

    return use


def outcomes(workers: RayPool, name: str) -> list[Outcome]:
    while not workers.idle:
        workers.wait(1.0)
    workers.send(name)
    found: list[Outcome] = []
    while not found:
        found = workers.wait(1.0)
    return found


def test_a_file_that_kills_its_workers_is_given_up(
    with_ray: Callable[[FakeRay], FakeRay],
) -> None:
    def hear(name: str) -> Outcome:
        if name == "deadly.wav":
            raise RayActorError
        return Outcome(name, State.DONE)

    ray = with_ray(FakeRay(hear))
    with RayPool(ORDER, Size(workers=2)) as workers:
        (found,) = outcomes(workers, "deadly.wav")
        assert (found.state, found.attempts, ray.killed) == (State.FAILED, 3, 3)
        assert "3 workers died" in found.why
        assert outcomes(workers, "a.wav") == [Outcome("a.wav", State.DONE)]
    assert ray.is_down


def test_the_next_worker_does_what_a_dead_one_left(
    with_ray: Callable[[FakeRay], FakeRay],
) -> None:
    tries: list[str] = []

    def hear(name: str) -> Outcome:
        tries.append(name)
        if len(tries) == 1:
            raise RayActorError
        return Outcome(name, State.DONE)

    with_ray(FakeRay(hear))
    with RayPool(ORDER, Size(workers=2)) as workers:
        assert outcomes(workers, "a.wav") == [Outcome("a.wav", State.DONE, attempts=2)]


def test_an_error_of_ray_is_that_of_the_file(with_ray: Callable[[FakeRay], FakeRay]) -> None:
    def hear(name: str) -> Outcome:
        raise RayError("trace\nno room for the answer")

    with_ray(FakeRay(hear))
    with RayPool(ORDER, Size()) as workers:
        (found,) = outcomes(workers, "a.wav")
        assert (found.state, found.why) == (State.FAILED, "no room for the answer")
        assert workers.idle >= 1


@pytest.mark.parametrize("size", [Size(workers=3), Size(threads=4), Size(gpu_share=0.5)])
def test_more_than_there_is_room_for(size: Size, with_ray: Callable[[FakeRay], FakeRay]) -> None:
    ray = with_ray(FakeRay(lambda name: Outcome(name, State.DONE)))
    with pytest.raises(EngineError, match="There is room for"):
        RayPool(ORDER, size)
    assert ray.is_down
