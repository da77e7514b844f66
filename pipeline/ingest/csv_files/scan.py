"""Find the lines of a block that the pattern of `grammar` must decide on, all lines at once.

Nearly all lines are plain: as many commas outside of quotes as the header has, every quote at a field's edge or
doubled, an identifier in front, nothing but text inside. Arrays over the bytes find these twice as fast as the pattern
does, and without blocking other threads. A line that is not plain may still be a good row.
"""

from __future__ import annotations

import codecs
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.ingest.csv_files.headers import Header

_COMMA: Final = 44
_QUOTE: Final = 34
_NEWLINE: Final = 10
_RETURN: Final = 13
_ZERO: Final = np.uint8(48)
_ID_LENGTHS: Final = (9, 18)
"""Run date and one to ten digits."""

Bools = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]


def doubtful_lines(block: bytes, header: Header, longest: int) -> Positions:
    """Return the starts of lines that are not plain or longer than `longest` bytes; `block` ends with a line end."""
    codes = np.frombuffer(block, np.uint8)
    signs = np.flatnonzero((codes == _COMMA) | (codes == _QUOTE) | (codes == _NEWLINE))
    kinds = codes[signs]
    last = np.flatnonzero(kinds == _NEWLINE)
    ends = signs[last]
    starts = np.concatenate(([0], ends[:-1] + 1))

    first = np.concatenate(([0], last[:-1] + 1))

    quote = kinds == _QUOTE
    odd = np.bitwise_xor.accumulate(quote)  # quotes so far in the block, then in the line
    odd ^= np.repeat(np.concatenate(([False], odd[last[:-1]])), np.diff(last, prepend=-1))
    commas = np.add.reduceat((kinds == _COMMA) & ~odd, first, dtype=np.int32)
    plain = (commas == len(header.columns) - 1) & ~odd[last]
    plain &= ends - starts <= longest
    plain &= ~_lines_with(_misplaced_quotes(codes, signs[quote], odd[quote]), ends)
    plain &= ~_lines_with(_lone_returns(codes), ends)
    if header.columns[0] == "identifier":
        plain &= (kinds[first] == _COMMA) & _identifiers(codes, starts, signs[first] - starts)
    for position in lines_not_utf8(block):
        plain[np.searchsorted(ends, position)] = False
    doubtful: Positions = starts[~plain]
    return doubtful


def is_utf8(text: bytes) -> bool:
    """Whether whole lines are valid UTF-8."""
    return not lines_not_utf8(text)


def lines_not_utf8(block: bytes) -> list[int]:
    """Return the starts of the lines that are not valid UTF-8."""
    positions: list[int] = []
    start = len(block) if block.isascii() else 0
    while start < len(block):
        try:
            codecs.utf_8_decode(memoryview(block)[start:], "strict", True)
        except UnicodeDecodeError as error:
            positions.append(block.rfind(b"\n", 0, start + error.start) + 1)
            start = block.find(b"\n", start + error.start) + 1 or len(block)
        else:
            break
    return positions


def count_lines(block: bytes | memoryview) -> int:
    """Return the number of line ends in a block."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == _NEWLINE))


def _misplaced_quotes(codes: Codes, quotes: Positions, opens: Bools) -> Positions:
    """Return the quotes that open other than at a field's start, close other than at its end, and are not doubled."""
    before = codes[quotes - 1]  # of a block's first byte this is its last, a line end
    behind = codes[quotes + 1]
    edge = np.where(opens, before, behind)
    other = (edge != _COMMA) & (edge != _NEWLINE) & (edge != _QUOTE) & (opens | (edge != _RETURN))
    misplaced: Positions = quotes[other]
    return misplaced


def _lone_returns(codes: Codes) -> Positions:
    """Return the carriage returns outside of line ends."""
    returns: Positions = np.flatnonzero(codes == _RETURN)
    lone: Positions = returns[codes[np.minimum(returns + 1, len(codes) - 1)] != _NEWLINE]
    return lone


def _identifiers(codes: Codes, starts: Positions, lengths: Positions) -> Bools:
    """Whether the bytes before the first comma are a run date and a row number."""
    least, most = _ID_LENGTHS
    positions = np.arange(min(most, int(lengths.max())))
    digits = (
        codes[np.minimum(starts[:, None] + positions, len(codes) - 1)] - _ZERO
    )  # other signs wrap around to more than 9
    number = np.all((digits <= 9) | (positions >= lengths[:, None]), axis=1)
    if len(positions) < least:
        return np.zeros(len(starts), np.bool_)
    century = (digits[:, 0] == 2) & (digits[:, 1] == 0)
    month = digits[:, 4] * 10 + digits[:, 5]
    day = digits[:, 6] * 10 + digits[:, 7]
    dated = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    answer: Bools = number & century & dated & (lengths >= least) & (lengths <= most)
    return answer


def _lines_with(positions: Positions, ends: Positions) -> Bools:
    """Return which lines contain one of these positions."""
    lines = np.zeros(len(ends), np.bool_)
    lines[np.searchsorted(ends, positions)] = True
    return lines
