"""Two minutes of damaged files of the real shape: no crash, no hang, no lost row."""

from __future__ import annotations

import gzip
import random
import re
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.landing.files import Landing
from pipeline.ingest.stage import stage_releases
from pipeline.settings import Settings, load_settings
from simulator.feed.source import release_files

from .conftest import DAY, conserved, land_file, staged
from .test_repair import repaired

pytestmark = pytest.mark.full

SECONDS = 120
STAGED_EVERY = 25
"""Surveys for each file that is staged as well: the engine costs fifty times as much."""
PIECES = (
    b'"',
    b'""',
    b",",
    b",,",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\x1e",
    b"\xe9",
    b"\xc3\xa9",
    b" ",
    b'"\n',
    b'",',
    b'\n"',
)
GOODS = b'202611021,NC,1,2.0,"%b"\n'


def real_shaped() -> dict[str, bytes]:
    """One release of the sample, with goods texts of hundreds of lines and of thousands of characters."""
    files = release_files(date(2026, 11, 2)) or {}
    tables = {}
    for table in TABLES:
        found = [content for name, content in files.items() if re.search(rf"ams__{table}_", name)]
        if found:
            tables[table] = gzip.decompress(found[0])
    texts = [b'CARTON NO 12, ""A""\n' * lines for lines in (2, 22, 792)] + [b"STEEL PIPE 12 IN " * 1_100]
    long = [GOODS % text for text in texts]
    header, *rows = tables["cargodesc"].splitlines(keepends=True)
    tables["cargodesc"] = b"".join([header, *rows[:20], *long, *rows[20:]])
    return tables


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The file with up to eight places of its body changed: bytes put in, cut, copied, or a stretch moved."""
    start = data.index(b"\n") + 1
    body = bytearray(data[start:])
    for _ in range(dice.randint(1, 8)):
        place = dice.randrange(len(body) + 1)
        size = dice.choice((0, 1, 1, 3, 40, 400))
        kind = dice.choice(("piece", "piece", "cut", "copy", "noise", "header"))
        if kind == "piece":
            body[place : place + dice.choice((0, 1))] = dice.choice(PIECES)
        elif kind == "cut":
            del body[place : place + size]
        elif kind == "copy":
            other = dice.randrange(len(body) + 1)
            body[place:place] = body[other : other + size]
        elif kind == "noise":
            body[place:place] = dice.randbytes(size)
        else:
            body[place:place] = data[:start]
    return data[:start] + bytes(body)


def test_damaged_files_are_read_without_crash_hang_or_lost_row(tmp_path: Path) -> None:
    tables = real_shaped()
    settings: Settings = load_settings(home=tmp_path / "home", threads=1, _env_file=None)
    end, seed = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        seed += 1
        dice = random.Random(seed)
        table = dice.choice(sorted(tables))
        data = mutated(tables[table], dice)
        result, bad, text = repaired(tmp_path, data, table=table)
        assert result.bad == len(bad), seed
        lines = Counter(data.split(b"\n")[1:])
        whole = Counter(line for line in tables[table].splitlines()[1:] if b'"' not in line)
        if not any(row.fault.reason == "unclosed_quote" for row in bad) and not result.joined:
            lost = (whole & lines) - Counter(text.split(b"\n"))
            assert not lost, (seed, list(lost)[:3])
        if seed % STAGED_EVERY == 0:
            release = stage_releases(settings, [Landing(DAY, "landed", (land_file(tmp_path, table, data),), None)])[0]
            assert release.fault is None, (seed, release.fault)
            conserved(release, settings)
            assert len(staged(settings, table)) == release.files[0].rows_loaded, seed
