"""A file far larger than the memory that the engine may use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import good_tables

MIB = 1024**2
FILE_BYTES = 400 * MIB
MEMORY_LIMIT = "256MiB"
MOST_BYTES = 800 * MIB
"""The engine's limit, Python with its packages (some 150 MiB), and buffers that the engine does not count."""

STAGE = """
import json, re, sys
from datetime import date
from pathlib import Path
from pipeline.ingest.stage import stage_releases
from pipeline.settings import load_settings
from pipeline.ingest.landing.files import LandedFile, Landing

path, limit = Path(sys.argv[1]), sys.argv[2]
settings = load_settings(home=path.parent / "home", memory_limit=limit, threads=2, _env_file=None)
file = LandedFile("header", path.name, path, "file:///x", "0" * 64, path.stat().st_size, "", None, None, None)
release = stage_releases(settings, [Landing(date(2026, 11, 2), "landed", (file,), None)])[0]
# ru_maxrss would also count the process that started this one
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
print(json.dumps([release.fault, release.files[0].rows_loaded, release.files[0].rows_quarantined, peak]))
"""


@pytest.mark.full
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    head, *rows = good_tables()["header"].splitlines(keepends=True)
    odd = rows[0].replace(b",5200,", b",n/a,")  # so that the careful way is walked as well
    body = b"".join(rows)
    times = FILE_BYTES // len(body)
    path = tmp_path / "ams__header.csv"
    with path.open("wb") as file:
        file.write(head + odd + head)
        for _ in range(times // 1000):
            file.write(body * 1000)

    done = subprocess.run(
        [sys.executable, "-c", STAGE, str(path), MEMORY_LIMIT], capture_output=True, text=True, check=True, timeout=600
    )

    fault, loaded, quarantined, peak = json.loads(done.stdout)
    assert (fault, loaded, quarantined) == (None, times // 1000 * 1000 * len(rows) + 1, 1)
    assert peak < MOST_BYTES, f"{peak / MIB:,.0f} MiB"
