"""Whom training hears, and whom more often: people understood worst, for instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import ConfigError, EngineError
from engine.training.batches import SourceShare


@dataclass(frozen=True)
class Emphasis:
    """How often speakers are drawn, as a factor.

    Attributes:
        only: nobody else is heard; nobody named: everybody is.
        often: drawn ``factor`` times as often (oversampling, arXiv 2207.11345).
    """

    only: frozenset[str] = frozenset()
    often: frozenset[str] = frozenset()
    factor: float = 4.0

    def of(self, speaker: str) -> float:
        """How many times as often as without."""
        if self.only and speaker not in self.only:
            return 0.0
        return self.factor if speaker in self.often else 1.0

    def applied(self, shares: Sequence[SourceShare]) -> list[SourceShare]:
        """The sources with their speakers drawn so; those with nobody left are left out.

        Raises:
            ConfigError: for a factor that is not positive.
            EngineError: when nobody is left, or somebody to be heard is nobody of the training.
        """
        if self.factor <= 0:
            raise ConfigError("--often-factor must be positive")
        if not self.only and not self.often:
            return list(shares)
        known = {speaker for share in shares for speaker in share.source.speakers}
        unknown = sorted((self.only | self.often) - known)
        if len(unknown) == len(self.only | self.often):
            raise EngineError(
                f"None of the {len(unknown)} speakers listed has speech to train with, such as "
                f"{unknown[0]}: list speakers of the train split."
            )
        return [made for share in shares if any((made := self._share(share)).weights or ())]

    def _share(self, share: SourceShare) -> SourceShare:
        speakers = share.source.speakers
        before = share.weights or [1.0] * len(speakers)
        weights = [w * self.of(s) for w, s in zip(before, speakers, strict=True)]
        return replace(share, weights=weights)


def read_speakers(path: Path | None) -> frozenset[str]:
    """Speakers from a file with one a line.

    Raises:
        EngineError: when it names nobody.
    """
    if path is None:
        return frozenset()
    named = frozenset(line.strip() for line in path.read_text().splitlines() if line.strip())
    if not named:
        raise EngineError(f"{path} names no speaker: write one a line, as fairness-people does.")
    return named
