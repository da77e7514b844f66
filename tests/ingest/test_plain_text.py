"""Escapes and control characters in the text of files."""

from __future__ import annotations

import duckdb
import pytest

from pipeline.ingest.csv_files.grammar import without_control
from pipeline.ingest.plain_text import plain, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P&EACUTE;REZ S.A.", "PÉREZ S.A."),
        ("P&eacute;rez", "Pérez"),
        ("M&Uuml;LLER", "MÜLLER"),
        ("OAK &AMP; ELM", "OAK & ELM"),
        ("OAK &amp;amp; ELM", "OAK & ELM"),
        ("P&amp;eacute;rez", "Pérez"),
        ("OAK &#38; ELM", "OAK & ELM"),
        ("&#X41;&#x42;&#67;", "ABC"),
        ("O&apos;BRIEN &QUOT;X&QUOT;", 'O\'BRIEN "X"'),
        ("TEL&#46; 5", "TEL. 5"),
        ("OAK&nbsp;ELM", "OAK ELM"),
        ("&#27;[31mRED", "[31mRED"),
        ("A&#0;B&#xD800;C", "ABC"),
        ("OAK\u00a0ELM", "OAK ELM"),
        ("OAK\u200b\u00ad\u202eELM", "OAKELM"),
        ("&nbsp;", None),
        ("R&D", "R&D"),
        ("J&J; AT&T; CO", "J&J; AT&T; CO"),
        ("A &bogus; B", "A &bogus; B"),
        ("&copy", "&copy"),
        ("plain", "plain"),
        (None, None),
    ],
)
def test_escapes_become_their_characters_and_controls_go(text: str | None, expected: str | None) -> None:
    assert duckdb.execute(f"select {plain('cell')} from (select $1::varchar as cell)", [text]).fetchall() == [
        (expected,)
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("MAEU\u200b1234", "MAEU1234"),
        ("\ufeffMAEU", "MAEU"),
        ("MAEU\u00a0", "MAEU"),
        ("A\u009b31mB", "A31mB"),
        ("A\u00adB", "AB"),
        ("\u202eABC", "ABC"),
        ("A\u2060B", "AB"),
        ("\u200b\u200d", None),
        ("OAK &AMP; ELM", "OAK &AMP; ELM"),
        ("ŁÓDŹ", "ŁÓDŹ"),
        (None, None),
    ],
)
def test_codes_lose_what_does_not_print(code: str | None, expected: str | None) -> None:
    assert duckdb.execute(f"select {printable('cell')} from (select $1::varchar as cell)", [code]).fetchall() == [
        (expected,)
    ]


@pytest.mark.parametrize("code", [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
def test_control_bytes_become_blanks(code: int) -> None:
    assert without_control(b"A%cB\tC\r\n" % code) == (b"A B\tC\r\n", 1)
