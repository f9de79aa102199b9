"""One run over an archive: what is not done yet is done, once, whoever else is at it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.archive.claims import Claims
from engine.archive.ledger import Ledger, Outcome, State
from engine.archive.pool import Workers
from engine.archive.progress import Progress

WAIT_S = 1.0
LOOK_AGAIN_S = 5.0
"""How often a run with nothing else to do looks at what other runs are doing."""


@dataclass
class Report:
    """What a run did.

    Attributes:
        outcomes: of the files that it worked on.
        before: files that were done when it came to them.
        elsewhere: files that another run has tried in vain in the meantime.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    before: int = 0
    elsewhere: list[str] = field(default_factory=list)

    def of(self, state: State) -> list[Outcome]:
        """The outcomes of one kind."""
        return [outcome for outcome in self.outcomes if outcome.state is state]

    @property
    def is_whole(self) -> bool:
        """Whether every file was written down to its end."""
        return not (self.elsewhere or self.of(State.FAILED) or self.of(State.DAMAGED))


class Run:
    """Hands the files of an archive to workers until each is done or has failed.

    Args:
        sizes: the files, with their bytes.
        claims: of this run.
        ledger: of this run.
        say: gets a line now and then.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        claims: Claims,
        ledger: Ledger,
        say: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._claims, self._ledger, self._sleep = claims, ledger, sleep
        self._progress = Progress(sizes, say)
        # The largest first: none of them is alone at the end.
        self._open = deque(sorted(sizes, key=lambda name: -sizes[name]))
        self._held: deque[str] = deque()
        self._busy = 0
        self._report = Report()

    def work(self, workers: Workers) -> Report:
        """Go through all files."""
        while self._open or self._held or self._busy:
            self._claims.beat()
            while workers.idle and self._open:
                self._begin(self._open.popleft(), workers)
            if self._busy or self._open:
                for outcome in workers.wait(WAIT_S):
                    self._end(outcome)
            elif self._held:
                self._look_again()
        return self._report

    def _begin(self, name: str, workers: Workers) -> None:
        if self._ledger.is_done(name):
            self._report.before += 1
            self._progress.pass_over(name)
        elif not self._claims.take(name):
            self._held.append(name)
        elif self._ledger.is_done(name):  # between the two looks
            self._claims.release(name)
            self._open.append(name)
        elif self._ledger.failed_since(name, self._claims.began):
            self._claims.release(name)
            self._report.elsewhere.append(name)
            self._progress.pass_over(name)
        else:
            workers.send(name)
            self._busy += 1

    def _end(self, outcome: Outcome) -> None:
        self._busy -= 1
        self._ledger.write(outcome)
        self._claims.release(outcome.name)
        self._report.outcomes.append(outcome)
        self._progress.tell(outcome)

    def _look_again(self) -> None:
        """At the files that another run had: it may have done them, or died."""
        self._sleep(LOOK_AGAIN_S)
        self._open, self._held = self._held, deque()
