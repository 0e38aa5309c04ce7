"""Named random streams: one seed, and no stream moves when another draws more."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """Give the generator of one named stream; it depends on the seed and the name alone.

    Parameters
    ----------
    seed
        The run's seed, at least 0.
    name
        Such as ``"demand"``; its CRC-32 keys the stream, so new streams never shift old ones.
    """
    return np.random.default_rng(np.random.SeedSequence([seed, zlib.crc32(name.encode())]))


@dataclass(frozen=True)
class Streams:
    """The streams of one run: common random numbers are what makes a comparison sharp.

    Parameters
    ----------
    seed
        The run's seed, at least 0.
    """

    seed: int

    def __getitem__(self, name: str) -> np.random.Generator:
        """Give a fresh generator at the start of the named stream."""
        return stream(self.seed, name)

    def normals(self, name: str, index: int, size: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Draw standard normals that are a function of (seed, name, index), whoever asks first."""
        sequence = np.random.SeedSequence([self.seed, zlib.crc32(name.encode()), index])
        return np.random.Generator(np.random.Philox(sequence)).standard_normal(size)
