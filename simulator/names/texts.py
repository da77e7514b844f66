"""Columns of text, made all at once.

Text lives in Arrow arrays: joining columns into lines leaves one buffer that already is the body of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from simulator.basis.draws import Bools, Ints

Text: TypeAlias = Any
"""An Arrow array of strings (pyarrow has no types)."""
POWERS: Final = 10 ** np.arange(18, dtype=np.int64)


def pool(values: Sequence[str]) -> Text:
    """Texts to choose from."""
    return pa.array(values, pa.string())


def pick(choices: Text, index: Ints) -> Text:
    """One of `choices` for each entry of `index`."""
    return choices.take(pa.array(index))


def digits(values: Ints, width: int) -> Text:
    """The last `width` digits of each value, with leading zeros."""
    figures = (values[:, None] // POWERS[width - 1 :: -1] % 10 + ord("0")).astype(np.uint8)
    offsets = np.arange(len(values) + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(figures.tobytes()))


def letters(values: Ints, width: int) -> Text:
    """Capital letters that spell each value."""
    figures = (values[:, None] // 26 ** np.arange(width - 1, -1, -1) % 26 + ord("A")).astype(np.uint8)
    offsets = np.arange(len(values) + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(figures.tobytes()))


def whole(values: Ints) -> Text:
    """Whole numbers without leading zeros."""
    return pc.cast(pa.array(values), pa.string())


def glue(*parts: Text | str, between: str = "") -> Text:
    """Columns (and fixed texts) joined side by side."""
    return pc.binary_join_element_wise(*parts, between)


def either(mask: Bools, yes: Text | str, no: Text | str) -> Text:
    """`yes` where the mask is true, else `no`."""
    return pc.if_else(pa.array(mask), yes, no)


def only(mask: Bools, text: Text | str) -> Text:
    """The text where the mask is true, else an empty one."""
    return pc.if_else(pa.array(mask), text, "")


def altered(text: Text, mask: Bools, change: Callable[[Text, Ints], Text]) -> Text:
    """The text with the marked entries changed; `change` is given these entries and their places."""
    rows = np.flatnonzero(mask)
    if not len(rows):
        return text
    return pc.replace_with_mask(text, pa.array(mask), change(pick(text, rows), rows))


def differs(one: Text, other: Text | str) -> Bools:
    """Whether two columns differ, entry by entry."""
    return np.asarray(pc.not_equal(one, other))


def matches(text: Text, pattern: str) -> Bools:
    """Whether the regular expression is found in each entry."""
    return np.asarray(pc.match_substring_regex(text, pattern))


def case(index: Ints, choices: Sequence[Text | str]) -> Text:
    """Entry by entry the column of `choices` that `index` names."""
    return pc.choose(pa.array(index), *(pa.scalar(c) if isinstance(c, str) else c for c in choices))


def tidy(text: Text) -> Text:
    """Single blanks, none at the ends."""
    text = altered(text, np.asarray(pc.match_substring(text, "  ")), _with_single_blanks)
    return pc.utf8_trim(text, " ")


def _with_single_blanks(text: Text, _rows: Ints) -> Text:
    return pc.replace_substring_regex(text, r" {2,}", " ")


def part(text: Text, start: int, stop: int) -> Text:
    """Letters `start`..`stop` of each text."""
    return pc.utf8_slice_codeunits(text, start, stop)


def replaced(text: Text, old: str, new: str) -> Text:
    """The text with every `old` made `new`."""
    return pc.replace_substring(text, old, new)


def shortened_words(text: Text, style: Ints, ways: Sequence[tuple[str, str, str]]) -> Text:
    """The text with each long word of `ways` made its first or its second short form, as `style` (0 or 1) says."""

    def short(rest: Text, form: int) -> Text:
        for way in ways:
            rest = replaced(rest, way[0], way[1 + form])
        return rest

    rows = [np.flatnonzero(style == form) for form in range(2)]
    return joined([(at, short(pick(text, at), form)) for form, at in enumerate(rows)])


def without_leading_zero(text: Text) -> Text:
    """The text of a code that went through a number."""
    return pc.utf8_ltrim(text, "0")


def length(text: Text) -> Ints:
    """Letters of each text."""
    return np.asarray(pc.utf8_length(text)).astype(np.int64)


def joined(pieces: Sequence[tuple[Ints, Text]]) -> Text:
    """One column from pieces that each fill the given rows of it."""
    if not pieces:
        return pool([])
    rows = np.concatenate([rows for rows, _ in pieces])
    return pa.concat_arrays([piece for _, piece in pieces]).take(pa.array(np.argsort(rows)))


def quoted(text: Text) -> Text:
    """The text as a CSV field: in quotes where it contains a comma, a quote or a line end."""
    return altered(
        text,
        matches(text, '[",\n]'),
        lambda special, _: glue('"', pc.replace_substring(special, '"', '""'), '"'),
    )


def lines(columns: Sequence[str], given: Mapping[str, Text | str]) -> Text:
    """CSV lines, each with its line feed.

    Args:
        columns: all columns in file order; those not `given` stay empty.
        given: quoted text by column, a column or one text for all rows.
    """
    unknown = given.keys() - set(columns)
    if unknown:
        raise KeyError(f"no such column: {sorted(unknown)}")
    parts: list[Text | str] = []
    for name in columns:
        value = given.get(name, "")
        if isinstance(value, str) and parts and isinstance(parts[-1], str):
            parts[-1] += "," + value
        else:
            parts.append(value)
    if isinstance(parts[-1], str):
        parts[-1] += "\n"
    else:
        parts[-1] = glue(parts[-1], "\n")
    return glue(*parts, between=",")


def with_lines(text: Text, rows: Ints, instead: Sequence[bytes]) -> Text:
    """The lines with those at `rows` (ascending) replaced, as bytes."""
    mask = np.zeros(len(text), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(text.cast(pa.binary()), pa.array(mask), pa.array(instead, pa.binary()))


def body_and_offsets(text: Text) -> tuple[memoryview, Ints]:
    """The lines as one buffer, and where each begins in it; the last entry is its end."""
    if len(text) == 0:
        return memoryview(b""), np.zeros(1, dtype=np.int64)
    _, offsets, body = text.buffers()
    starts = np.frombuffer(offsets, dtype=np.int32)[text.offset : text.offset + len(text) + 1].astype(np.int64)
    return memoryview(body), starts
