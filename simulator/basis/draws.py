"""Random numbers that depend on what they are for, not on the order in which they are asked.

A bill's every attribute is a hash of (seed, bill, purpose): the same record comes out in a daily and in a cumulative
file, in small and in large chunks. Method: splitmix64 (Steele, Lea, Flood 2014).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Columns: TypeAlias = dict[str, Ints]
"""A table of whole numbers: equal lengths, one entry a row."""


def _mix(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


@dataclass(frozen=True)
class Draws:
    """Draws of one seed."""

    seed: int

    def uniform(self, keys: npt.NDArray[Any], purpose: str) -> Floats:
        """One number in [0, 1) for each key."""
        salt = np.array([(self.seed << 32) ^ zlib.crc32(purpose.encode())], dtype=np.uint64)
        words = _mix(keys.astype(np.uint64) ^ _mix(salt))
        return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def below(self, keys: npt.NDArray[Any], purpose: str, bound: int | Ints) -> Ints:
        """One whole number in 0..bound-1 for each key, all alike."""
        return (self.uniform(keys, purpose) * bound).astype(np.int64)

    def chance(self, keys: npt.NDArray[Any], purpose: str, probability: float | Floats) -> Bools:
        """True with the given probability for each key."""
        return self.uniform(keys, purpose) < probability

    def among(self, keys: npt.NDArray[Any], purpose: str, weights: tuple[float, ...]) -> Ints:
        """An index into `weights` for each key, with the frequency of the weights."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.searchsorted(edges / edges[-1], self.uniform(keys, purpose), side="right").astype(np.int64)

    def skewed(self, keys: npt.NDArray[Any], purpose: str, bound: Ints, power: float = 2.4) -> Ints:
        """Whole numbers in 0..bound-1 of which small ones are the more frequent."""
        return (self.uniform(keys, purpose) ** power * bound).astype(np.int64)

    def geometric(self, keys: npt.NDArray[Any], purpose: str, mean: float | Floats, most: int) -> Ints:
        """Whole numbers 1..most, geometric with the given mean before the cut."""
        stay = 1 - 1 / np.maximum(mean, 1.0 + 1e-9)
        tail = np.log1p(-self.uniform(keys, purpose)) / np.log(stay)
        return np.minimum(1 + tail.astype(np.int64), most)

    def normal(self, keys: npt.NDArray[Any], purpose: str) -> Floats:
        """Standard normal numbers (Box and Muller 1958)."""
        radius = np.sqrt(-2 * np.log1p(-self.uniform(keys, purpose + ".radius")))
        result: Floats = radius * np.cos(2 * np.pi * self.uniform(keys, purpose + ".angle"))
        return result


def take(table: Columns, rows: npt.NDArray[Any]) -> Columns:
    """The given rows (positions or a mask) of every column."""
    return {name: column[rows] for name, column in table.items()}


def stack(tables: list[Columns]) -> Columns:
    """Tables of the same columns, one below the other."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def height(table: Columns) -> int:
    """Number of rows."""
    return len(next(iter(table.values())))


def within(counts: Ints) -> tuple[Ints, Ints]:
    """For groups of the given sizes: the group of each member, and its position in it."""
    group = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return group, np.arange(len(group)) - starts[group]
